/** Imports packages of plugin.path and checks what they export. Runs in worker threads only: what a package does at its import may hang. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { ConfigProviderPlugin } from '../plugin-api/config-provider.ts';
import type { PackagePlugin } from '../plugin-api/definition.ts';
import type { OverridePolicyPlugin } from '../plugin-api/override-policy.ts';
import type { Plugin } from '../plugin-api/plugin.ts';
import type { PluginPackage } from './find-packages.ts';

const API = 'kconsole/plugin';

/** From now on `kconsole/plugin` is this program's own module, wherever the importing package lies. `url`: of that module. */
export function provideApi(url: string): void {
  registerHooks({
    resolve: (specifier, context, next) => (specifier === API ? { url, shortCircuit: true } : next(specifier, context)),
  });
}

export interface LoadedPackage {
  /** Those of the catalog. */
  readonly plugins: readonly Plugin[];
  readonly configProviders: readonly ConfigProviderPlugin[];
  readonly overridePolicies: readonly OverridePolicyPlugin[];
}

/** Throws ConnectError that says what is wrong with the package. */
export async function loadPackage(pack: PluginPackage): Promise<LoadedPackage> {
  let module: { plugins?: unknown; default?: { plugins?: unknown } };
  try {
    module = await import(pathToFileURL(pack.main).href);
  } catch (error) {
    throw new ConnectError(`its module ${pack.main} cannot be imported: ${kindOf(error)}${messageOf(error)}`, { cause: error });
  }
  // A CommonJS module may come as its default export only.
  const definitions = module.plugins ?? module.default?.plugins;
  if (!Array.isArray(definitions) || definitions.length === 0) {
    throw new ConnectError(`its module ${pack.main} exports no list "plugins" with a plugin in it.`);
  }
  const all = definitions.map((definition: unknown, i) => toPlugin(definition, i, pack));
  return {
    plugins: all.filter((plugin) => plugin.kind !== 'config_provider' && plugin.kind !== 'override_policy'),
    configProviders: all.filter((plugin) => plugin.kind === 'config_provider'),
    overridePolicies: all.filter((plugin) => plugin.kind === 'override_policy'),
  };
}

function kindOf(error: unknown): string {
  return error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : '';
}

const KINDS: ReadonlySet<unknown> = new Set<PackagePlugin['kind']>([
  'source',
  'sink',
  'converter',
  'header_converter',
  'transformation',
  'predicate',
  'config_provider',
  'override_policy',
]);

function toPlugin(definition: unknown, index: number, { version, folder }: PluginPackage): PackagePlugin {
  const given = (typeof definition === 'object' && definition !== null ? definition : {}) as Partial<Record<string, unknown>>;
  const { kind, className, spec } = given;
  const isNamed = typeof className === 'string' && /^[^\s,]+$/.test(className);
  const where = isNamed ? className : `plugins[${index}]`;
  const must = (isRight: boolean, what: string) => {
    if (!isRight) throw new ConnectError(`${where} ${what}.`);
  };
  must(isNamed, 'has no "className": a name without blanks such as com.example.CounterSourceConnector');
  must(KINDS.has(kind), `has a "kind" other than ${[...KINDS].join(', ')}`);
  if (kind !== 'config_provider') must((spec as { keys?: unknown } | undefined)?.keys instanceof Map, 'has no "spec" made by defineSpec');
  must(typeof given.create === 'function', 'has no function "create"');
  if (kind === 'source' || kind === 'sink') {
    must(typeof given.createTask === 'function', 'has no function "createTask"');
    must(typeof given.taskClass === 'string', 'has no "taskClass"');
  }
  if (kind === 'converter') must(typeof given.isHeaderConverter === 'boolean', 'does not say "isHeaderConverter": true or false');
  return { ...(definition as PackagePlugin), version, location: folder };
}
