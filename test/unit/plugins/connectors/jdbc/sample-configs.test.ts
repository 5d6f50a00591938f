/** The sample files in config/ say what the connectors know. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJdbcUrl } from '../../../../../src/mysql/jdbc-url.ts';
import { catalog } from '../../../../../src/plugins/catalog.ts';
import { parseProperties, readPropertiesFile } from '../../../../../src/spec/properties-file.ts';
import { validateAll } from '../../../../../src/spec/validate.ts';

const root = path.resolve(import.meta.dirname, '../../../../..');
const fileOf = (name: string) => path.join(root, 'config', name);
const namesIn = (folder: string, pattern: RegExp) =>
  readdirSync(fileOf(folder))
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);
const samples = [...namesIn('connectors', /^jdbc-.*\.properties$/), ...namesIn('pipelines/jdbc-four-modes', /\.properties$/)];

test('all are there', () => {
  expect(samples).toHaveLength(9);
});

describe.each(samples)('%s', (name) => {
  test('has a name, a known class, an address that is wholly understood, and no fault', () => {
    const config = readPropertiesFile(fileOf(name));
    expect(config.name).not.toBe('');
    const plugin = catalog.connector(config['connector.class']!);
    expect([...validateAll(plugin.spec, config).values()].flatMap((row) => row.errors)).toEqual([]);
    expect(parseJdbcUrl(config['connection.url']!).warnings).toEqual([]);
    expect(plugin.kind === 'sink' ? config.topics : config['topic.prefix']).toBeTruthy();
  });
});

describe.each(['source', 'sink'])('the full sample of the %s', (kind) => {
  const text = readFileSync(fileOf(`connectors/jdbc-${kind}.full.properties`), 'utf8');
  const config = parseProperties(text, 'sample');
  const { spec } = catalog.connector(config['connector.class']!);

  test('names every key', () => {
    const named = new Set([...text.matchAll(/^#?([\w.]+)=/gm)].map((match) => match[1]));
    expect([...spec.keys.keys()].filter((name) => !named.has(name))).toEqual([]);
  });

  test('gives the default where it is a number or a flag', () => {
    const numbers = [...spec.keys.values()].filter(
      ({ name, defaultValue }) => config[name] !== undefined && ['number', 'bigint', 'boolean'].includes(typeof defaultValue),
    );
    const changed = numbers.filter(({ name, defaultValue }) => config[name] !== String(defaultValue)).map(({ name }) => name);
    expect(changed).toEqual(kind === 'sink' ? ['auto.create', 'auto.evolve'] : []);
    expect(numbers.length).toBeGreaterThan(5);
  });
});
