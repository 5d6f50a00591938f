/** Folding of indented JSON. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldRows, foldsOf, schemaFold } from '../../../src/cluster/json-folds.ts';
import { prettyJson } from '../../../src/cluster/record-text.ts';

const lines = (json: string) => prettyJson(json)!.split('\n');

test('a folded bracket stands for all up to its closing one', () => {
  const text = lines('{"a":{"b":[1,2]},"c":"{["}');
  expect(foldsOf(text)).toEqual([0, 1, 2]);
  const rows = foldRows(text, (line) => line === 1);
  expect(rows.map((row) => row.text)).toEqual(['{', '  "a": {…},', '  "c": "{["', '}']);
  expect(rows[1]).toMatchObject({ fold: 1, hidden: 5 });
});

test('Connect’s schema is known beside its payload only', () => {
  expect(schemaFold(lines('{"schema":{"type":"string"},"payload":1}'))).toBe(1);
  expect(schemaFold(lines('{"schema":{"type":"string"}}'))).toBeNull();
});

test('nothing folded is the whole text; all folded is one row; each line is shown or counted', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
      fc.func(fc.boolean()),
      (value, isFolded) => {
        const text = lines(JSON.stringify(value));
        expect(foldRows(text, () => false).map((row) => row.text)).toEqual(text);
        if (text.length > 1) expect(foldRows(text, () => true)).toHaveLength(1);
        const rows = foldRows(text, (line) => isFolded(line));
        expect(rows.reduce((all, row) => all + 1 + row.hidden, 0)).toBe(text.length);
      },
    ),
  );
});
