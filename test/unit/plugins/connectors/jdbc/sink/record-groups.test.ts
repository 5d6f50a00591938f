/** Which records are flushed together. Source of the rules: BufferedRecordsTest of the original. */
import { expect, test } from 'vitest';
import type { SinkRecord } from '../../../../../../src/plugin-api/records.ts';
import { groupRecords } from '../../../../../../src/plugins/connectors/jdbc/sink/record-groups.ts';
import type { Schema } from '../../../../../../src/record/schema.ts';
import { buildStruct, INT32_SCHEMA, INT64_SCHEMA, OPTIONAL_STRING_SCHEMA } from '../../../../../../src/record/schema-builder.ts';
import { Struct } from '../../../../../../src/record/struct.ts';

const A = buildStruct([['id', INT32_SCHEMA]]);
/** Equal to A, and another object. */
const A_AGAIN = buildStruct([['id', INT32_SCHEMA]]);
const B = buildStruct([
  ['id', INT32_SCHEMA],
  ['name', OPTIONAL_STRING_SCHEMA],
]);

let offset = 0n;
function record(valueSchema: Schema | null, more: Partial<SinkRecord> = {}): SinkRecord {
  return {
    topic: 't',
    kafkaPartition: 0,
    kafkaOffset: offset++,
    timestampMs: 0,
    timestampType: 'CreateTime',
    headers: null,
    keySchema: INT32_SCHEMA,
    key: 1,
    valueSchema,
    value: valueSchema === null ? null : new Struct(valueSchema),
    ...more,
  };
}

/** Numbers of writes and deletes of each group of the only table. */
function sizes(records: readonly SinkRecord[], conf: { batchSize?: number; deletesEnabled?: boolean } = {}): string[] {
  const tables = groupRecords(records, { batchSize: 3000, deletesEnabled: true, ...conf }, (topic) => topic);
  return [...tables.values()].flat().map(({ writes, deletes }) => `${writes.length}+${deletes.length}`);
}

test('the same schemas go together, also when they are other objects', () => {
  expect(sizes([record(A), record(A_AGAIN), record(A)])).toEqual(['3+0']);
});

test('another schema of value or key begins a group', () => {
  expect(sizes([record(A), record(A), record(B), record(A)])).toEqual(['2+0', '1+0', '1+0']);
  expect(sizes([record(A), record(A, { keySchema: INT64_SCHEMA, key: 1n }), record(A)])).toEqual(['1+0', '1+0', '1+0']);
});

test('batch.size ends a group; 0 and 1 make groups of one', () => {
  const five = [1, 2, 3, 4, 5].map(() => record(A));
  expect(sizes(five, { batchSize: 2 })).toEqual(['2+0', '2+0', '1+0']);
  expect(sizes(five, { batchSize: 1 })).toEqual(new Array(5).fill('1+0'));
  expect(sizes(five, { batchSize: 0 })).toEqual(new Array(5).fill('1+0'));
});

test('deletes go with the writes before them, and a write behind a delete begins a group', () => {
  expect(sizes([record(A), record(null), record(null), record(A), record(null)])).toEqual(['1+2', '1+1']);
});

test('a tombstone is no change of the value schema, whether it has a schema or not', () => {
  expect(sizes([record(A), record(null), record(A, { value: null }), record(A)])).toEqual(['1+2', '1+0']);
  expect(sizes([record(A), record(B, { value: null })])).toEqual(['1+1']);
});

test('tombstones first: what follows is a group of its own, with its schema', () => {
  const [groups] = groupRecords([record(null), record(A)], { batchSize: 3000, deletesEnabled: true }, (topic) => topic).values();
  expect(groups!.map(({ valueSchema }) => valueSchema)).toEqual([null, A]);
});

test('without deletes a null value is a write', () => {
  expect(sizes([record(A), record(A, { value: null })], { deletesEnabled: false })).toEqual(['2+0']);
});

test('records of several topics are grouped by table, in the order of the first of each', () => {
  const of = (topic: string) => record(A, { topic });
  const tables = groupRecords([of('b'), of('a'), of('b'), of('c')], { batchSize: 3000, deletesEnabled: false }, (topic) =>
    topic === 'c' ? 'a' : topic,
  );
  expect([...tables].map(([table, groups]) => [table, groups.map(({ writes }) => writes.map(({ topic }) => topic).join(''))])).toEqual([
    ['b', ['bb']],
    ['a', ['ac']],
  ]);
});
