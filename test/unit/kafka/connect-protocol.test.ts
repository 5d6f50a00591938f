import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConnectWork,
  decodeWorkerAssignment,
  decodeWorkerMetadata,
  encodeWorkerAssignment,
  encodeWorkerMetadata,
  NO_WORK,
  type WorkerAssignment,
} from '../../../src/kafka/connect-protocol.ts';
import { KafkaProtocolError } from '../../../src/kafka/kafka-error.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const url = 'http://h:1/';
const tasks = (...names: readonly string[]) => names.map((name) => ({ connector: name.split(' ')[0]!, task: Number(name.split(' ')[1]) }));
const URL_HEX = '000b 687474703a2f2f683a312f';
const OFFSET = '0000000000000005';
const WORK = '00000001 0001 63 00000002 ffffffff 00000000';
const REVOKED = '00000001 0001 64 00000001 00000001';
const V2_ASSIGNMENT = `0002 0000 0003 6d2d31 ${URL_HEX} ${OFFSET} ${WORK} ${REVOKED} 000493e0`;

const assignment: WorkerAssignment = {
  error: 0,
  leader: 'm-1',
  leaderUrl: url,
  configOffset: 5n,
  assigned: { connectors: ['c'], tasks: [{ connector: 'c', task: 0 }] },
  revoked: { connectors: [], tasks: [{ connector: 'd', task: 1 }] },
  delayMs: 300_000,
};

describe('bytes of Apache Kafka 4.3.1', () => {
  test.each([
    ['v0', 0, `0000 ${URL_HEX} ${OFFSET}`, null],
    ['v1, nothing owned', 1, `0001 ${URL_HEX} ${OFFSET} ffffffff`, null],
    ['v2, nothing owned', 2, `0002 ${URL_HEX} ${OFFSET} ffffffff`, null],
    ['v2 with an assignment', 2, `0002 ${URL_HEX} ${OFFSET} 00000044 ${V2_ASSIGNMENT}`, assignment],
  ])('metadata %s', (_, version, bytes, allocation) => {
    const metadata = { url, configOffset: 5n, allocation };
    expect(encodeWorkerMetadata(metadata, version)).toEqual(hex(bytes));
    expect(decodeWorkerMetadata(hex(bytes))).toEqual(metadata);
  });

  test.each([
    ['v2', 2, V2_ASSIGNMENT, assignment],
    ['v0', 0, `0000 0000 0003 6d2d31 ${URL_HEX} ${OFFSET} ${WORK}`, { ...assignment, revoked: NO_WORK, delayMs: 0 }],
  ])('assignment %s', (_, version, bytes, expected) => {
    expect(encodeWorkerAssignment(expected, version)).toEqual(hex(bytes));
    expect(decodeWorkerAssignment(hex(bytes))).toEqual(expected);
  });

  test('metadata and assignments of two running workers are read, and written as they were', () => {
    const file = path.resolve(import.meta.dirname, '../../golden/connect/group-sessioned.txt');
    const lines = readFileSync(file, 'utf8').split('\n');
    const bytesOf = (word: string) => lines.filter((line) => line.startsWith(`  ${word} `)).map((line) => hex(line.slice(word.length + 3)));
    const metadata = bytesOf('metadata');
    const assignments = bytesOf('assignment');
    expect(metadata.map(decodeWorkerMetadata).map((one) => [one.url, one.configOffset, one.allocation?.assigned])).toEqual([
      ['http://127.0.0.1:8084/', 37n, NO_WORK],
      ['http://127.0.0.1:8083/', 37n, { connectors: ['src-a', 'src-c'], tasks: tasks('src-a 0', 'src-c 0', 'snk 1') }],
    ]);
    expect(assignments.map((bytes) => decodeWorkerAssignment(bytes).assigned)).toEqual([
      { connectors: ['src-b', 'snk'], tasks: tasks('src-b 0', 'snk 0') },
      NO_WORK,
    ]);
    for (const bytes of metadata) expect(encodeWorkerMetadata(decodeWorkerMetadata(bytes), 2)).toEqual(bytes);
    for (const bytes of assignments) expect(encodeWorkerAssignment(decodeWorkerAssignment(bytes), 2)).toEqual(bytes);
  });
});

