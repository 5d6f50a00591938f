/** What every config provider must do, wherever its values lie. Called by each provider's unit test. */
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../src/base/errors.ts';
import { type LogEvent, LogHub } from '../../src/base/log.ts';
import type { ConfigProviderPlugin } from '../../src/plugin-api/config-provider.ts';
import { configProviders, findConfigProvider } from '../../src/plugins/config-providers/index.ts';

type Config = Readonly<Record<string, string>>;

export interface ConfigProviderContract {
  readonly plugin: ConfigProviderPlugin;
  /** Among which its names select it; default: those that are built in. */
  readonly among?: readonly ConfigProviderPlugin[];
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
  const { plugin, among = configProviders, path, values, secret } = contract;
  const open = async (config: Config = contract.config ?? {}) => {
    const events: LogEvent[] = [];
    const hub = new LogHub(() => 0);
    hub.attach((event) => events.push(event));
    const provider = plugin.create(config, hub.log('test'));
    onTestFinished(async () => provider.close?.());
    await provider.open?.();
    return { provider, events };
  };

  test('its names select it', () => {
    for (const name of [plugin.className, ...contract.names]) expect(findConfigProvider(name, among)).toBe(plugin);
  });

  test('gives what is wanted and there, again and again, and no more', async () => {
    const { provider } = await open();
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
    const { provider } = await open();
    const { values: found } = await provider.get(path, new Set(['__proto__', 'constructor', 'toString', 'hasOwnProperty']));
    expect([...found]).toEqual([]);
  });

  test.each(contract.without)('nothing for $what', async ({ config, path: at, key, warning }) => {
    const { provider, events } = await open(config);
    expect([...(await provider.get(at, new Set([key]))).values]).toEqual([]);
    const warnings = events.filter(({ level }) => level === 'WARN').map(({ message }) => message);
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringContaining(warning)]);
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  test.each(contract.failing)('fails for $what', async ({ path: at, key, message }) => {
    const { provider, events } = await open();
    const attempt = (async () => provider.get(at, new Set([key])))();
    await expect(attempt).rejects.toThrow(new ConfigError(message));
    await expect(attempt).rejects.toBeInstanceOf(ConfigError);
    expect(events.map(({ level }) => level)).toContain('ERROR');
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  test.each(contract.refused)('refuses $config', async ({ config, message }) => {
    await expect(open(config)).rejects.toBeInstanceOf(ConfigError);
    await expect(open(config)).rejects.toThrow(message);
  });

  test('closes, also twice', async () => {
    const { provider } = await open();
    await provider.close?.();
    expect(await provider.close?.()).toBeUndefined();
  });
}
