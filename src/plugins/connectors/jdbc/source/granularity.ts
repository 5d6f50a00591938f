/** `timestamp.granularity`: what a DATETIME or TIMESTAMP becomes. Source: io.confluent.connect.jdbc.util.DateTimeUtils, TimestampGranularity. */
import { timestampSchema } from '../../../../record/logical-types.ts';
import type { ConnectValue, Schema } from '../../../../record/schema.ts';
import { buildSchema } from '../../../../record/schema-builder.ts';
import type { Moment } from './moment.ts';
import type { Granularity } from './spec-connector.ts';
import type { WallClock } from './wall-clock.ts';

const MAX_LONG = 9_223_372_036_854_775_807n;
const NANOS_PER_SECOND = 1_000_000_000n;
const MICROS_PER_SECOND = 1_000_000n;

export function granularitySchema(granularity: Granularity, optional: boolean): Schema {
  if (granularity === 'connect_logical') return timestampSchema({ optional });
  return buildSchema(granularity.endsWith('_long') ? 'INT64' : 'STRING', { optional });
}

export function momentWriter(granularity: Granularity, clock: WallClock): (moment: Moment) => ConnectValue {
  switch (granularity) {
    case 'connect_logical':
      return ({ ms }) => new Date(ms);
    case 'micros_long':
      return (moment) => asLong(secondsOf(moment) * MICROS_PER_SECOND, microsOf(moment));
    case 'micros_string':
      return (moment) => String(secondsOf(moment) * MICROS_PER_SECOND + microsOf(moment));
    case 'micros_iso_datetime_string':
      return (moment) => `${isoSeconds(moment, clock)}.${String(microsOf(moment)).padStart(6, '0')}`;
    case 'nanos_long':
      return (moment) => asLong(secondsOf(moment) * NANOS_PER_SECOND, BigInt(moment.nanos));
    case 'nanos_string':
      return (moment) => String(secondsOf(moment) * NANOS_PER_SECOND + BigInt(moment.nanos));
    case 'nanos_iso_datetime_string':
      return (moment) => `${isoSeconds(moment, clock)}.${String(moment.nanos).padStart(9, '0')}`;
  }
}

/** Cut towards zero, as the original cuts: moments before 1970 with a fraction are a second late in all forms but ISO's. */
function secondsOf({ ms }: Moment): bigint {
  return BigInt(Math.trunc(ms / 1000));
}

function microsOf({ nanos }: Moment): bigint {
  return BigInt(Math.floor(nanos / 1000));
}

/** As Java's longs are: seconds that are too many become the greatest number, and what is added to that goes around. */
function asLong(seconds: bigint, rest: bigint): bigint {
  const most = seconds > MAX_LONG ? MAX_LONG : seconds < -MAX_LONG - 1n ? -MAX_LONG - 1n : seconds;
  return BigInt.asIntN(64, most + rest);
}

/** `2022-01-21T00:44:13` in the zone; Gregorian at all times. */
function isoSeconds({ ms }: Moment, clock: WallClock): string {
  return new Date(ms + clock.isoOffset(ms)).toISOString().slice(0, 19);
}
