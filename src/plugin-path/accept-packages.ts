/** Which packages of plugin.path may be used: those that load, and give no class that is there already. */
import { messageOf } from '../base/errors.ts';
import type { OverridePolicyPlugin } from '../plugin-api/override-policy.ts';
import type { Plugin } from '../plugin-api/plugin.ts';
import { type Catalog, catalogOf } from '../plugins/catalog.ts';
import type { PackageFault, PluginPackage } from './find-packages.ts';
import { type NamedFacts, type PackageFacts, toListedPlugin, toListedPolicy } from './plugin-facts.ts';

export interface AcceptedPackages {
  /** Built-in plugins and those of the packages, the latter as facts. */
  readonly catalog: Catalog;
  /** Those of the packages; the built-in ones are not among them. */
  readonly configProviders: readonly NamedFacts[];
  readonly overridePolicies: readonly OverridePolicyPlugin[];
  readonly packages: readonly PluginPackage[];
  readonly faults: readonly PackageFault[];
}

/** `taken`: class names that are built in beside the catalog. `load`: tries one package, rejects with what is wrong with it. Of two packages with one class the first is taken. */
export async function acceptPackages(
  found: readonly PluginPackage[],
  builtIn: Catalog,
  taken: readonly string[],
  load: (pack: PluginPackage) => Promise<PackageFacts>,
): Promise<AcceptedPackages> {
  const owners = new Map([...builtIn.plugins.map(({ className }) => className), ...taken].map((name) => [name, 'kconsole itself']));
  const plugins: Plugin[] = [...builtIn.plugins];
  const configProviders: NamedFacts[] = [];
  const overridePolicies: OverridePolicyPlugin[] = [];
  const packages: PluginPackage[] = [];
  const faults: PackageFault[] = [];
  for (const pack of found) {
    try {
      const facts = await load(pack);
      const names = [...facts.plugins, ...facts.configProviders, ...facts.overridePolicies].map(({ className }) => className);
      const problem = doubled(names, owners);
      if (problem !== null) faults.push({ package: nameOf(pack), message: problem });
      else {
        for (const name of names) owners.set(name, `package ${nameOf(pack)}`);
        plugins.push(...facts.plugins.map(toListedPlugin));
        configProviders.push(...facts.configProviders);
        overridePolicies.push(...facts.overridePolicies.map(toListedPolicy));
        packages.push(pack);
      }
    } catch (error) {
      faults.push({ package: nameOf(pack), message: messageOf(error) });
    }
  }
  return { catalog: catalogOf(plugins), configProviders, overridePolicies, packages, faults };
}

function nameOf({ name, version, folder }: PluginPackage): string {
  return `${name} ${version} (${folder})`;
}

function doubled(names: readonly string[], owners: ReadonlyMap<string, string>): string | null {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `it gives the class ${twice} twice.`;
  const taken = names.find((name) => owners.has(name));
  return taken === undefined
    ? null
    : `its class ${taken} is already given by ${owners.get(taken)}. Take one of the two out of plugin.path.`;
}
