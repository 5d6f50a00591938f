/**
 * Values as SQL text, by the schema of their field, as MySQL Connector/J writes those that the original binds. Source: GenericDatabaseDialect.bindField.
 */
import { ConnectError } from '../../../../base/errors.ts';
import { sqlLiteral, type TextRules } from '../../../../mysql/sql-literal.ts';
import { doubleText, floatText, javaClassOfValue } from '../../../../record/java-text.ts';
import { toEncodable } from '../../../../record/java-utf8.ts';
import { logicalTypeOf, MS_PER_DAY } from '../../../../record/logical-types.ts';
import { Decimal } from '../../../../record/numbers.ts';
import type { ConnectValue, Schema } from '../../../../record/schema.ts';
import { type DayText, daysOf, dayTexts, timeOf, timeText } from '../shared/clock-text.ts';
import { type ZoneOffset, zoneOffset } from '../shared/zone-offset.ts';
import type { SinkConf } from './sink-conf.ts';

/** Throws UnwritableValue for a value that no column can hold, ConnectError for one of another type than its schema's. */
export type ValueText = (value: ConnectValue) => string;

/** A value that SQL has no text for. Another try with the same record cannot succeed. */
export class UnwritableValue extends ConnectError {
  override readonly javaClass: string = 'java.sql.SQLException';
}

type TextConf = Pick<SinkConf, 'zone' | 'dateZone' | 'isProleptic' | 'timestampFields' | 'timestampUnit'>;

const MAX_SINGLE = 3.402_823_466_385_288_6e38;
const MICROS_PER_DAY = 86_400_000_000n;

export class ValueTexts {
  readonly #conf: TextConf;
  readonly #rules: TextRules;
  readonly #offset: ZoneOffset;
  readonly #dateOffset: ZoneOffset;
  readonly #day: DayText;

  constructor(conf: TextConf, rules: TextRules) {
    this.#conf = conf;
    this.#rules = rules;
    this.#offset = zoneOffset(conf.zone);
    this.#dateOffset = conf.dateZone === conf.zone ? this.#offset : zoneOffset(conf.dateZone);
    this.#day = dayTexts(conf.isProleptic);
  }

  /** How values of this field are written. Null is `null` whatever the schema; other values of arrays, maps and structs throw ConnectError. */
  of(name: string, schema: Schema): ValueText {
    const text = this.#notNull(name, schema);
    return (value) => (value === null ? 'null' : text(value));
  }

