/** The value of one record as rows. */
import { expect, test } from 'vitest';
import { allFolds, recordValue } from '../../../src/store/record-value.ts';

const look = (folds: Iterable<number> = [], valueForm: 'best' | 'text' | 'hex' = 'best') => ({ valueForm, folds: new Set(folds) });
const texts = (value: Buffer, view = look()) => recordValue(value, view).rows.map((row) => row.text);

test('the schema beside a payload is folded until somebody opens it', () => {
  const value = Buffer.from('{"schema":{"type":"string"},"payload":{"n":9007199254740993}}');
  expect(texts(value)).toEqual(['{', '  "schema": {…},', '  "payload": {', '    "n": 9007199254740993', '  }', '}']);
  expect(texts(value, look([1]))).toHaveLength(8);
});

test('all folded leaves the outermost level; again opens all, the schema too', () => {
  const value = Buffer.from('{"schema":{"type":"string"},"payload":{"n":[1]}}');
  const folded = look(allFolds(value, look()));
  expect(texts(value, folded)).toEqual(['{', '  "schema": {…},', '  "payload": {…}', '}']);
  expect(texts(value, look(allFolds(value, folded))).join('')).not.toContain('…');
});

test('forms: as JSON, as it is, as bytes', () => {
  const value = Buffer.from('{"이름":"홍"}');
  expect(recordValue(value, look()).form).toBe('json');
  expect(texts(value, look([], 'text'))).toEqual(['{"이름":"홍"}']);
  expect(recordValue(value, look([], 'hex')).rows[0]!.text).toMatch(/^000000 {2}7b 22 ec/);
  expect(recordValue(Buffer.from('a\nb'), look())).toMatchObject({ form: 'text', rows: [{ text: 'a' }, { text: 'b' }] });
  expect(recordValue(Buffer.from([1, 0xff]), look()).form).toBe('hex');
});

test('what a schema registry’s serializers write is named, and JSON in it is read', () => {
  const frame = Buffer.from([0, 0, 0, 1, 2]);
  expect(recordValue(Buffer.concat([frame, Buffer.from('{"a":1}')]), look())).toMatchObject({ form: 'json', schemaId: 258 });
  expect(recordValue(Buffer.concat([frame, Buffer.from([6, 0x41])]), look())).toMatchObject({ form: 'hex', schemaId: 258 });
});
