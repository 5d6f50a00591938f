/** Against bytes that the Java client wrote (test/golden/wire/MessagesGolden.java), and against bytes that nobody should write. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KafkaError, KafkaProtocolError } from '../../../../src/kafka/kafka-error.ts';
import { decodeReply, defineMessage, defineStruct, encodeFrame, type Message } from '../../../../src/kafka/wire/codec.ts';
import {
  array,
  arrayOf,
  bytes,
  int8,
  int16,
  int32,
  int64,
  nullable,
  optional,
  since,
  string,
  struct,
  tagged,
  until,
  uuid,
} from '../../../../src/kafka/wire/field.ts';
import { addPartitionsToTxnMessage } from '../../../../src/kafka/wire/messages/add-partitions-to-txn.ts';
import { apiVersionsMessage } from '../../../../src/kafka/wire/messages/api-versions.ts';
import { endTxnMessage } from '../../../../src/kafka/wire/messages/end-txn.ts';
import { fetchMessage } from '../../../../src/kafka/wire/messages/fetch.ts';
import { findCoordinatorMessage } from '../../../../src/kafka/wire/messages/find-coordinator.ts';
import { initProducerIdMessage } from '../../../../src/kafka/wire/messages/init-producer-id.ts';
import { listOffsetsMessage } from '../../../../src/kafka/wire/messages/list-offsets.ts';
import { metadataMessage } from '../../../../src/kafka/wire/messages/metadata.ts';
import { produceMessage } from '../../../../src/kafka/wire/messages/produce.ts';
import { WireReader } from '../../../../src/kafka/wire/wire-reader.ts';
import { WireWriter } from '../../../../src/kafka/wire/wire-writer.ts';

type AnyMessage = Message<never, unknown>;
const messages: readonly AnyMessage[] = [
  apiVersionsMessage,
  metadataMessage,
  findCoordinatorMessage,
  produceMessage,
  fetchMessage,
  listOffsetsMessage,
  initProducerIdMessage,
  addPartitionsToTxnMessage,
  endTxnMessage,
];

interface GoldenMessage {
  readonly message: string;
  readonly apiKey: number;
  readonly version: number;
  readonly kind: 'request' | 'reply';
  readonly hex: string;
}

const golden = readFileSync(path.resolve(import.meta.dirname, '../../../golden/wire/messages.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenMessage);

function recode(
  message: AnyMessage,
  kind: 'request' | 'reply',
  version: number,
  content: Buffer,
): { body: unknown; again: Buffer; left: number } {
  const reader = new WireReader(content);
  const writer = new WireWriter();
  const body = kind === 'request' ? message.decodeRequest(reader, version) : message.decodeReply(reader, version);
  if (kind === 'request') message.encodeRequest(writer, version, body as never);
  else message.encodeReply(writer, version, body);
  return { body, again: writer.bytes(), left: reader.remaining };
}

describe('messages as the Java client writes them', () => {
  it('cover every version that is described', () => {
    for (const message of messages) {
      const versions = golden.filter(({ message: name, kind }) => name === message.name && kind === 'reply').map(({ version }) => version);
      expect([message.name, Math.min(...versions), Math.max(...versions)]).toEqual([message.name, message.minVersion, message.maxVersion]);
    }
  });

  it.each(golden.map((one) => [`${one.message} ${one.kind} v${one.version}`, one] as const))(
    '%s is read and written to the byte',
    (_, one) => {
      const message = messages.find(({ apiKey }) => apiKey === one.apiKey) as AnyMessage;
      const { again, left } = recode(message, one.kind, one.version, Buffer.from(one.hex, 'hex'));
      expect(left).toBe(0);
      expect(again.toString('hex')).toBe(one.hex);
    },
  );

  it('keeps 64-bit values, text, nulls and tags', () => {
    const replyOf = (name: string, version: number) => {
      const one = golden.find((g) => g.message === name && g.version === version && g.kind === 'reply') as GoldenMessage;
      return recode(messages.find((m) => m.name === name) as AnyMessage, 'reply', version, Buffer.from(one.hex, 'hex')).body;
    };
    expect(replyOf('Produce', 9)).toMatchObject({
      topics: [
        { partitions: [{ baseOffset: 9007199254740993n, errorMessage: '한 줄', recordErrors: [{ message: 'bad' }, { message: null }] }] },
      ],
    });
    expect(replyOf('Produce', 3)).toMatchObject({
      topics: [{ partitions: [{ errorMessage: null, recordErrors: [], logStartOffset: -1n }] }],
    });
    expect(replyOf('Fetch', 12)).toMatchObject({
      topics: [{ partitions: [{ currentLeader: { leaderId: 2, leaderEpoch: 8 }, divergingEpoch: null }] }],
    });
    expect(replyOf('Metadata', 12)).toMatchObject({
      topics: [{ topicId: 'w1or1jKTT3yaLl9-bDUHzA', name: '주문' }],
      brokers: [{ rack: null }, { rack: 'r' }],
    });
  });
});

describe('frames', () => {
  it('put the tag section of the header in front of a flexible body', () => {
    const frame = encodeFrame(
      apiVersionsMessage,
      { version: 3, correlationId: 7, clientId: 'c' },
      { clientSoftwareName: 'k', clientSoftwareVersion: '1' },
    );
    expect(frame.toString('hex')).toBe('00000011' + '0012' + '0003' + '00000007' + '000163' + '00' + '026b' + '0231' + '00');
  });

  it('have no tag section where the version is not flexible', () => {
    const frame = encodeFrame(apiVersionsMessage, { version: 0, correlationId: 7, clientId: 'c' }, {});
    expect(frame.toString('hex')).toBe('0000000b' + '0012' + '0000' + '00000007' + '000163');
  });

  it('skip tags that are not known, and refuse those out of order', () => {
    const body = Buffer.from('00' + '0000000000000000000000000000' + '00', 'hex');
    const plain = decodeReply(
      initProducerIdMessage,
      2,
      Buffer.concat([body.subarray(0, 1), Buffer.alloc(16), Buffer.from('02' + '05' + '01' + 'ff' + '09' + '00', 'hex')]),
    );
    expect(plain).toEqual({ throttleTimeMs: 0, errorCode: 0, producerId: 0n, producerEpoch: 0 });
    const wrong = Buffer.concat([body.subarray(0, 1), Buffer.alloc(16), Buffer.from('02' + '05' + '00' + '05' + '00', 'hex')]);
    expect(() => decodeReply(initProducerIdMessage, 2, wrong)).toThrow(/InitProducerId reply \(version 2\): .*tag 5 follows tag 5/);
  });

  it('name the message when a body cannot be written', () => {
    expect(() =>
      encodeFrame(
        listOffsetsMessage,
        { version: 1, correlationId: 1, clientId: 'c' },
        { topics: [{ name: 'a', partitions: [{ partitionIndex: 2 ** 40, timestamp: 0n }] }] },
      ),
    ).toThrow(/^ListOffsets request \(version 1\): /);
    expect(() =>
      encodeFrame(
        metadataMessage,
        { version: 4, correlationId: 1, clientId: 'c' },
        { topics: [{ name: 'x'.repeat(40_000) }], allowAutoTopicCreation: true },
      ),
    ).toThrow(/a string of 40000 bytes is too long/i);
  });
});

const everything = defineStruct({
  name: 'Everything',
  versions: [0, 2],
  flexibleFrom: 1,
  fields: {
    small: int8,
    gone: until(0, int16),
    fresh: since(2, int32, 9),
    exact: int64,
    text: nullable(string),
    raw: nullable(bytes, 1),
    id: uuid,
    list: arrayOf(int32),
    rows: nullable(array({ name: string, inner: struct({ a: int16 }) })),
    kept: optional(int16, -1),
    extra: tagged(3, string),
    pair: tagged(1, struct({ left: int32, right: int64 })),
  },
});

const bodies = fc.record({
  small: fc.integer({ min: -128, max: 127 }),
  gone: fc.integer({ min: -32768, max: 32767 }),
  fresh: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  exact: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  text: fc.option(fc.string({ unit: 'grapheme', maxLength: 60 })),
  raw: fc.uint8Array({ maxLength: 300 }).map((content) => Buffer.from(content)),
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((content) => Buffer.from(content).toString('base64url')),
  list: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 200 }),
  rows: fc.option(fc.array(fc.record({ name: fc.string(), inner: fc.record({ a: fc.integer({ min: 0, max: 9 }) }) }))),
  kept: fc.constant(5),
  extra: fc.option(fc.string({ maxLength: 20 })),
  pair: fc.option(fc.record({ left: fc.integer({ min: 0, max: 9 }), right: fc.bigInt({ min: 0n, max: 9n }) })),
});

describe('any description', () => {
  it('gives back what was written, with defaults for what the version lacks', () => {
    fc.assert(
      fc.property(bodies, fc.integer({ min: 0, max: 2 }), (body, version) => {
        const back = everything.decode(version, new WireReader(everything.encode(version, body)));
        expect(back).toEqual({
          ...body,
          gone: version === 0 ? body.gone : 0,
          fresh: version === 2 ? body.fresh : 9,
          extra: version === 0 ? null : body.extra,
          pair: version === 0 ? null : body.pair,
        });
      }),
    );
  });

  it('refuses null where the version does not allow it, and versions that are not described', () => {
    const body = { small: 1, exact: 1n, text: null, raw: null, id: 'AAAAAAAAAAAAAAAAAAAAAA', list: [], rows: null };
    expect(() => everything.encode(0, body)).toThrow(KafkaProtocolError);
    expect(everything.decode(1, new WireReader(everything.encode(1, body)))).toMatchObject({ text: null, raw: null, rows: null, kept: -1 });
    expect(() => everything.encode(3, body)).toThrow('Everything is known in versions 0 to 2, not 3');
  });
});

describe('bytes that nobody should write', () => {
  it('are refused with the own error only, whatever they are', () => {
    const cases = messages.flatMap((message) =>
      Array.from({ length: message.maxVersion - message.minVersion + 1 }, (_, i) => [message, message.minVersion + i] as const),
    );
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.uint8Array({ maxLength: 400 }), ([message, version], content) => {
        expectOwnError(() => decodeReply(message, version, Buffer.from(content)));
        expectOwnError(() => message.decodeRequest(new WireReader(Buffer.from(content)), version));
      }),
      { numRuns: 3000 },
    );
  });

  it('are refused when one byte of a real message was changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...golden), fc.nat(), fc.nat(255), (one, position, value) => {
        const message = messages.find(({ apiKey }) => apiKey === one.apiKey) as AnyMessage;
        const content = Buffer.from(one.hex, 'hex');
        if (content.length > 0) content[position % content.length] = value;
        expectOwnError(() => recode(message, one.kind, one.version, content));
      }),
      { numRuns: 3000 },
    );
  });

  it('take no memory for a count that the bytes cannot hold', () => {
    const claims = Buffer.from('00000000' + '7fffffff' + '00'.repeat(40), 'hex');
    expect(() => decodeReply(metadataMessage, 4, claims)).toThrow(/an array of 2147483647 items in 40 bytes/);
    const wide = defineMessage({
      name: 'Wide',
      apiKey: 99,
      versions: [0, 0],
      flexibleFrom: null,
      request: {},
      reply: { rows: array({ a: int64, b: int64 }) },
    });
    expect(() => decodeReply(wide, 0, Buffer.from('00000004' + '00'.repeat(63), 'hex'))).toThrow(/an array of 4 items in 63 bytes/);
  });
});

function expectOwnError(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(KafkaError);
  }
}
