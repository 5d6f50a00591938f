import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RowTooLarge, statementTexts } from '../../../../../../src/plugins/connectors/jdbc/sink/statement-texts.ts';
import type { RowStatement } from '../../../../../../src/plugins/connectors/jdbc/sink/statements.ts';

const INSERT: RowStatement = {
  fields: [],
  pieces: ['(', ')'],
  one: { head: 'INSERT INTO t(a) VALUES', tail: ' tail' },
  many: { head: 'INSERT INTO t(a) VALUES', tail: ' tail', separator: ',' },
};
const UPDATE: RowStatement = { fields: [], pieces: ['', ''], one: { head: 'UPDATE t SET a = ', tail: '' }, many: null };
const DELETE: RowStatement = {
  fields: [],
  pieces: ['', ''],
  one: { head: 'DELETE FROM t WHERE a = ', tail: '' },
  many: { head: 'DELETE FROM t WHERE a IN (', tail: ')', separator: ',' },
};

const all = (statement: RowStatement, rows: readonly string[], limit = 16_777_216) => [
  ...statementTexts(statement, rows.length, (i) => rows[i]!, limit),
];

describe('statements of rows', () => {
  test('one statement for all, of one row in its own form', () => {
    expect(all(INSERT, ['(1)', '(2)'])).toEqual([{ sql: 'INSERT INTO t(a) VALUES(1),(2) tail', from: 0, to: 2 }]);
    expect(all(DELETE, ['1']).map(({ sql }) => sql)).toEqual(['DELETE FROM t WHERE a = 1']);
    expect(all(DELETE, ['1', '2']).map(({ sql }) => sql)).toEqual(['DELETE FROM t WHERE a IN (1,2)']);
    expect(all(INSERT, [])).toEqual([]);
  });

  test('updates are statements of their own', () => {
    expect(all(UPDATE, ['1 WHERE k = 1', '2 WHERE k = 2'])).toEqual([
      { sql: 'UPDATE t SET a = 1 WHERE k = 1', from: 0, to: 1 },
      { sql: 'UPDATE t SET a = 2 WHERE k = 2', from: 1, to: 2 },
    ]);
  });

  test('rows that are made lazily: none is made before its statement is asked for', () => {
    let made = 0;
    const texts = statementTexts(UPDATE, 3, () => String(made++), 1000);
    expect(texts.next().value?.sql).toBe('UPDATE t SET a = 0');
    expect(made).toBe(2);
  });

  test('whatever the rows are: in their order, each once, none longer than the server takes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '한', '😀', "'"), maxLength: 60 }), { maxLength: 40 }),
        fc.constantFrom(INSERT, DELETE, UPDATE),
        fc.integer({ min: 300, max: 2_000 }),
        (rows, statement, limit) => {
          const texts = all(statement, rows, limit);
          expect(texts.flatMap(({ from, to }) => rows.slice(from, to))).toEqual(rows);
          for (const { sql, from, to } of texts) {
            expect(Buffer.byteLength(sql)).toBeLessThan(limit);
            const frame = to - from === 1 || statement.many === null ? { ...statement.one, separator: '' } : statement.many;
            expect(sql).toBe(frame.head + rows.slice(from, to).join(frame.separator) + frame.tail);
          }
        },
      ),
    );
  });

  test('a row that is too long alone says which it is and how long', () => {
    const rows = ['(1)', `('${'한'.repeat(100)}')`, '(2)'];
    const texts = statementTexts(INSERT, rows.length, (i) => rows[i]!, 256);
    expect(() => [...texts]).toThrow(RowTooLarge);
    try {
      all(INSERT, rows, 256);
    } catch (error) {
      expect((error as RowTooLarge).index).toBe(1);
      expect((error as RowTooLarge).message).toContain(
        `a statement of ${Buffer.byteLength(INSERT.one.head + rows[1]! + INSERT.one.tail)} bytes, and the server takes less than 256`,
      );
    }
  });
});
