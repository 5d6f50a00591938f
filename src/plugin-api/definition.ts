/** What a package of plugin.path exports as `plugins`: a list of these. */
import type { ConfigProviderPlugin } from './config-provider.ts';
import type { OverridePolicyPlugin } from './override-policy.ts';
import type { Plugin } from './plugin.ts';

export type PackagePlugin = Plugin | ConfigProviderPlugin | OverridePolicyPlugin;

type Authored<P> = P extends PackagePlugin ? Omit<P, 'version' | 'location'> : never;

/** A plugin as its author writes it: its version is that of its package, its place the package's folder. */
export type PluginDefinition = Authored<PackagePlugin>;
