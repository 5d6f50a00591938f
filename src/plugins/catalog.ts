/**
 * The one list of plugins, and the names that select them: the full Java class name, the simple name (behind the last dot) and the pruned one
 * (`FileStreamSource`, `Json`). A name that fits more than one class selects none. Source: PluginUtils.computeAliases.
 */
import { inHand } from '../base/bytes-in-place.ts';
import { ConfigError } from '../base/errors.ts';
import type {
  ConnectorPlugin,
  ConverterPlugin,
  HeaderConverterPlugin,
  Plugin,
  PredicatePlugin,
  TransformationPlugin,
} from '../plugin-api/plugin.ts';
import { fileStreamSink } from './connectors/file-stream/sink/index.ts';
import { fileStreamSource } from './connectors/file-stream/source/index.ts';
import { jdbcSink } from './connectors/jdbc/sink/index.ts';
import { jdbcSource } from './connectors/jdbc/source/index.ts';
import { mirrorCheckpoint } from './connectors/mirror/checkpoint/index.ts';
import { mirrorHeartbeat } from './connectors/mirror/heartbeat/index.ts';
import { mirrorSource } from './connectors/mirror/source/index.ts';
import { booleanConverter } from './converters/boolean/index.ts';
import { byteArrayConverter } from './converters/byte-array/index.ts';
import { jsonConverter } from './converters/json/index.ts';
import { doubleConverter, floatConverter, integerConverter, longConverter, shortConverter } from './converters/number/index.ts';
import { stringConverter } from './converters/string/index.ts';
import { simpleHeaderConverter } from './header-converters/simple/index.ts';
import { hasHeaderKey } from './predicates/has-header-key/index.ts';
import { recordIsTombstone } from './predicates/record-is-tombstone/index.ts';
import { topicNameMatches } from './predicates/topic-name-matches/index.ts';
import { cast } from './transforms/cast/index.ts';
import { dropHeaders } from './transforms/drop-headers/index.ts';
import { extractField } from './transforms/extract-field/index.ts';
import { filter } from './transforms/filter/index.ts';
import { flatten } from './transforms/flatten/index.ts';
import { headerFrom } from './transforms/header-from/index.ts';
import { hoistField } from './transforms/hoist-field/index.ts';
import { insertField } from './transforms/insert-field/index.ts';
import { insertHeader } from './transforms/insert-header/index.ts';
import { maskField } from './transforms/mask-field/index.ts';
import { regexRouter } from './transforms/regex-router/index.ts';
import { replaceField } from './transforms/replace-field/index.ts';
import { setSchemaMetadata } from './transforms/set-schema-metadata/index.ts';
import { timestampConverter } from './transforms/timestamp-converter/index.ts';
import { timestampRouter } from './transforms/timestamp-router/index.ts';
import { valueToKey } from './transforms/value-to-key/index.ts';

export interface Catalog {
  /** Sorted by class name. */
  readonly plugins: readonly Plugin[];
  /** The plugin that a name selects, of whatever kind; null when there is none or the name is ambiguous. */
  find(name: string): Plugin | null;
  connectors(): readonly ConnectorPlugin[];
  converters(): readonly ConverterPlugin[];
  /** Header converters and those converters that serve as such. */
  headerConverters(): ReadonlyArray<HeaderConverterPlugin | ConverterPlugin>;
  transformations(): readonly TransformationPlugin[];
  predicates(): readonly PredicatePlugin[];
  /** The following throw ConfigError (`Class … could not be found.`) for what is not there or of another kind. */
  connector(name: string): ConnectorPlugin;
  converter(name: string): ConverterPlugin;
  headerConverter(name: string): HeaderConverterPlugin;
  transformation(name: string): TransformationPlugin;
  predicate(name: string): PredicatePlugin;
}

export function catalogOf(plugins: readonly Plugin[]): Catalog {
  const sorted = [...plugins].sort((a, b) => (a.className < b.className ? -1 : a.className > b.className ? 1 : 0));
  const byName = indexByName(sorted);
  const find = (name: string) => byName.get(name) ?? null;
  const ofKind = <P extends Plugin>(name: string, isKind: (plugin: Plugin) => plugin is P): P => {
    const plugin = find(name);
    if (plugin === null || !isKind(plugin)) throw new ConfigError(`Class ${name} could not be found.`);
    return plugin;
  };
  return {
    plugins: sorted,
    find,
    connectors: () => sorted.filter(isConnector),
    converters: () => sorted.filter(isConverter),
    headerConverters: () => sorted.filter(isHeaderConverter),
    transformations: () => sorted.filter(isTransformation),
    predicates: () => sorted.filter(isPredicate),
    connector: (name) => ofKind(name, isConnector),
    converter: (name) => ofKind(name, isConverter),
    headerConverter: (name) => toHeaderConverter(ofKind(name, isHeaderConverter)),
    transformation: (name) => ofKind(name, isTransformation),
    predicate: (name) => ofKind(name, isPredicate),
  };
}

