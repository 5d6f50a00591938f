/**
 * Text to instants, as leniently as Java does it: fields may overflow, and what follows the last one is not looked at.
 * Source: java.text.SimpleDateFormat.parse with the locale `en` and the zone UTC, java.util.GregorianCalendar.computeTime.
 */
import { ConfigError, DataError } from '../../base/errors.ts';
import { asciiDigits } from '../java-number-text.ts';
import { ERAS, HALVES, LONG_ERAS, MONTHS, shortName, WEEKDAYS } from './date-names.ts';
import { type DatePart, datePattern } from './date-pattern.ts';
import { HOURS_24, instantOf, type ParsedFields } from './parsed-fields.ts';

/** Years that a date of two digits may lie in the past. */
const CENTURY_BACK = 80;

/** `null` for a text that does not match. Throws DataError for a date or a zone that cannot be expressed here. */
export type DateParser = (text: string) => Date | null;

/** One part of the pattern at a place of the text: the place behind it, or −1. */
type Step = (text: string, start: number, fields: ParsedFields) => number;

/**
 * Throws IllegalArgumentError for what is no pattern, ConfigError for one with letters that cannot be read exactly.
 * `nowMs`: years of two digits lie between 80 years before and 20 years after it.
 */
export function dateParser(pattern: string, nowMs: number): DateParser {
  const parts = datePattern(pattern);
  const isDayKnown = parts.some((part) => 'letter' in part && /[dD]/.test(part.letter));
  const steps = parts.map((part, i) => stepOf(part, parts[i + 1], centuryStart(nowMs), isDayKnown));
  return (text) => {
    const fields: ParsedFields = { values: new Map(), zoneOffsetMs: 0, isYearAmbiguous: false };
    let at = 0;
    for (const step of steps) {
      at = step(text, at, fields);
      if (at < 0) return null;
    }
    const date = instantOf(fields, centuryStart(nowMs));
    if (Number.isNaN(date.getTime())) throw new DataError(`The date ${JSON.stringify(text)} lies beyond the years that a date can hold.`);
    return date;
  };
}

function centuryStart(nowMs: number): Date {
  const start = new Date(nowMs);
  start.setUTCFullYear(start.getUTCFullYear() - CENTURY_BACK);
  return start;
}

/** Letters whose run of digits ends where its count says when another number follows at once. */
const NUMBERS = 'ydkHmsSDFwWhKYu';

function isNumber(part: DatePart | undefined): boolean {
  if (part === undefined || 'text' in part) return false;
  return NUMBERS.includes(part.letter) || (/[ML]/.test(part.letter) && part.count <= 2);
}

function stepOf(part: DatePart, next: DatePart | undefined, start: Date, isDayKnown: boolean): Step {
  if ('text' in part) return (text, at) => (text.startsWith(part.text, at) ? at + part.text.length : -1);
  const { letter, count } = part;
  const exactCount = isNumber(next) ? count : null;
  const number = (set: (value: number, fields: ParsedFields, digits: string) => void): Step => {
    return (text, at, fields) => readNumber(text, at, exactCount, (value, digits) => set(value, fields, digits));
  };
  const name = (field: string, names: readonly (readonly [string, number])[]): Step => {
    return (text, at, fields) => readName(text, at, names, (value) => putLast(fields, field, value));
  };
  const both = (names: readonly string[]) => names.flatMap((long, i) => [[long, i] as const, [shortName(long), i] as const]);
  switch (letter) {
    case 'G':
      return name(
        'G',
        [...ERAS.entries(), ...LONG_ERAS.entries()].map(([i, era]) => [era, i] as const),
      );
    case 'y':
      return number((value, fields, digits) => putYear(fields, value, count <= 2 && /^\p{Nd}{2}$/u.test(digits), start));
    case 'M':
    case 'L':
      return count <= 2 ? number((value, fields) => putLast(fields, 'M', value - 1)) : name('M', both(MONTHS));
    case 'E':
    case 'u':
      // The weekday counts only where no day is given.
      if (!isDayKnown) throw unreadable(letter, 'without d or D');
      return letter === 'E' ? name('E', both(WEEKDAYS)) : number(() => {});
    case 'a':
      return name(
        'a',
        HALVES.map((half, i) => [half, i] as const),
      );
    case 'k':
      return number((value, fields) => putLast(fields, 'H', value === HOURS_24 ? 0 : value));
    case 'h':
      return number((value, fields) => putLast(fields, 'K', value === HOURS_24 / 2 ? 0 : value));
    case 'Z':
      return readZone;
    case 'X':
      return (text, at, fields) => readIsoZone(text, at, count, fields);
    case 'd':
    case 'D':
    case 'H':
    case 'K':
    case 'm':
    case 's':
    case 'S':
      return number((value, fields) => putLast(fields, letter, value));
    default:
      throw unreadable(letter, 'in texts that are to be read');
  }
}

function unreadable(letter: string, where: string): ConfigError {
  return new ConfigError(`The pattern letter ${letter} ${where} cannot be translated exactly; write the pattern without it.`);
}

/** The field set last is the last one of the map: which of two that disagree counts depends on it. */
function putLast(fields: ParsedFields, field: string, value: number): void {
  fields.values.delete(field);
  fields.values.set(field, value);
}

