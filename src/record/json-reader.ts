/**
 * Reads JSON with nothing lost: whole numbers exact, others as they were written, keys in order. What is accepted follows Jackson as
 * JsonConverter sets it up: leading zeros, anything after the value; the last of repeated members counts; 1,000 levels, 1,000 digits.
 */
import { SerializationError } from '../base/errors.ts';
import { decodeJsonBytes } from './json-bytes.ts';
import { Decimal } from './numbers.ts';

const MAX_DEPTH = 1000;
const MAX_DIGITS = 1000;
const UNUSUAL = /[\\\u0000-\u001f]/;
/** Jackson refuses a literal that runs on: `nulls`. */
const IDENTIFIER_PART = /[\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mc}\p{Mn}\p{Cf}\u0000-\u0008\u000e-\u001b\u007f-\u009f]/u;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A number with a fraction or an exponent, as it stands in the text. */
export class JsonFraction {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** Exact. Throws DataError for an exponent beyond 32 bits. */
  toDecimal(): Decimal {
    return Decimal.parse(this.text);
  }
  /** Nearest double. There is no negative zero: Java reads by way of BigDecimal. */
  toNumber(): number {
    return Number(this.text) + 0;
  }
}

export type JsonNode = null | boolean | string | bigint | JsonFraction | JsonNode[] | Map<string, JsonNode>;

/** The first JSON value in the bytes (or text); `undefined` when there are only blanks. Throws SerializationError. */
export function parseJson(source: Uint8Array | string): JsonNode | undefined {
  return new JsonReader(typeof source === 'string' ? source : decodeJsonBytes(source)).root();
}

/** A cursor over one JSON text. */
export class JsonReader {
  readonly text: string;
  pos: number;

  constructor(text: string, pos = 0) {
    this.text = text;
    this.pos = pos;
  }

  root(): JsonNode | undefined {
    const code = this.skipBlanks();
    if (Number.isNaN(code)) return undefined;
    const value = this.value(0);
    if (typeof value === 'bigint' || value instanceof JsonFraction) {
      // A number on its own must be followed by a blank or the end.
      const next = this.text.charCodeAt(this.pos);
      if (!Number.isNaN(next) && next !== 0x20 && next !== 0x0a && next !== 0x0d && next !== 0x09) throw this.unexpected();
    }
    return value;
  }

