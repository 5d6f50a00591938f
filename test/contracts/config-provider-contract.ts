/** What every config provider must do, wherever its values lie. Called by each provider's unit test. */
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/base/errors.ts';
import { type LogEvent, LogHub } from '../../src/base/log.ts';
import type { ConfigProviderPlugin } from '../../src/plugin-api/config-provider.ts';
import { configProviders, findConfigProvider } from '../../src/plugins/config-providers/index.ts';

type Config = Readonly<Record<string, string>>;

export interface ConfigProviderContract {
  readonly plugin: ConfigProviderPlugin;
  /** Its simple and its pruned name. */
  readonly names: readonly string[];
  readonly config?: Config;
  /** A place with values; keys that are there, with what they are. */
  readonly path: string;
  readonly values: Config;
  /** Something that lies there and must not appear in any error or log. */
  readonly secret: string;
  /** Nothing is given for these, and nothing is thrown: not there, not allowed, outside, a link that leads outside. */
  readonly without: ReadonlyArray<{
    readonly what: string;
    readonly config?: Config;
    readonly path: string;
    readonly key: string;
    readonly warning?: string;
  }>;
  /** Throws ConfigError with this very message. */
  readonly failing: ReadonlyArray<{ readonly what: string; readonly path: string; readonly key: string; readonly message: string }>;
  /** Settings that are refused at the start, with the message. */
  readonly refused: ReadonlyArray<{ readonly config: Config; readonly message: string | RegExp }>;
}

export function configProviderContract(contract: ConfigProviderContract): void {
  const { plugin, path, values, secret } = contract;
  const open = (config: Config = contract.config ?? {}) => {
    const events: LogEvent[] = [];
    const hub = new LogHub(() => 0);
    hub.attach((event) => events.push(event));
    return { provider: plugin.create(config, hub.log('test')), events };
  };

  test('its names select it', () => {
    for (const name of [plugin.className, ...contract.names]) expect(findConfigProvider(name, configProviders)).toBe(plugin);
  });

  test('gives what is wanted and there, again and again, and no more', async () => {
    const { provider } = open();
    for (let round = 0; round < 2; round++) {
      const { values: found, ttlMs } = await provider.get(path, new Set([...Object.keys(values), 'not-there']));
      expect(Object.fromEntries(found)).toEqual(values);
      expect(ttlMs).toBeNull();
    }
    const [first = ''] = Object.keys(values);
    expect([...(await provider.get(path, new Set([first]))).values.keys()]).toEqual([first]);
    expect((await provider.get(path, new Set())).values.size).toBe(0);
  });

  test('names of the language itself are no keys', async () => {
    const { provider } = open();
    const { values: found } = await provider.get(path, new Set(['__proto__', 'constructor', 'toString', 'hasOwnProperty']));
    expect([...found]).toEqual([]);
  });

  test.each(contract.without)('nothing for $what', async ({ config, path: at, key, warning }) => {
    const { provider, events } = open(config);
    expect([...(await provider.get(at, new Set([key]))).values]).toEqual([]);
    const warnings = events.filter(({ level }) => level === 'WARN').map(({ message }) => message);
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringContaining(warning)]);
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  test.each(contract.failing)('fails for $what', async ({ path: at, key, message }) => {
    const { provider, events } = open();
    const attempt = (async () => provider.get(at, new Set([key])))();
    await expect(attempt).rejects.toThrow(new ConfigError(message));
    await expect(attempt).rejects.toBeInstanceOf(ConfigError);
    expect(events.map(({ level }) => level)).toContain('ERROR');
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  test.each(contract.refused)('refuses $config', ({ config, message }) => {
    expect(() => open(config)).toThrow(ConfigError);
    expect(() => open(config)).toThrow(message);
  });

  test('closes, also twice', async () => {
    const { provider } = open();
    await provider.close?.();
    expect(await provider.close?.()).toBeUndefined();
  });
}
