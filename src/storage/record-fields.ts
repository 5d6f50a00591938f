/** Values of internal topics: JSON objects whose members must have certain types. Errors say what is wrong and never quote a value. */
import { DataError, messageOf } from '../base/errors.ts';
import { type PlainJson, parseJson, toPlainJson } from '../record/json-reader.ts';

/** A record to be written. */
export interface RecordText {
  readonly key: string;
  /** `null`: tombstone. */
  readonly value: string | null;
}

export type Fields = Readonly<Record<string, PlainJson>>;

/** Throws DataError unless the bytes are a JSON object. */
export function readFields(value: Buffer): Fields {
  let parsed: PlainJson | undefined;
  try {
    const node = parseJson(value);
    parsed = node === undefined ? undefined : toPlainJson(node);
  } catch (error) {
    throw new DataError(`its value is no JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!isFields(parsed)) throw new DataError(`its value is ${wordFor(parsed)}, not a JSON object`);
  return parsed;
}

export function objectField(fields: Fields, name: string): Fields {
  const value = own(fields, name);
  if (!isFields(value)) throw wrongType(name, value, 'an object');
  return value;
}

export function textField(fields: Fields, name: string): string {
  const value = own(fields, name);
  if (typeof value !== 'string') throw wrongType(name, value, 'a string');
  return value;
}

/** `null` also when it is missing. */
export function optionalTextField(fields: Fields, name: string): string | null {
  return (own(fields, name) ?? null) === null ? null : textField(fields, name);
}

/** A whole number from `least` that a double holds exactly. */
export function wholeField(fields: Fields, name: string, least: number): number {
  const value = own(fields, name);
  if (typeof value !== 'bigint') throw wrongType(name, value, 'a whole number');
  if (value < least || value > Number.MAX_SAFE_INTEGER)
    throw new DataError(`"${name}" is ${value}; it must be a whole number from ${least}`);
  return Number(value);
}

export function own(fields: Fields, name: string): PlainJson | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function isFields(value: PlainJson | undefined): value is { [key: string]: PlainJson } {
  return value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value);
}

function wrongType(name: string, value: PlainJson | undefined, wanted: string): DataError {
  return new DataError(value === undefined ? `"${name}" is missing` : `"${name}" is ${wordFor(value)}, not ${wanted}`);
}

export function wordFor(value: PlainJson | undefined): string {
  if (value === undefined) return 'empty';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'bigint') return 'a number';
  return `a ${typeof value}`;
}
