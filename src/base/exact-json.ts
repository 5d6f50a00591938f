/**
 * JSON in which 64-bit whole numbers survive. `JSON.parse` rounds 9007199254740993; Connect's offsets must not be rounded.
 * Texts come from other programs: depth and number length are bounded, a member named `__proto__` is dropped.
 */
import { DataError } from './errors.ts';

export type ExactJson = null | boolean | number | bigint | string | readonly ExactJson[] | { readonly [member: string]: ExactJson };
export type ExactJsonObject = { readonly [member: string]: ExactJson };

/**
 * What a number becomes: `exact` a number, or a bigint where a number would round; `bigint` every whole number a bigint (so that
 * `3` and `3.0` stay apart); `text` the digits as they stand (Connect's coercion of scalars in configurations).
 */
export type NumberForm = 'exact' | 'bigint' | 'text';

const MAX_DEPTH = 100;
const MAX_NUMBER_LENGTH = 1000;

/** Throws DataError naming the place in the text; never anything else. */
export function parseExactJson(text: string, numbers: NumberForm = 'exact'): ExactJson {
  refuseDeepJson(text);
  try {
    return JSON.parse(text, (key: string, value: unknown, context?: { source: string }) => {
      if (key === '__proto__') return undefined;
      return typeof value === 'number' ? numberIn(context?.source ?? String(value), value, numbers) : value;
    }) as ExactJson;
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(error instanceof Error ? withoutEnds(error.message) : 'Not JSON', { cause: error });
  }
}

function numberIn(source: string, value: number, form: NumberForm): number | bigint | string {
  if (source.length > MAX_NUMBER_LENGTH)
    throw new DataError(`A number of ${source.length} characters is too long; at most ${MAX_NUMBER_LENGTH} are read.`);
  if (form === 'text') return source;
  const isWhole = /^-?\d+$/.test(source);
  if (isWhole && (form === 'bigint' || !Number.isSafeInteger(value))) return BigInt(source);
  return value;
}

/** V8 quotes the text it could not read; the text may hold secrets, so only its own words stay. */
function withoutEnds(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*/s, '');
}

/** Deeply nested text would exhaust the stack of whoever walks the value. */
function refuseDeepJson(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_DEPTH) throw new DataError(`JSON nested deeper than ${MAX_DEPTH} levels is refused (at character ${at}).`);
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at;
  }
  return text.length;
}

/** JSON text with bigint as digits; `undefined` members are left out, as in `JSON.stringify`. */
export function formatExactJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => formatExactJson(item === undefined ? null : item)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${formatExactJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
