/** What was read of a date, and the instant that it stands for. Source: java.util.Calendar.selectFields, GregorianCalendar.computeTime (lenient). */
import { msOfCalendarDay } from '../java-calendar.ts';

export interface ParsedFields {
  /** By pattern letter, the one read last at the end: G 0 is BC; M from 0; H of 24, K of 12 hours, a 1 is PM. */
  readonly values: Map<string, number>;
  zoneOffsetMs: number;
  /** The year is the first one of the century that years of two digits lie in. */
  isYearAmbiguous: boolean;
}

export const HOURS_24 = 24;

/** `centuryStart`: an ambiguous year before it is 100 years later. `null`: beyond what a Date holds. */
export function instantOf(fields: ParsedFields, centuryStart: Date): Date | null {
  const date = new Date(msOf(fields, 0));
  const isEarly = fields.isYearAmbiguous && date < centuryStart;
  const result = isEarly ? new Date(msOf(fields, 100)) : date;
  return Number.isNaN(result.getTime()) ? null : result;
}

function msOf({ values, zoneOffsetMs }: ParsedFields, addedYears: number): number {
  const get = (field: string, initial: number) => values.get(field) ?? initial;
  const yearOfEra = get('y', 1970) + addedYears;
  const year = get('G', 1) === 0 ? 1 - yearOfEra : yearOfEra;
  const timeOfDay = (hourOf(values) * 3600 + get('m', 0) * 60 + get('s', 0)) * 1000 + get('S', 0);
  const day = isLater(values, 'D', 'd') ? msOfCalendarDay(year, 1, get('D', 1)) : msOfCalendarDay(year, get('M', 0) + 1, get('d', 1));
  return day + timeOfDay - zoneOffsetMs;
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
