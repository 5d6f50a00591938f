/** The sample files in config/ say what the connectors know. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { catalog } from '../../../../../src/plugins/catalog.ts';
import { replicationPolicyOf } from '../../../../../src/plugins/connectors/mirror/shared/replication-policy.ts';
import { securitySpec } from '../../../../../src/plugins/connectors/mirror/shared/security-spec.ts';
import { spec } from '../../../../../src/plugins/connectors/mirror/source/spec.ts';
import { parseProperties, readPropertiesFile } from '../../../../../src/spec/properties-file.ts';
import { validateAll } from '../../../../../src/spec/validate.ts';

const fileOf = (name: string) => path.resolve(import.meta.dirname, '../../../../../config/connectors', name);
const full = readFileSync(fileOf('mirror-source.full.properties'), 'utf8');

test.each(['mirror-source.minimal.properties', 'mirror-source.full.properties', 'mirror-heartbeat.minimal.properties'])(
  '%s has a name, a known class, addresses and no fault',
  async (name) => {
    const config = readPropertiesFile(fileOf(name));
    const plugin = catalog.connector(config['connector.class']!);
    const values = validateAll(plugin.spec, config);
    await plugin.create().validate?.(config, values);
    expect([...values.values()].flatMap((row) => row.errors)).toEqual([]);
    expect([config.name, config['target.cluster.bootstrap.servers'], config['value.converter']]).toEqual([
      expect.stringContaining('a-to-b'),
      'localhost:9093',
      'org.apache.kafka.connect.converters.ByteArrayConverter',
    ]);
    expect(replicationPolicyOf(config).formatRemoteTopic('A', 'orders')).toBe('A.orders');
  },
);

test('the full sample names every key but those of TLS and SASL, with its default', () => {
  const named = new Set([...full.matchAll(/^#?([\w.-]+)=/gm)].map((match) => match[1]));
  const keys = [...spec.keys.values()].filter(({ name }) => !securitySpec.keys.has(name));
  expect(keys.filter(({ name }) => !named.has(name)).map(({ name }) => name)).toEqual([]);
  const config = parseProperties(full, 'sample');
  const changed = keys.filter(
    ({ name, defaultValue }) =>
      config[name] !== undefined && typeof defaultValue !== 'object' && config[name] !== String(defaultValue ?? ''),
  );
  expect(changed.map(({ name }) => name)).toEqual(['source.cluster.alias', 'target.cluster.alias']);
});
