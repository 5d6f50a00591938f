/** Instants as text in UTC. Source: java.text.SimpleDateFormat.format with the locale `en` (weeks begin on Sunday). */
import { CUTOVER_YEAR, julianOrGregorian, msOfCalendarDay } from '../java-calendar.ts';
import { MS_PER_DAY } from '../logical-types.ts';
import { ERAS, HALVES, MONTHS, shortName, WEEKDAYS } from './date-names.ts';
import { type DatePart, datePattern } from './date-pattern.ts';

type Writer = (date: Date) => string;

/** Throws IllegalArgumentError for what is no pattern. */
export function dateFormatter(pattern: string): Writer {
  const writers = datePattern(pattern).map(writerOf);
  return (date) => {
    let text = '';
    for (const write of writers) text += write(date);
    return text;
  };
}

function writerOf(part: DatePart): Writer {
  if ('text' in part) return () => part.text;
  const { letter, count } = part;
  const padded = (of: (date: Date) => number): Writer => {
    return (date) => digits(of(date), count);
  };
  const named = (names: readonly string[], of: (date: Date) => number): Writer => {
    return (date) => (count >= 4 ? names[of(date)]! : shortName(names[of(date)]!));
  };
  const yearly = (of: (date: Date) => number): Writer => (count === 2 ? (date) => digits(of(date) % 100, 2) : padded(of));
  const isBeforeChrist = (date: Date) => date.getTime() < YEAR_ONE_MS;
  switch (letter) {
    case 'G':
      return (date) => ERAS[isBeforeChrist(date) ? 0 : 1];
    case 'y':
      return yearly((date) => julianOrGregorian(date).year);
    case 'Y':
      return yearly(weekYear);
    case 'M':
    case 'L':
      return count >= 3 ? named(MONTHS, (date) => julianOrGregorian(date).month - 1) : padded((date) => julianOrGregorian(date).month);
    case 'd':
      return padded((date) => julianOrGregorian(date).day);
    case 'D':
      return padded(dayOfYear);
    case 'w':
      return padded(weekOfYear);
    case 'W':
      return padded((date) => weekOf(dayForWeeks(date), date.getUTCDay()));
    case 'F':
      return padded((date) => Math.floor((dayForWeeks(date) - 1) / 7) + 1);
    case 'E':
      return named(WEEKDAYS, (date) => date.getUTCDay());
    case 'u':
      return padded((date) => ((date.getUTCDay() + 6) % 7) + 1);
    case 'a':
      return (date) => HALVES[date.getUTCHours() < 12 ? 0 : 1];
    case 'H':
      return padded((date) => date.getUTCHours());
    case 'k':
      return padded((date) => date.getUTCHours() || 24);
    case 'K':
      return padded((date) => date.getUTCHours() % 12);
    case 'h':
      return padded((date) => date.getUTCHours() % 12 || 12);
    case 'm':
      return padded((date) => date.getUTCMinutes());
    case 's':
      return padded((date) => date.getUTCSeconds());
    case 'S':
      return padded((date) => date.getUTCMilliseconds());
    case 'z':
      return () => (count >= 4 ? 'Coordinated Universal Time' : 'UTC');
    case 'Z':
      return () => '+0000';
    default:
      return () => 'Z';
  }
}

function digits(value: number, count: number): string {
  return value < 0 ? `-${digits(-value, count)}` : String(value).padStart(count, '0');
}

/** How many days of the month have begun: October 1582 lacks ten. */
function dayForWeeks(date: Date): number {
  const { year, month, day } = julianOrGregorian(date);
  return year === CUTOVER_YEAR && month === 10 && day >= 15 ? day - 10 : day;
}

const YEAR_ONE_MS = msOfCalendarDay(1, 1, 1);

/** Year that counts on through 0 and below, and the day's number in it, from 1. */
function placeInYear(date: Date): { readonly year: number; readonly day: number } {
  const { year: yearOfEra } = julianOrGregorian(date);
  const year = date.getTime() < YEAR_ONE_MS ? 1 - yearOfEra : yearOfEra;
  const today = Math.floor(date.getTime() / MS_PER_DAY) * MS_PER_DAY;
  return { year, day: (today - msOfCalendarDay(year, 1, 1)) / MS_PER_DAY + 1 };
}

function dayOfYear(date: Date): number {
  return placeInYear(date).day;
}

/** Number of the week in a month or year whose first week holds its first day; `weekday`: 0 is Sunday. */
function weekOf(day: number, weekday: number): number {
  return Math.floor((day - 1 + ((((weekday - day + 1) % 7) + 7) % 7)) / 7) + 1;
}

function weekOfYear(date: Date): number {
  return isInNextYearsFirstWeek(date) ? 1 : weekOf(dayOfYear(date), date.getUTCDay());
}

function weekYear(date: Date): number {
  return placeInYear(date).year + (isInNextYearsFirstWeek(date) ? 1 : 0);
}

/** The week that holds 1 January belongs to the year that begins in it. */
function isInNextYearsFirstWeek(date: Date): boolean {
  const newYear = msOfCalendarDay(placeInYear(date).year + 1, 1, 1);
  const sunday = Math.floor(newYear / MS_PER_DAY) * MS_PER_DAY - new Date(newYear).getUTCDay() * MS_PER_DAY;
  return date.getTime() >= sunday;
}
