/** Numbers as Java's own parsers read them. Source: java.lang.Long.parseLong and its like, java.lang.Double.parseDouble, Float.parseFloat. */
import { decimalToFloat32 } from './float32-text.ts';
import { javaTrim } from './values-tokens.ts';

const MAX_DIGITS = 400;

/** Decimal digits of all scripts that Java's parsers know: those beyond 16 bits are none to them. */
const DIGIT = '(?![\\u{10000}-\\u{10ffff}])\\p{Nd}';
const WHOLE = new RegExp(`^[+-]?(?:${DIGIT})+$`, 'u');
const FOREIGN_DIGIT = new RegExp(`(?![0-9])${DIGIT}`, 'gu');

/** A sign and decimal digits, nothing around them, within `bits`; `null` for anything else. */
export function parseJavaInteger(text: string, bits: 8 | 16 | 32 | 64): bigint | null {
  if (text.length > MAX_DIGITS || !WHOLE.test(text)) return null;
  const value = BigInt(asciiDigits(text.replace(/^\+/, '')));
  return BigInt.asIntN(bits, value) === value ? value : null;
}

/** Digits of other scripts as ASCII ones. */
export function asciiDigits(text: string): string {
  return text.replace(FOREIGN_DIGIT, (digit) => {
    const code = digit.charCodeAt(0);
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCharCode(zero - 1))) zero--;
    return String(code - zero);
  });
}

const DECIMAL =
  /^([+-]?)(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+))[fFdD]?$/;

/** `null` for what is no number; too large is infinite, as in Java. */
export function parseJavaDouble(text: string): number | null {
  return parseFloating(text, Number);
}

export function parseJavaFloat(text: string): number | null {
  return parseFloating(text, decimalToFloat32);
}

function parseFloating(text: string, ofDecimal: (decimal: string) => number): number | null {
  const trimmed = javaTrim(text);
  const word = /^([+-]?)(NaN|Infinity)$/.exec(trimmed);
  if (word !== null) return word[2] === 'NaN' ? Number.NaN : word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const match = DECIMAL.exec(trimmed);
  if (match === null) return null;
  const [, sign, decimal, whole = '', fraction = '', exponent = '0'] = match;
  if (decimal === undefined && whole === '' && fraction === '') return null;
  const size =
    decimal === undefined ? ofDecimal(hexToDecimal(whole + fraction, Number(exponent) - 4 * fraction.length)) : ofDecimal(decimal);
  return sign === '-' ? -size : size;
}

/** `digits` (base 16) × 2^`exponent`, exact, as decimal text; beyond all doubles one that is too large or too small as well. */
function hexToDecimal(digits: string, exponent: number): string {
  const mantissa = BigInt(`0x${digits}`);
  const magnitude = exponent + digits.replace(/^0+/, '').length * 4;
  if (mantissa === 0n || magnitude < -1200) return '0';
  if (magnitude > 1200) return '1e999';
  return exponent >= 0 ? String(mantissa << BigInt(exponent)) : `${mantissa * 5n ** BigInt(-exponent)}e${exponent}`;
}
