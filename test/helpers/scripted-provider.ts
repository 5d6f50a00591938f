/** A config provider whose values and their time to live a test sets, also while it runs. */
import type { ConfigProviderPlugin } from '../../src/plugin-api/config-provider.ts';

export function scriptedProvider(values: Record<string, string>) {
  const state = { values, ttlMs: null as number | null, error: null as Error | null, asked: [] as string[], closed: 0 };
  const plugin: ConfigProviderPlugin = {
    kind: 'config_provider',
    className: 'test.ScriptedConfigProvider',
    version: '1.0',
    create: () => ({
      get: async (path, keys) => {
        state.asked.push(`${path}:${[...keys].join()}`);
        if (state.error) throw state.error;
        const found = [...keys].flatMap((key): [string, string][] => {
          const value = state.values[path === '' ? key : `${path}/${key}`];
          return value === undefined ? [] : [[key, value]];
        });
        return { values: new Map(found), ttlMs: state.ttlMs };
      },
      close: () => void state.closed++,
    }),
  };
  const settings = { 'config.providers': 'p', 'config.providers.p.class': 'test.ScriptedConfigProvider' };
  return { state, plugin, settings };
}