function putYear(fields: ParsedFields, value: number, isShort: boolean, start: Date): void {
  const startYear = start.getUTCFullYear();
  if (isShort) fields.isYearAmbiguous = value === startYear % 100;
  const century = Math.floor(startYear / 100) * 100 + (value < startYear % 100 ? 100 : 0);
  putLast(fields, 'y', isShort ? value + century : value);
}

// ---- numbers

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at < text.length ? at : -1;
}

/** Java's digits are those of 16 bits. */
const DIGITS = '(?:(?![\\u{10000}-\\u{10ffff}])\\p{Nd})+';
const NUMBER = new RegExp(`(-?)(${DIGITS})(?:E(-?)(${DIGITS}))?|(-?)∞|NaN`, 'uy');
const MAX_DIGITS = 400;
const MAX_EXPONENT_DIGITS = 9;

/** `exactCount`: the number ends there at the latest, counted from before blanks, and the text must be as long. */
function readNumber(text: string, start: number, exactCount: number | null, set: (value: number, digits: string) => void): number {
  const at = skipBlanks(text, start);
  if (at < 0 || (exactCount !== null && start + exactCount > text.length)) return -1;
  NUMBER.lastIndex = at;
  const match = NUMBER.exec(exactCount === null ? text : text.slice(0, start + exactCount));
  if (match === null) return -1;
  set(intValue(match), match[0]);
  return at + match[0].length;
}

/** What Java's DecimalFormat reads, as an int: longs lose their upper bits, what is larger or has a fraction ends at the limits. */
function intValue([whole, sign, digits, exponentSign, exponent, infiniteSign]: RegExpExecArray): number {
  if (whole === 'NaN') return 0;
  const limit = 2 ** 31;
  const clamped = (value: number) => Math.max(-limit, Math.min(limit - 1, Math.trunc(value)));
  if (digits === undefined) return infiniteSign === '-' ? -limit : limit - 1;
  if (digits.length > MAX_DIGITS || (exponent ?? '').length > MAX_EXPONENT_DIGITS)
    throw new DataError(`The number ${whole.slice(0, 80)} in a date cannot be read: it is too long.`);
  const decimal = asciiDigits(digits);
  if (exponent !== undefined) {
    const value = Number(`${decimal}e${exponentSign}${asciiDigits(exponent)}`);
    if (!Number.isSafeInteger(value)) return clamped(sign === '-' ? -value : value);
    return Number(BigInt.asIntN(32, BigInt(sign === '-' ? -value : value)));
  }
  const exact = sign === '-' ? -BigInt(decimal) : BigInt(decimal);
  return BigInt.asIntN(64, exact) === exact ? Number(BigInt.asIntN(32, exact)) : clamped(Number(exact));
}

// ---- names

/** The longest name that stands there, in any case; Java does not skip blanks before it. */
function readName(text: string, start: number, names: readonly (readonly [string, number])[], set: (value: number) => void): number {
  if (skipBlanks(text, start) < 0) return -1;
  let best: readonly [string, number] | null = null;
  for (const one of names) {
    if ((best === null || one[0].length > best[0].length) && isSameName(text.slice(start, start + one[0].length), one[0])) best = one;
  }
  if (best === null) return -1;
  set(best[1]);
  return start + best[0].length;
}

function isSameName(text: string, name: string): boolean {
  return text.length === name.length && [...name].every((char, i) => isSameLetter(char, text[i] ?? ''));
}

function isSameLetter(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase() || a.toLowerCase()[0] === b.toLowerCase()[0];
}

// ---- zones

/** `+hhmm`, `GMT`, `GMT+h:mm`; names of zones would need Java's list of them. */
function readZone(text: string, start: number, fields: ParsedFields): number {
  const at = skipBlanks(text, start);
  if (at < 0) return -1;
  if (text[at] === '+' || text[at] === '-') return readOffset(text, at, /(\d{2})(\d{2})/y, fields);
  if (!/^gmt/i.test(text.slice(start, start + 3))) {
    if (/^\p{L}{2}/u.test(text.slice(at)))
      throw new DataError(`The zone in ${JSON.stringify(text)} cannot be read; write it as +hhmm or GMT.`);
    return -1;
  }
  if (text[start + 3] === '+' || text[start + 3] === '-') return readOffset(text, start + 3, /(\d{1,2}):(\d{2})/y, fields);
  fields.zoneOffsetMs = 0;
  return start + 3;
}

function readIsoZone(text: string, start: number, count: number, fields: ParsedFields): number {
  const at = skipBlanks(text, start);
  if (at < 0) return -1;
  if (text[at] === 'Z') {
    fields.zoneOffsetMs = 0;
    return at + 1;
  }
  if (text[at] !== '+' && text[at] !== '-') return -1;
  return readOffset(text, at, count === 1 ? /(\d{2})/y : count === 2 ? /(\d{2})(\d{2})/y : /(\d{2}):(\d{2})/y, fields);
}

/** The sign stands at `at`. */
function readOffset(text: string, at: number, digits: RegExp, fields: ParsedFields): number {
  digits.lastIndex = at + 1;
  const match = digits.exec(text);
  if (match === null) return -1;
  const hours = Number(match[1]);
  const minutes = Number(match[2] ?? 0);
  if (hours > 23 || minutes > 59) return -1;
  fields.zoneOffsetMs = (text[at] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return digits.lastIndex;
}
