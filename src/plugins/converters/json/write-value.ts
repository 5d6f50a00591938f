/** Connect's values to JSON text. A writer is made once per schema and kept. Source: JsonConverter.convertToJson. */
import { DataError } from '../../../base/errors.ts';
import { javaClassOfValue } from '../../../record/java-text.ts';
import { asBuffer } from '../../../record/java-utf8.ts';
import { doubleJson, floatJson, quoteJson, wholeText } from '../../../record/json-text.ts';
import { checkedTimestamp, dateToDays, decimalToBytes, type LogicalType, logicalTypeOf, timeToMs } from '../../../record/logical-types.ts';
import { Decimal, Float32 } from '../../../record/numbers.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import { isList, isMap, schemaEquals } from '../../../record/schema-equals.ts';
import { Struct } from '../../../record/struct.ts';

/** JSON text of a value of one schema. Throws DataError when the value has another form. */
export type ValueWriter = (value: ConnectValue) => string;

export interface WriteSettings {
  readonly decimalFormat: 'BASE64' | 'NUMERIC';
  readonly replaceNullWithDefault: boolean;
}

/** Writers by schema, as long as the schemas live. */
export class ValueWriters {
  readonly #settings: WriteSettings;
  readonly #writers = new WeakMap<Schema, ValueWriter>();

  constructor(settings: WriteSettings) {
    this.#settings = settings;
  }

  readonly of = (schema: Schema): ValueWriter => {
    let writer = this.#writers.get(schema);
    if (writer === undefined) {
      writer = this.#withNull(schema, this.#plainWriter(schema));
      this.#writers.set(schema, writer);
    }
    return writer;
  };

  #withNull(schema: Schema, write: ValueWriter): ValueWriter {
    const { defaultValue } = schema;
    const nullText = (): string => {
      if (defaultValue !== undefined && this.#settings.replaceNullWithDefault) return write(defaultValue);
      if (schema.optional) return 'null';
      throw new DataError('Conversion error: null value for field that is required and has no default value');
    };
    return (value) => (value === null ? nullText() : write(value));
  }

  #plainWriter(schema: Schema): ValueWriter {
    const logical = logicalTypeOf(schema);
    if (logical !== null) return this.#logicalWriter(logical, schema);
    switch (schema.type) {
      case 'ARRAY':
        return this.#arrayWriter(schema);
      case 'MAP':
        return this.#mapWriter(schema);
      case 'STRUCT':
        return this.#structWriter(schema);
      default:
        return simpleWriter(schema);
    }
  }

  #logicalWriter(logical: LogicalType, schema: Schema): ValueWriter {
    const isNumeric = this.#settings.decimalFormat === 'NUMERIC';
    if (logical === 'Decimal') {
      return (value) => {
        if (!(value instanceof Decimal)) throw wrongLogical(logical, 'BigDecimal', schema, value);
        return isNumeric ? value.toString() : base64Json(decimalToBytes(schema, value));
      };
    }
    const encode = { Date: dateToDays, Time: timeToMs, Timestamp: checkedTimestamp }[logical];
    return (value) => {
      if (!(value instanceof Date)) throw wrongLogical(logical, 'Date', schema, value);
      return wholeText(encode(value));
    };
  }

  #partWriter(part: Schema | null): ValueWriter {
    return part === null ? writeSchemaless : this.of(part);
  }

  #arrayWriter(schema: Schema): ValueWriter {
    const write = this.#partWriter(schema.valueSchema);
    return (value) => {
      if (!isList(value)) throw wrongType(schema, value);
      return `[${value.map(write).join(',')}]`;
    };
  }

  #mapWriter(schema: Schema): ValueWriter {
    const writeKey = this.#partWriter(schema.keySchema);
    const write = this.#partWriter(schema.valueSchema);
    const isObject = schema.keySchema?.type === 'STRING';
    return (value) => {
      if (!isMap(value)) throw wrongType(schema, value);
      const entries: string[] = [];
      for (const [key, entry] of value) {
        const name = writeKey(key);
        // A key written as something else than a string (null, a logical type) becomes the name as text.
        if (isObject) entries.push(`${name.startsWith('"') ? name : `"${name}"`}:${write(entry)}`);
        else entries.push(`[${name},${write(entry)}]`);
      }
      return isObject ? `{${entries.join(',')}}` : `[${entries.join(',')}]`;
    };
  }

  #structWriter(schema: Schema): ValueWriter {
    const fields = (schema.fields ?? []).map((field, index) => ({
      prefix: `${index === 0 ? '{' : ','}${quoteJson(field.name)}:`,
      write: this.of(field.schema),
    }));
    return (value) => {
      if (!(value instanceof Struct)) throw wrongType(schema, value);
      if (value.schema !== schema && !schemaEquals(value.schema, schema)) throw new DataError('Mismatching schema.');
      if (fields.length === 0) return '{}';
      const { values } = value;
      let text = '';
      for (let index = 0; index < fields.length; index++) {
        const field = fields[index]!;
        text += field.prefix + field.write(values[index] ?? null);
      }
      return `${text}}`;
    };
  }
}

