/** What kafka-connect-jdbc did in a scenario, out of test/golden/jdbc: connectors, SQL, records, failures, what was in the tables then. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SinkRecord } from '../../src/plugin-api/records.ts';
import { jsonConverter } from '../../src/plugins/converters/json/index.ts';

export interface JdbcScenario {
  readonly connectors: readonly Readonly<Record<string, string>>[];
  /** Without COMMIT and ROLLBACK; a statement of several lines is one text. */
  readonly sql: readonly string[];
  /** By topic, in the order of offsets. */
  readonly records: ReadonlyMap<string, readonly SinkRecord[]>;
  /** The same as they lay in the topic. */
  readonly bytes: ReadonlyMap<string, readonly GoldenBytes[]>;
  /** By connector: the texts of its trace, the innermost last. */
  readonly failures: ReadonlyMap<string, readonly string[]>;
  /** What was looked up afterwards, as JSON. */
  readonly afterwards: ReadonlyMap<string, unknown>;
}

export interface GoldenBytes {
  readonly key: string | null;
  readonly value: string | null;
}

/** Of a schema that is that of the record before. */
const SAME = '{"schema":same';
const STATEMENT = /^(?:CREATE|ALTER|INSERT|insert|UPDATE|DELETE|COMMIT|ROLLBACK)\b/;

export function jdbcScenario(file: 'sink', name: string): JdbcScenario {
  const text = readFileSync(path.resolve(import.meta.dirname, `../golden/jdbc/${file}.txt`), 'utf8');
  const section = text.split(/^# /m).find((part) => part.startsWith(`${name}:`));
  if (section === undefined) throw new Error(`There is no scenario ${name} in ${file}.txt`);
  const parts = section
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const);
  const of = (pattern: RegExp) => parts.filter(([title]) => pattern.test(title));
  const bytes = new Map(of(/^topic /).map(([title, body]) => [/^topic ([^:]+):/.exec(title)?.[1] ?? '', bytesIn(body)] as const));
  return {
    connectors: of(/^connector$/).map(([, body]) => propertiesOf(body)),
    sql: of(/^SQL /).flatMap(([, body]) => statementsOf(body)),
    records: new Map([...bytes].map(([topic, all]) => [topic, recordsOf(topic, all)])),
    bytes,
    failures: new Map(of(/ FAILED$/).map(([title, body]) => [title.replace(/ FAILED$/, ''), causesOf(body)])),
    afterwards: new Map(of(/^afterwards$/).flatMap(([, body]) => body.split('\n').flatMap(factOf))),
  };
}

function propertiesOf(body: string): Record<string, string> {
  return Object.fromEntries(
    body
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function statementsOf(body: string): string[] {
  const statements: string[] = [];
  for (const line of body.split('\n')) {
    if (STATEMENT.test(line)) statements.push(line);
    else if (line !== '') statements.push(`${statements.pop()}\n${line}`);
  }
  return statements.filter((sql) => sql !== 'COMMIT' && sql !== 'ROLLBACK');
}

function causesOf(body: string): string[] {
  return body.trimEnd().split(/^Caused by: /m);
}

function factOf(line: string): [string, unknown][] {
  const match = /^([^:]+): (.*)$/.exec(line);
  return match === null ? [] : [[match[1]!, JSON.parse(match[2]!)]];
}

function bytesIn(body: string): GoldenBytes[] {
  let lastSchema = '';
  return body
    .split('\n')
    .filter((line) => line.startsWith('key='))
    .map((line) => {
      const [, key = '', rest = ''] = /^key=(.*?) value=(.*)$/.exec(line) ?? [];
      const given = rest.replace(/ headers=.*$/, '');
      const isSame = given.startsWith(SAME);
      lastSchema = schemaIn(given) || lastSchema;
      const value = isSame ? `{"schema":${lastSchema}${given.slice(SAME.length)}` : given;
      return { key: key === 'null' ? null : key, value: value === 'null' ? null : value };
    });
}

function recordsOf(topic: string, all: readonly GoldenBytes[]): SinkRecord[] {
  const converters = [true, false].map((isKey) => jsonConverter.create({}, isKey));
  return all.map(({ key, value }, offset): SinkRecord => {
    const [ofKey, ofValue] = [key, value].map((text, i) => converters[i]!.toConnectData(topic, text === null ? null : Buffer.from(text)));
    return {
      topic,
      kafkaPartition: 0,
      kafkaOffset: BigInt(offset),
      timestampMs: 0,
      timestampType: 'CreateTime',
      headers: null,
      keySchema: ofKey!.schema,
      key: ofKey!.value,
      valueSchema: ofValue!.schema,
      value: ofValue!.value,
    };
  });
}

function schemaIn(valueText: string): string {
  const end = valueText.indexOf(', "payload":');
  return end < 0 ? '' : valueText.slice('{"schema": '.length, end);
}
