import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnwritableValue, ValueTexts } from '../../../../../../src/plugins/connectors/jdbc/sink/value-texts.ts';
import { dateSchema, decimalSchema, timeSchema, timestampSchema } from '../../../../../../src/record/logical-types.ts';
import { Decimal } from '../../../../../../src/record/numbers.ts';
import type { ConnectValue, Schema } from '../../../../../../src/record/schema.ts';
import * as schemas from '../../../../../../src/record/schema-builder.ts';

const CONF = {
  zone: 'UTC',
  dateZone: 'UTC',
  isProleptic: true,
  timestampFields: new Set<string>(),
  timestampUnit: 'microseconds' as const,
};
const escaping = new ValueTexts(CONF, { backslashEscapes: true });
const plain = new ValueTexts(CONF, { backslashEscapes: false });

const textOf = (schema: Schema, value: ConnectValue) => escaping.of('f', schema)(value);

describe('values', () => {
  test.each([
    [schemas.INT8_SCHEMA, -128, '-128'],
    [schemas.INT64_SCHEMA, -(2n ** 63n), '-9223372036854775808'],
    [schemas.FLOAT32_SCHEMA, Math.fround(0.1), '0.1'],
    [schemas.FLOAT32_SCHEMA, Math.fround(3.4028234663852886e38), '3.4028234663852886E+38'],
    [schemas.FLOAT64_SCHEMA, 1e-300, '1.0E-300'],
    [schemas.FLOAT64_SCHEMA, 1.7e308, '1.7E+308'],
    [schemas.FLOAT64_SCHEMA, 1, '1.0'],
    [schemas.FLOAT64_SCHEMA, -0, '-0.0'],
    [schemas.BOOLEAN_SCHEMA, true, '1'],
    [schemas.BYTES_SCHEMA, Uint8Array.of(0, 255), "x'00ff'"],
    [schemas.BYTES_SCHEMA, new Uint8Array(), "x''"],
    [decimalSchema(2), new Decimal(-128n, 2), '-1.28'],
    [decimalSchema(-3), new Decimal(5n, -3), '5000'],
    [dateSchema(), new Date(0), "'1970-01-01'"],
    [timeSchema(), new Date(86_399_999), "'23:59:59.999'"],
    [timeSchema(), new Date(120), "'00:00:00.12'"],
    [timestampSchema(), new Date(-1), "'1969-12-31 23:59:59.999'"],
    [timestampSchema(), new Date(253_402_300_799_000), "'9999-12-31 23:59:59'"],
    [schemas.STRING_SCHEMA, 'a\ud800b', "'a?b'"],
    [schemas.OPTIONAL_STRING_SCHEMA, null, 'null'],
  ])('%o %s', (schema, value, wanted) => {
    expect(textOf(schema, value)).toBe(wanted);
  });

  test.each([
    [schemas.FLOAT64_SCHEMA, Number.NaN],
    [schemas.FLOAT32_SCHEMA, Number.NEGATIVE_INFINITY],
    [dateSchema(), new Date(253_402_300_800_000)],
    [dateSchema(), new Date(-62_135_596_800_001)],
    [timestampSchema(), new Date(Number.NaN)],
  ])('%o %s has no text of SQL', (schema, value) => {
    expect(() => textOf(schema, value)).toThrow(UnwritableValue);
  });

  test('a value of another type than its schema is no text at all', () => {
    for (const schema of [
      schemas.INT32_SCHEMA,
      schemas.FLOAT32_SCHEMA,
      schemas.BOOLEAN_SCHEMA,
      schemas.BYTES_SCHEMA,
      dateSchema(),
      decimalSchema(0),
    ]) {
      expect(() => textOf(schema, "1'; DROP TABLE t; --")).toThrow('was found where the schema of its field asks for');
    }
    expect(() => textOf(schemas.STRING_SCHEMA, 5)).toThrow('was found where the schema of its field asks for java.lang.String');
  });

  test('parts of other types are refused when there is a value', () => {
    const list = schemas.buildArray(schemas.INT32_SCHEMA, { optional: true });
    expect(textOf(list, null)).toBe('null');
    expect(() => textOf(list, [1])).toThrow("Unsupported source data type: ARRAY (field 'f')");
  });

  test('no text ends its quotes early, in either mode of the session', () => {
    const units = fc.constantFrom("'", '\\', '"', '`', '\0', '\n', '\x1a', 'a', '한', '😀', ';', '-');
    fc.assert(
      fc.property(fc.string({ unit: units, maxLength: 30 }), (text) => {
        expect(readBack(textOf(schemas.STRING_SCHEMA, text), true)).toBe(text);
        expect(readBack(plain.of('f', schemas.STRING_SCHEMA)(text), false)).toBe(text);
      }),
    );
  });
});