  /** Moves to the next character that is no blank; its code, NaN at the end. */
  skipBlanks(): number {
    const { text } = this;
    let code = text.charCodeAt(this.pos);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++this.pos);
    return code;
  }

  value(depth: number): JsonNode {
    const code = this.skipBlanks();
    switch (code) {
      case QUOTE:
        return this.string();
      case 0x7b:
        return this.object(depth + 1);
      case 0x5b:
        return this.array(depth + 1);
      case 0x74:
        return this.literal('true', true);
      case 0x66:
        return this.literal('false', false);
      case 0x6e:
        return this.literal('null', null);
      default:
        return this.number();
    }
  }

  /** `onMember` hears of each member: its name, where its value starts and where it ends. */
  object(depth: number, onMember?: (name: string, start: number, end: number) => void): Map<string, JsonNode> {
    this.#checkDepth(depth);
    const members = new Map<string, JsonNode>();
    this.pos++;
    if (this.skipBlanks() === 0x7d) {
      this.pos++;
      return members;
    }
    for (;;) {
      if (this.skipBlanks() !== QUOTE) throw this.unexpected();
      const name = this.string();
      if (this.skipBlanks() !== 0x3a) throw this.unexpected();
      this.pos++;
      this.skipBlanks();
      const start = this.pos;
      members.set(name, this.value(depth));
      onMember?.(name, start, this.pos);
      const next = this.skipBlanks();
      if (next === 0x2c) this.pos++;
      else if (next === 0x7d) break;
      else throw this.unexpected();
    }
    this.pos++;
    return members;
  }

  array(depth: number): JsonNode[] {
    this.#checkDepth(depth);
    const elements: JsonNode[] = [];
    this.pos++;
    if (this.skipBlanks() === 0x5d) {
      this.pos++;
      return elements;
    }
    for (;;) {
      elements.push(this.value(depth));
      const next = this.skipBlanks();
      if (next === 0x2c) this.pos++;
      else if (next === 0x5d) break;
      else throw this.unexpected();
    }
    this.pos++;
    return elements;
  }

  /** At a quote. */
  string(): string {
    const { text } = this;
    const start = this.pos + 1;
    const end = text.indexOf('"', start);
    if (end === -1) throw new SerializationError(`String that starts at character ${this.pos} of the JSON text has no end.`);
    const plain = text.slice(start, end);
    if (!UNUSUAL.test(plain)) {
      this.pos = end + 1;
      return plain;
    }
    return this.#escapedString(start);
  }

  #escapedString(start: number): string {
    const { text } = this;
    let end = start;
    for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
      if (code === BACKSLASH) end++;
      else if (code < 0x20 || Number.isNaN(code)) {
        this.pos = end;
        throw this.unexpected();
      }
      if (end >= text.length) throw new SerializationError(`String that starts at character ${start - 1} of the JSON text has no end.`);
    }
    this.pos = end + 1;
    try {
      // Same escapes as Jackson's, and faster than any loop of ours.
      return JSON.parse(text.slice(start - 1, end + 1)) as string;
    } catch (error) {
      throw new SerializationError(`String that starts at character ${start - 1} of the JSON text has a bad escape.`, { cause: error });
    }
  }

  number(): bigint | JsonFraction {
    const { text } = this;
    const start = this.pos;
    let at = start + (text.charCodeAt(start) === 0x2d ? 1 : 0);
    const whole = at;
    at = digitsEnd(text, at);
    let digits = at - whole;
    if (digits === 0) throw this.unexpected(at);
    const wholeEnd = at;
    if (text.charCodeAt(at) === 0x2e) {
      const fraction = at + 1;
      at = digitsEnd(text, fraction);
      if (at === fraction) throw this.unexpected(at);
      digits += at - fraction;
    }
    if ((text.charCodeAt(at) | 0x20) === 0x65) {
      const sign = text.charCodeAt(at + 1);
      const exponent = at + (sign === 0x2b || sign === 0x2d ? 2 : 1);
      at = digitsEnd(text, exponent);
      if (at === exponent) throw this.unexpected(at);
      digits += at - exponent;
      if (at - exponent >= 10) this.#checkExponent(start, at);
    }
    if (digits > MAX_DIGITS)
      throw new SerializationError(`Number at character ${start} of the JSON text has more than ${MAX_DIGITS} digits.`);
    this.pos = at;
    const token = text.slice(start, at);
    if (at !== wholeEnd) return new JsonFraction(token);
    return digits < 16 ? BigInt(Number(token)) : BigInt(token);
  }

  /** A whole number of at most 15 digits, as a number; NaN, and no move, for anything else. */
  smallInteger(): number {
    const { text } = this;
    const isNegative = text.charCodeAt(this.pos) === 0x2d;
    const start = this.pos + (isNegative ? 1 : 0);
    let value = 0;
    let at = start;
    let code = text.charCodeAt(at);
    for (; code >= 0x30 && code <= 0x39; code = text.charCodeAt(++at)) value = value * 10 + code - 0x30;
    if (at === start || at - start > 15 || code === 0x2e || (code | 0x20) === 0x65) return Number.NaN;
    this.pos = at;
    // Never -0.
    return isNegative && value !== 0 ? -value : value;
  }

  literal<T extends boolean | null>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.pos)) throw this.unexpected();
    this.pos += word.length;
    if (IDENTIFIER_PART.test(this.text.charAt(this.pos))) throw this.unexpected();
    return value;
  }

  unexpected(at = this.pos): SerializationError {
    if (at >= this.text.length) return new SerializationError('The JSON text ends too early.');
    return new SerializationError(`Unexpected ${JSON.stringify(this.text.charAt(at))} at character ${at} of the JSON text.`);
  }

  /** Java's decimals have exponents of 32 bits. */
  #checkExponent(start: number, end: number): void {
    try {
      Decimal.parse(this.text.slice(start, end));
    } catch (error) {
      throw new SerializationError(`Number at character ${start} of the JSON text has too large an exponent.`, { cause: error });
    }
  }

  #checkDepth(depth: number): void {
    if (depth > MAX_DEPTH) throw new SerializationError(`The JSON text is nested deeper than ${MAX_DEPTH} levels.`);
  }
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at++;
  return at;
}

/** A JSON value as plain data: records for objects (own properties only), bigint for whole numbers, wrapped to 64 bits, double for others. */
export type PlainJson = null | boolean | string | bigint | number | PlainJson[] | { [key: string]: PlainJson };

export function toPlainJson(node: JsonNode): PlainJson {
  if (typeof node === 'bigint') return BigInt.asIntN(64, node);
  if (node === null || typeof node !== 'object') return node;
  if (node instanceof JsonFraction) return node.toNumber();
  if (Array.isArray(node)) return node.map(toPlainJson);
  const record: { [key: string]: PlainJson } = {};
  for (const [name, member] of node) {
    const value = toPlainJson(member);
    // Plain assignment would change the prototype.
    if (name === '__proto__') Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
    else record[name] = value;
  }
  return record;
}
