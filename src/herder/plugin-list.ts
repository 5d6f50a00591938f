/** What `GET /connector-plugins` and `GET /connector-plugins/{p}/config` answer. Source: ConnectorPluginsResource, AbstractHerder.connectorPluginConfig. */
import { ConfigError, messageOf, NotFoundError, RestError } from '../base/errors.ts';
import type { Plugin } from '../plugin-api/plugin.ts';
import type { Catalog } from '../plugins/catalog.ts';
import { parseVersionRange } from '../plugins/version-range.ts';
import type { ConfigKey } from '../spec/config-def.ts';
import { ownKeys, sinkConnectorSpec, sourceConnectorSpec } from '../worker/connector-config.ts';
import { toKeyInfo } from './config-infos.ts';
import type { ConfigKeyInfo, PluginInfo, PluginType } from './model.ts';

/** Sinks, sources, and, unless `connectorsOnly`, transformations, predicates, converters, header converters; sorted by class within each. */
export function listPlugins(catalog: Catalog, connectorsOnly: boolean): PluginInfo[] {
  const connectors = catalog.connectors();
  const infos = (type: PluginType, plugins: readonly Plugin[]) =>
    plugins.map((plugin) => ({ class: plugin.className, type, version: plugin.version }));
  const first = [
    ...infos(
      'sink',
      connectors.filter((connector) => connector.kind === 'sink'),
    ),
    ...infos(
      'source',
      connectors.filter((connector) => connector.kind === 'source'),
    ),
  ];
  if (connectorsOnly) return first;
  return [
    ...first,
    ...infos('transformation', catalog.transformations()),
    ...infos('predicate', catalog.predicates()),
    ...infos('converter', catalog.converters()),
    ...infos('header_converter', catalog.headerConverters()),
  ];
}

/** Keys of a plugin; a connector's own first, then the framework's. Throws NotFoundError, or RestError 400 for a version that is not there. */
export function pluginConfig(catalog: Catalog, name: string, version?: string): ConfigKeyInfo[] {
  const plugin = catalog.find(name);
  if (plugin === null) throw new NotFoundError(`Unknown plugin ${name}.`);
  checkVersion(plugin, version);
  return keysOf(catalog, plugin).map((key) => toKeyInfo(key));
}

function checkVersion(plugin: Plugin, wanted: string | undefined): void {
  try {
    const range = parseVersionRange(wanted);
    if (range === null || range.accepts(plugin.version)) return;
    throw new ConfigError(
      `Plugin ${plugin.className} not found that matches the version range ${range.text}, available versions: [${plugin.version}]`,
    );
  } catch (error) {
    throw new RestError(400, messageOf(error), { cause: error });
  }
}

function keysOf(catalog: Catalog, plugin: Plugin): ConfigKey[] {
  if (plugin.kind !== 'source' && plugin.kind !== 'sink') return [...plugin.spec.keys.values()].filter((key) => !key.internal);
  const context = { catalog, connector: plugin, workerConverters: null, config: {} };
  const framework = plugin.kind === 'sink' ? sinkConnectorSpec(context) : sourceConnectorSpec(context);
  const keys = new Map<string, ConfigKey>([...ownKeys(plugin, catalog).keys]);
  for (const [name, key] of framework.keys) if (!keys.has(name)) keys.set(name, key);
  return [...keys.values()].filter((key) => !key.internal);
}