function simpleWriter(schema: Schema): ValueWriter {
  switch (schema.type) {
    case 'INT8':
      return (value) => (typeof value === 'number' && (value << 24) >> 24 === value ? String(value) : refuse(schema, value));
    case 'INT16':
      return (value) => (typeof value === 'number' && (value << 16) >> 16 === value ? String(value) : refuse(schema, value));
    case 'INT32':
      return (value) => (typeof value === 'number' && (value | 0) === value ? String(value) : refuse(schema, value));
    case 'INT64':
      return (value) => (typeof value === 'bigint' ? String(value) : refuse(schema, value));
    case 'FLOAT32':
      return (value) => (typeof value === 'number' ? floatJson(value) : refuse(schema, value));
    case 'FLOAT64':
      return (value) => (typeof value === 'number' ? doubleJson(value) : refuse(schema, value));
    case 'BOOLEAN':
      return (value) => (typeof value === 'boolean' ? String(value) : refuse(schema, value));
    case 'STRING':
      return (value) => (typeof value === 'string' ? quoteJson(value) : refuse(schema, value));
    default:
      return (value) => {
        if (value instanceof Uint8Array) return base64Json(value);
        throw new DataError(`Invalid type for bytes type: class ${javaClassOfValue(value)}`);
      };
  }
}

/** The form of schemaless data says which JSON it gets. Throws DataError for dates, decimals and structs, as Java does. */
export function writeSchemaless(value: ConnectValue): string {
  switch (typeof value) {
    case 'string':
      return quoteJson(value);
    case 'number':
      return doubleJson(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : writeObject(value);
  }
}

function writeObject(value: ConnectValue & object): string {
  if (value instanceof Float32) return floatJson(value.value);
  if (value instanceof Uint8Array) return base64Json(value);
  if (isList(value)) return `[${value.map(writeSchemaless).join(',')}]`;
  if (isMap(value)) return writeMap(value);
  if (value instanceof Struct) throw new DataError('Mismatching schema.');
  throw new DataError(`Java class class ${javaClassOfValue(value)} does not have corresponding schema type.`);
}

function writeMap(value: ReadonlyMap<ConnectValue, ConnectValue>): string {
  const entries = [...value];
  if (!entries.every(([key]) => typeof key === 'string')) {
    return `[${entries.map(([key, entry]) => `[${writeSchemaless(key)},${writeSchemaless(entry)}]`).join(',')}]`;
  }
  return `{${entries.map(([key, entry]) => `${writeSchemaless(key)}:${writeSchemaless(entry)}`).join(',')}}`;
}

function base64Json(bytes: Uint8Array): string {
  return `"${asBuffer(bytes).toString('base64')}"`;
}

function wrongType(schema: Schema, value: ConnectValue): DataError {
  return new DataError(`Invalid type for ${schema.type}: class ${javaClassOfValue(value)}`);
}

function refuse(schema: Schema, value: ConnectValue): never {
  throw wrongType(schema, value);
}

function wrongLogical(logical: LogicalType, expected: string, schema: Schema, value: ConnectValue): DataError {
  return new DataError(`Invalid type for ${logical}, expected ${expected} but was class ${javaClassOfValue(value, schema)}`);
}