describe('what other versions write is read', () => {
  const head = `0000 0003 6d2d31 ${URL_HEX} ${OFFSET}`;
  test.each<[string, string, Partial<WorkerAssignment>]>([
    ['nothing after the assignment', `0001 ${head} ${WORK}`, { revoked: NO_WORK, delayMs: 0 }],
    ['nothing after what is revoked', `0001 ${head} ${WORK} ${REVOKED}`, { delayMs: 0 }],
    ['lists that are null', `0002 ${head} ffffffff ffffffff 00000000`, { assigned: NO_WORK, revoked: NO_WORK, delayMs: 0 }],
    ['lists that are empty', `0002 ${head} 00000000 00000000 00000000`, { assigned: NO_WORK, revoked: NO_WORK, delayMs: 0 }],
    ['a newer version with more behind', `0009 ${head} ${WORK} ${REVOKED} 000493e0 0badcafe`, {}],
    ['an error', `0002 0001 ${head.slice(5)} ffffffff ffffffff 00000000`, { error: 1, assigned: NO_WORK, revoked: NO_WORK, delayMs: 0 }],
  ])('%s', (_, bytes, expected) => {
    expect(decodeWorkerAssignment(hex(bytes))).toEqual({ ...assignment, ...expected });
  });
});

describe('bytes that are none', () => {
  test.each([
    ['nothing', '', /assignment of a Connect worker \(0 bytes\).*2 bytes wanted/],
    ['a version below 0', 'ffff', /version -1; versions from 0 on/],
    ['a leader of −1 bytes', '0002 0000 ffff', /text leader has a length of -1/],
    ['more connectors than bytes', `0002 0000 0000 0000 ${OFFSET} 7fffffff`, /list assignment of 2147483647 items in 0 bytes/],
    ['a count of −2', `0002 0000 0000 0000 ${OFFSET} fffffffe`, /list assignment of -2 items/],
    ['more tasks than bytes', `0002 0000 0000 0000 ${OFFSET} 00000001 0001 63 40000000`, /tasks of "c" of 1073741824 items/],
    ['a task below −1', `0002 0000 0000 0000 ${OFFSET} 00000001 0001 63 00000001 fffffffe`, /task -2 of "c"/],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeWorkerAssignment(hex(bytes))).toThrow(KafkaProtocolError);
    expect(() => decodeWorkerAssignment(hex(bytes))).toThrow(message);
  });

  test('an allocation that is broken is named within the metadata', () => {
    expect(() => decodeWorkerMetadata(hex(`0002 ${URL_HEX} ${OFFSET} 00000002 0002`))).toThrow(/metadata of .*assignment of/);
    expect(() => decodeWorkerMetadata(hex(`0002 ${URL_HEX} ${OFFSET} 00000044 0002`))).toThrow(/68 bytes wanted/);
  });

  test('a text that the protocol cannot carry is refused', () => {
    expect(() => encodeWorkerMetadata({ url: 'x'.repeat(40_000), configOffset: 0n, allocation: null }, 2)).toThrow(
      /url "x+" of 40000 bytes/,
    );
  });

  test('whatever bytes: a value, or an error of the protocol', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(200), (noise, at) => {
        const bytes = Buffer.concat([hex(V2_ASSIGNMENT).subarray(0, at), noise]);
        for (const decode of [decodeWorkerAssignment, decodeWorkerMetadata]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(KafkaProtocolError);
          }
        }
      }),
    );
  });
});

test('any allocation comes back as it was', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  const work: fc.Arbitrary<ConnectWork> = fc
    .record({
      connectors: fc.uniqueArray(name, { maxLength: 5 }),
      tasks: fc.uniqueArray(fc.tuple(name, fc.nat(9)), { maxLength: 9, selector: String }),
    })
    .map(({ connectors, tasks }) => ({ connectors, tasks: tasks.map(([connector, task]) => ({ connector, task })) }));
  const sorted = ({ connectors, tasks }: ConnectWork) => [[...connectors].sort(), tasks.map((t) => `${t.connector} ${t.task}`).sort()];
  fc.assert(
    fc.property(
      work,
      work,
      fc.bigInt(-1n, 1n << 62n),
      fc.nat(),
      fc.constantFrom(1, 2),
      (assigned, revoked, configOffset, delayMs, version) => {
        const allocation = { ...assignment, assigned, revoked, configOffset, delayMs };
        const back = decodeWorkerMetadata(encodeWorkerMetadata({ url, configOffset, allocation }, version)).allocation;
        expect({ ...back, assigned: null, revoked: null }).toEqual({ ...allocation, assigned: null, revoked: null });
        expect([back?.assigned, back?.revoked].map((one) => sorted(one ?? NO_WORK))).toEqual([assigned, revoked].map(sorted));
      },
    ),
  );
});
