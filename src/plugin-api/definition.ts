/** What a package of plugin.path exports as `plugins`: a list of these. */
import type { Plugin } from './plugin.ts';

type Authored<P> = P extends Plugin ? Omit<P, 'version' | 'location'> : never;

/** A plugin as its author writes it: its version is that of its package, its place the package's folder. */
export type PluginDefinition = Authored<Plugin>;
