import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NotFoundError, RestError } from '../../../src/base/errors.ts';
import { LogHub } from '../../../src/base/log.ts';
import type { ConfigInfos } from '../../../src/herder/model.ts';
import { listPlugins, pluginConfig } from '../../../src/herder/plugin-list.ts';
import { throwIfInvalid, type ValidationContext, validateConnectorConfig, validateForPlugin } from '../../../src/herder/validate.ts';
import { catalog } from '../../../src/plugins/catalog.ts';
import { createConfigResolver } from '../../../src/worker/config-resolver.ts';
import { overridePolicy } from '../../../src/worker/override-policy.ts';

interface Captured {
  readonly definitions: readonly object[];
  readonly recommended: ReadonlyArray<readonly string[]>;
  readonly pluginConfigs: Readonly<Record<string, readonly number[]>>;
  readonly cases: ReadonlyArray<{
    readonly name: string;
    readonly policy: string;
    readonly plugin: string;
    readonly config: Record<string, string | null>;
    readonly answer: Pick<ConfigInfos, 'name' | 'error_count' | 'groups'>;
    readonly rows: ReadonlyArray<[number | null, string, string | null, number, string[], boolean]>;
  }>;
}

const captured: Captured = JSON.parse(readFileSync(new URL('../../golden/rest/validate-jvm-4.3.1.json', import.meta.url), 'utf8'));
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

function context(policy = 'All'): ValidationContext {
  return {
    catalog,
    workerConverters: { key: JSON_CONVERTER, value: JSON_CONVERTER, header: 'org.apache.kafka.connect.storage.SimpleHeaderConverter' },
    overridePolicy: overridePolicy({ name: policy, allowlist: ['acks', 'group.id'], settings: {} }, []),
    cluster: null,
    resolver: createConfigResolver({}, [], new LogHub(() => 0).log('test')),
    validateInThread: null,
  };
}

const isClassList = (names: readonly string[]) => names.some((name) => name.startsWith('org.apache.'));

/** Rows in the form of the capture. */
function comparable(
  rows: ReadonlyArray<{
    definition: object | null;
    value: { name: string; value: string | null; recommended: readonly string[]; errors: readonly string[]; visible: boolean };
  }>,
) {
  return rows.map(({ definition, value }) => ({
    definition,
    ...value,
    definitionKeys: definition && Object.keys(definition),
  }));
}

function withoutDocumentation(definition: object): object {
  return Object.fromEntries(Object.entries(definition).filter(([name]) => name !== 'documentation'));
}

/** Where our answer is another on purpose: rows that are left out of the comparison, and why. */
const KNOWN_DIFFERENCES: Readonly<Record<string, { readonly rows: RegExp; readonly why: string }>> = {
  'converter of the wrong kind': {
    rows: /^header\.converter/,
    why: 'the JVM finds an interface of that name on its class path; here the class is not there at all',
  },
  'connector version 9': {
    rows: /./,
    why: 'the JVM gives up after the common keys and leaves out their defaults; here the other rows come all the same',
  },
};

/** A second error for a missing expression, with the text of a null pointer. */
const NULL_POINTER = /^Invalid value null for configuration \S+: Invalid regex/;

