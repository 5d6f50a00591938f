/** A config provider of a package: the contract of every provider, and what happens when its code misbehaves. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { LogHub } from '../../../src/base/log.ts';
import { hideSecrets } from '../../../src/base/secrets.ts';
import { openPackages } from '../../../src/herder/open-packages.ts';
import { catalog } from '../../../src/plugins/catalog.ts';
import { findConfigProvider } from '../../../src/plugins/config-providers/index.ts';
import { createConfigResolver } from '../../../src/worker/config-resolver.ts';
import { openWorkerConfig } from '../../../src/worker/worker-config.ts';
import { standaloneSpec } from '../../../src/worker/worker-spec.ts';
import { configProviderContract } from '../../contracts/config-provider-contract.ts';
import { VAULT_PROVIDER, writePackage } from '../../helpers/plugin-packages.ts';
import { createTestClock } from '../../helpers/test-clock.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-packaged-provider-'));
const engines = path.join(folder, 'engines.json');
writeFileSync(
  engines,
  JSON.stringify({
    breaks: { password: 'canary-5512' },
    app: { password: 'canary-5512', 'path.key': 'a:b', 비밀: '열쇠', empty: '', port: 7 },
  }),
);
const PATH = { 'plugin.path': writePackage(folder, 'vault', { code: VAULT_PROVIDER }), 'kconsole.plugin.timeout.ms': '2000' };
const silent = new LogHub(() => 0).log('test');
const clock = createTestClock();
const packages = await openPackages(PATH, catalog, clock, silent);
afterAll(async () => {
  await packages.close();
  rmSync(folder, { recursive: true });
});

const CLASS = 'vault.VaultConfigProvider';
const ref = (inside: string) => `\${${inside}}`;
const named = (param: Record<string, string>) => ({
  'config.providers': 'v',
  'config.providers.v.class': 'Vault',
  ...Object.fromEntries(Object.entries(param).map(([key, value]) => [`config.providers.v.param.${key}`, value])),
});

configProviderContract({
  plugin: findConfigProvider(CLASS, packages.configProviders)!,
  among: packages.configProviders,
  names: ['VaultConfigProvider', 'Vault'],
  config: { engines, token: 't' },
  path: 'app',
  values: { password: 'canary-5512', 'path.key': 'a:b', 비밀: '열쇠', empty: '' },
  secret: 'canary-5512',
  without: [{ what: 'a key that is not there', path: 'app', key: 'user' }],
  failing: [{ what: 'a path that is not there', path: 'web', key: 'password', message: 'There is no engine web' }],
  refused: [
    { config: { engines }, message: 'Missing token for configuration vault' },
    { config: { engines, token: 'none' }, message: 'TypeError: no token' },
  ],
});

describe('in the resolver', () => {
  async function open(param: Record<string, string> = { engines, token: 't' }) {
    const hub = new LogHub(() => 0);
    const lines: string[] = [];
    hub.attach(({ message }) => lines.push(message));
    const resolver = createConfigResolver(named(param), packages.configProviders, hub.log('test'));
    onTestFinished(() => resolver.close());
    await resolver.open();
    const resolve = async (value: string) => (await resolver.resolve({ value })).config.value;
    return { resolver, resolve, lines };
  }

  test('its values are secrets from then on; it is closed with the resolver', async () => {
    const { resolver, resolve, lines } = await open();
    expect(await resolve(`x${ref('v:app:password')}`)).toBe('xcanary-5512');
    expect(hideSecrets('is canary-5512')).toBe(`is ${ref('v:app:password')}`);
    await resolver.close();
    expect(lines).toEqual(['The vault is closed']);
    await expect(resolve(ref('v:app:password'))).rejects.toThrow('it is closed, as the worker stops.');
  });

  test.each([
    ['hangs', 'it did not return within 2000 ms and was ended'],
    ['leaves', 'its code ended the thread with exit code 3'],
    ['throws', 'TypeError: no such engine'],
    ['shapeless', 'org.apache.kafka.connect.errors.ConnectException: its "get" gives no Map "values".'],
  ])('%s: the error names provider, class and reason; the next value comes', async (place, reason) => {
    const { resolve } = await open();
    const attempt = resolve(ref(`v:${place}:password`));
    if (place === 'hangs') {
      attempt.catch(() => undefined);
      await waitUntil('the provider hangs', () => existsSync(`${engines}.hangs`));
      await clock.advance(2_000);
    }
    await expect(attempt).rejects.toThrow(new ConfigError(`Config provider v (${CLASS}): ${reason}`));
    await expect(attempt).rejects.toBeInstanceOf(ConfigError);
    expect(await resolve(ref('v:app:password'))).toBe('canary-5512');
  });

  test('what breaks its thread between two calls is logged, and no more', async () => {
    const { resolve, lines } = await open();
    expect(await resolve(ref('v:breaks:password'))).toBe('canary-5512');
    writeFileSync(`${engines}.breaks`, '');
    await waitUntil('the log says so', () => lines.includes('Code of a package of plugin.path broke its thread: the connection is lost'));
    expect(await resolve(ref('v:app:password'))).toBe('canary-5512');
  });

  test('a value that is no text is refused', async () => {
    const { resolve } = await open();
    await expect(resolve(ref('v:app:port'))).rejects.toThrow('its "get" gives a value that is no string.');
  });

  test('settings that it refuses end the start of the worker, with its name', async () => {
    await expect(open({ engines })).rejects.toThrow(new ConfigError(`Config provider v (${CLASS}): Missing token for configuration vault`));
  });
});

test('the worker’s own settings may refer to it; plugin.path may not', async () => {
  const properties = {
    ...named({ engines, token: 't' }),
    'bootstrap.servers': 'localhost:9092',
    'key.converter': 'StringConverter',
    'value.converter': 'StringConverter',
    'offset.storage.file.filename': `/tmp/${ref('v:app:password')}`,
  };
  const { settings, resolver } = await openWorkerConfig(standaloneSpec, properties, packages, silent);
  expect(settings['offset.storage.file.filename']).toBe('/tmp/canary-5512');
  await resolver.close();
  const circular = openPackages({ ...properties, 'plugin.path': ref('v:app:packages') }, catalog, clock, silent);
  await expect(circular).rejects.toThrow(
    new ConfigError(
      'plugin.path refers to config provider v (Vault), which is in a package of plugin.path itself. Write the folders of the packages there.',
    ),
  );
});
