import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import type { ClientOverridePolicy, OverridePolicyPlugin, OverrideRequest } from '../../../src/plugin-api/override-policy.ts';
import { defineSpec, key } from '../../../src/spec/define.ts';
import { overridePolicy, refusedOverrides, validateOverrides } from '../../../src/worker/override-policy.ts';

const policy = (name: string, packaged: readonly OverridePolicyPlugin[] = [], settings = {}) =>
  overridePolicy({ name, allowlist: [], settings }, packaged);

test.each(['All', 'None', 'Principal', 'Allowlist'])('%s by its names', (name) => {
  expect(policy(name).name).toBe(name);
  expect(policy(`${name}ConnectorClientConfigOverridePolicy`).name).toBe(name);
  expect(policy(`org.apache.kafka.connect.connector.policy.${name}ConnectorClientConfigOverridePolicy`).name).toBe(name);
});

test('any other is refused', () => {
  expect(() => policy('com.example.Mine')).toThrow(
    new ConfigError('connector.client.config.override.policy = "com.example.Mine" is not known. Use All, None, Principal or Allowlist.'),
  );
});

test('passwords are hidden, null and unknown settings are rows', async () => {
  const rows = await validateOverrides(
    'x.Source',
    { 'producer.override.sasl.jaas.config': 'hunter2', 'producer.override.zz': null, 'producer.override.': 'x' },
    'producer',
    policy('All'),
  );
  expect(rows.map(({ key: found, value }) => [found?.type ?? null, value.name, value.value])).toEqual([
    [null, 'producer.override.zz', null],
    ['PASSWORD', 'producer.override.sasl.jaas.config', '[hidden]'],
  ]);
});

describe('a policy of a package', () => {
  const asked: OverrideRequest[] = [];
  const packaged = (validate: ClientOverridePolicy['validate']): OverridePolicyPlugin => ({
    kind: 'override_policy',
    className: 'x.MineConnectorClientConfigOverridePolicy',
    version: '1.0.0',
    location: '/x',
    spec: defineSpec({ most: key.int({ importance: 'LOW', doc: 'Most.' }) }),
    create: () => ({ validate }),
  });
  const refusing = packaged((request) => {
    asked.push(request);
    return [
      { key: 'acks', reason: 'Records would be lost.' },
      { key: 'client.id', reason: 'It has to be given.' },
    ];
  });

  test('is selected by class, simple and short name; a built-in name stays built in', () => {
    const all = { ...refusing, className: 'x.AllConnectorClientConfigOverridePolicy' };
    for (const name of ['x.MineConnectorClientConfigOverridePolicy', 'MineConnectorClientConfigOverridePolicy', 'Mine']) {
      expect(policy(name, [refusing, all])).toMatchObject({ name: refusing.className, location: '/x' });
    }
    expect(policy('All', [all])).not.toHaveProperty('location');
    expect(() => policy('Mine', [refusing, { ...refusing, className: 'y.Mine' }])).toThrow('is not known');
  });

  test('is given names without prefix; what it refuses becomes rows, also what is not set', async () => {
    const mine = policy('Mine', [refusing], { most: '3' });
    const config = { name: 'c', 'producer.override.acks': '1', 'producer.override.linger.ms': '5', 'consumer.override.x': '1' };
    const rows = await validateOverrides('x.Source', config, 'producer', mine);
    expect(asked).toEqual([
      { connector: 'c', connectorClass: 'x.Source', clientType: 'producer', clientProperties: { acks: '1', 'linger.ms': '5' } },
    ]);
    const text = (setting: string) =>
      `The 'x.MineConnectorClientConfigOverridePolicy' policy does not allow '${setting}' to be overridden in the connector configuration.`;
    expect(Object.fromEntries(rows.map(({ value }) => [value.name, value.errors]))).toEqual({
      'producer.override.acks': [`${text('acks')} Records would be lost.`],
      'producer.override.client.id': [`${text('client.id')} It has to be given.`],
      'producer.override.linger.ms': [],
    });
  });

  test('settings that its spec refuses, and answers of another shape', async () => {
    expect(() => policy('Mine', [refusing], { most: 'x' }).open?.()).toThrow(/^Invalid value x for configuration most: /);
    const ask = (answer: unknown) =>
      refusedOverrides('x.Source', {}, 'producer', policy('Mine', [packaged(() => answer as [])], { most: '3' }));
    await expect(ask('no')).rejects.toThrow('its "validate" gives no list.');
    await expect(ask([{ setting: 'acks' }])).rejects.toThrow('its "validate" gives a refusal without a "key".');
  });
});
