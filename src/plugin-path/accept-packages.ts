/** Which packages of plugin.path may be used: those that load, and give no class that is there already. */
import { messageOf } from '../base/errors.ts';
import type { Plugin } from '../plugin-api/plugin.ts';
import { type Catalog, catalogOf } from '../plugins/catalog.ts';
import type { PackageFault, PluginPackage } from './find-packages.ts';
import { type PluginFacts, toListedPlugin } from './plugin-facts.ts';

export interface AcceptedPackages {
  /** Built-in plugins and those of the packages, the latter as facts. */
  readonly catalog: Catalog;
  readonly packages: readonly PluginPackage[];
  readonly faults: readonly PackageFault[];
}

/** `load`: tries one package, rejects with what is wrong with it. Of two packages with one class the first is taken. */
export async function acceptPackages(
  found: readonly PluginPackage[],
  builtIn: Catalog,
  load: (pack: PluginPackage) => Promise<readonly PluginFacts[]>,
): Promise<AcceptedPackages> {
  const owners = new Map(builtIn.plugins.map((plugin) => [plugin.className, 'kconsole itself']));
  const plugins: Plugin[] = [...builtIn.plugins];
  const packages: PluginPackage[] = [];
  const faults: PackageFault[] = [];
  for (const pack of found) {
    try {
      const facts = await load(pack);
      const problem = doubled(facts, owners);
      if (problem !== null) faults.push({ package: nameOf(pack), message: problem });
      else {
        for (const { className } of facts) owners.set(className, `package ${nameOf(pack)}`);
        plugins.push(...facts.map(toListedPlugin));
        packages.push(pack);
      }
    } catch (error) {
      faults.push({ package: nameOf(pack), message: messageOf(error) });
    }
  }
  return { catalog: catalogOf(plugins), packages, faults };
}

function nameOf({ name, version, folder }: PluginPackage): string {
  return `${name} ${version} (${folder})`;
}

function doubled(facts: readonly PluginFacts[], owners: ReadonlyMap<string, string>): string | null {
  const names = facts.map(({ className }) => className);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) return `it gives the class ${twice} twice.`;
  const taken = names.find((name) => owners.has(name));
  return taken === undefined
    ? null
    : `its class ${taken} is already given by ${owners.get(taken)}. Take one of the two out of plugin.path.`;
}
