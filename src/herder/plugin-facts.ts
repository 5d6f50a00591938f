/** Which plugin a stored connector configuration means on this worker. */
import type { Config } from '../plugin-api/plugin.ts';
import type { Catalog } from '../plugins/catalog.ts';
import type { ConfigResolver } from '../worker/config-resolver.ts';
import type { PluginFacts } from './connector-entry.ts';
import { findConnector } from './validate.ts';

/** Throws when there is no such connector here, or a reference in its name cannot be resolved. */
export async function pluginFacts(config: Config, catalog: Catalog, resolver: ConfigResolver): Promise<PluginFacts> {
  const { config: named } = await resolver.resolve({ 'connector.class': config['connector.class'] ?? '' });
  return factsOf(named['connector.class']!, catalog);
}

/** Without its references; `null`: not known here. */
export function knownPluginFacts(config: Config, catalog: Catalog): PluginFacts | null {
  try {
    return factsOf(config['connector.class'] ?? '', catalog);
  } catch {
    return null;
  }
}

function factsOf(name: string, catalog: Catalog): PluginFacts {
  const { kind: type, version, className } = findConnector(name.trim(), catalog);
  return { type, version, className };
}