describe('answers are the JVM’s', () => {
  for (const wanted of captured.cases) {
    test(`${wanted.name}, policy ${wanted.policy}`, async () => {
      const answer = await validateForPlugin(wanted.plugin, wanted.config, context(wanted.policy));
      const known = (names: readonly string[]) => (isClassList(names) ? names.filter((name) => catalog.find(name)) : names);
      const expected = wanted.rows.map(([definition, name, value, recommended, errors, visible]) => ({
        definition: definition === null ? null : captured.definitions[definition]!,
        value: {
          name,
          value,
          recommended: known(captured.recommended[recommended]!),
          errors: errors.filter((error) => !NULL_POINTER.test(error)),
          visible,
        },
      }));
      const actual = answer.configs.map(({ definition, value }) => ({
        definition: definition && withoutDocumentation(definition),
        value: {
          name: value.name,
          value: value.value,
          recommended: value.recommended_values,
          errors: value.errors,
          visible: value.visible,
        },
      }));
      const waived = KNOWN_DIFFERENCES[wanted.name]?.rows ?? /^$/;
      const judged = <T extends { value: { name: string } }>(rows: readonly T[]) => rows.filter(({ value }) => !waived.test(value.name));
      expect(comparable(judged(actual))).toEqual(comparable(judged(expected)));
      if (waived.test('any')) {
        expect(answer.configs.flatMap(({ value }) => value.errors)).toEqual(expected.flatMap(({ value }) => value.errors));
        return;
      }
      const slips = wanted.rows.flatMap(([, , , , errors]) => errors).filter((error) => NULL_POINTER.test(error)).length;
      expect({ name: answer.name, error_count: answer.error_count, groups: answer.groups }).toEqual({
        ...wanted.answer,
        error_count: wanted.answer.error_count - slips,
      });
      for (const { definition } of answer.configs) expect(definition?.documentation ?? 'unknown to the client').not.toBe('');
    });
  }
});

describe('keys of a plugin are the JVM’s', () => {
  for (const [name, indexes] of Object.entries(captured.pluginConfigs)) {
    test(name, () => {
      expect(pluginConfig(catalog, name).map(withoutDocumentation)).toEqual(indexes.map((i) => captured.definitions[i]));
    });
  }

  test('unknown plugin, unknown version', () => {
    expect(() => pluginConfig(catalog, 'Nope')).toThrow(new NotFoundError('Unknown plugin Nope.'));
    expect(() => pluginConfig(catalog, 'FileStreamSource', '9')).toThrow(
      new RestError(
        400,
        'Plugin org.apache.kafka.connect.file.FileStreamSourceConnector not found that matches the version range [9,9], available versions: [4.3.1]',
      ),
    );
    expect(pluginConfig(catalog, 'FileStreamSource', 'latest').length).toBe(27);
    expect(pluginConfig(catalog, 'FileStreamSource', '[4,5)').length).toBe(27);
  });
});

test('plugins in the order of the JVM', () => {
  const connectors = listPlugins(catalog, true).filter(({ class: name }) => name.startsWith('org.apache.'));
  expect(connectors.slice(0, 2)).toEqual([
    { class: 'org.apache.kafka.connect.file.FileStreamSinkConnector', type: 'sink', version: '4.3.1' },
    { class: 'org.apache.kafka.connect.file.FileStreamSourceConnector', type: 'source', version: '4.3.1' },
  ]);
  const types = listPlugins(catalog, false).map((plugin) => plugin.type);
  expect([...new Set(types)]).toEqual(['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter']);
  expect(['transformation', 'predicate'].map((type) => types.filter((one) => one === type).length)).toEqual([26, 3]);
  expect(listPlugins(catalog, false).filter((plugin) => plugin.type === 'header_converter').length).toBe(10);
});

