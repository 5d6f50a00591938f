/**
 * The framework's own settings of a connector: keys, groups, order and texts as Apache Kafka Connect 4.3.1 shows them in validation.
 * Source: ConnectorConfig, SourceConnectorConfig, SinkConnectorConfig. `plugin-keys.ts` adds those of transforms and predicates.
 */
import type { ConnectorPlugin, Plugin } from '../plugin-api/plugin.ts';
import { type Catalog, isConverter, isHeaderConverter } from '../plugins/catalog.ts';
import { parseVersionRange } from '../plugins/version-range.ts';
import type { ConfigDef, ConfigKey, Validator } from '../spec/config-def.ts';
import { defineSpec, extendSpec, key } from '../spec/define.ts';
import type { RawConfig } from '../spec/parse.ts';
import {
  allOf,
  atLeast,
  listOf,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  oneOfIgnoreCase,
  regex,
  uniqueAliases,
} from '../spec/validators.ts';
import { implementing, versionRecommender } from './plugin-keys.ts';

/** What the settings are judged against. */
export interface ConnectorConfigContext {
  readonly catalog: Catalog;
  /** The connector that is configured; null when only the list of keys is wanted. */
  readonly connector: ConnectorPlugin | null;
  /** Converter classes of the worker, which a connector takes over; null when only the list of keys is wanted. */
  readonly workerConverters: { readonly key: string; readonly value: string; readonly header: string } | null;
  /** The connector's configuration; `{}` when only the list of keys is wanted. */
  readonly config: RawConfig;
}

/** Keys that source and sink connectors share. */
export function commonSpec(context: ConnectorConfigContext) {
  return defineSpec({
    name: key.string({
      validator: nonEmptyStringWithoutControlChars(),
      importance: 'HIGH',
      doc: 'Name of this connector, unique among the connectors of the worker or cluster.',
      group: 'Common',
      orderInGroup: 1,
      width: 'MEDIUM',
      displayName: 'Connector name',
    }),
    'connector.class': key.string({
      importance: 'HIGH',
      doc: 'Class of the connector: its full name (org.apache.kafka.connect.file.FileStreamSinkConnector), its simple name (FileStreamSinkConnector) or its short name (FileStreamSink).',
      group: 'Common',
      orderInGroup: 2,
      width: 'LONG',
      displayName: 'Connector class',
    }),
    'connector.plugin.version': key.string({
      default: connectorVersion(context),
      importance: 'MEDIUM',
      doc: 'Version of the connector’s plugin, exact (4.3.1) or as a range ([4.0,5.0)).',
      group: 'Common',
      orderInGroup: 3,
      width: 'MEDIUM',
      displayName: 'Connector version',
      recommender: { validValues: () => (context.connector ? [context.connector.version] : []), visible: () => true },
    }),
    'tasks.max': key.int({
      default: 1,
      validator: atLeast(1),
      importance: 'HIGH',
      doc: 'Most tasks that the work of this connector is divided among.',
      group: 'Common',
      orderInGroup: 4,
      width: 'SHORT',
      displayName: 'Tasks max',
    }),
    'tasks.max.enforce': key.boolean({
      default: true,
      importance: 'LOW',
      doc: 'A connector that makes more tasks than tasks.max fails. Deprecated: false is for connectors that have always done so.',
      group: 'Common',
      orderInGroup: 5,
      width: 'SHORT',
      displayName: 'Enforce tasks max',
    }),
    'key.converter': converterKey(context, 'key', 6),
    'key.converter.plugin.version': converterVersionKey(context, 'key', 7),
    'value.converter': converterKey(context, 'value', 8),
    'value.converter.plugin.version': converterVersionKey(context, 'value', 9),
    'header.converter': converterKey(context, 'header', 10),
    'header.converter.plugin.version': converterVersionKey(context, 'header', 11),
    transforms: key.list({
      default: [],
      validator: aliasList(),
      importance: 'LOW',
      doc: 'Names of the changes that are made to each record, in their order; transforms.<name>.type and so on describe each.',
      group: 'Transforms',
      orderInGroup: 12,
      width: 'LONG',
      displayName: 'Transforms',
    }),
    predicates: key.list({
      default: [],
      validator: aliasList(),
      importance: 'LOW',
      doc: 'Names of the conditions that transforms may refer to; predicates.<name>.type and so on describe each.',
      group: 'Predicates',
      orderInGroup: 13,
      width: 'LONG',
      displayName: 'Predicates',
    }),
    'config.action.reload': key.choice(['none', 'restart'], {
      default: 'restart',
      importance: 'LOW',
      doc: 'What to do when a value from a config provider expires: restart the connector with the new one, or nothing.',
      group: 'Common',
      orderInGroup: 14,
      width: 'MEDIUM',
      displayName: 'Reload Action',
    }),
    ...errorKeys,
  });
}

