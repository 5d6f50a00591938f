/** Reads what RecordGolden.java printed, and shows our values the way it shows Java's. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConnectError, javaClassOf, messageOf } from '../../src/base/errors.ts';
import { javaText } from '../../src/record/java-text.ts';
import type { Schema, SchemaAndValue } from '../../src/record/schema.ts';

export type GoldenCase = readonly [input: string | null, ...outputs: (string | null)[]];

const folder = path.resolve(import.meta.dirname, '../golden/records');

const lines = readFileSync(path.join(folder, 'record-golden.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as [section: string, ...GoldenCase]);

/** Cases of one section, in order. Throws when there are none: a renamed section must not pass unseen. */
export function goldenCases(section: string): GoldenCase[] {
  const cases = lines.filter(([name]) => name === section).map(([, ...rest]) => rest as GoldenCase);
  if (cases.length === 0) throw new Error(`No golden cases of section ${section}`);
  return cases;
}

export function describeSchema(schema: Schema | null): string {
  if (schema === null) return 'null';
  const end = `${schema.name === null ? '' : `(${schema.name})`}${schema.optional ? '?' : ''}`;
  switch (schema.type) {
    case 'ARRAY':
      return `ARRAY<${describeSchema(schema.valueSchema)}>${end}`;
    case 'MAP':
      return `MAP<${describeSchema(schema.keySchema)},${describeSchema(schema.valueSchema)}>${end}`;
    case 'STRUCT':
      return `STRUCT{${(schema.fields ?? []).map((field) => `${field.name}:${describeSchema(field.schema)};`).join('')}}${end}`;
    default:
      return `${schema.type}${end}`;
  }
}

/** `SCHEMA = value`, bytes in hex. */
export function describeBoth({ schema, value }: SchemaAndValue): string {
  const text = value instanceof Uint8Array ? `bytes:${Buffer.from(value).toString('hex')}` : javaText(schema, value);
  return `${describeSchema(schema)} = ${text}`;
}

/** What the work gives, or `! class: message`, with the classes of causes that are Connect's own. */
export function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    let text = `! ${javaClassOf(error)}: ${messageOf(error)}`;
    for (let cause = (error as Error).cause; cause instanceof ConnectError; cause = cause.cause) text += ` <- ${cause.javaClass}`;
    return text;
  }
}
