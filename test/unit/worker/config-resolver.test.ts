import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { LogHub } from '../../../src/base/log.ts';
import { configProviders } from '../../../src/plugins/config-providers/index.ts';
import { createConfigResolver, digestOf, withReferences } from '../../../src/worker/config-resolver.ts';
import { scriptedProvider } from '../../helpers/scripted-provider.ts';

const log = new LogHub(() => 0).log('test');
const ref = (inside: string) => `\${${inside}}`;

function rig(values: Record<string, string>) {
  const provider = scriptedProvider(values);
  const resolver = createConfigResolver({ ...provider.settings, 'config.providers': 'p, ghost,' }, [provider.plugin], log);
  const resolve = async (value: string) => (await resolver.resolve({ value })).config.value;
  return { ...provider, resolver, resolve };
}

describe('references', () => {
  // As ConfigTransformer of Apache Kafka 4.3.1 resolves them.
  test.each([
    ['plain', 'plain'],
    [ref('p:a'), 'A'],
    [ref('p::a'), 'A'],
    [ref('p:dir:a'), 'dir A'],
    [ref('p:dir:a:b'), 'with colon'],
    [`x${ref('p:a')}y${ref('p:dir:a')}z`, 'xAydir Az'],
    [ref('p:nothing'), ref('p:nothing')],
    [`${ref('p:nothing')} ${ref('p:a')}`, `${ref('p:nothing')} A`],
    [ref('ghost:a'), ref('ghost:a')],
    [ref('other:x:a'), ref('other:x:a')],
    [ref('a'), ref('a')],
    [ref(''), ref('')],
    [ref('p:a').slice(0, -1), ref('p:a').slice(0, -1)],
    // One pass only, and nothing of a value means anything to the replacement.
    [ref('p:nested'), ref('p:a')],
    [ref('p:dollars'), "$& $1 $$ $'"],
    [`\${x${ref('p:a')}`, `\${x${ref('p:a')}`],
  ])('%s is %s', async (value, wanted) => {
    const { resolve } = rig({ a: 'A', 'dir/a': 'dir A', 'dir/a:b': 'with colon', nested: ref('p:a'), dollars: "$& $1 $$ $'" });
    expect(await resolve(value)).toBe(wanted);
  });

  test('each place is asked once; keys and nulls are left alone', async () => {
    const { resolver, state } = rig({ a: 'A', b: 'B' });
    const config = { x: ref('p:a'), y: `${ref('p:b')}${ref('p:a')}`, [ref('p:a')]: 'k', z: null };
    expect((await resolver.resolve(config)).config).toEqual({ x: 'A', y: 'BA', [ref('p:a')]: 'k', z: null });
    expect(state.asked).toEqual([':a,b']);
  });

  test('the shortest time to live counts; what a provider throws comes through', async () => {
    const { resolver, state } = rig({ a: 'A' });
    state.ttlMs = 500;
    expect((await resolver.resolve({ x: ref('p:a') })).ttlMs).toBe(500);
    expect((await resolver.resolve({ x: 'plain' })).ttlMs).toBeNull();
    state.error = new ConfigError('the vault is sealed');
    await expect(resolver.resolve({ x: ref('p:a') })).rejects.toThrow('the vault is sealed');
    await resolver.close();
    expect(state.closed).toBe(1);
  });
});

describe('which providers there are', () => {
  const file = { 'config.providers': 'f', 'config.providers.f.class': 'FileConfigProvider' };

  test('a class that is not there is refused in the JVM’s words', () => {
    const settings = { ...file, 'config.providers.f.class': 'no.such.Provider' };
    expect(() => createConfigResolver(settings, configProviders, log)).toThrow(
      new ConfigError(
        'Invalid value no.such.Provider for configuration config.providers.f.class: Could not load config provider class or one of its dependencies',
      ),
    );
  });

  test('settings that a provider refuses name it', () => {
    const settings = { ...file, 'config.providers.f.param.allowed.paths': '/no/such/folder' };
    expect(() => createConfigResolver(settings, configProviders, log)).toThrow(
      new ConfigError('Config provider f: Path /no/such/folder does not exist'),
    );
  });
});

test('task configurations get their references back, wherever the value went', () => {
  const raw = { password: ref('p:password'), user: 'me', port: ref('p:port') };
  const resolved = { password: 'hunter-4711', user: 'me', port: '1' };
  const { resolver } = rig({ password: 'hunter-4711', port: '1' });
  return resolver.resolve(raw).then(({ config }) => {
    expect(config).toEqual(resolved);
    const made = { ...resolved, 'connection.url': 'db://me:hunter-4711@host', shards: '1', task: '1' };
    expect(withReferences(made, raw, resolved)).toEqual({
      ...raw,
      'connection.url': `db://me:${ref('p:password')}@host`,
      shards: '1',
      task: '1',
    });
  });
});

test('digests are equal for equal configurations only', () => {
  expect(digestOf({ a: '1', b: '2' })).toBe(digestOf({ b: '2', a: '1' }));
  expect(digestOf({ a: '1', b: '2' })).not.toBe(digestOf({ a: '12', b: '' }));
});
