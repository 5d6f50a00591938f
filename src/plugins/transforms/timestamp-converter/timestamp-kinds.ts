/** The kinds of times, each to and from an instant. Source: the translators of org.apache.kafka.connect.transforms.TimestampConverter. */
import { systemClock } from '../../../base/clock.ts';
import { ConfigError, ConnectError, DataError, IllegalArgumentError } from '../../../base/errors.ts';
import { dateFormatter } from '../../../record/java-date-format/date-formatter.ts';
import { type DateParser, dateParser } from '../../../record/java-date-format/date-parser.ts';
import { javaClassOfValue } from '../../../record/java-text.ts';
import {
  DATE_NAME,
  dateSchema,
  MS_PER_DAY,
  TIME_NAME,
  TIMESTAMP_NAME,
  timeSchema,
  timestampFromMs,
  timestampSchema,
  timestampToMs,
} from '../../../record/logical-types.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import { INT64_SCHEMA, OPTIONAL_INT64_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../../record/schema-builder.ts';
import { schemaText } from '../../../record/schema-equals.ts';
import type { TargetType, TimestampConverterConf, UnixPrecision } from './spec.ts';

interface Kind {
  toInstant(value: ConnectValue, schema: Schema | null): Date;
  fromInstant(instant: Date): ConnectValue;
  /** [required, optional] */
  readonly schemas: readonly [Schema, Schema];
}

/** How many of a unit make a millisecond, or how many milliseconds a unit makes. */
const PER_MS: Readonly<Record<UnixPrecision, bigint>> = { nanoseconds: 1_000_000n, microseconds: 1000n, milliseconds: 1n, seconds: 1n };
const MS_PER_SECOND = 1000n;
const MAX_LONG = 2n ** 63n - 1n;

/** Throws ConfigError for settings that do not go together. */
export function timestampKinds(conf: TimestampConverterConf): Readonly<Record<TargetType, Kind>> {
  return { string: textKind(conf), unix: unixKind(conf['unix.precision']), Date: dateKind, Time: timeKind, Timestamp: timestampKind };
}

/** Kind of a value, told by its schema. Throws ConnectError for a schema of anything else. */
export function kindOfSchema(schema: Schema): TargetType {
  if (schema.name === TIMESTAMP_NAME) return 'Timestamp';
  if (schema.name === DATE_NAME) return 'Date';
  if (schema.name === TIME_NAME) return 'Time';
  if (schema.type === 'STRING') return 'string';
  if (schema.type === 'INT64') return 'unix';
  throw new ConnectError(`Schema ${schemaText(schema)} does not correspond to a known timestamp type format`);
}

/** Kind of a schemaless value. Throws DataError for anything else. */
export function kindOfValue(value: ConnectValue): TargetType {
  if (value instanceof Date) return 'Timestamp';
  if (typeof value === 'bigint') return 'unix';
  if (typeof value === 'string') return 'string';
  throw new DataError(`TimestampConverter does not support class ${javaClassOfValue(value)} objects as timestamps`);
}

function textKind({ format: pattern, 'target.type': target }: TimestampConverterConf): Kind {
  const isBlank = pattern.trim() === '';
  if (target === 'string' && isBlank) {
    throw new ConfigError('TimestampConverter requires format option to be specified when using string timestamps');
  }
  let format: (date: Date) => string = () => '';
  let parse: DateParser | null = null;
  try {
    format = dateFormatter(pattern);
    // Texts are what most patterns are for; where they are the target, reading one is the exception.
    if (target !== 'string' && !isBlank) parse = dateParser(pattern, systemClock.wallMs());
  } catch (error) {
    if (!(error instanceof IllegalArgumentError)) throw error;
    throw new ConfigError(`TimestampConverter requires a SimpleDateFormat-compatible pattern for string timestamps: ${pattern}`, {
      cause: error,
    });
  }
  return {
    toInstant: (value, schema) => {
      if (typeof value !== 'string')
        throw new DataError(`Expected string timestamp to be a String, but found class ${javaClassOfValue(value, schema)}`);
      if (isBlank) throw new DataError(`Could not parse timestamp: value (${value}): give its pattern in the setting format`);
      parse ??= dateParser(pattern, systemClock.wallMs());
      const instant = parse(value);
      if (instant === null) throw new DataError(`Could not parse timestamp: value (${value}) does not match pattern (${pattern})`);
      return instant;
    },
    fromInstant: format,
    schemas: [STRING_SCHEMA, OPTIONAL_STRING_SCHEMA],
  };
}

function unixKind(precision: UnixPrecision): Kind {
  const perMs = PER_MS[precision];
  const isSeconds = precision === 'seconds';
  return {
    toInstant: (value, schema) => {
      if (typeof value !== 'bigint')
        throw new DataError(`Expected Unix timestamp to be a Long, but found class ${javaClassOfValue(value, schema)}`);
      // As in Java, division cuts towards zero.
      return timestampFromMs(isSeconds ? clamped(value * MS_PER_SECOND) : value / perMs);
    },
    fromInstant: (instant) => {
      const ms = timestampToMs(instant);
      return isSeconds ? ms / MS_PER_SECOND : clamped(ms * perMs);
    },
    schemas: [INT64_SCHEMA, OPTIONAL_INT64_SCHEMA],
  };
}

function clamped(value: bigint): bigint {
  if (value > MAX_LONG) return MAX_LONG;
  return value < -MAX_LONG - 1n ? -MAX_LONG - 1n : value;
}

function instantKind(name: TargetType, fromInstant: (instant: Date) => Date, schemas: readonly [Schema, Schema]): Kind {
  return {
    toInstant: (value, schema) => {
      if (value instanceof Date) return value;
      throw new DataError(`Expected ${name} to be a java.util.Date, but found class ${javaClassOfValue(value, schema)}`);
    },
    fromInstant,
    schemas,
  };
}

const startOfDay = (instant: Date) => Math.floor(instant.getTime() / MS_PER_DAY) * MS_PER_DAY;
const dateKind = instantKind('Date', (instant) => new Date(startOfDay(instant)), [dateSchema(), dateSchema({ optional: true })]);
const timeKind = instantKind('Time', (instant) => new Date(instant.getTime() - startOfDay(instant)), [
  timeSchema(),
  timeSchema({ optional: true }),
]);
const timestampKind = instantKind('Timestamp', (instant) => instant, [timestampSchema(), timestampSchema({ optional: true })]);
