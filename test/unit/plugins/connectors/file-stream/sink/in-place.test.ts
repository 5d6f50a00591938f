/** Lines that are written from where their texts lie are, byte for byte, those that are written from strings. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FetchedRecord, RecordHeader } from '../../../../../../src/kafka/contract.ts';
import { TransformationChain } from '../../../../../../src/pipeline/chain.ts';
import { ErrorOperator } from '../../../../../../src/pipeline/error-operator.ts';
import type { SinkRecord } from '../../../../../../src/plugin-api/records.ts';
import { Lines } from '../../../../../../src/plugins/connectors/file-stream/sink/lines.ts';
import { jsonConverter } from '../../../../../../src/plugins/converters/json/index.ts';
import { simpleHeaderConverter } from '../../../../../../src/plugins/header-converters/simple/index.ts';
import { SinkPreparer } from '../../../../../../src/task/sink-preparer.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';

const HEADS = ['{"schema":{"type":"string","optional":false},"payload":', '{"schema":{"type":"string","optional":true},"payload":'];
const json = (text: string) => Buffer.from(JSON.stringify(text));

const payload = fc.oneof(
  { arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).map(json), weight: 8 },
  { arbitrary: fc.constantFrom('', '"', '\\', 'a\tb', 'x'.repeat(7), 'y'.repeat(8), 'z'.repeat(9_000)).map(json), weight: 2 },
  // Beyond ASCII, lone surrogates, controls.
  fc.string({ unit: 'binary', maxLength: 20 }).map(json),
  fc.constantFrom('"\\ud800"', '"\\u0041"', '"\\x"', 'null', '"', '"\\"', '7', '"a" ', '"a"x').map((text) => Buffer.from(text)),
  // No UTF-8.
  fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.concat([Buffer.from('"'), bytes, Buffer.from('"')])),
);
const value = fc.oneof(
  { arbitrary: payload.map((text) => Buffer.concat([Buffer.from(HEADS[0]!), text, Buffer.from('}')])), weight: 12 },
  payload.map((text) => Buffer.concat([Buffer.from(HEADS[1]!), text, Buffer.from('}')])),
  fc.constantFrom(null, Buffer.alloc(0), Buffer.from('{}'), Buffer.from(HEADS[0]!)),
);
const key = fc.option(
  fc.constantFrom(`${HEADS[0]}"k"}`, 'no JSON').map((text) => Buffer.from(text)),
  { freq: 12 },
);
const timestampMs = fc.oneof({ arbitrary: fc.constant(1_700_000_000_000), weight: 12 }, fc.constantFrom(-1, -2));
const headers = fc.option(fc.constant([{ key: 'h', value: Buffer.from('1') }]), { freq: 12 });
interface Message {
  readonly value: Buffer | null;
  readonly key: Buffer | null;
  readonly timestampMs: number;
  readonly headers: readonly RecordHeader[] | null;
}
const message: fc.Arbitrary<Message> = fc.record({ value, key, timestampMs, headers });

/** As they lie in a fetched batch. */
function fetched(messages: readonly Message[]): FetchedRecord[] {
  const valueIn = Buffer.concat(messages.map((one) => one.value ?? Buffer.alloc(0)));
  let at = 0;
  return messages.map((one, i) => {
    const valueStart = one.value === null ? -1 : at;
    at += one.value?.length ?? 0;
    return { ...one, topic: 't', partition: 3, offset: BigInt(i), timestampType: 'CreateTime', valueIn, valueStart, valueEnd: at };
  });
}

function preparer(takesTextsInPlace: boolean): SinkPreparer {
  const [keys, values] = [jsonConverter.create({}, true), jsonConverter.create({}, false)];
  const converters = {
    key: keys,
    value: values,
    header: simpleHeaderConverter.create({}),
    keyClass: 'k',
    valueClass: 'v',
    headerClass: 'h',
  };
  const policy = { tolerance: 'all', retryTimeoutMs: 0, retryDelayMaxMs: 60_000 } as const;
  const errors = new ErrorOperator(policy, { reporters: [], clock: createTestClock(), stop: new AbortController().signal });
  return new SinkPreparer(new TransformationChain([]), converters, errors, { takesTextsInPlace });
}

