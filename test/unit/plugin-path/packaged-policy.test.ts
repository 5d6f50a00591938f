/** An override policy of a package: asked in the thread of packages, also for connectors that are built in. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LogHub } from '../../../src/base/log.ts';
import { openPackages } from '../../../src/herder/open-packages.ts';
import type { WorkerFacts } from '../../../src/herder/validate.ts';
import { catalog } from '../../../src/plugins/catalog.ts';
import { LIMITS_POLICY, writePackage } from '../../helpers/plugin-packages.ts';
import { createTestClock } from '../../helpers/test-clock.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-packaged-policy-'));
const refused = path.join(folder, 'refused.txt');
writeFileSync(refused, 'acks\nlinger.ms\n');
const properties = { 'plugin.path': writePackage(folder, 'limits', { code: LIMITS_POLICY }), 'kconsole.plugin.timeout.ms': '2000' };
const clock = createTestClock();
const packages = await openPackages(properties, catalog, clock, new LogHub(() => 0).log('test'));
afterAll(async () => {
  await packages.close();
  rmSync(folder, { recursive: true });
});

const CLASS = 'limits.LimitsConnectorClientConfigOverridePolicy';
const SOURCE = 'org.apache.kafka.connect.file.FileStreamSourceConnector';
const json = 'org.apache.kafka.connect.json.JsonConverter';
const worker = (settings: Record<string, string> = { refused }): WorkerFacts => ({
  workerConverters: { key: json, value: json, header: 'org.apache.kafka.connect.storage.SimpleHeaderConverter' },
  policy: { name: CLASS, allowlist: [], settings },
  cluster: null,
});
const config = {
  name: 'c',
  'connector.class': 'FileStreamSource',
  topic: 't',
  'producer.override.acks': '1',
  'producer.override.retries': '3',
};
const text = (setting: string) =>
  `The '${CLASS}' policy does not allow '${setting}' to be overridden in the connector configuration. The producer of ${SOURCE} is shared.`;

/** Lets the time pass that it may take, once it hangs. */
async function endHang(): Promise<void> {
  const mark = `${refused}.hangs`;
  await waitUntil('the policy hangs', () => existsSync(mark));
  rmSync(mark);
  await clock.advance(2_000);
}

test('settings that its spec refuses are named', async () => {
  await expect(packages.tried!.openPolicy(worker({}))).rejects.toThrow(
    `The override policy ${CLASS} cannot be used: org.apache.kafka.common.config.ConfigException: Missing required configuration "refused" which has no default value.`,
  );
});

test('what it refuses is a finding when a configuration is validated, and an error when the connector starts', async () => {
  // A worker whose policy refuses its settings does not start: this is another one, with another thread.
  await packages.close();
  await packages.tried!.openPolicy(worker());
  const { configs } = await packages.tried!.validate(config, worker());
  const errors = configs.flatMap(({ value }) => value.errors.map((error) => [value.name, error]));
  expect(errors).toEqual([['producer.override.acks', text('acks')]]);
  const start = (more: Record<string, string>) =>
    packages.tried!.checkOverrides({ kind: 'source', className: SOURCE, config: { name: 'c', ...more } }, worker());
  await expect(start({ 'producer.override.linger.ms': '5' })).rejects.toThrow(
    `Client configuration overrides are not allowed: ${text('linger.ms')}`,
  );
  await expect(start({ 'producer.override.retries': '5', 'admin.override.acks': '1' })).resolves.toBeUndefined();
});

test.each([
  ['hangs', 'it did not return within 2000 ms and was ended'],
  ['throws', 'TypeError: no rules'],
])('%s: named with the reason; the next configuration is validated', async (name, reason) => {
  const validated = expect(packages.tried!.validate({ ...config, name }, worker())).rejects.toThrow(
    `The configuration could not be validated with ${CLASS}: ${reason}`,
  );
  if (name === 'hangs') await endHang();
  await validated;
  const starting = { kind: 'source', className: SOURCE, config: { ...config, name } } as const;
  const asked = expect(packages.tried!.checkOverrides(starting, worker())).rejects.toThrow(
    `The override policy ${CLASS} could not be asked: ${reason}`,
  );
  if (name === 'hangs') await endHang();
  await asked;
  expect((await packages.tried!.validate(config, worker())).error_count).toBe(1);
});
