/**
 * References to config providers in configurations: `${provider:key}` and `${provider:path:key}`. They are resolved when a value is used,
 * and never kept: what is stored and shown is the reference. Source: ConfigTransformer, WorkerConfigTransformer, Worker.initConfigTransformer.
 */
import { createHash } from 'node:crypto';
import { ConfigError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { hideSecrets, secrets } from '../base/secrets.ts';
import type { ConfigProvider, ConfigProviderPlugin } from '../plugin-api/config-provider.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { findConfigProvider } from '../plugins/config-providers/index.ts';

/** Whether a value refers to the provider of that name. */
export function refersTo(name: string, value: string): boolean {
  return [...value.matchAll(REFERENCE)].some(([, provider]) => provider === name);
}

const REFERENCE = /\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}/g;

export interface Resolved<V extends string | null = string> {
  readonly config: Readonly<Record<string, V>>;
  /** After so long the shortest-lived of the values may be another; null: no time is known. */
  readonly ttlMs: number | null;
}

export interface ConfigResolver {
  /** Opens the providers. Throws ConfigError that names the one that cannot be opened. */
  open(): Promise<void>;
  /** One pass: what a provider gives is not looked at again. A reference that nobody knows stays as it is. Throws ConfigError. */
  resolve<V extends string | null>(config: Readonly<Record<string, V>>): Promise<Resolved<V>>;
  close(): Promise<void>;
}

/**
 * The providers that a worker's settings name (`config.providers`). Throws ConfigError for a class that is not there or settings it refuses.
 * A name without a class is no provider, as on a JVM worker.
 */
export function createConfigResolver(properties: Config, providers: readonly ConfigProviderPlugin[], log: Log): ConfigResolver {
  const named = new Map<string, NamedProvider>();
  for (const name of (properties['config.providers'] ?? '').split(',').map((text) => text.trim())) {
    const classKey = `config.providers.${name}.class`;
    const className = properties[classKey]?.trim();
    if (name === '' || className === undefined) continue;
    const plugin = findConfigProvider(className, providers);
    if (plugin === null) {
      throw new ConfigError(
        `Invalid value ${className} for configuration ${classKey}: Could not load config provider class or one of its dependencies`,
      );
    }
    named.set(name, { provider: createProvider(name, plugin, properties, log), title: titleOf(name, plugin) });
  }
  return {
    open: async () => {
      for (const { provider, title } of named.values()) await titled(title, async () => provider.open?.());
    },
    resolve: (config) => resolveWith(named, config),
    close: async () => {
      await Promise.all([...named.values()].map(({ provider }) => provider.close?.()));
    },
  };
}

interface NamedProvider {
  readonly provider: ConfigProvider;
  /** Begins its errors; null: these are the JVM's, as they are. */
  readonly title: string | null;
}

function titleOf(name: string, { className, location }: ConfigProviderPlugin): string | null {
  return location === undefined ? null : `Config provider ${name} (${className})`;
}

async function titled<T>(title: string | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw title === null ? error : new ConfigError(`${title}: ${messageOf(error)}`, { cause: error });
  }
}

function createProvider(name: string, plugin: ConfigProviderPlugin, properties: Config, log: Log): ConfigProvider {
  const prefix = `config.providers.${name}.param.`;
  const own = Object.entries(properties).filter(([key]) => key.startsWith(prefix));
  try {
    return plugin.create(Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value])), log);
  } catch (error) {
    throw new ConfigError(`Config provider ${name}: ${messageOf(error)}`, { cause: error });
  }
}

/** Found values by provider, path and key. */
type Found = Map<string, ReadonlyMap<string, string>>;
const placeOf = (provider: string, path: string) => `${provider}:${path}`;

async function resolveWith<V extends string | null>(
  providers: ReadonlyMap<string, NamedProvider>,
  config: Readonly<Record<string, V>>,
): Promise<Resolved<V>> {
  const wanted = new Map<string, { named: NamedProvider; path: string; keys: Set<string> }>();
  for (const value of Object.values(config)) {
    for (const [, name = '', path = '', key = ''] of value?.matchAll(REFERENCE) ?? []) {
      const named = providers.get(name);
      if (!named) continue;
      const place = placeOf(name, path);
      const group = wanted.get(place) ?? { named, path, keys: new Set() };
      wanted.set(place, group);
      group.keys.add(key);
    }
  }
  if (wanted.size === 0) return { config, ttlMs: null };
  const found: Found = new Map();
  let ttlMs: number | null = null;
  for (const [place, { named, path, keys }] of wanted) {
    const data = await titled(named.title, async () => named.provider.get(path, keys));
    found.set(place, data.values);
    if (data.ttlMs !== null && data.ttlMs >= 0) ttlMs = Math.min(ttlMs ?? data.ttlMs, data.ttlMs);
  }
  const resolved = Object.entries(config).map(([name, value]) => [name, value === null ? value : replaced(value, found)]);
  return { config: Object.fromEntries(resolved), ttlMs };
}

function replaced(value: string, found: Found): string {
  return value.replace(REFERENCE, (reference: string, name: string, path: string | undefined, key: string) => {
    const secret = found.get(placeOf(name, path ?? ''))?.get(key);
    if (secret === undefined) return reference;
    secrets.remember(secret, reference);
    return secret;
  });
}

/** Whether two resolved configurations are equal can be told by these; they say nothing of the values. */
export function digestOf(config: Config): string {
  const entries = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('base64');
}

/**
 * A configuration that was made from a resolved one, with the references back in their places: a value that is the resolved one of the same
 * key, and secrets within any other.
 */
export function withReferences(made: Config, raw: Config, resolved: Config): Config {
  const entries = Object.entries(made).map(([key, value]) => {
    const isTaken = raw[key] !== undefined && raw[key] !== value && resolved[key] === value;
    return [key, isTaken ? raw[key] : hideSecrets(value)];
  });
  return Object.fromEntries(entries);
}
