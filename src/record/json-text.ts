/**
 * JSON text with the bytes that Jackson writes: no blanks, short escapes where JSON has them, other controls and every half of a
 * surrogate pair as upper-case `\u001F`, all else as it is. Compacted topics compare keys by bytes, so this must hold exactly.
 */
import { DataError } from '../base/errors.ts';
import { doubleText, floatText } from './java-text.ts';
import { Float32 } from './numbers.ts';

/** What JSON.stringify leaves that Jackson writes otherwise: raw surrogates, lower-case hex digits. */
const NEEDS_FIX = /[\ud800-\udfff]|\\u/;
const FIXES = /\\\\|\\u[0-9a-f]{4}|[\ud800-\udfff]/g;

/** What is not written as it is. */
const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string with its quotes. */
export function quoteJson(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`;
  const json = JSON.stringify(text);
  return NEEDS_FIX.test(json) ? json.replace(FIXES, fix) : json;
}

function fix(part: string): string {
  if (part === '\\\\') return part;
  const hex = part.length === 1 ? part.charCodeAt(0).toString(16) : part.slice(2);
  return `\\u${hex.toUpperCase()}`;
}

const THREE_DIGITS = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));
const MAX_SPLIT = 1e15;

/** A whole number below 2^53. The engine is slow with those of more than 31 bits, as times in milliseconds are. */
export function wholeText(value: number): string {
  if (value < 1e9 || value >= MAX_SPLIT) return String(value);
  const millions = Math.floor(value / 1_000_000);
  const rest = value - millions * 1_000_000;
  return millions + THREE_DIGITS[(rest / 1000) | 0]! + THREE_DIGITS[rest % 1000]!;
}

/** A double the Java way (`1.0E10`); NaN and infinities in quotes. */
export function doubleJson(value: number): string {
  return Number.isFinite(value) ? doubleText(value) : `"${value}"`;
}

/** A single float, likewise. */
export function floatJson(value: number): string {
  return Number.isFinite(value) ? floatText(value) : `"${value}"`;
}

/** What the internal topics and the offset file hold. Whole numbers of type `number` are written without a point. */
export type JsonWritable =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float32
  | readonly JsonWritable[]
  | ReadonlyMap<string, JsonWritable>
  | { readonly [key: string]: JsonWritable | undefined };

/** Members whose value is `undefined` are left out. Throws DataError when nested deeper than the stack holds. */
export function writeJson(value: JsonWritable): string {
  try {
    return write(value);
  } catch (error) {
    if (error instanceof RangeError) throw new DataError('The value is nested too deeply to be written as JSON.', { cause: error });
    throw error;
  }
}

function write(value: JsonWritable): string {
  switch (typeof value) {
    case 'string':
      return quoteJson(value);
    case 'number':
      return Number.isSafeInteger(value) ? String(value) : doubleJson(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : writeObject(value);
  }
}

function writeObject(value: JsonWritable & object): string {
  if (value instanceof Float32) return floatJson(value.value);
  if (Array.isArray(value)) return `[${(value as readonly JsonWritable[]).map(write).join(',')}]`;
  const members: string[] = [];
  for (const [name, member] of value instanceof Map ? value : Object.entries(value)) {
    if (member !== undefined) members.push(`${quoteJson(name)}:${write(member)}`);
  }
  return `{${members.join(',')}}`;
}