const errorKeys = {
  'errors.retry.timeout': key.long({
    default: 0n,
    importance: 'MEDIUM',
    doc: 'How long a failed operation is tried again, in milliseconds: 0 not at all, −1 for ever.',
    group: 'Error Handling',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Retry Timeout for Errors',
  }),
  'errors.retry.delay.max.ms': key.long({
    default: 60_000n,
    importance: 'MEDIUM',
    doc: 'Longest pause between two attempts, in milliseconds; pauses begin at 300 ms and double.',
    group: 'Error Handling',
    orderInGroup: 2,
    width: 'MEDIUM',
    displayName: 'Maximum Delay Between Retries for Errors',
  }),
  'errors.tolerance': key.choice(['none', 'all'], {
    default: 'none',
    importance: 'MEDIUM',
    doc: 'none: the first record that cannot be processed fails the task. all: such records are left out (and go to the dead letter queue, where a sink has one).',
    group: 'Error Handling',
    orderInGroup: 3,
    width: 'SHORT',
    displayName: 'Error Tolerance',
  }),
  'errors.log.enable': key.boolean({
    default: false,
    importance: 'MEDIUM',
    doc: 'Write every tolerated failure to the log as well.',
    group: 'Error Handling',
    orderInGroup: 4,
    width: 'SHORT',
    displayName: 'Log Errors',
  }),
  'errors.log.include.messages': key.boolean({
    default: false,
    importance: 'MEDIUM',
    doc: 'Put topic, partition, offset and time of the record into that log line. Contents of records are never logged.',
    group: 'Error Handling',
    orderInGroup: 5,
    width: 'SHORT',
    displayName: 'Log Error Details',
  }),
};

export function sourceConnectorSpec(context: ConnectorConfigContext) {
  return extendSpec(commonSpec(context), sourceSpec);
}

const sourceSpec = defineSpec({
  'topic.creation.groups': key.list({
    default: [],
    validator: aliasList(),
    importance: 'LOW',
    doc: 'Names of groups of settings for topics that this connector makes; topic.creation.<name>.include says which topics each is for. The group default takes the rest.',
    group: 'Topic Creation',
    orderInGroup: 1,
    width: 'LONG',
    displayName: 'Topic Creation Groups',
  }),
  'exactly.once.support': key.string({
    default: 'requested',
    validator: oneOfIgnoreCase('required', 'requested'),
    importance: 'MEDIUM',
    doc: 'required: refuse this connector when it cannot write each record exactly once on this worker. requested: run it all the same.',
    group: 'Exactly Once Support',
    orderInGroup: 2,
    width: 'SHORT',
    displayName: 'Exactly once support',
  }),
  'transaction.boundary': key.string({
    default: 'poll',
    validator: oneOfIgnoreCase('interval', 'poll', 'connector'),
    importance: 'MEDIUM',
    doc: 'When transactions end, with exactly-once support: after each poll, after a time (interval), or when the connector says so.',
    group: 'Exactly Once Support',
    orderInGroup: 3,
    width: 'SHORT',
    displayName: 'Transaction Boundary',
  }),
  'transaction.boundary.interval.ms': key.long({
    default: null,
    validator: (name, value) => value === null || atLeast(0)(name, value),
    importance: 'LOW',
    doc: 'Length of a transaction with transaction.boundary=interval, in milliseconds; unset: the worker’s offset.flush.interval.ms.',
    group: 'Exactly Once Support',
    orderInGroup: 4,
    width: 'SHORT',
    displayName: 'Transaction boundary interval',
  }),
  'offsets.storage.topic': key.string({
    default: null,
    validator: nonEmptyString(),
    importance: 'LOW',
    doc: 'A topic of its own for the offsets of this connector; unset: the worker’s.',
    group: 'offsets.topic',
    orderInGroup: 1,
    width: 'LONG',
    displayName: 'Offsets topic',
  }),
});

/** A connector's own keys, before them the common ones where its original repeats those: without anything that the worker would add to them. */
export function ownKeys(plugin: ConnectorPlugin, catalog: Catalog): ConfigDef {
  if (plugin.kind === 'sink' || !plugin.repeatsCommonKeys) return plugin.spec;
  const common = commonSpec({ catalog, connector: null, workerConverters: null, config: {} });
  const bare = [...common.keys].map(([name, key]): [string, ConfigKey] => {
    const isVisible = key.recommender?.visible({}) ?? true;
    return [name, { ...key, recommender: { validValues: () => [], visible: () => isVisible } }];
  });
  return { keys: new Map([...bare, ...plugin.spec.keys]) };
}

export function sinkConnectorSpec(context: ConnectorConfigContext) {
  return extendSpec(commonSpec(context), sinkSpec);
}

