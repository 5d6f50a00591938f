import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../../src/base/errors.ts';
import { partitionOfKey } from '../../../../src/kafka/producer/partitioner.ts';
import { parseStatusRecord, toStatusText } from '../../../../src/storage/status/records.ts';
import { StatusTable } from '../../../../src/storage/status/status-table.ts';
import { statusOf } from '../../../contracts/status-store-contract.ts';
import { goldenTopic } from '../../../helpers/topic-golden.ts';

const parse = (key: string, value: string | null) => parseStatusRecord(key, value === null ? null : Buffer.from(value));

describe('records of the status topic', () => {
  const golden = goldenTopic('connect-status');

  test.each(golden.map((record) => [`p${record.partition} o${record.offset} ${record.key}`, record] as const))(
    '%s has the bytes and the partition of the original',
    (_, { key, value, partition }) => {
      expect(toStatusText(parse(key, value))).toEqual({ key, value });
      expect(partitionOfKey(Buffer.from(key), 5)).toBe(partition);
    },
  );

  test('the file holds what it should', () => {
    expect(golden).toHaveLength(67);
    expect(new Set(golden.map(({ key, value }) => parse(key, value).kind))).toEqual(new Set(['connector', 'task', 'topic']));
  });

  test('those of a worker before 4.1 and those with more than we know are read', () => {
    const old = '{"state":"FAILED","trace":"java.lang.X","worker_id":"w:8083","generation":-1}';
    expect(parse('status-task-a-b-3', old)).toEqual({
      ...{ kind: 'task', id: { connector: 'a-b', task: 3 } },
      status: { state: 'FAILED', trace: 'java.lang.X', workerId: 'w:8083', generation: -1, version: null },
    });
    expect(parse('status-connector-c', `${old.slice(0, -1)},"more":[1]}`)).toMatchObject({ status: { state: 'FAILED' } });
  });

  test('a trace that no broker would take is cut', () => {
    const { value } = toStatusText({ kind: 'connector', connector: 'c', status: statusOf('FAILED', { trace: 'é'.repeat(2_000_000) }) });
    expect(Buffer.byteLength(value ?? '')).toBeLessThan(300_000);
    expect(value).toMatch(/\.\.\. \(cut\)\\n"/);
  });

  test.each([
    ['status-connector-c', '{"state":"RUNNING"', 'its value is no JSON: The JSON text ends too early.'],
    [
      'status-connector-c',
      '{"state":"DESTROYED","worker_id":"w","generation":1}',
      'it names a state that is not one of UNASSIGNED, RUNNING',
    ],
    ['status-connector-c', '{"state":"RUNNING","generation":1}', '"worker_id" is missing'],
    ['status-connector-c', '{"state":"RUNNING","worker_id":"w","generation":"1"}', '"generation" is a string, not a whole number'],
    ['status-connector-', null, 'its key names nothing after the prefix'],
    ['status-task-c', null, 'its key does not end in a task number'],
    ['status-topic-t', null, 'its key does not end in a connector'],
    ['status-topic-t:connector-c', '{"name":"t"}', '"topic" is missing'],
    [
      'status-topic-t:connector-c',
      '{"topic":{"name":"t","connector":"d","task":0,"discoverTimestamp":1}}',
      'its value is about another topic',
    ],
    ['order-1', '{}', 'Connect has no records with such a key in its status topic'],
  ])('%s %s is refused', (key, value, message) => {
    expect(() => parse(key, value)).toThrow(DataError);
    expect(() => parse(key, value)).toThrow(message);
  });

  test('the whole topic adds up to the end of the story', () => {
    const table = new StatusTable();
    for (const { key, value } of golden) table.apply(parse(key, value));
    expect(table.connectors()).toEqual(new Set(['snk', 'src-a', 'src-b', 'src-c']));
    expect(table.connector('snk')).toEqual(statusOf('RUNNING', { workerId: '127.0.0.1:8084', generation: 23 }));
    expect(table.topics('fs')).toEqual([]);
    expect(table.topics('snk')).toEqual([{ topic: 't-a', connector: 'snk', task: 0, discoveredMs: 1_795_422_645_868 }]);
  });

  test('any order, loss and damage of records never ends the reader', () => {
    const cut = fc.record({ at: fc.nat(golden.length - 1), keep: fc.option(fc.nat(120)), byte: fc.option(fc.nat(255)) });
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 60 }), (cuts) => {
        const table = new StatusTable();
        for (const { at, keep, byte } of cuts) {
          const { key, value } = golden[at]!;
          let bytes = value === null ? null : Buffer.from(value);
          if (bytes !== null && keep !== null) bytes = bytes.subarray(0, keep);
          if (bytes !== null && bytes.length > 0 && byte !== null) bytes[byte % bytes.length] = byte;
          try {
            table.apply(parseStatusRecord(key, bytes));
          } catch (error) {
            expect(error).toBeInstanceOf(DataError);
          }
        }
        for (const connector of table.connectors())
          expect(table.connector(connector) !== null || table.tasks(connector).size > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a task that leaves one worker for another', () => {
  const id = { connector: 'c', task: 0 };
  test.each([
    ['RUNNING', 7, 'UNASSIGNED', 7, 'RUNNING'],
    ['RUNNING', 8, 'UNASSIGNED', 7, 'RUNNING'],
    ['RUNNING', 7, 'UNASSIGNED', 8, 'UNASSIGNED'],
    ['PAUSED', 8, 'UNASSIGNED', 7, 'UNASSIGNED'],
    ['RUNNING', 8, 'FAILED', 7, 'FAILED'],
  ] as const)('%s of generation %d, then %s of %d: %s', (first, firstGeneration, second, secondGeneration, wanted) => {
    const table = new StatusTable();
    table.apply({ kind: 'task', id, status: statusOf(first, { generation: firstGeneration }) });
    table.apply({ kind: 'task', id, status: statusOf(second, { generation: secondGeneration, workerId: 'other:1' }) });
    expect(table.task(id)?.state).toBe(wanted);
    table.apply({ kind: 'connector', connector: 'c', status: statusOf(first, { generation: firstGeneration }) });
    table.apply({ kind: 'connector', connector: 'c', status: statusOf(second, { generation: secondGeneration }) });
    expect(table.connector('c')?.state).toBe(second);
  });
});
