/**
 * Dates and times without a zone, as the database prints them, and the instants that they are in `db.timezone`. As Java's lenient
 * GregorianCalendar has it: a day or month of zero counts back (2022-00-00 is 2021-11-30), of an hour that comes twice the later one is meant, an
 * hour that is left out is moved on, and before 1900 a zone has the offset of today's winter.
 */
import { CUTOVER_YEAR, msOfCalendarDay } from '../../../../record/java-calendar.ts';
import { type DayText, daysOf, dayTexts, timeOf, timeText } from '../shared/clock-text.ts';
import { type ZoneOffset, zoneOffset } from '../shared/zone-offset.ts';
import type { Moment } from './moment.ts';

const DAY_MS = 86_400_000;
const START_OF_1900_MS = -2_208_988_800_000;
/** One is in winter and one in summer, wherever. */
const JANUARY_MS = Date.UTC(2026, 0, 1);
const JULY_MS = Date.UTC(2026, 6, 1);
const MICROS_PER_MS = 1000;

export class WallClock {
  /** Of java.time, which knows the local mean times of old: what ISO texts are made with. */
  readonly isoOffset: ZoneOffset;
  readonly #isProleptic: boolean;
  readonly #isUtc: boolean;
  readonly #winterOffsetMs: number;
  readonly #dayText: DayText;

  /** `zone` as Intl names it. `isProleptic`: days before 1582-10-15 are Gregorian as well (`date.calendar.system`). */
  constructor(zone: string, isProleptic: boolean) {
    this.isoOffset = zoneOffset(zone);
    this.#isProleptic = isProleptic;
    this.#isUtc = zone === 'UTC';
    this.#winterOffsetMs = Math.min(this.isoOffset(JANUARY_MS), this.isoOffset(JULY_MS));
    this.#dayText = dayTexts(isProleptic);
  }

  /** Milliseconds since 1970 of midnight UTC of this day. */
  dayMs(year: number, month: number, day: number): number {
    if (year > CUTOVER_YEAR && month > 0 && day > 0) return daysSince1970(year, month, day) * DAY_MS;
    if (!this.#isProleptic) return msOfCalendarDay(year, month, day);
    const at = new Date(0);
    at.setUTCFullYear(year, month - 1, day);
    return at.getTime();
  }

  /** The instant at which a clock in the zone shows what one in UTC shows at `wallMs`. */
  instantOf(wallMs: number): number {
    if (this.#isUtc) return wallMs;
    const before = this.#offset(wallMs - DAY_MS);
    const after = this.#offset(wallMs + DAY_MS);
    if (before === after) return wallMs - before;
    const isAfter = this.#offset(wallMs - after) === after;
    return wallMs - (isAfter ? after : before);
  }

  /** `2022-01-21 00:44:13.25`: what a clock in the zone shows, to the microsecond; `null` outside of the years that SQL can write. */
  textOf({ ms, nanos }: Moment): string | null {
    const wallMs = ms + this.#offset(ms);
    const day = this.#dayText(daysOf(wallMs));
    return day === null ? null : `${day} ${timeText(timeOf(wallMs), Math.floor(nanos / 1000) % MICROS_PER_MS)}`;
  }

  #offset(epochMs: number): number {
    return epochMs < START_OF_1900_MS ? this.#winterOffsetMs : this.isoOffset(epochMs);
  }
}

/** Of a day in the Gregorian calendar. Days are counted from the first of March, so that a leap day is the last of its year. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return y * 365 + leaps + dayOfYear - 719_468;
}