const sinkSpec = defineSpec({
  topics: key.list({
    default: [],
    validator: listOf({ isEmptyAllowed: true }),
    importance: 'HIGH',
    doc: 'Topics to read, separated by commas. Either this or topics.regex is set.',
    group: 'Common',
    orderInGroup: 4,
    width: 'LONG',
    displayName: 'Topics',
  }),
  'topics.regex': key.string({
    default: '',
    validator: regex(),
    importance: 'HIGH',
    doc: 'Java regular expression that the whole name of a topic must match to be read. Either this or topics is set.',
    group: 'Common',
    orderInGroup: 4,
    width: 'LONG',
    displayName: 'Topics regex',
  }),
  'errors.deadletterqueue.topic.name': key.string({
    default: '',
    importance: 'MEDIUM',
    doc: 'Topic for records that could not be processed (with errors.tolerance=all). Empty: they are left out.',
    group: 'Error Handling',
    orderInGroup: 6,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Name',
  }),
  'errors.deadletterqueue.topic.replication.factor': key.short({
    default: 3,
    importance: 'MEDIUM',
    doc: 'Replicas of that topic when it has to be made; −1: the brokers’ default.',
    group: 'Error Handling',
    orderInGroup: 7,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Replication Factor',
  }),
  'errors.deadletterqueue.context.headers.enable': key.boolean({
    default: false,
    importance: 'MEDIUM',
    doc: 'Say in headers (__connect.errors.…) where a record came from and what went wrong with it.',
    group: 'Error Handling',
    orderInGroup: 8,
    width: 'MEDIUM',
    displayName: 'Enable Error Context Headers',
  }),
});

// ---- parts

function aliasList(): Validator {
  return allOf(nonNull(), uniqueAliases());
}

/** Version of the connector's plugin: the default of the key, whatever the configuration asks for. */
function connectorVersion({ connector }: ConnectorConfigContext): string | null {
  return connector ? connector.version : null;
}

/** Whether the connector is there in the version that the configuration asks for. */
function hasConnectorVersion({ connector, config }: ConnectorConfigContext): boolean {
  try {
    return connector !== null && (parseVersionRange(config['connector.plugin.version'])?.accepts(connector.version) ?? true);
  } catch {
    return false;
  }
}

export type ConverterRole = 'key' | 'value' | 'header';

const CONVERTER_DOCS: Readonly<Record<ConverterRole, string>> = {
  key: 'Format of record keys in Kafka, in place of the worker’s key.converter. Its settings follow as key.converter.<setting>.',
  value: 'Format of record values in Kafka, in place of the worker’s value.converter. Its settings follow as value.converter.<setting>.',
  header:
    'Format of record headers in Kafka, in place of the worker’s header.converter. Its settings follow as header.converter.<setting>.',
};

const TITLES: Readonly<Record<ConverterRole, string>> = { key: 'Key', value: 'Value', header: 'Header' };

/** Whether a plugin can serve in this role. */
export function servesAs(role: ConverterRole): (plugin: Plugin) => boolean {
  return role === 'header' ? isHeaderConverter : isConverter;
}

function converterKey({ catalog, workerConverters }: ConnectorConfigContext, role: ConverterRole, orderInGroup: number) {
  const serves = servesAs(role);
  const names = catalog.plugins.filter(serves).map((plugin) => plugin.className);
  const workers = workerConverters?.[role];
  return key.class({
    default: workers === undefined ? null : (catalog.find(workers)?.className ?? workers),
    validator: implementing(catalog, serves, role === 'header' ? 'HeaderConverter' : 'Converter'),
    importance: 'LOW',
    doc: CONVERTER_DOCS[role],
    group: 'Common',
    orderInGroup,
    width: 'SHORT',
    displayName: `${TITLES[role]} converter class`,
    recommender: { validValues: () => names, visible: () => true },
    resolve: (name) => catalog.find(name)?.className ?? null,
  });
}

function converterVersionKey(context: ConnectorConfigContext, role: ConverterRole, orderInGroup: number) {
  const { catalog, workerConverters, config } = context;
  const isKnown = workerConverters !== null && hasConnectorVersion(context);
  const plugin = isKnown ? catalog.find(config[`${role}.converter`]?.trim() ?? workerConverters[role]) : null;
  const isServing = plugin !== null && servesAs(role)(plugin);
  return key.string({
    default: isServing ? plugin.version : null,
    importance: 'LOW',
    doc: `Version of the ${role} converter’s plugin, exact or as a range.`,
    group: 'Common',
    orderInGroup,
    width: 'SHORT',
    displayName: `${TITLES[role]} converter version`,
    recommender: versionRecommender(isServing ? plugin : null, plugin !== null),
  });
}
