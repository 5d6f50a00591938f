/** Header text to values: numbers, booleans, dates, arrays and maps are recognised. Source: org.apache.kafka.connect.data.Values.parseString. */
import { DataError } from '../base/errors.ts';
import { msOfCalendarDay } from './java-calendar.ts';
import { asciiDigits } from './java-number-text.ts';
import { DATE_SCHEMA, decimalSchema, TIME_SCHEMA, TIMESTAMP_SCHEMA } from './logical-types.ts';
import { Decimal } from './numbers.ts';
import type { ConnectValue, Schema, SchemaAndValue } from './schema.ts';
import {
  BOOLEAN_SCHEMA,
  buildArray,
  buildMap,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT8_SCHEMA,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  STRING_SCHEMA,
} from './schema-builder.ts';
import { alignTo, CommonSchema } from './values-align.ts';
import { javaTrim, ValueTokens } from './values-tokens.ts';

interface Parsed {
  readonly schema: Schema;
  readonly value: ConnectValue;
}

/** Deeper nesting is taken as text. */
const MAX_DEPTH = 200;
const DATE = /^[ \t]*(\d+)-[ \t]*(\d+)-[ \t]*(\d+)/;
const TIME = /^[ \t]*(\d+):[ \t]*(\d+):[ \t]*(\d+)\.[ \t]*(\d+)Z/;
const BIGGER_THAN_LONG_DIGITS = 20;

/** Never throws: what is nothing else is a string. `null` and the text `null` give no schema and null. */
export function parseString(text: string | null): SchemaAndValue {
  if (text === null) return { schema: null, value: null };
  if (text === '') return { schema: STRING_SCHEMA, value: '' };
  const tokens = new ValueTokens(text);
  return parse(tokens, 0) ?? { schema: null, value: null };
}

/** `null`: the value is null, or there is none. `depth` above 0: inside an array or map, where failure is a DataError. */
function parse(tokens: ValueTokens, depth: number): Parsed | null {
  if (!tokens.hasNext) return null;
  if (depth > 0 && tokens.canConsume('"')) return parseQuoted(tokens);
  for (const [word, value] of [
    ['null', null],
    ['true', true],
    ['false', false],
  ] as const) {
    if (isLiteral(tokens, depth, word)) return value === null ? null : { schema: BOOLEAN_SCHEMA, value };
  }
  const start = tokens.mark();
  try {
    if (tokens.canConsume('[')) return parseArray(tokens, depth + 1);
    if (tokens.canConsume('{')) return parseMap(tokens, depth + 1);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    tokens.rewindTo(start);
  }
  const token = tokens.next();
  const trimmed = javaTrim(token);
  if (trimmed === '') return { schema: STRING_SCHEMA, value: token };
  return parseToken(tokens, depth, asciiDigits(trimmed));
}

/** At the top a literal must be the whole text: `true}` is a string. */
function isLiteral(tokens: ValueTokens, depth: number, word: string): boolean {
  const start = tokens.mark();
  if (tokens.canConsume(word) && (depth > 0 || !tokens.hasNext)) return true;
  tokens.rewindTo(start);
  return false;
}

function parseQuoted(tokens: ValueTokens): Parsed {
  let content = '';
  while (tokens.hasNext && !tokens.canConsume('"')) content += tokens.next();
  return parseTemporal(content) ?? { schema: STRING_SCHEMA, value: content };
}

function parseArray(tokens: ValueTokens, depth: number): Parsed {
  checkDepth(depth);
  const elements: (Parsed | null)[] = [];
  const common = new CommonSchema();
  while (tokens.hasNext) {
    if (tokens.canConsume(']')) {
      const schema = buildArray(common.schema);
      return { schema, value: elements.map((element) => alignTo(common.schema, element)) };
    }
    if (tokens.canConsume(',')) throw new DataError(`Unable to parse an empty array element: ${tokens.text}`);
    const element = parse(tokens, depth);
    common.merge(element);
    elements.push(element);
    const mark = tokens.mark();
    if (tokens.canConsume(']')) tokens.rewindTo(mark);
    else if (!tokens.canConsume(',')) throw new DataError("Array elements missing ',' delimiter");
  }
  throw new DataError(`Array is missing ${tokens.previous === ',' ? "element after ','" : "terminating ']'"}: ${tokens.text}`);
}

