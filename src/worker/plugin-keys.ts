/**
 * Settings that name plugins inside a connector's configuration: `transforms.<alias>.…` and `predicates.<alias>.…`, each with the keys that the
 * named class brings. Source: ConnectorConfig.enrich, EnrichablePlugin, ConfigDef.embed.
 */
import { ConfigError } from '../base/errors.ts';
import type { Plugin } from '../plugin-api/plugin.ts';
import { type Catalog, isPredicate, isTransformation } from '../plugins/catalog.ts';
import type { ConfigDef, ConfigKey, Validator } from '../spec/config-def.ts';
import { defineSpec, key } from '../spec/define.ts';
import { parseType, type RawConfig } from '../spec/parse.ts';

/** Refuses a class that was found but is of another kind. */
export function implementing(catalog: Catalog, serves: (plugin: Plugin) => boolean, interfaceName: string): Validator {
  return (_name, value) => {
    const plugin = typeof value === 'string' ? catalog.find(value) : null;
    if (plugin !== null && !serves(plugin))
      throw new ConfigError(`Class class ${plugin.className} does not implement the ${interfaceName} interface`);
  };
}

/** Recommends the version of a plugin; `isVisible` false hides the key, as where the class is not there. */
export function versionRecommender(plugin: Plugin | null, isVisible: boolean): ConfigKey['recommender'] {
  return { validValues: () => (plugin === null ? [] : [plugin.version]), visible: () => isVisible };
}

interface PluginFamily {
  /** Key with the list of aliases, and prefix of their keys. */
  readonly listKey: 'transforms' | 'predicates';
  readonly interfaceName: string;
  /** Start of the group and of the texts: `Transforms: a`, `Transformation type for a`. */
  readonly group: string;
  readonly title: string;
  readonly serves: (plugin: Plugin) => boolean;
  /** Keys that every plugin of the family has beside its own. */
  readonly shared: ConfigDef | null;
  /** An error on `.type` for what the alias's keys say together. */
  check(prefix: string, config: RawConfig): string | null;
}

const TRANSFORMS: PluginFamily = {
  listKey: 'transforms',
  interfaceName: 'Transformation',
  group: 'Transforms',
  title: 'Transformation',
  serves: isTransformation,
  shared: defineSpec({
    predicate: key.string({
      default: null,
      importance: 'MEDIUM',
      doc: 'Alias of a predicate: only records for which it holds are transformed.',
    }),
    negate: key.boolean({ default: false, importance: 'MEDIUM', doc: 'Transform the records for which the predicate does not hold.' }),
  }),
  check: (prefix, config) =>
    config[`${prefix}negate`] !== undefined && config[`${prefix}predicate`] === undefined
      ? `Config '${prefix}negate' was provided but there is no config '${prefix}predicate' defining a predicate to be negated.`
      : null,
};

const PREDICATES: PluginFamily = {
  listKey: 'predicates',
  interfaceName: 'Predicate',
  group: 'Predicates',
  title: 'Predicate',
  serves: isPredicate,
  shared: null,
  check: () => null,
};

/** Keys of all transforms and predicates that `config` names, in their order. */
export function pluginKeys(catalog: Catalog, config: RawConfig): Map<string, ConfigKey> {
  return new Map([...familyKeys(TRANSFORMS, catalog, config), ...familyKeys(PREDICATES, catalog, config)]);
}

function familyKeys(family: PluginFamily, catalog: Catalog, config: RawConfig): Map<string, ConfigKey> {
  const aliases = parseType({ name: family.listKey, type: 'LIST' }, config[family.listKey] ?? '');
  const keys = new Map<string, ConfigKey>();
  for (const alias of Array.isArray(aliases) ? new Set<string>(aliases) : []) {
    for (const [name, definition] of aliasKeys(family, alias, catalog, config)) keys.set(name, definition);
  }
  return keys;
}

function aliasKeys(family: PluginFamily, alias: string, catalog: Catalog, config: RawConfig): Map<string, ConfigKey> {
  const prefix = `${family.listKey}.${alias}.`;
  const group = `${family.group}: ${alias}`;
  const className = config[`${prefix}type`];
  const found = className ? catalog.find(className.trim()) : null;
  const plugin = found !== null && family.serves(found) ? found : null;
  const classNames = catalog.plugins.filter(family.serves).map((candidate) => candidate.className);
  const mustImplement = implementing(catalog, family.serves, family.interfaceName);
  const head = defineSpec({
    [`${prefix}type`]: key.class({
      importance: 'HIGH',
      doc: `Class of the ${family.title.toLowerCase()} ${alias}.`,
      group,
      orderInGroup: 0,
      width: 'LONG',
      displayName: `${family.title} type for ${alias}`,
      recommender: { validValues: () => classNames, visible: () => true },
      resolve: (name) => catalog.find(name)?.className ?? null,
      validator: (name, value) => {
        mustImplement(name, value);
        const problem = family.check(prefix, config);
        if (problem !== null) throw new ConfigError(problem);
      },
    }),
    [`${prefix}plugin.version`]: key.string({
      default: plugin?.version ?? null,
      importance: 'HIGH',
      doc: `Version of the plugin of the ${family.title.toLowerCase()} ${alias}, exact or as a range.`,
      group,
      orderInGroup: 1,
      width: 'LONG',
      displayName: `${family.title} version for ${alias}`,
      recommender: versionRecommender(plugin, true),
    }),
  });
  if (plugin === null) return new Map(head.keys);
  // The keys that every one has stand for the plugin's own of the same name.
  const own = new Map([...plugin.spec.keys, ...(family.shared?.keys ?? [])]);
  return new Map([...head.keys, ...embedded(own, prefix, group, 2)]);
}

const IMPORTANCES = ['HIGH', 'MEDIUM', 'LOW'];

/** Keys of a plugin under a prefix, in ConfigDef's order for documentation: required first, then by importance and name. */
function embedded(keys: ReadonlyMap<string, ConfigKey>, prefix: string, group: string, startOrder: number): Map<string, ConfigKey> {
  const sorted = [...keys.values()].sort(
    (a, b) =>
      (a.group ?? '').localeCompare(b.group ?? '') ||
      a.orderInGroup - b.orderInGroup ||
      Number(a.defaultValue !== undefined) - Number(b.defaultValue !== undefined) ||
      IMPORTANCES.indexOf(a.importance) - IMPORTANCES.indexOf(b.importance) ||
      (a.name < b.name ? -1 : 1),
  );
  return new Map(
    sorted.map((own, i) => {
      const name = `${prefix}${own.name}`;
      // The rule speaks of the key by the plugin's own name of it.
      const validator: Validator | null = own.validator && ((_name, value) => own.validator?.(own.name, value));
      return [
        name,
        { ...own, name, validator, group: own.group === null ? group : `${group}: ${own.group}`, orderInGroup: startOrder + i },
      ];
    }),
  );
}
