/** Which plugins of packages a configuration names. */
import type { Plugin } from '../plugin-api/plugin.ts';
import type { Catalog } from '../plugins/catalog.ts';

const NAMES_PLUGIN = /^(?:connector\.class|(?:key|value|header)\.converter|(?:transforms|predicates)\..+\.type)$/;

/** Those that are not built in, in the order of the keys. */
export function packagePluginsOf(config: Readonly<Record<string, string | null>>, catalog: Catalog): readonly Plugin[] {
  return Object.entries(config).flatMap(([key, value]) => {
    const plugin = value !== null && NAMES_PLUGIN.test(key) ? catalog.find(value.trim()) : null;
    return plugin?.location === undefined ? [] : [plugin];
  });
}
