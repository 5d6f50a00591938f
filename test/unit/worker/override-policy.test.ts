import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { overridePolicy, validateOverrides } from '../../../src/worker/override-policy.ts';

test.each(['All', 'None', 'Principal', 'Allowlist'])('%s by its names', (name) => {
  expect(overridePolicy(name, []).name).toBe(name);
  expect(overridePolicy(`${name}ConnectorClientConfigOverridePolicy`, []).name).toBe(name);
  expect(overridePolicy(`org.apache.kafka.connect.connector.policy.${name}ConnectorClientConfigOverridePolicy`, []).name).toBe(name);
});

test('any other is refused', () => {
  expect(() => overridePolicy('com.example.Mine', [])).toThrow(ConfigError);
});

test('passwords are hidden, null and unknown settings are rows', () => {
  const rows = validateOverrides(
    { 'producer.override.sasl.jaas.config': 'hunter2', 'producer.override.zz': null, 'producer.override.': 'x' },
    'producer',
    overridePolicy('All', []),
  );
  expect(rows.map(({ key, value }) => [key?.type ?? null, value.name, value.value])).toEqual([
    [null, 'producer.override.zz', null],
    ['PASSWORD', 'producer.override.sasl.jaas.config', '[hidden]'],
  ]);
});
