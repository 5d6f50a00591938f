import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../src/base/errors.ts';
import { bindParameters, SqlNumber, splitAtParameters, sqlLiteral } from '../../../src/mysql/sql-literal.ts';

const ESCAPING = { backslashEscapes: true };
const PLAIN = { backslashEscapes: false };

describe('literals', () => {
  // Texts and bytes as Connector/J sends them.
  test.each([
    [null, 'null'],
    ['한글 \'"\\ \n', "'한글 ''\"\\\\ \\n'"],
    ['\0\r\x1a', "'\\0\\r\\Z'"],
    ['', "''"],
    [1, '1'],
    [-0, '-0'],
    [1e-300, '1e-300'],
    [9007199254740993n, '9007199254740993'],
    [-9223372036854775808n, '-9223372036854775808'],
    [true, '1'],
    [false, '0'],
    [new Uint8Array([0, 255]), "x'00ff'"],
    [Buffer.alloc(0), "x''"],
    [new SqlNumber('17.130'), '17.130'],
  ])('%s → %s', (value, literal) => {
    expect(sqlLiteral(value, ESCAPING)).toBe(literal);
  });

  test('where a backslash is a character like any other', () => {
    expect(sqlLiteral("a\\'b\n", PLAIN)).toBe("'a\\''b\n'");
  });

  test('a part of a larger buffer', () => {
    expect(sqlLiteral(Buffer.from('0102030405', 'hex').subarray(1, 3), ESCAPING)).toBe("x'0203'");
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s has no literal', (value) => {
    expect(() => sqlLiteral(value, ESCAPING)).toThrow(DataError);
  });

  test.each(['', 'x', '1;', '1 2', '0x1', '--1', '1e', 'NaN', "1'"])('"%s" is no number', (text) => {
    expect(() => new SqlNumber(text)).toThrow(DataError);
  });
});

describe('parameters', () => {
  test.each([
    ['SELECT ?', ['SELECT ', '']],
    ['SELECT \'?\', "?", `?`, ?', ['SELECT \'?\', "?", `?`, ', '']],
    ["SELECT '''?', 'a\\'?', ?", ["SELECT '''?', 'a\\'?', ", '']],
    ['SELECT 1 -- ?\n, ?', ['SELECT 1 -- ?\n, ', '']],
    ['SELECT 1 # ?\n, ?', ['SELECT 1 # ?\n, ', '']],
    ['SELECT 1 /* ? */, ?', ['SELECT 1 /* ? */, ', '']],
    ['SELECT 1--?', ['SELECT 1--', '']],
    ["SELECT '?", ["SELECT '?"]],
    ['SELECT /* ?', ['SELECT /* ?']],
    ['SELECT a -- ?', ['SELECT a -- ?']],
  ])('%s', (sql, pieces) => {
    expect(splitAtParameters(sql, ESCAPING)).toEqual(pieces);
  });

  test('where a backslash does not escape, the text ends at the quote', () => {
    expect(splitAtParameters("SELECT 'a\\', ?", PLAIN)).toEqual(["SELECT 'a\\', ", '']);
  });

  test('too many and too few are refused', () => {
    expect(() => bindParameters('SELECT ?', [1, 2], ESCAPING)).toThrow('has 1 places for parameters, and 2 were given');
    expect(() => bindParameters('SELECT ?, ?', [1], ESCAPING)).toThrow(DataError);
    expect(bindParameters('SELECT ?', [], ESCAPING)).toBe('SELECT ?');
  });

  test('no value leaves its quotes, and none is taken for a place', () => {
    const text = fc.string({ unit: fc.constantFrom("'", '"', '\\', '`', '?', '-', '#', '/', '*', '\n', '\0', 'a', '한'), maxLength: 12 });
    for (const rules of [ESCAPING, PLAIN])
      fc.assert(
        fc.property(text, text, (a, b) => {
          const sql = bindParameters('SELECT ?, ?', [a, b], rules);
          expect(splitAtParameters(sql, rules)).toEqual([sql]);
          expect(splitAtParameters(`${sql} ?`, rules)).toEqual([`${sql} `, '']);
        }),
      );
  });
});
