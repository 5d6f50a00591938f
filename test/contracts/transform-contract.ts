/** What every transform and every predicate must do, whatever it is for. Called for each one of the catalog. */
import { expect, test } from 'vitest';
import { ConfigError, ConnectError } from '../../src/base/errors.ts';
import type { PredicatePlugin, TransformationPlugin } from '../../src/plugin-api/plugin.ts';
import type { ConnectRecord } from '../../src/plugin-api/records.ts';
import { cases, goldenRecord, recordText } from '../helpers/transform-golden.ts';

type Settings = Readonly<Record<string, string>>;

/** Nulls, tombstones, schemaless and nested values, all types, of sources and sinks. */
const RECORDS = Object.keys(cases.records);

/** `config`: settings that work, all required ones among them. */
export function transformContract(plugin: TransformationPlugin, config: Settings): void {
  settingsContract(plugin, config);

  test('gives a record, nothing, or an error of its own, the same each time', () => {
    const transform = plugin.create(config);
    const outcome = (name: string): string => {
      try {
        const result = transform.apply(goldenRecord(name));
        return result === null ? 'dropped' : recordText(result);
      } catch (error) {
        expect(error, `${name}: ${String(error)}`).toBeInstanceOf(ConnectError);
        return String(error);
      }
    };
    const first = RECORDS.map(outcome);
    expect(RECORDS.map(outcome)).toEqual(first);
    expect(RECORDS.toReversed().map(outcome).toReversed()).toEqual(first);
  });

  test('leaves the record that it got as it was', () => {
    const transform = plugin.create(config);
    for (const name of RECORDS) {
      const record = goldenRecord(name);
      const before = recordText(record);
      const members = Object.entries(record);
      applied(transform.apply.bind(transform), record);
      expect(recordText(record), name).toBe(before);
      expect(Object.entries(record)).toEqual(members);
    }
  });

  test('keeps what makes a record one of a source or sink, and the side that is not its own', () => {
    const transform = plugin.create(config);
    const side = plugin.className.split('$')[1];
    for (const name of RECORDS) {
      const record = goldenRecord(name);
      const result = applied(transform.apply.bind(transform), record);
      if (result === null) continue;
      for (const member of ['kafkaOffset', 'timestampType', 'sourcePartition', 'sourceOffset', 'kafkaPartition', 'timestampMs']) {
        expect(Reflect.get(result, member), `${name} ${member}`).toBe(Reflect.get(record, member));
      }
      if (side === 'Key') expect([result.value, result.valueSchema]).toEqual([record.value, record.valueSchema]);
      if (side === 'Value') expect([result.key, result.keySchema]).toEqual([record.key, record.keySchema]);
    }
  });

  test('records of one schema have one schema behind it', () => {
    const transform = plugin.create(config);
    const record = goldenRecord('simple');
    const equal = goldenRecord('simple');
    const results = [record, record, equal].map((one) => applied(transform.apply.bind(transform), one));
    expect(results[1]?.valueSchema).toBe(results[0]?.valueSchema);
    expect(results[1]?.keySchema).toBe(results[0]?.keySchema);
    expect(results[2]?.valueSchema).toEqual(results[0]?.valueSchema);
  });

  test('is closed any number of times', () => {
    const transform = plugin.create(config);
    for (let i = 0; i < 3; i++) expect(transform.close?.()).toBeUndefined();
  });
}

export function predicateContract(plugin: PredicatePlugin, config: Settings): void {
  settingsContract(plugin, config);

  test('says yes or no to any record, the same each time, and leaves it as it was', () => {
    const predicate = plugin.create(config);
    const answers = RECORDS.map((name) => predicate.test(goldenRecord(name)));
    for (const answer of answers) expect(typeof answer).toBe('boolean');
    expect(new Set(answers).size).toBe(2);
    for (const [i, name] of RECORDS.entries()) {
      const record = goldenRecord(name);
      const before = recordText(record);
      expect(predicate.test(record)).toBe(answers[i]);
      expect(recordText(record)).toBe(before);
    }
    for (let i = 0; i < 3; i++) expect(predicate.close?.()).toBeUndefined();
  });
}

function settingsContract(plugin: TransformationPlugin | PredicatePlugin, config: Settings): void {
  test('names itself and its settings', () => {
    expect(plugin.className).toMatch(/^org\.apache\.kafka\.connect\.transforms\.(?:predicates\.)?\w+(?:\$(?:Key|Value))?$/);
    for (const key of plugin.spec.keys.values()) expect(key.documentation, key.name).not.toBe('');
  });

  test('wants its required settings, and minds no others', () => {
    expect(() => plugin.create({ ...config, 'no.such.setting': 'x' })).not.toThrow();
    for (const key of plugin.spec.keys.values()) {
      if (key.defaultValue !== undefined) continue;
      const { [key.name]: _left, ...rest } = config;
      expect(() => plugin.create(rest)).toThrow(
        new ConfigError(`Missing required configuration "${key.name}" which has no default value.`),
      );
    }
  });
}

/** Null: dropped, or an error (of which another test speaks). */
function applied<R extends ConnectRecord>(apply: (record: R) => R | null, record: R): R | null {
  try {
    return apply(record);
  } catch {
    return null;
  }
}
