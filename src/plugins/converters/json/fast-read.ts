/**
 * JSON text straight to values of a known schema, without a tree between. Handles what well-formed data looks like and gives up
 * (GiveUp, or any error) on all else: the caller then reads the slow way, which also words the errors.
 */
import { decimalToFloat32 } from '../../../record/float32-text.ts';
import type { JsonReader } from '../../../record/json-reader.ts';
import {
  dateFromDays,
  decimalFromBytes,
  type LogicalType,
  logicalTypeOf,
  timeFromMs,
  timestampFromMs,
} from '../../../record/logical-types.ts';
import { Decimal } from '../../../record/numbers.ts';
import type { ConnectValue, Schema } from '../../../record/schema.ts';
import { fieldOf, Struct } from '../../../record/struct.ts';
import { decodeBase64 } from './base64.ts';
import type { ReadSettings } from './read-value.ts';

/** Reads the value at the reader's place and moves behind it. */
export type FastRead = (reader: JsonReader) => ConnectValue;

/** Thrown without a stack: costs next to nothing. */
export const GIVE_UP: unique symbol = Symbol('read it the slow way');

function giveUp(): never {
  throw GIVE_UP;
}

export function fastReadOf(schema: Schema, settings: ReadSettings): FastRead {
  const read = plainRead(schema, settings);
  const whenNull = () => nullOf(schema, settings);
  return (reader) => {
    if (reader.skipBlanks() !== 0x6e) return read(reader);
    reader.literal('null', null);
    return whenNull();
  };
}

function nullOf(schema: Schema, settings: ReadSettings): ConnectValue {
  if (settings.replaceNullWithDefault && schema.defaultValue !== undefined) return schema.defaultValue;
  return schema.optional ? null : giveUp();
}

function plainRead(schema: Schema, settings: ReadSettings): FastRead {
  const logical = logicalTypeOf(schema);
  if (logical !== null) return logicalRead(logical, schema);
  switch (schema.type) {
    case 'INT8':
      return (reader) => smallInteger(reader, -128, 127);
    case 'INT16':
      return (reader) => smallInteger(reader, -32768, 32767);
    case 'INT32':
      return (reader) => smallInteger(reader, -2147483648, 2147483647);
    case 'INT64':
      return readInt64;
    case 'FLOAT32':
      return (reader) => decimalToFloat32(numberToken(reader)) + 0;
    case 'FLOAT64':
      return (reader) => Number(numberToken(reader)) + 0;
    case 'BOOLEAN':
      return (reader) => (reader.text.charCodeAt(reader.pos) === 0x74 ? reader.literal('true', true) : reader.literal('false', false));
    case 'STRING':
      return readString;
    case 'BYTES':
      return (reader) => decodeBase64(readString(reader)) ?? giveUp();
    case 'ARRAY':
      return arrayRead(schema, settings);
    case 'MAP':
      return mapRead(schema, settings);
    case 'STRUCT':
      return structRead(schema, settings);
  }
}

function logicalRead(logical: LogicalType, schema: Schema): FastRead {
  switch (logical) {
    case 'Decimal':
      return (reader) => {
        if (reader.text.charCodeAt(reader.pos) !== 0x22) return Decimal.parse(numberToken(reader));
        return decimalFromBytes(schema, decodeBase64(reader.string()) ?? giveUp());
      };
    case 'Date':
      return (reader) => dateFromDays(smallInteger(reader, -2147483648, 2147483647));
    case 'Time':
      return (reader) => timeFromMs(smallInteger(reader, -2147483648, 2147483647));
    case 'Timestamp':
      return (reader) => timestampFromMs(smallInteger(reader, -1e15, 1e15));
  }
}

function smallInteger(reader: JsonReader, min: number, max: number): number {
  const value = reader.smallInteger();
  return value >= min && value <= max ? value : giveUp();
}

function readInt64(reader: JsonReader): bigint {
  const small = reader.smallInteger();
  if (!Number.isNaN(small)) return BigInt(small);
  const value = reader.number();
  return typeof value === 'bigint' ? BigInt.asIntN(64, value) : giveUp();
}

function numberToken(reader: JsonReader): string {
  const start = reader.pos;
  reader.number();
  return reader.text.slice(start, reader.pos);
}

function readString(reader: JsonReader): string {
  return reader.text.charCodeAt(reader.pos) === 0x22 ? reader.string() : giveUp();
}

/** Moves over `open`; true when the collection ends at once. */
function isEmpty(reader: JsonReader, open: number, close: number): boolean {
  if (reader.text.charCodeAt(reader.pos) !== open) giveUp();
  reader.pos++;
  if (reader.skipBlanks() !== close) return false;
  reader.pos++;
  return true;
}

/** Moves over a comma or the end; true when there is more. */
function hasMore(reader: JsonReader, close: number): boolean {
  const code = reader.skipBlanks();
  if (code !== 0x2c && code !== close) giveUp();
  reader.pos++;
  return code === 0x2c;
}

function arrayRead(schema: Schema, settings: ReadSettings): FastRead {
  const read = schema.valueSchema === null ? giveUp : fastReadOf(schema.valueSchema, settings);
  return (reader) => {
    const elements: ConnectValue[] = [];
    if (isEmpty(reader, 0x5b, 0x5d)) return elements;
    do elements.push(read(reader));
    while (hasMore(reader, 0x5d));
    return elements;
  };
}

function mapRead(schema: Schema, settings: ReadSettings): FastRead {
  if (schema.keySchema?.type !== 'STRING' || schema.valueSchema === null) return giveUp;
  const read = fastReadOf(schema.valueSchema, settings);
  return (reader) => {
    const map = new Map<ConnectValue, ConnectValue>();
    if (isEmpty(reader, 0x7b, 0x7d)) return map;
    do {
      const name = memberName(reader);
      map.set(name, read(reader));
    } while (hasMore(reader, 0x7d));
    return map;
  };
}

function memberName(reader: JsonReader): string {
  reader.skipBlanks();
  const name = readString(reader);
  if (reader.skipBlanks() !== 0x3a) giveUp();
  reader.pos++;
  return name;
}

function structRead(schema: Schema, settings: ReadSettings): FastRead {
  const fields = schema.fields ?? [];
  const reads = fields.map((field) => fastReadOf(field.schema, settings));
  // Data written by a converter has its members in the order of the fields, without blanks.
  const heads = fields.map((field) => `${JSON.stringify(field.name)}:`);
  return (reader) => {
    const values: (ConnectValue | undefined)[] = new Array(fields.length).fill(undefined);
    if (!isEmpty(reader, 0x7b, 0x7d)) {
      let next = 0;
      do {
        const head = heads[next];
        if (head !== undefined && reader.text.startsWith(head, reader.pos)) reader.pos += head.length;
        else next = fieldIndex(schema, memberName(reader));
        if (next >= 0) values[next] = reads[next]!(reader);
        else reader.value(1);
        next++;
      } while (hasMore(reader, 0x7d));
    }
    for (let index = 0; index < values.length; index++) values[index] ??= nullOf(fields[index]!.schema, settings);
    return Struct.trusted(schema, values as ConnectValue[]);
  };
}

function fieldIndex(schema: Schema, name: string): number {
  return fieldOf(schema, name)?.index ?? -1;
}
