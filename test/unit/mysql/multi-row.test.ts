import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multiRowTexts } from '../../../src/mysql/multi-row.ts';

const RULES = { backslashEscapes: true };
const INSERT = { head: 'INSERT INTO t(a,b) VALUES', row: '(?,?)', tail: '' };

describe('many rows in one statement', () => {
  test('all of them when they fit', () => {
    expect([
      ...multiRowTexts(
        { ...INSERT, tail: ' on duplicate key update b=values(b)' },
        [
          [1, 'x'],
          [2, null],
        ],
        1_000_000,
        RULES,
      ),
    ]).toEqual([{ sql: "INSERT INTO t(a,b) VALUES(1,'x'),(2,null) on duplicate key update b=values(b)", rows: 2 }]);
  });

  test('none makes no statement', () => {
    expect([...multiRowTexts(INSERT, [], 1_000_000, RULES)]).toEqual([]);
  });

  test('no statement is longer than the limit, no row is lost and the order stays', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 80, unit: 'grapheme' }), { maxLength: 60 }),
        fc.integer({ min: 4_000, max: 6_000 }),
        (texts, limit) => {
          const rows = texts.map((text, i) => [i, text]);
          const statements = [...multiRowTexts(INSERT, rows, limit, RULES)];
          expect(statements.reduce((sum, { rows: count }) => sum + count, 0)).toBe(texts.length);
          for (const { sql } of statements) expect(Buffer.byteLength(sql)).toBeLessThan(limit);
          const values = statements.map(({ sql }) => sql.slice(INSERT.head.length)).join(',');
          expect(values).toBe(
            rows.map((row) => multiRowTexts(INSERT, [row], 1_000_000, RULES).next().value!.sql.slice(INSERT.head.length)).join(','),
          );
        },
      ),
    );
  });

  test('a row that is too long by itself is refused with both lengths', () => {
    expect(() => [...multiRowTexts(INSERT, [[1, 'x'.repeat(2_000)]], 1_024, RULES)]).toThrow(
      /A row takes a statement of 20\d\d bytes, and the server takes 1024 at most/,
    );
  });

  test('rows of another width are refused', () => {
    expect(() => [...multiRowTexts(INSERT, [[1]], 1_024, RULES)]).toThrow('The statement has 2 values a row, and 1 were given.');
  });

  test('sixteen megabytes are enough for any server', () => {
    const row = ['x'.repeat(1_000_000), null];
    const statements = [...multiRowTexts(INSERT, Array(20).fill(row), 1_073_741_824, RULES)];
    expect(statements.map(({ rows }) => rows)).toEqual([16, 4]);
  });
});
