/** The sample files in config/ say what the connectors know. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../../../../src/plugins/catalog.ts';
import { readPropertiesFile } from '../../../../../src/spec/properties-file.ts';
import { validateAll } from '../../../../../src/spec/validate.ts';

const root = path.resolve(import.meta.dirname, '../../../../..');
const sample = (name: string) => readPropertiesFile(path.join(root, 'config', name));
const samples = [
  ...readdirSync(path.join(root, 'config/connectors'))
    .filter((name) => name.startsWith('file-stream-'))
    .map((name) => `connectors/${name}`),
  ...readdirSync(path.join(root, 'config/pipelines/nginx-access-log')).map((name) => `pipelines/nginx-access-log/${name}`),
];

test('all are there', () => {
  expect(samples).toHaveLength(6);
});

describe.each(samples)('%s', (name) => {
  test('has a name, a known class and no fault', () => {
    const config = sample(name);
    expect(config.name).not.toBe('');
    const plugin = catalog.connector(config['connector.class']!);
    expect([...validateAll(plugin.spec, config).values()].flatMap((row) => row.errors)).toEqual([]);
    expect(plugin.kind === 'sink' ? config.topics : config.topic).toBeTruthy();
  });
});

test.each(['source', 'sink'])('the full sample of the %s names every key, with its default', (kind) => {
  const config = sample(`connectors/file-stream-${kind}.full.properties`);
  const { spec } = catalog.connector(config['connector.class']!);
  for (const key of spec.keys.values()) {
    expect(Object.keys(config)).toContain(key.name);
    if (typeof key.defaultValue === 'number') expect(config[key.name]).toBe(String(key.defaultValue));
  }
});
