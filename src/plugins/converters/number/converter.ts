/** Numbers as big-endian bytes of fixed length. Source: org.apache.kafka.connect.converters.NumberConverter and its kinds. */
import { DataError, SerializationError } from '../../../base/errors.ts';
import type { Converter, Serialized } from '../../../plugin-api/plugin.ts';
import { javaClassOfValue } from '../../../record/java-text.ts';
import { isPlain } from '../../../record/logical-types.ts';
import { Float32 } from '../../../record/numbers.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../../record/schema.ts';
import {
  OPTIONAL_FLOAT32_SCHEMA,
  OPTIONAL_FLOAT64_SCHEMA,
  OPTIONAL_INT16_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
} from '../../../record/schema-builder.ts';

export interface NumberKind {
  /** Java's word for it, in messages. */
  readonly typeName: 'short' | 'integer' | 'long' | 'float' | 'double';
  readonly schema: Schema;
  readonly sizeBytes: number;
  /** Puts a value into the view; false when it has another form, or does not fit. */
  write(view: DataView, value: ConnectValue): boolean;
  read(view: DataView): ConnectValue;
}

function isInRange(value: bigint, bits: number): boolean {
  return BigInt.asIntN(bits, value) === value;
}

/** Whole numbers without a schema come as bigint, whatever type they had: those that fit are taken. */
function wholeOf(value: ConnectValue, bits: number): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && isInRange(BigInt(value), bits) ? value : null;
  return typeof value === 'bigint' && isInRange(value, bits) ? Number(value) : null;
}

function written(number: number | null, set: (number: number) => void): boolean {
  if (number === null) return false;
  set(number);
  return true;
}

export const SHORT: NumberKind = {
  typeName: 'short',
  schema: OPTIONAL_INT16_SCHEMA,
  sizeBytes: 2,
  write: (view, value) => written(wholeOf(value, 16), (number) => view.setInt16(0, number)),
  read: (view) => view.getInt16(0),
};

export const INTEGER: NumberKind = {
  typeName: 'integer',
  schema: OPTIONAL_INT32_SCHEMA,
  sizeBytes: 4,
  write: (view, value) => written(wholeOf(value, 32), (number) => view.setInt32(0, number)),
  read: (view) => view.getInt32(0),
};

export const LONG: NumberKind = {
  typeName: 'long',
  schema: OPTIONAL_INT64_SCHEMA,
  sizeBytes: 8,
  write: (view, value) => {
    if (typeof value !== 'bigint' || !isInRange(value, 64)) return false;
    view.setBigInt64(0, value);
    return true;
  },
  read: (view) => view.getBigInt64(0),
};

export const FLOAT: NumberKind = {
  typeName: 'float',
  schema: OPTIONAL_FLOAT32_SCHEMA,
  sizeBytes: 4,
  write: (view, value) => written(value instanceof Float32 ? value.value : numberOf(value), (number) => view.setFloat32(0, number)),
  read: (view) => view.getFloat32(0),
};

export const DOUBLE: NumberKind = {
  typeName: 'double',
  schema: OPTIONAL_FLOAT64_SCHEMA,
  sizeBytes: 8,
  write: (view, value) => written(numberOf(value), (number) => view.setFloat64(0, number)),
  read: (view) => view.getFloat64(0),
};

function numberOf(value: ConnectValue): number | null {
  return typeof value === 'number' ? value : null;
}

export class NumberConverter implements Converter {
  readonly #kind: NumberKind;

  constructor(kind: NumberKind) {
    this.#kind = kind;
  }

  fromConnectData(_topic: string, schema: Schema | null, value: ConnectValue): Serialized {
    if (value === null) return null;
    const { typeName, sizeBytes } = this.#kind;
    const bytes = new Uint8Array(sizeBytes);
    if (!this.#takes(schema, value) || !this.#kind.write(new DataView(bytes.buffer), value)) {
      throw new DataError(`Failed to serialize to ${typeName} (was class ${javaClassOfValue(value, schema)}): `);
    }
    return bytes;
  }

  toConnectData(_topic: string, bytes: Uint8Array | null): SchemaAndValue {
    const { schema, sizeBytes, typeName } = this.#kind;
    if (bytes === null) return { schema, value: null };
    if (bytes.length !== sizeBytes) {
      const cause = new SerializationError(`${bytes.length} bytes are no ${typeName}: ${sizeBytes} are.`);
      throw new DataError(`Failed to deserialize ${typeName}: `, { cause });
    }
    return { schema, value: this.#kind.read(new DataView(bytes.buffer, bytes.byteOffset, sizeBytes)) };
  }

  /** Without a schema a plain number is a double. */
  #takes(schema: Schema | null, value: ConnectValue): boolean {
    if (schema !== null) return isPlain(schema, this.#kind.schema.type);
    return typeof value !== 'number' || this.#kind === DOUBLE;
  }
}
