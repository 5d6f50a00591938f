/** A plugin as data, for the main thread: what REST lists of it. Its code stays in worker threads. */
import { ConnectError } from '../base/errors.ts';
import type { OverridePolicyPlugin } from '../plugin-api/override-policy.ts';
import type { Plugin } from '../plugin-api/plugin.ts';
import type { ConfigDef, ConfigKey } from '../spec/config-def.ts';
import type { LoadedPackage } from './load-packages.ts';

type KeyFacts = Omit<ConfigKey, 'validator' | 'recommender' | 'resolveClass'>;

export type PluginFacts = Pick<Plugin, 'className' | 'version' | 'kind'> & {
  readonly location: string;
  readonly taskClass: string;
  readonly isHeaderConverter: boolean;
  readonly keys: readonly KeyFacts[];
};

/** Of a plugin whose settings the main thread does not look at. */
export interface NamedFacts {
  readonly className: string;
  readonly version: string;
  readonly location: string;
}

/** What a package gives. */
export interface PackageFacts {
  readonly plugins: readonly PluginFacts[];
  readonly configProviders: readonly NamedFacts[];
  readonly overridePolicies: readonly NamedFacts[];
}

/** Throws for a key whose default is no data. */
export function packageFactsOf({ plugins, configProviders, overridePolicies }: LoadedPackage): PackageFacts {
  const named = ({ className, version, location = '' }: LoadedPackage['configProviders' | 'overridePolicies'][number]): NamedFacts => ({
    className,
    version,
    location,
  });
  return { plugins: plugins.map(factsOf), configProviders: configProviders.map(named), overridePolicies: overridePolicies.map(named) };
}

function factsOf(plugin: Plugin): PluginFacts {
  const { className, version, kind, location = '', spec } = plugin;
  return structuredClone({
    className,
    version,
    kind,
    location,
    taskClass: 'taskClass' in plugin ? plugin.taskClass : '',
    isHeaderConverter: plugin.kind === 'converter' && plugin.isHeaderConverter,
    keys: [...spec.keys.values()].map(({ validator: _, recommender: __, resolveClass: ___, ...facts }) => facts),
  });
}

/** A plugin that can be listed and found; to create something of it is refused. */
export function toListedPlugin(facts: PluginFacts): Plugin {
  const { kind, className, version, location, taskClass, isHeaderConverter, keys } = facts;
  const refuse = refusal(className, location);
  const spec: ConfigDef = { keys: new Map(keys.map((key) => [key.name, { ...key, validator: null, recommender: null }])) };
  const base = { className, version, location, spec, create: refuse };
  if (kind === 'source' || kind === 'sink') return { ...base, kind, taskClass, createTask: refuse };
  if (kind === 'converter') return { ...base, kind, isHeaderConverter };
  return { ...base, kind };
}

/** A policy that can be found; to ask it is refused. */
export function toListedPolicy({ className, version, location }: NamedFacts): OverridePolicyPlugin {
  return { kind: 'override_policy', className, version, location, spec: { keys: new Map() }, create: refusal(className, location) };
}

function refusal(className: string, location: string): () => never {
  return () => {
    throw new ConnectError(`${className} of ${location} runs in worker threads only.`);
  };
}
