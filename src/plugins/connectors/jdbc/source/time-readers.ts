/** DATE, TIME, DATETIME, TIMESTAMP and YEAR out of the bytes of a row. Source: Connector/J 9.1 (SqlDateValueFactory and its kin), DateTimeUtils. */
import { DataError } from '../../../../base/errors.ts';
import type { ColumnReader } from '../../../../mysql/column-readers.ts';
import type { ZeroDates } from '../../../../mysql/jdbc-parameters.ts';
import { type Moment, momentAt } from './moment.ts';
import type { WallClock } from './wall-clock.ts';

const ZERO = 0x30;
const MINUS = 0x2d;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** `2022-01-21`, and with `00:44:13`. */
const DAY_LENGTH = 10;
const SECONDS_LENGTH = 19;
const NANOS_PER_DIGIT = [0, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000];

/** `null`: a zero date that is to become NULL. */
type Read<T> = ColumnReader<T | null>;

export interface TimeSettings {
  readonly clock: WallClock;
  readonly zeroDates: ZeroDates;
}

/** Days are the same in every zone. */
export function dateReader({ clock, zeroDates }: TimeSettings): Read<Date> {
  return (bytes, start) => {
    const dayMs = readDay(bytes, start, clock, zeroDates);
    return dayMs === null ? null : new Date(dayMs);
  };
}

/** Of the 1st of January; 0000 is what two digits say, 2000. */
export function yearReader(clock: WallClock): Read<Date> {
  return (bytes, start) => {
    const year = fourDigits(bytes, start);
    return new Date(clock.dayMs(year === 0 ? 2000 : year, 1, 1));
  };
}

/** Throws DataError for what is no time of a day: below 0 or from 24:00:00 on. */
export function timeReader(clock: WallClock): Read<Date> {
  return (bytes, start, end) => {
    const hours = twoDigits(bytes, start);
    // Three digits of hours, or a sign, put the colon elsewhere.
    if (bytes[start] === MINUS || bytes[start + 2] !== 0x3a || hours >= 24) {
      throw new DataError(
        `The TIME '${bytes.toString('latin1', start, end)}' is no time of a day: Connect's Time goes from 00:00:00 to 23:59:59.999. ` +
          'Select it as text or as seconds (TIME_TO_SEC) in a query or a view.',
      );
    }
    const ms = hours * HOUR_MS + twoDigits(bytes, start + 3) * MINUTE_MS + twoDigits(bytes, start + 6) * 1000;
    return new Date(clock.instantOf(ms + Math.floor(fraction(bytes, start + 9, end) / 1_000_000)));
  };
}

/** To the millisecond. */
export function timestampReader(settings: TimeSettings): Read<Date> {
  const { clock } = settings;
  return (bytes, start, end) => {
    const wallMs = readSeconds(bytes, start, settings);
    if (wallMs === null) return null;
    const ms = clock.instantOf(wallMs);
    return new Date(end - start > SECONDS_LENGTH ? ms + Math.floor(fraction(bytes, start + SECONDS_LENGTH + 1, end) / 1_000_000) : ms);
  };
}

/** To the microsecond. */
export function momentReader(settings: TimeSettings): Read<Moment> {
  const { clock } = settings;
  return (bytes, start, end) => {
    const wallMs = readSeconds(bytes, start, settings);
    if (wallMs === null) return null;
    return momentAt(clock.instantOf(wallMs), end - start > SECONDS_LENGTH ? fraction(bytes, start + SECONDS_LENGTH + 1, end) : 0);
  };
}

function readSeconds(bytes: Buffer, start: number, { clock, zeroDates }: TimeSettings): number | null {
  const dayMs = readDay(bytes, start, clock, zeroDates);
  if (dayMs === null) return null;
  const at = start + DAY_LENGTH + 1;
  return dayMs + twoDigits(bytes, at) * HOUR_MS + twoDigits(bytes, at + 3) * MINUTE_MS + twoDigits(bytes, at + 6) * 1000;
}

function readDay(bytes: Buffer, start: number, clock: WallClock, zeroDates: ZeroDates): number | null {
  const year = fourDigits(bytes, start);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  if (year + month + day > 0) return clock.dayMs(year, month, day);
  if (zeroDates === 'CONVERT_TO_NULL') return null;
  if (zeroDates === 'ROUND') return clock.dayMs(1, 1, 1);
  throw new DataError(
    'Zero date value prohibited: 0000-00-00 is no date. Put zeroDateTimeBehavior=convertToNull (or round, which is 0001-01-01) into connection.url.',
  );
}

/** Nanoseconds of up to six digits. */
function fraction(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + bytes[at]! - ZERO;
  return value * (NANOS_PER_DIGIT[end - start] ?? 0);
}

function twoDigits(bytes: Buffer, at: number): number {
  return bytes[at]! * 10 + bytes[at + 1]! - 11 * ZERO;
}

function fourDigits(bytes: Buffer, at: number): number {
  return twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
}

/** The database's clock, as it prints it (`2022-01-21 00:44:13`). */
export function readClock(text: string, clock: WallClock): Moment {
  const bytes = Buffer.from(text, 'latin1');
  return momentReader({ clock, zeroDates: 'EXCEPTION' })(bytes, 0, bytes.length)!;
}