function parseMap(tokens: ValueTokens, depth: number): Parsed {
  checkDepth(depth);
  const entries: [Parsed, Parsed | null][] = [];
  const keys = new CommonSchema();
  const values = new CommonSchema();
  while (tokens.hasNext) {
    if (tokens.canConsume('}')) return mapOf(entries, keys.schema, keys.schema === null ? null : values.schema);
    if (tokens.canConsume(',')) throw new DataError(`Unable to parse a map entry with no key or value: ${tokens.text}`);
    const key = parse(tokens, depth);
    if (key === null || key.value === null) throw new DataError(`Map entry may not have a null key: ${tokens.text}`);
    if (!tokens.canConsume(':')) throw new DataError(`Map entry is missing ':' at ${tokens.mark()} in ${tokens.text}`);
    const value = parse(tokens, depth);
    entries.push([key, value]);
    tokens.canConsume(',');
    keys.merge(key);
    values.merge(value);
  }
  throw new DataError(`Map is missing ${tokens.previous === ',' ? "element after ','" : "terminating '}'"}: ${tokens.text}`);
}

function mapOf(entries: readonly [Parsed, Parsed | null][], keySchema: Schema | null, valueSchema: Schema | null): Parsed {
  const map = new Map<ConnectValue, ConnectValue>();
  for (const [key, value] of entries) map.set(alignTo(keySchema, key), alignTo(valueSchema, value));
  return { schema: buildMap(keySchema, valueSchema), value: map };
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new DataError(`Value is nested deeper than ${MAX_DEPTH} levels.`);
}

function parseToken(tokens: ValueTokens, depth: number, token: string): Parsed {
  const isDigit = /^\d/.test(token);
  if (isDigit) {
    // The colons of a time split it into five tokens.
    const mark = tokens.mark();
    const rest = tokens.nextText(4);
    const temporal = rest === null ? null : parseTemporal(token + asciiDigits(rest));
    if (temporal !== null) return temporal;
    tokens.rewindTo(mark);
  }
  const parsed = isDigit ? (parseTemporal(token) ?? parseNumber(token)) : /^[+-]/.test(token) ? parseNumber(token) : null;
  if (parsed !== null) return parsed;
  if (depth > 0) throw new DataError('Failed to parse embedded value');
  return { schema: STRING_SCHEMA, value: tokens.text };
}

/** The smallest type that holds the number; whole numbers beyond 64 bits are decimals, fractions floats. `null`: no number. */
function parseNumber(token: string): Parsed | null {
  let decimal: Decimal;
  try {
    decimal = Decimal.parse(token);
  } catch {
    return null;
  }
  const whole = wholeOf(decimal);
  if (whole !== null) return whole;
  const float = decimal.toFloat32();
  if (Number.isFinite(float) && decimal.scale !== 0) return { schema: FLOAT32_SCHEMA, value: float };
  const double = decimal.toNumber();
  if (Number.isFinite(double) && decimal.scale !== 0) return { schema: FLOAT64_SCHEMA, value: double };
  return { schema: decimalSchema(decimal.scale), value: decimal };
}

function wholeOf(decimal: Decimal): Parsed | null {
  if (decimal.unscaled !== 0n && decimal.scale < -BIGGER_THAN_LONG_DIGITS) return null;
  if (decimal.unscaled === 0n) return { schema: INT8_SCHEMA, value: 0 };
  if (!decimal.isWhole()) return null;
  const value = decimal.toBigInt();
  if (BigInt.asIntN(64, value) !== value) return null;
  if (BigInt.asIntN(32, value) !== value) return { schema: INT64_SCHEMA, value };
  if (BigInt.asIntN(16, value) !== value) return { schema: INT32_SCHEMA, value: Number(value) };
  return { schema: BigInt.asIntN(8, value) === value ? INT8_SCHEMA : INT16_SCHEMA, value: Number(value) };
}

/** A time, timestamp or day in ISO form, told apart by its length; parts may overflow, what stands behind is ignored. */
function parseTemporal(token: string): Parsed | null {
  const text = token.replaceAll('\\:', ':');
  switch (text.length) {
    case '14:34:54.346Z'.length:
      return temporal(TIME_SCHEMA, timeMs(text));
    case '2019-08-23T14:34:54.346Z'.length: {
      const day = DATE.exec(text);
      const rest = day === null ? '' : text.slice(day[0].length);
      return rest.startsWith('T') ? temporal(TIMESTAMP_SCHEMA, (dayMs(text) ?? Number.NaN) + (timeMs(rest.slice(1)) ?? Number.NaN)) : null;
    }
    case '2019-08-23'.length:
      return temporal(DATE_SCHEMA, dayMs(text));
    default:
      return null;
  }
}

function temporal(schema: Schema, ms: number | null): Parsed | null {
  if (ms === null) return null;
  const value = new Date(ms);
  return Number.isNaN(value.getTime()) ? null : { schema, value };
}

function dayMs(text: string): number | null {
  const match = DATE.exec(text);
  return match === null ? null : msOfCalendarDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

function timeMs(text: string): number | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  return ((Number(match[1]) * 60 + Number(match[2])) * 60 + Number(match[3])) * 1000 + Number(match[4]);
}
