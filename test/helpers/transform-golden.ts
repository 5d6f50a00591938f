/** Reads test/golden/transforms, makes its records, and shows ours the way TransformGolden.java shows the JVM's. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { javaClassOf, messageOf } from '../../src/base/errors.ts';
import type { ConnectRecord, SinkRecord, SourceRecord } from '../../src/plugin-api/records.ts';
import { catalog } from '../../src/plugins/catalog.ts';
import { javaText } from '../../src/record/java-text.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../../src/record/schema.ts';
import { isList, isMap } from '../../src/record/schema-equals.ts';
import { Struct } from '../../src/record/struct.ts';

export type Chain = readonly (readonly [className: string, config: Readonly<Record<string, string>>])[];

interface RecordForm {
  readonly isSource?: boolean;
  readonly topic?: string;
  readonly timestamp?: number;
  readonly key?: unknown;
  readonly value?: unknown;
  readonly headers?: readonly (readonly [string, unknown])[];
}

interface Cases {
  readonly records: Readonly<Record<string, RecordForm>>;
  readonly transforms: readonly (readonly [Chain, readonly string[]])[];
  readonly expressions: readonly (readonly [regex: string, replacement: string, texts: readonly string[]])[];
  readonly written: readonly [patterns: readonly string[], ms: readonly number[]];
  readonly read: readonly (readonly [pattern: string, texts: readonly string[]])[];
}

type Results = Readonly<Record<'transforms' | 'expressions' | 'written' | 'read', readonly (readonly string[])[]>>;

const folder = path.resolve(import.meta.dirname, '../golden/transforms');
const casesText = readFileSync(path.join(folder, 'cases.json'), 'utf8');
export const cases = JSON.parse(casesText) as Cases;
export const results = JSON.parse(readFileSync(path.join(folder, 'results.json'), 'utf8')) as Results;

const converter = catalog.converter('JsonConverter').create({ 'schemas.enable': 'true' }, false);
const recordTexts = new Map([...casesText.matchAll(/^"(\w+)": (\{.*\}),?$/gm)].map((line) => [line[1]!, line[2]!]));

function data(json: string | null): SchemaAndValue {
  return json === null || json === 'null' ? { schema: null, value: null } : converter.toConnectData('t', Buffer.from(json));
}

/** Numbers beyond 2^53 must come through: the text of the file is cut out, not written anew. */
function partOf(name: string, part: 'key' | 'value'): SchemaAndValue {
  const form = cases.records[name]!;
  if (form[part] === undefined || form[part] === null) return { schema: null, value: null };
  const text = recordTexts
    .get(name)!
    .replaceAll('": 9007199254740993', '": "9007199254740993n"')
    .replaceAll(/(": )(9223372036854775807)/g, '$1"$2n"');
  const whole = JSON.stringify((JSON.parse(text) as Record<string, unknown>)[part]);
  return data(whole.replace(/"(\d+)n"/g, '$1'));
}

export function goldenRecord(name: string): SinkRecord | SourceRecord {
  const form = cases.records[name];
  if (form === undefined) throw new Error(`No record ${name} in cases.json`);
  const key = partOf(name, 'key');
  const value = partOf(name, 'value');
  const headers = form.headers?.map(([header, json]) => ({ key: header, ...data(json === null ? null : JSON.stringify(json)) })) ?? null;
  const shared = {
    topic: form.topic ?? 'orders',
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestampMs: form.timestamp ?? null,
    headers,
  };
  if (form.isSource) return { ...shared, kafkaPartition: null, sourcePartition: { p: 1 }, sourceOffset: { o: 2 } };
  return { ...shared, kafkaPartition: 3, kafkaOffset: 42n, timestampType: 'CreateTime' };
}

/** The record behind the chain, the answer of a predicate, `dropped`, or `! stage class: message`. */
export function runChain(chain: Chain, input: ConnectRecord): string {
  let record: ConnectRecord | null = input;
  let stage = 'configure';
  try {
    for (const [name, config] of chain) {
      stage = 'configure';
      const plugin = catalog.find(`org.apache.kafka.connect.transforms.${name}`);
      if (plugin?.kind === 'predicate') {
        const predicate = plugin.create(config);
        stage = 'apply';
        return String(predicate.test(record));
      }
      if (plugin?.kind !== 'transformation') throw new Error(`No transform ${name}`);
      const transform = plugin.create(config);
      stage = 'apply';
      record = transform.apply(record);
      if (record === null) return 'dropped';
    }
    return recordText(record);
  } catch (error) {
    return `! ${stage} ${javaClassOf(error)}: ${messageOf(error)}`;
  }
}

export function recordText(record: ConnectRecord): string {
  const headers = (record.headers ?? []).map((h) => `\nheader ${h.key} ${schemaForm(h.schema)} = ${valueForm(h.schema, h.value)}`);
  return (
    `${record.topic} ${record.kafkaPartition} ${record.timestampMs}` +
    `\nkey ${schemaForm(record.keySchema)} = ${valueForm(record.keySchema, record.key)}` +
    `\nvalue ${schemaForm(record.valueSchema)} = ${valueForm(record.valueSchema, record.value)}${headers.join('')}`
  );
}

function schemaForm(schema: Schema | null): string {
  if (schema === null) return 'null';
  let form: string = schema.type;
  if (schema.type === 'ARRAY') form += `<${schemaForm(schema.valueSchema)}>`;
  if (schema.type === 'MAP') form += `<${schemaForm(schema.keySchema)},${schemaForm(schema.valueSchema)}>`;
  if (schema.type === 'STRUCT') form += `{${schema.fields!.map((f) => `${f.name}:${schemaForm(f.schema)};`).join('')}}`;
  if (schema.name !== null) form += `(${schema.name})`;
  if (schema.version !== null) form += `@${schema.version}`;
  if (schema.doc !== null) form += `"${schema.doc}"`;
  if (schema.parameters !== null)
    form += `{${[...schema.parameters]
      .sort()
      .map(([k, v]) => `${k}=${v}`)
      .join(', ')}}`;
  if (schema.optional) form += '?';
  if (schema.defaultValue !== undefined) form += `=${valueForm(schema, schema.defaultValue)}`;
  return form;
}

function valueForm(schema: Schema | null, value: ConnectValue): string {
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('hex')}`;
  if (value instanceof Date) return `date:${value.getTime()}`;
  if (isList(value)) return `[${value.map((one) => valueForm(schema?.valueSchema ?? null, one)).join(',')}]`;
  if (isMap(value)) {
    const entries = [...value].map(([k, v]) => `${valueForm(schema?.keySchema ?? null, k)}=${valueForm(schema?.valueSchema ?? null, v)}`);
    return `{${entries.sort().join(',')}}`;
  }
  if (value instanceof Struct) {
    return `Struct{${value.schema.fields!.map((f) => `${f.name}=${valueForm(f.schema, value.getWithoutDefault(f))}`).join(',')}}`;
  }
  return javaText(schema, value);
}