  #notNull(name: string, schema: Schema): ValueText {
    switch (logicalTypeOf(schema)) {
      case 'Decimal':
        return decimalText;
      case 'Date':
        return (value) => this.#dateText(value);
      case 'Time':
        return (value) => `'${timeText(timeOf(this.#wallMs(value)))}'`;
      case 'Timestamp':
        return (value) => {
          const wallMs = this.#wallMs(value);
          return this.#momentText(daysOf(wallMs), timeOf(wallMs), 0);
        };
      case null:
        return this.#plain(name, schema);
    }
  }

  #plain(name: string, schema: Schema): ValueText {
    const isTimestamp = this.#conf.timestampFields.has(name);
    switch (schema.type) {
      case 'INT8':
      case 'INT16':
      case 'INT32':
        return integerText;
      case 'INT64':
        return isTimestamp ? (value) => this.#countedText(value) : integerText;
      case 'FLOAT32':
        return (value) => floatingText(value, singleText);
      case 'FLOAT64':
        return (value) => floatingText(value, doubleText);
      case 'BOOLEAN':
        return booleanText;
      case 'STRING':
        return isTimestamp ? (value) => this.#countedText(value) : (value) => this.#stringText(value);
      case 'BYTES':
        return bytesText;
      default:
        return () => {
          throw new ConnectError(
            `Unsupported source data type: ${schema.type} (field '${name}'). Flatten it, or leave it out (fields.whitelist).`,
          );
        };
    }
  }

  #stringText(value: ConnectValue): string {
    if (typeof value !== 'string') throw wrongClass(value, 'java.lang.String');
    return sqlLiteral(toEncodable(value), this.#rules);
  }

  #wallMs(value: ConnectValue): number {
    const ms = msOf(value);
    return ms + this.#offset(ms);
  }

  #dateText(value: ConnectValue): string {
    const ms = msOf(value);
    const day = this.#day(daysOf(ms + this.#dateOffset(ms)));
    if (day === null) throw beyond(`Date ${shown(value)}`);
    return `'${day}'`;
  }

  #momentText(days: number, ms: number, micros: number): string {
    const day = this.#day(days);
    if (day === null) throw beyond(`A time ${days} days from 1970`);
    return `'${day} ${timeText(ms, micros)}'`;
  }

  /** A number since 1970 in the unit of timestamp.precision.mode, or its text; what is finer than a microsecond is cut. */
  #countedText(value: ConnectValue): string {
    const count = typeof value === 'string' && /^[+-]?\d{1,40}$/.test(value) ? BigInt(value.replace('+', '')) : value;
    if (typeof count !== 'bigint') {
      throw new UnwritableValue(
        `${shown(value)} is no whole number of ${this.#conf.timestampUnit}, as fields of timestamp.fields.list hold them.`,
      );
    }
    const micros = this.#conf.timestampUnit === 'nanoseconds' ? floorDiv(count, 1000n) : count;
    const day = floorDiv(micros, MICROS_PER_DAY);
    if (day < -1_000_000n || day > 4_000_000n) throw beyond(`${shown(value)} ${this.#conf.timestampUnit}`);
    const microsOfDay = Number(micros - day * MICROS_PER_DAY);
    const ms = Number(day) * MS_PER_DAY + Math.floor(microsOfDay / 1000);
    const wallMs = ms + this.#offset(ms);
    return this.#momentText(daysOf(wallMs), timeOf(wallMs), microsOfDay % 1000);
  }
}

function integerText(value: ConnectValue): string {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongClass(value, 'a whole number');
  return String(value);
}

function booleanText(value: ConnectValue): string {
  if (typeof value !== 'boolean') throw wrongClass(value, 'java.lang.Boolean');
  return value ? '1' : '0';
}

function decimalText(value: ConnectValue): string {
  if (!(value instanceof Decimal)) throw wrongClass(value, 'java.math.BigDecimal');
  return value.toPlainString();
}

function bytesText(value: ConnectValue): string {
  if (!(value instanceof Uint8Array)) throw wrongClass(value, 'bytes');
  return `x'${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}'`;
}

/** Java's text, the exponent with its sign: `1.5E+38`. */
function floatingText(value: ConnectValue, javaText: (value: number) => string): string {
  if (typeof value !== 'number') throw wrongClass(value, 'a floating-point number');
  if (!Number.isFinite(value)) throw new UnwritableValue(`'${value}' is not a valid numeric or approximate numeric value.`);
  return javaText(value).replace(/E(?=\d)/, 'E+');
}

/** Java's shortest text of the greatest single float is, read as a double, greater than it: out of range for the server. */
function singleText(value: number): string {
  return Math.abs(value) === MAX_SINGLE ? doubleText(value) : floatText(value);
}

function msOf(value: ConnectValue): number {
  if (!(value instanceof Date)) throw wrongClass(value, 'java.util.Date');
  return value.getTime();
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function shown(value: ConnectValue): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'that is none' : value.toISOString();
  return `"${String(value).slice(0, 80)}"`;
}

function beyond(what: string): UnwritableValue {
  return new UnwritableValue(`${what} is beyond what the database holds, the years 1 to 9999.`);
}

function wrongClass(value: ConnectValue, expected: string): ConnectError {
  return new ConnectError(`A value of class ${javaClassOfValue(value)} was found where the schema of its field asks for ${expected}.`);
}