describe('refusals', () => {
  const refused = async (config: Record<string, string | null>): Promise<RestError> => {
    try {
      throwIfInvalid(await validateConnectorConfig(config, context()));
    } catch (error) {
      if (error instanceof RestError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };
  const tail = '\nYou can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`';

  test.each([
    [{}, 'Connector config {} contains no connector type'],
    [{ b: 'x', name: 'n', 'my.password': 'hunter2' }, 'Connector config {name=n, my.password=[hidden], b=x} contains no connector type'],
    [
      { 'connector.class': 'FileStreamSource', name: 'n', 'tasks.max': 'zero' },
      `Connector configuration is invalid and contains the following 3 error(s):\nInvalid value zero for configuration tasks.max: Not a number of type INT\nInvalid value null for configuration tasks.max: Value must be non-null\nMissing required configuration "topic" which has no default value.${tail}`,
    ],
    [
      { 'connector.class': 'FileStreamSource', name: '', topic: 'x' },
      `Connector configuration is invalid and contains the following 1 error(s):\nInvalid value  for configuration name: String may not be empty${tail}`,
    ],
  ])('%j', async (config: Record<string, string>, message) => {
    expect(await refused(config)).toMatchObject({ status: 400, message });
  });

  test('an unknown class is answered with those that are there', async () => {
    for (const name of ['Nope', '', 'FileStream', JSON_CONVERTER]) {
      const error = await refused({ 'connector.class': name, name: 'n' });
      expect(error.status).toBe(400);
      expect(error.message).toContain(
        `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: `,
      );
      expect(error.message).toContain(
        "PluginDesc{klass=class org.apache.kafka.connect.file.FileStreamSourceConnector, name='org.apache.kafka.connect.file.FileStreamSourceConnector', version='4.3.1', encodedVersion=4.3.1, type=source, typeName='source', location='classpath'}",
      );
    }
  });

  test('the class of the body must be the one of the path', async () => {
    await expect(validateForPlugin('FileStreamSource', { 'connector.class': 'FileStreamSink' }, context())).rejects.toThrow(
      new RestError(400, 'Included connector type FileStreamSink does not match request type FileStreamSource'),
    );
  });

  test('a setting that answers do not show is shown when it is wrong', async () => {
    const config = { 'connector.class': 'FileStreamSource', name: 'n', topic: 't' };
    const shown = async (more: Record<string, string>) =>
      (await validateConnectorConfig({ ...config, ...more }, context())).configs.filter(({ value }) => value.name === 'max.line.bytes');
    expect(await shown({ 'max.line.bytes': '100' })).toEqual([]);
    expect((await shown({ 'max.line.bytes': 'x' })).map(({ value }) => value.errors)).toEqual([
      [
        'Invalid value x for configuration max.line.bytes: Not a number of type INT',
        'Invalid value null for configuration max.line.bytes: Value must be non-null',
      ],
    ]);
  });

  test('an override that cannot be parsed is a finding on its row', async () => {
    const answer = await validateConnectorConfig(
      { 'connector.class': 'FileStreamSource', name: 'n', topic: 't', 'producer.override.linger.ms': 'x' },
      context(),
    );
    expect(answer.configs.at(-1)?.value).toEqual({
      name: 'producer.override.linger.ms',
      value: null,
      recommended_values: [],
      visible: true,
      errors: ['Invalid value x for configuration linger.ms: Not a number of type LONG'],
    });
  });
});

// Source: MirrorSourceConnector 4.3.1, whose ConfigDef begins with the keys of every connector; the framework's rows of those are not shown.
test('a connector that repeats the common keys answers them without what the worker would add', async () => {
  const config = { name: 'm', 'connector.class': 'MirrorSourceConnector', 'source.cluster.alias': 'A' };
  const { configs } = await validateConnectorConfig(config, context());
  const row = (name: string) => configs.find(({ value }) => value.name === name);
  expect(configs.filter(({ value }) => value.name === 'key.converter')).toHaveLength(1);
  expect(row('key.converter')).toMatchObject({
    definition: { default_value: null },
    value: { value: null, recommended_values: [], visible: true },
  });
  expect(row('key.converter.plugin.version')).toMatchObject({
    definition: { default_value: null },
    value: { value: null, visible: false },
  });
  expect(row('connector.plugin.version')).toMatchObject({ definition: { default_value: null }, value: { value: null, visible: true } });
  expect(configs.map(({ value }) => value.name).slice(0, 3)).toEqual(['name', 'connector.class', 'connector.plugin.version']);
  expect(
    pluginConfig(catalog, 'MirrorSourceConnector')
      .map(({ name }) => name)
      .slice(0, 2),
  ).toEqual(['name', 'connector.class']);
});
