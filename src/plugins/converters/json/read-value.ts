/** JSON values to Connect's, by schema, with Java's rules where the two do not fit: the slow, complete way. Source: JsonConverter.convertToConnect. */
import { DataError } from '../../../base/errors.ts';
import { decimalToFloat32 } from '../../../record/float32-text.ts';
import { JsonFraction, type JsonNode } from '../../../record/json-reader.ts';
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
import { Struct } from '../../../record/struct.ts';
import { decodeBase64 } from './base64.ts';

export interface ReadSettings {
  readonly replaceNullWithDefault: boolean;
}

/** `node` undefined: the member is not there. Throws DataError. */
export function readValue(schema: Schema | null, node: JsonNode | undefined, settings: ReadSettings): ConnectValue {
  if (schema === null) return node === undefined ? null : readSchemaless(node);
  if (node === undefined || node === null) {
    if (settings.replaceNullWithDefault && schema.defaultValue !== undefined) return schema.defaultValue;
    if (schema.optional) return null;
    throw new DataError(`Invalid null value for required ${schema.type} field`);
  }
  const logical = logicalTypeOf(schema);
  return logical === null ? readTyped(schema, node, settings) : readLogical(logical, schema, node);
}

/** Whole numbers are INT64 (wrapped), others FLOAT64, objects maps. */
export function readSchemaless(node: JsonNode): ConnectValue {
  if (typeof node === 'bigint') return BigInt.asIntN(64, node);
  if (node === null || typeof node !== 'object') return node;
  if (node instanceof JsonFraction) return node.toNumber();
  if (Array.isArray(node)) return node.map(readSchemaless);
  const map = new Map<ConnectValue, ConnectValue>();
  for (const [name, member] of node) map.set(name, readSchemaless(member));
  return map;
}

function readTyped(schema: Schema, node: JsonNode, settings: ReadSettings): ConnectValue {
  switch (schema.type) {
    case 'INT8':
      return Number(BigInt.asIntN(8, wholeOf(node)));
    case 'INT16':
      return Number(BigInt.asIntN(16, wholeOf(node)));
    case 'INT32':
      return Number(BigInt.asIntN(32, wholeOf(node)));
    case 'INT64':
      return BigInt.asIntN(64, wholeOf(node));
    case 'FLOAT32':
      return isNumber(node) ? decimalToFloat32(textOf(node)) + 0 : 0;
    case 'FLOAT64':
      return isNumber(node) ? Number(textOf(node)) + 0 : 0;
    case 'BOOLEAN':
      return node === true;
    case 'STRING':
      return typeof node === 'string' ? node : null;
    case 'BYTES':
      return readBytes(node);
    case 'ARRAY':
      return elementsOf(node).map((element) => readValue(schema.valueSchema, element, settings));
    case 'MAP':
      return readMap(schema, node, settings);
    case 'STRUCT':
      return readStruct(schema, node, settings);
  }
}

function isNumber(node: JsonNode): node is bigint | JsonFraction {
  return typeof node === 'bigint' || node instanceof JsonFraction;
}

function textOf(node: bigint | JsonFraction): string {
  return typeof node === 'bigint' ? String(node) : node.text;
}

/** Java's intValue and longValue: what is no number counts as 0, fractions are cut. */
function wholeOf(node: JsonNode): bigint {
  if (typeof node === 'bigint') return node;
  return node instanceof JsonFraction ? node.toDecimal().toInt64() : 0n;
}

function readBytes(node: JsonNode): ConnectValue {
  if (typeof node !== 'string') return null;
  const bytes = decodeBase64(node);
  if (bytes === null) throw new DataError('Invalid bytes field');
  return bytes;
}

function elementsOf(node: JsonNode): JsonNode[] {
  if (Array.isArray(node)) return node;
  return node instanceof Map ? [...node.values()] : [];
}

function readMap(schema: Schema, node: JsonNode, settings: ReadSettings): ConnectValue {
  const map = new Map<ConnectValue, ConnectValue>();
  if (schema.keySchema === null || schema.keySchema.type === 'STRING') {
    if (!(node instanceof Map))
      throw new DataError(`Maps with string fields should be encoded as JSON objects, but found ${nodeType(node)}`);
    for (const [name, member] of node) map.set(name, readValue(schema.valueSchema, member, settings));
    return map;
  }
  if (!Array.isArray(node)) {
    throw new DataError(`Maps with non-string fields should be encoded as JSON array of tuples, but found ${nodeType(node)}`);
  }
  for (const entry of node) {
    if (!Array.isArray(entry)) throw new DataError(`Found invalid map entry instead of array tuple: ${nodeType(entry)}`);
    if (entry.length !== 2) throw new DataError(`Found invalid map entry, expected length 2 but found :${entry.length}`);
    map.set(readValue(schema.keySchema, entry[0], settings), readValue(schema.valueSchema, entry[1], settings));
  }
  return map;
}

function readStruct(schema: Schema, node: JsonNode, settings: ReadSettings): Struct {
  if (!(node instanceof Map)) throw new DataError(`Structs should be encoded as JSON objects, but found ${nodeType(node)}`);
  const struct = new Struct(schema);
  for (const field of schema.fields ?? []) struct.put(field, readValue(field.schema, node.get(field.name), settings));
  return struct;
}

function readLogical(logical: LogicalType, schema: Schema, node: JsonNode): ConnectValue {
  switch (logical) {
    case 'Decimal':
      return readDecimal(schema, node);
    case 'Date':
      return dateFromDays(int32Of(logical, node));
    case 'Time':
      return timeFromMs(int32Of(logical, node));
    case 'Timestamp':
      if (typeof node === 'bigint') return timestampFromMs(BigInt.asIntN(64, node));
      throw new DataError(`Invalid type for Timestamp, underlying representation should be integral but was ${nodeType(node)}`);
  }
}

function int32Of(logical: LogicalType, node: JsonNode): number {
  if (typeof node === 'bigint' && BigInt.asIntN(32, node) === node) return Number(node);
  throw new DataError(`Invalid type for ${logical}, underlying representation should be integer but was ${nodeType(node)}`);
}

function readDecimal(schema: Schema, node: JsonNode): Decimal {
  if (typeof node === 'bigint') return new Decimal(node, 0);
  if (node instanceof JsonFraction) return node.toDecimal();
  if (typeof node !== 'string') {
    throw new DataError(`Invalid type for Decimal, underlying representation should be numeric or bytes but was ${nodeType(node)}`);
  }
  const bytes = decodeBase64(node);
  if (bytes === null) throw new DataError('Invalid bytes for Decimal field');
  try {
    return decimalFromBytes(schema, bytes);
  } catch (error) {
    throw new DataError('Invalid bytes for Decimal field', { cause: error });
  }
}

/** Jackson's name for the kind of a value, for messages. */
function nodeType(node: JsonNode): string {
  if (node === null) return 'NULL';
  if (isNumber(node)) return 'NUMBER';
  if (Array.isArray(node)) return 'ARRAY';
  return node instanceof Map ? 'OBJECT' : (typeof node).toUpperCase();
}
