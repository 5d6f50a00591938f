/** Days and times of day as SQL writes them. All take milliseconds of a clock that the zone was added to already ("wall" milliseconds). */
import { julianOrGregorian } from '../../../../record/java-calendar.ts';

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
/** `12:34:` by minute of the day; made once, for a moment costs more than a row's other fields otherwise. */
const MINUTES = Array.from({ length: 1440 }, (_, minute) => `${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:`);
/** By milliseconds. */
const FRACTIONS = Array.from({ length: 1000 }, (_, ms) => fractionText(ms, 3));
/** So many days are kept as text, then all are forgotten. */
const MAX_KEPT = 20_000;
/** 0001-01-01 of both calendars, 1582-10-15, 9999-12-31; in days since 1970. */
const FIRST_DAY = -719_162;
const FIRST_JULIAN_DAY = -719_164;
const FIRST_GREGORIAN_DAY = -141_427;
const LAST_DAY = 2_932_896;

/** `2022-01-21` of days since 1970; `null` for days that SQL cannot write: before the year 1, behind 9999. */
export type DayText = (days: number) => string | null;

/** `isProleptic`: the calendar of the database; else Java's, which is Julian before 1582-10-15. */
export function dayTexts(isProleptic: boolean): DayText {
  const kept = new Map<number, string | null>();
  return (days) => {
    let text = kept.get(days);
    if (text !== undefined) return text;
    text = dayText(days, isProleptic);
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(days, text);
    return text;
  };
}

function dayText(days: number, isProleptic: boolean): string | null {
  if (!(days >= (isProleptic ? FIRST_DAY : FIRST_JULIAN_DAY) && days <= LAST_DAY)) return null;
  const at = new Date(days * DAY_MS);
  if (isProleptic || days >= FIRST_GREGORIAN_DAY) return at.toISOString().slice(0, 10);
  const { year, month, day } = julianOrGregorian(at);
  return `${String(year).padStart(4, '0')}-${TWO_DIGITS[month]}-${TWO_DIGITS[day]}`;
}

/** `12:34:56.123`, the fraction without zeros at its end; at most microseconds are kept. `ms` of the day, `micros` beyond the milliseconds. */
export function timeText(ms: number, micros = 0): string {
  const second = Math.floor(ms / 1000);
  const text = MINUTES[Math.floor(second / 60)]! + TWO_DIGITS[second % 60]!;
  const milliseconds = ms - second * 1000;
  return micros === 0 ? text + FRACTIONS[milliseconds]! : text + fractionText(milliseconds * 1000 + micros, 6);
}

/** `.12` of 120 with three digits, nothing of 0. */
function fractionText(count: number, digits: number): string {
  return count === 0 ? '' : `.${String(count).padStart(digits, '0').replace(/0+$/, '')}`;
}

export function daysOf(wallMs: number): number {
  return Math.floor(wallMs / DAY_MS);
}

/** Milliseconds of the day. */
export function timeOf(wallMs: number): number {
  return wallMs - daysOf(wallMs) * DAY_MS;
}
