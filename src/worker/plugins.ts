/** Plugins by class name (full, simple or pruned), as the worker needs them; `plugins/catalog.ts` is the one list behind it. */
import type {
  ConnectorPlugin,
  ConverterPlugin,
  HeaderConverterPlugin,
  PredicatePlugin,
  TransformationPlugin,
} from '../plugin-api/plugin.ts';

/** Each throws ConfigError that names the class when there is none. */
export interface Plugins {
  connector(name: string): ConnectorPlugin;
  converter(name: string): ConverterPlugin;
  headerConverter(name: string): HeaderConverterPlugin;
  transformation(name: string): TransformationPlugin;
  predicate(name: string): PredicatePlugin;
}
