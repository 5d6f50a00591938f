/** Java's calendar: Julian before 15 October 1582, Gregorian from then on. JavaScript's is Gregorian all the way back. */

/** First instant of the Gregorian calendar, 1582-10-15T00:00:00Z, in milliseconds since 1970. */
const CUTOVER_MS = -12_219_292_800_000;
export const CUTOVER_YEAR = 1582;
/** Julian day number of 1970-01-01. */
const EPOCH_JULIAN_DAY = 2_440_588;
const MS_PER_DAY = 86_400_000;

export interface CalendarDay {
  /** Year of the era, as Java prints it: the year before 1 is 1 (BC). */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** The day of an instant in UTC as java.util.Date and SimpleDateFormat show it. */
export function julianOrGregorian(value: Date): CalendarDay {
  const ms = value.getTime();
  if (ms >= CUTOVER_MS) return { year: value.getUTCFullYear(), month: value.getUTCMonth() + 1, day: value.getUTCDate() };
  return julianDay(Math.floor(ms / MS_PER_DAY) + EPOCH_JULIAN_DAY);
}

/** Milliseconds since 1970 of midnight UTC of a day given as Java's lenient calendar takes it: months and days may overflow. */
export function msOfCalendarDay(year: number, month: number, day: number): number {
  const monthIndex = year * 12 + month - 1;
  const gregorian = new Date(0);
  gregorian.setUTCFullYear(Math.floor(monthIndex / 12), ((monthIndex % 12) + 12) % 12, day);
  // A day that overflows out of an earlier year is counted on in that year's calendar.
  if (year >= CUTOVER_YEAR && gregorian.getTime() >= CUTOVER_MS) return gregorian.getTime();
  const julianMs = (julianDayNumber(Math.floor(monthIndex / 12), (((monthIndex % 12) + 12) % 12) + 1, day) - EPOCH_JULIAN_DAY) * MS_PER_DAY;
  // Days 5 to 14 October 1582 never were: read as Julian days, they land behind the change.
  return julianMs;
}

function julianDay(dayNumber: number): CalendarDay {
  const c = dayNumber + 32_082;
  const d = Math.floor((4 * c + 3) / 1461);
  const e = c - Math.floor((1461 * d) / 4);
  const m = Math.floor((5 * e + 2) / 153);
  const year = d - 4800 + Math.floor(m / 10);
  return { year: year > 0 ? year : 1 - year, month: m + 3 - 12 * Math.floor(m / 10), day: e - Math.floor((153 * m + 2) / 5) + 1 };
}

function julianDayNumber(year: number, month: number, day: number): number {
  const a = Math.floor((14 - month) / 12);
  const y = year + 4800 - a;
  const m = month + 12 * a - 3;
  return day + Math.floor((153 * m + 2) / 5) + 365 * y + Math.floor(y / 4) - 32_083;
}
