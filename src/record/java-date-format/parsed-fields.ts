/** What was read of a date, and the instant that it stands for. Source: java.util.Calendar.selectFields, GregorianCalendar.computeTime (lenient). */
import { CUTOVER_YEAR, msOfCalendarDay } from '../java-calendar.ts';
import { MS_PER_DAY } from '../logical-types.ts';

export interface ParsedFields {
  /** By pattern letter, the one read last at the end: G 0 is BC; M from 0; H of 24, K of 12 hours, a 1 is PM. */
  readonly values: Map<string, number>;
  zoneOffsetMs: number;
  /** The year is the first one of the century that years of two digits lie in. */
  isYearAmbiguous: boolean;
}

export const HOURS_24 = 24;

/** `centuryStart`: an ambiguous year before it is 100 years later. Invalid beyond what a Date holds. */
export function instantOf(fields: ParsedFields, centuryStart: Date): Date {
  const date = new Date(msOf(fields, 0));
  const isEarly = fields.isYearAmbiguous && date < centuryStart;
  return isEarly ? new Date(msOf(fields, 100)) : date;
}

function msOf({ values, zoneOffsetMs }: ParsedFields, addedYears: number): number {
  const get = (field: string, initial: number) => values.get(field) ?? initial;
  const yearOfEra = get('y', 1970) + addedYears;
  const year = get('G', 1) === 0 ? 1 - yearOfEra : yearOfEra;
  const timeOfDay = (hourOf(values) * 3600 + get('m', 0) * 60 + get('s', 0)) * 1000 + get('S', 0);
  // Hours may be days: they count before it is decided whose calendar the day is of.
  const days = Math.floor(timeOfDay / MS_PER_DAY);
  const day = isLater(values, 'D', 'd')
    ? msOfYearDay(year, get('D', 1) + days)
    : msOfCalendarDay(year, get('M', 0) + 1, get('d', 1) + days);
  return day + timeOfDay - days * MS_PER_DAY - zoneOffsetMs;
}

/** Days of 1582 are counted from its first one, which is Julian. */
function msOfYearDay(year: number, day: number): number {
  return year === CUTOVER_YEAR ? msOfCalendarDay(year, 1, 1) + (day - 1) * MS_PER_DAY : msOfCalendarDay(year, 1, day);
}

/** Of 24 hours, or of 12 with the half of the day: what was read last counts, a half pair only where there is nothing else. */
function hourOf(values: ReadonlyMap<string, number>): number {
  const hasPair = values.has('K') && values.has('a');
  const isPairLater = hasPair && (isLater(values, 'K', 'H') || isLater(values, 'a', 'H'));
  const hour = values.get('H');
  if (hour !== undefined && !isPairLater) return hour;
  return (values.get('K') ?? 0) + 12 * (values.get('a') ?? 0);
}

function isLater(values: ReadonlyMap<string, number>, field: string, other: string): boolean {
  const order = [...values.keys()];
  return order.indexOf(field) > order.indexOf(other);
}