/** A literal as the server reads it; throws when it ends before its end. */
function readBack(literal: string, backslashEscapes: boolean): string {
  const ESCAPES: Record<string, string> = { '0': '\0', n: '\n', r: '\r', Z: '\x1a', t: '\t', b: '\b' };
  let text = '';
  if (literal[0] !== "'") throw new Error(`no quote: ${literal}`);
  for (let at = 1; at < literal.length; at++) {
    const character = literal[at]!;
    if (backslashEscapes && character === '\\') text += ESCAPES[literal[++at]!] ?? literal[at]!;
    else if (character !== "'") text += character;
    else if (literal[at + 1] === "'") text += literal[++at]!;
    else if (at === literal.length - 1) return text;
    else throw new Error(`ends at ${at}: ${literal}`);
  }
  throw new Error(`does not end: ${literal}`);
}

describe('times in a zone', () => {
  const seoul = new ValueTexts({ ...CONF, zone: 'Asia/Seoul', dateZone: 'UTC' }, { backslashEscapes: true });

  test('moments and times of day are what its clocks showed, days are not, when they are to be UTC', () => {
    expect(seoul.of('f', timestampSchema())(new Date(1_642_725_853_123))).toBe("'2022-01-21 09:44:13.123'");
    expect(seoul.of('f', timeSchema())(new Date(86_399_999))).toBe("'08:59:59.999'");
    expect(seoul.of('f', dateSchema())(new Date(19_013 * 86_400_000))).toBe("'2022-01-21'");
  });

  test('as Intl shows them, whatever the zone and the moment', () => {
    const zones = ['America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia', 'Europe/Berlin', '-09:30'];
    const texts = new Map(
      zones.map((zone) => [zone, new ValueTexts({ ...CONF, zone, dateZone: zone }, { backslashEscapes: true }).of('f', timestampSchema())]),
    );
    const shown = new Map(
      zones.map((zone) => [zone, new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }), (zone, second) => {
        const moment = new Date(second * 1000);
        expect(texts.get(zone)!(moment)).toBe(`'${shown.get(zone)!.format(moment)}'`);
      }),
    );
  });

  test('around a clock change', () => {
    const newYork = new ValueTexts({ ...CONF, zone: 'America/New_York', dateZone: 'UTC' }, { backslashEscapes: true }).of(
      'f',
      timestampSchema(),
    );
    const change = Date.UTC(2022, 10, 6, 6);
    expect([change - 1, change, change + 3_600_000].map((ms) => newYork(new Date(ms)))).toEqual([
      "'2022-11-06 01:59:59.999'",
      "'2022-11-06 01:00:00'",
      "'2022-11-06 02:00:00'",
    ]);
  });
});

describe('fields of timestamp.fields.list', () => {
  const counted = (unit: 'microseconds' | 'nanoseconds') =>
    new ValueTexts({ ...CONF, timestampFields: new Set(['f']), timestampUnit: unit }, { backslashEscapes: true });

  test('whole numbers and their texts, with their microseconds', () => {
    const micros = counted('microseconds').of('f', schemas.INT64_SCHEMA);
    expect(micros(1_642_725_853_123_456n)).toBe("'2022-01-21 00:44:13.123456'");
    expect(micros(-1n)).toBe("'1969-12-31 23:59:59.999999'");
    const text = counted('nanoseconds').of('f', schemas.STRING_SCHEMA);
    expect(text('1642725853123456789')).toBe("'2022-01-21 00:44:13.123456'");
    expect(text('-1')).toBe("'1969-12-31 23:59:59.999999'");
    expect(counted('microseconds').of('other', schemas.INT64_SCHEMA)(5n)).toBe('5');
  });

  test.each(['', 'yesterday', '1.5', "1'"])('%o is refused', (text) => {
    expect(() => counted('microseconds').of('f', schemas.STRING_SCHEMA)(text)).toThrow(UnwritableValue);
  });

  test('a number beyond the years of the database is refused', () => {
    expect(() => counted('microseconds').of('f', schemas.INT64_SCHEMA)(2n ** 62n)).toThrow('the years 1 to 9999');
  });
});
