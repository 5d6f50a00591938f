import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectRecord, STRING_SCHEMA } from 'kconsole/plugin';
import { Mark } from '../src/mark.ts';

const record: ConnectRecord = {
  topic: 't',
  kafkaPartition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value: 'text',
  timestampMs: null,
  headers: null,
};

test('the header is added behind those that are there', () => {
  const mark = new Mark('from', 'example');
  const once = mark.apply(record);
  assert.deepEqual(once.headers, [{ key: 'from', schema: STRING_SCHEMA, value: 'example' }]);
  assert.equal(mark.apply(once).headers?.length, 2);
  assert.equal(record.headers, null);
});
