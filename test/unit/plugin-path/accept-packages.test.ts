/** Packages as the thread that tries them sees them, and which are taken. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { LogHub } from '../../../src/base/log.ts';
import { type OpenPackages, openPackages } from '../../../src/herder/open-packages.ts';
import { catalog as builtIn } from '../../../src/plugins/catalog.ts';
import { configProviders as builtInProviders } from '../../../src/plugins/config-providers/index.ts';
import { FAULTY_SOURCE, writePackage } from '../../helpers/plugin-packages.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

let folder: string;
let opened: OpenPackages | null = null;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kconsole-accept-')));
});
afterEach(async () => {
  await opened?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(hub = new LogHub(() => 0)): Promise<OpenPackages> {
  opened = await openPackages({ 'plugin.path': folder }, builtIn, systemClock, hub.log('test'));
  return opened;
}

/** One transformation; `change` replaces members of it. */
const transformation = (change = '') => `
import { defineSpec } from 'kconsole/plugin';
export const plugins = [{ kind: 'transformation', className: 'x.Same', spec: defineSpec({}), create: () => ({ apply: (record) => record }), ${change} }];
`;

test.each([
  ['no list', 'export const plugin = 1;', /exports no list "plugins" with a plugin in it/],
  ['an empty list', 'export const plugins = [];', /exports no list "plugins"/],
  ['nothing in the list', 'export const plugins = [null];', /plugins\[0\] has no "className"/],
  ['a name with blanks', transformation("className: 'a b'"), /plugins\[0\] has no "className": a name without blanks/],
  ['an unknown kind', transformation("kind: 'rest_extension'"), /x\.Same has a "kind" other than source, sink/],
  ['no spec', transformation('spec: undefined'), /x\.Same has no "spec" made by defineSpec/],
  ['no create', transformation('create: 3'), /x\.Same has no function "create"/],
  ['no createTask', transformation("kind: 'sink'"), /x\.Same has no function "createTask"/],
  ['a policy without a spec', transformation("kind: 'override_policy', spec: null"), /x\.Same has no "spec" made by defineSpec/],
  ['a provider without create', transformation("kind: 'config_provider', create: null"), /x\.Same has no function "create"/],
  ['no word about headers', transformation("kind: 'converter'"), /does not say "isHeaderConverter"/],
  ['a class twice', transformation().replace('}];', '}]; plugins.push(plugins[0]);'), /gives the class x\.Same twice/],
  ['an import that is not there', "import 'kconsole/secret';", /cannot be imported: /],
])('a module with %s is left out, with the reason', async (_, code, reason) => {
  writePackage(folder, 'x', { code });
  const { catalog, packages, faults } = await open();
  expect(packages).toEqual([]);
  expect(faults).toEqual([{ package: `x 1.0.0 (${path.join(folder, 'x')})`, message: expect.stringMatching(reason) }]);
  expect(catalog.plugins).toEqual(builtIn.plugins);
});

test.each([
  ['config_provider', 'org.apache.kafka.common.config.provider.FileConfigProvider'],
  ['override_policy', 'org.apache.kafka.connect.connector.policy.AllConnectorClientConfigOverridePolicy'],
])('a %s with the class of a built-in one is left out', async (kind, className) => {
  writePackage(folder, 'x', { code: transformation(`kind: '${kind}', className: '${className}'`) });
  const { faults, overridePolicies, configProviders } = await open();
  expect(faults.map(({ message }) => message)).toEqual([
    `its class ${className} is already given by kconsole itself. Take one of the two out of plugin.path.`,
  ]);
  expect([overridePolicies, configProviders]).toEqual([[], builtInProviders]);
});

test('config providers and override policies are no plugins of the catalog', async () => {
  const both = `${transformation("kind: 'config_provider', className: 'x.Vault'")}
plugins.push({ ...plugins[0], kind: 'override_policy', className: 'x.Limits' });`;
  writePackage(folder, 'x', { code: both });
  const { catalog, overridePolicies, configProviders } = await open();
  expect(catalog.plugins).toEqual(builtIn.plugins);
  const location = path.join(folder, 'x');
  expect(configProviders.at(-1)).toMatchObject({ className: 'x.Vault', version: '1.0.0', location });
  expect(overridePolicies).toMatchObject([{ className: 'x.Limits', version: '1.0.0', location }]);
  expect(() => overridePolicies[0]?.create({})).toThrow(/runs in worker threads only/);
});

test('of two packages with one class the first is taken; a CommonJS module serves as well', async () => {
  writePackage(folder, 'a', {
    manifest: { name: 'a', version: '2.1.0', main: 'index.js' },
    code: transformation()
      .replace("import { defineSpec } from 'kconsole/plugin';", "const { defineSpec } = require('kconsole/plugin');")
      .replace('export const plugins', 'exports.plugins'),
  });
  writePackage(folder, 'b', { code: transformation() });
  const { catalog, faults } = await open();
  const plugin = catalog.transformation('Same');
  expect(plugin).toMatchObject({ className: 'x.Same', version: '2.1.0', location: path.join(folder, 'a') });
  expect(() => plugin.create({})).toThrow(/runs in worker threads only/);
  expect(faults.map(({ message }) => message)).toEqual([
    `its class x.Same is already given by package a 2.1.0 (${path.join(folder, 'a')}). Take one of the two out of plugin.path.`,
  ]);
});

test('the main thread knows the keys of a plugin, and nothing of its code', async () => {
  writePackage(folder, 'faulty', { code: FAULTY_SOURCE });
  const { catalog } = await open();
  const { spec, kind } = catalog.connector('FaultySource');
  expect(kind).toBe('source');
  expect([...spec.keys.values()].map(({ name, type, defaultValue }) => [name, type, defaultValue])).toEqual([
    ['fault', 'STRING', null],
    ['topic', 'STRING', 'none'],
    ['token', 'PASSWORD', null],
  ]);
});

test('what a package prints goes to the log', async () => {
  writePackage(folder, 'x', { code: `console.log('hello from x');${transformation()}` });
  const hub = new LogHub(() => 0);
  const lines: string[] = [];
  hub.attach(({ message }) => lines.push(message));
  await open(hub);
  await waitUntil('the line is in the log', () => lines.includes('A package of plugin.path prints: hello from x'));
});

test('without plugin.path nothing is started', async () => {
  const { catalog, tried } = await openPackages({}, builtIn, systemClock, new LogHub(() => 0).log('test'));
  expect(catalog).toBe(builtIn);
  expect(tried).toBeNull();
});