const bytesOf = (lines: Lines, records: readonly SinkRecord[]) => {
  const parts: Buffer[] = [];
  for (const part of lines.of(records)) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('latin1');
};

/** What a task can see of a record. */
const factsOf = ({
  topic,
  kafkaPartition,
  kafkaOffset,
  keySchema,
  key,
  valueSchema,
  value,
  timestampMs,
  timestampType,
  headers,
}: SinkRecord) => ({
  ...{ topic, kafkaPartition, kafkaOffset, keySchema, key, valueSchema, value, timestampMs, timestampType, headers },
});

const many = (count: number, text: string): FetchedRecord[] =>
  fetched(Array.from({ length: count }, () => ({ value: Buffer.from(`${HEADS[0]}${text}}`), key: null, timestampMs: 1, headers: null })));

test('whatever the records are', async () => {
  const [inPlace, plain] = [new Lines(), new Lines()];
  let textsInPlace = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(message, { maxLength: 30 }), { minLength: 1, maxLength: 4 }), async (batches) => {
      const [one, other] = [preparer(true), preparer(false)];
      for (const each of [one, other]) await each.prepare(many(1, '"first"'), [], []);
      for (const batch of batches) {
        const [records, expected]: [SinkRecord[], SinkRecord[]] = [[], []];
        await one.prepare(fetched(batch), records, []);
        await other.prepare(fetched(batch), expected, []);
        expect(records.map(factsOf)).toEqual(expected.map(factsOf));
        textsInPlace += records.filter((r) => r.valueIn !== undefined).length;
        expect(bytesOf(inPlace, records)).toBe(bytesOf(plain, expected));
        // A batch that is delivered again is the same.
        expect(bytesOf(inPlace, records)).toBe(bytesOf(plain, expected));
      }
    }),
    { numRuns: 400 },
  );
  expect(textsInPlace).toBeGreaterThan(1_000);
});

test('texts that follow each other are left where they are, in one part', async () => {
  const one = preparer(true);
  await one.prepare(many(1, '"first"'), [], []);
  const records: SinkRecord[] = [];
  await one.prepare(many(500, '"GET \\"/\\""'), records, []);
  const parts = [...new Lines().of(records)];
  expect(parts.map((part) => part.toString())).toEqual(['GET "/"\n'.repeat(500)]);
  expect(parts[0]!.buffer).toBe(records[0]!.valueIn!.buffer);
});

test('a batch with more text than may lie in place has all of it', async () => {
  const one = preparer(true);
  await one.prepare(many(1, '"first"'), [], []);
  const records: SinkRecord[] = [];
  const text = 'x'.repeat(9_999);
  await one.prepare(many(300, JSON.stringify(text)), records, []);
  expect(bytesOf(new Lines(), records)).toBe(`${text}\n`.repeat(300));
  expect(records.filter((r) => r.valueIn !== undefined).length).toBeGreaterThan(50);
});

test('texts of a batch that is still to be delivered stay when more records come', async () => {
  const one = preparer(true);
  await one.prepare(many(1, '"first"'), [], []);
  const records: SinkRecord[] = [];
  await one.prepare(many(2, '"old"'), records, []);
  await one.prepare(many(2, '"new"'), records, []);
  expect(bytesOf(new Lines(), records)).toBe('old\nold\nnew\nnew\n');
});

test('tasks that do not ask for it, and those behind a transformation, get records that can be copied', async () => {
  const first = many(1, '"first"');
  const chain = new TransformationChain([{ alias: 'a', className: 'x', transformation: { apply: (r) => ({ ...r, topic: 'u' }) } }]);
  const { converters, errors } = preparer(true);
  for (const one of [preparer(false), new SinkPreparer(chain, converters, errors, { takesTextsInPlace: true })]) {
    const records: SinkRecord[] = [];
    await one.prepare(first, records, []);
    await one.prepare(many(1, '"second"'), records, []);
    expect(records.map((r) => ({ ...r }).value)).toEqual(['first', 'second']);
    expect(records.every((r) => r.valueIn === undefined)).toBe(true);
  }
});
