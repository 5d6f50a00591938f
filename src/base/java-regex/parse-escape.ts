/** What a backslash begins. Source: java.util.regex.Pattern.escape. */
import type { CharReader } from './char-reader.ts';
import { LETTER_CLASSES, propertySet } from './char-sets.ts';
import { syntaxError, unsupported } from './syntax.ts';

export type Escape =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'set'; readonly set: string; readonly isNegated: boolean }
  /** Any other letter or digit, for the caller to judge. */
  | { readonly kind: 'letter'; readonly letter: string };

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };
const isHex = (text: string) => /^[0-9a-fA-F]$/.test(text);
const isOctal = (text: string) => /^[0-7]$/.test(text);

/** Behind the backslash at `at`. */
export function parseEscape(reader: CharReader, at: number, ignoresCase: boolean): Escape {
  if (reader.isAtEnd) throw syntaxError('Unexpected internal error', at + 1);
  const { text } = reader.take();
  if (Object.hasOwn(CONTROLS, text)) return { kind: 'code', code: CONTROLS[text]! };
  const lower = text.toLowerCase();
  if (Object.hasOwn(LETTER_CLASSES, lower) && /^[a-zA-Z]$/.test(text)) {
    return { kind: 'set', set: LETTER_CLASSES[lower]!, isNegated: text !== lower };
  }
  switch (text) {
    case '0':
      return { kind: 'code', code: octal(reader, at) };
    case 'x':
      return { kind: 'code', code: hexadecimal(reader, at) };
    case 'u':
      return { kind: 'code', code: utf16(reader, at) };
    case 'c':
      if (reader.isAtEnd) throw syntaxError('Illegal control escape sequence', at);
      return { kind: 'code', code: (reader.take().text.codePointAt(0) ?? 0) ^ 64 };
    case 'p':
    case 'P':
      return { kind: 'set', set: propertySet(propertyName(reader, at), at, ignoresCase), isNegated: text === 'P' };
    default:
      return /^[A-Za-z1-9]$/.test(text) ? { kind: 'letter', letter: text } : { kind: 'code', code: text.codePointAt(0) ?? 0 };
  }
}

export function illegalEscape(at: number): Error {
  return syntaxError('Illegal/unsupported escape sequence', at + 1);
}

function propertyName(reader: CharReader, at: number): string {
  if (!reader.skip('{')) {
    if (reader.isAtEnd) throw syntaxError('Illegal/unsupported escape sequence', at);
    return reader.take().text;
  }
  const name = reader.takeWhile((text) => text !== '}');
  if (!reader.skip('}')) throw syntaxError('Unclosed character family', at);
  if (name === '') throw syntaxError('Empty character family', at);
  return name;
}

function octal(reader: CharReader, at: number): number {
  let digits = '';
  while (isOctal(reader.peek()) && digits.length < (/^[0-3]/.test(digits) ? 3 : digits === '' ? 1 : 2)) digits += reader.take().text;
  if (digits === '') throw syntaxError('Illegal octal escape sequence', at);
  return Number.parseInt(digits, 8);
}

function hexadecimal(reader: CharReader, at: number): number {
  if (!reader.skip('{')) return Number.parseInt(fixedHex(reader, 2, 'Illegal hexadecimal escape sequence', at), 16);
  const digits = reader.takeWhile(isHex);
  const code = Number.parseInt(digits, 16);
  if (digits === '' || !reader.skip('}')) throw syntaxError('Unclosed hexadecimal escape sequence', at);
  if (code > 0x10ffff) throw syntaxError('Hexadecimal codepoint is too big', at);
  return code;
}

/** `\uXXXX`, and a pair of them as the one code point that it stands for. */
function utf16(reader: CharReader, at: number): number {
  const high = Number.parseInt(fixedHex(reader, 4, 'Illegal Unicode escape sequence', at), 16);
  if (high < 0xd800 || high > 0xdfff) return high;
  if (high > 0xdbff || !reader.skip('\\u')) throw unsupported('half of a surrogate pair', at);
  const low = Number.parseInt(fixedHex(reader, 4, 'Illegal Unicode escape sequence', at), 16);
  if (low < 0xdc00 || low > 0xdfff) throw unsupported('half of a surrogate pair', at);
  return (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
}

function fixedHex(reader: CharReader, count: number, problem: string, at: number): string {
  let digits = '';
  while (digits.length < count && isHex(reader.peek())) digits += reader.take().text;
  if (digits.length < count) throw syntaxError(problem, at);
  return digits;
}