export const isConnector = (plugin: Plugin): plugin is ConnectorPlugin => plugin.kind === 'source' || plugin.kind === 'sink';
export const isConverter = (plugin: Plugin): plugin is ConverterPlugin => plugin.kind === 'converter';
export const isHeaderConverter = (plugin: Plugin): plugin is HeaderConverterPlugin | ConverterPlugin =>
  plugin.kind === 'header_converter' || (plugin.kind === 'converter' && plugin.isHeaderConverter);
export const isTransformation = (plugin: Plugin): plugin is TransformationPlugin => plugin.kind === 'transformation';
export const isPredicate = (plugin: Plugin): plugin is PredicatePlugin => plugin.kind === 'predicate';

/** Text that is cut off a class name, by kind, for its pruned name. */
const PRUNED: Readonly<Record<Plugin['kind'], string>> = {
  source: 'Connector',
  sink: 'Connector',
  converter: 'Converter',
  header_converter: 'HeaderConverter',
  transformation: 'Transformation',
  predicate: 'Predicate',
};

/** Simple and pruned name of a class. Inner classes (`Cast$Value`) have a Java simple name without their outer class, which is what is pruned. */
export function aliasesOf(plugin: Pick<Plugin, 'className' | 'kind'>): readonly string[] {
  const simple = plugin.className.slice(plugin.className.lastIndexOf('.') + 1);
  const javaSimpleName = simple.slice(simple.lastIndexOf('$') + 1);
  const cut = javaSimpleName.lastIndexOf(PRUNED[plugin.kind]);
  const pruned = cut > 0 ? javaSimpleName.slice(0, cut) : javaSimpleName;
  return [...new Set([simple, pruned])];
}

function indexByName(plugins: readonly Plugin[]): Map<string, Plugin> {
  const byAlias = new Map<string, Set<Plugin>>();
  for (const plugin of plugins) {
    for (const alias of aliasesOf(plugin)) byAlias.set(alias, (byAlias.get(alias) ?? new Set()).add(plugin));
  }
  const unambiguous = [...byAlias]
    .filter(([, found]) => found.size === 1)
    .flatMap(([alias, found]) => [...found].map((p): [string, Plugin] => [alias, p]));
  return new Map([...unambiguous, ...plugins.map((plugin): [string, Plugin] => [plugin.className, plugin])]);
}

/** A converter as header converter: the topic and the bytes of a header's value, nothing of its key. */
function toHeaderConverter(plugin: HeaderConverterPlugin | ConverterPlugin): HeaderConverterPlugin {
  if (plugin.kind === 'header_converter') return plugin;
  return {
    kind: 'header_converter',
    className: plugin.className,
    version: plugin.version,
    spec: plugin.spec,
    create: (config) => {
      const converter = plugin.create(config, false);
      return {
        fromConnectHeader: (topic, header) => {
          const bytes = inHand(converter.fromConnectData(topic, header.schema, header.value));
          return typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
        },
        toConnectHeader: (topic, _key, bytes) => converter.toConnectData(topic, bytes),
      };
    },
  };
}

/** What is built in. A new plugin is one import and one line here. */
export const catalog: Catalog = catalogOf([
  booleanConverter,
  byteArrayConverter,
  doubleConverter,
  fileStreamSink,
  fileStreamSource,
  floatConverter,
  integerConverter,
  jdbcSink,
  jdbcSource,
  jsonConverter,
  longConverter,
  mirrorCheckpoint,
  mirrorHeartbeat,
  mirrorSource,
  shortConverter,
  simpleHeaderConverter,
  stringConverter,
  ...cast,
  dropHeaders,
  ...extractField,
  filter,
  ...flatten,
  ...headerFrom,
  ...hoistField,
  ...insertField,
  insertHeader,
  ...maskField,
  regexRouter,
  ...replaceField,
  ...setSchemaMetadata,
  ...timestampConverter,
  timestampRouter,
  valueToKey,
  hasHeaderKey,
  recordIsTombstone,
  topicNameMatches,
]);
