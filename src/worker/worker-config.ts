/**
 * The configuration of a standalone worker: Apache Kafka Connect's keys and defaults (WorkerConfig, StandaloneConfig 4.3.1), read from a
 * `.properties` file. Settings of the REST API are read in `src/rest`, those of connectors' Kafka clients in `plugin-clients.ts`.
 */
import { ConfigError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type ClientRole, isClientKey, parseClientProperties } from '../kafka/client-properties.ts';
import type { ConfigProviderPlugin } from '../plugin-api/config-provider.ts';
import type { OverridePolicyPlugin } from '../plugin-api/override-policy.ts';
import { type Catalog, isConverter, isHeaderConverter } from '../plugins/catalog.ts';
import { type ConfOf, defineSpec, key } from '../spec/define.ts';
import { validateAll } from '../spec/validate.ts';
import { atLeast, check, listOf, oneOf, oneOfIgnoreCase } from '../spec/validators.ts';
import { type ConfigResolver, createConfigResolver } from './config-resolver.ts';
import { type OverridePolicy, overridePolicy, type PolicyFacts, PRINCIPAL_KEYS } from './override-policy.ts';
import { type Properties, workerAdminProperties } from './plugin-clients.ts';

const SIMPLE_HEADER_CONVERTER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';

export const standaloneSpec = defineSpec({
  'bootstrap.servers': key.list({
    validator: listOf({ isEmptyAllowed: false }),
    importance: 'HIGH',
    doc: 'Kafka brokers to ask first, host:port each, separated by commas.',
  }),
  'key.converter': key.string({
    importance: 'HIGH',
    doc: 'Format of record keys in Kafka, for connectors that name none. Its settings follow as key.converter.<setting>.',
  }),
  'value.converter': key.string({
    importance: 'HIGH',
    doc: 'Format of record values in Kafka, for connectors that name none. Its settings follow as value.converter.<setting>.',
  }),
  'header.converter': key.string({
    default: SIMPLE_HEADER_CONVERTER,
    importance: 'LOW',
    doc: 'Format of record headers in Kafka, for connectors that name none.',
  }),
  'offset.storage.file.filename': key.string({
    importance: 'HIGH',
    validator: check((value) => (value === '' ? 'String must be non-empty' : null)),
    doc: 'File that keeps how far each source has been read, in Apache Kafka Connect’s own format. Each worker needs one of its own.',
  }),
  'offset.flush.interval.ms': key.long({
    default: 60_000n,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Time between two commits of source and sink offsets, in milliseconds.',
  }),
  'offset.flush.timeout.ms': key.long({
    default: 5000n,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How long a commit of source offsets waits for records that are on their way, in milliseconds; then it is tried at the next one.',
  }),
  'task.shutdown.graceful.timeout.ms': key.long({
    default: 5000n,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'How long tasks may take to stop, all together, in milliseconds; then they are ended.',
  }),
  'connector.client.config.override.policy': key.string({
    default: 'All',
    importance: 'MEDIUM',
    doc: 'Which Kafka client settings connectors may change with producer.override.…, consumer.override.… and admin.override.…: All, None, Principal (login only), Allowlist, or the class of one from plugin.path, whose settings follow as connector.client.config.override.policy.<setting>.',
  }),
  'connector.client.config.override.allowlist': key.list({
    default: [],
    importance: 'MEDIUM',
    doc: 'The settings that the policy Allowlist lets connectors change.',
  }),
  'topic.creation.enable': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Let source connectors make their topics with the settings that they give as topic.creation.….',
  }),
  'topic.tracking.enable': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Keep track of the topics that each connector uses (GET /connectors/<name>/topics).',
  }),
  'topic.tracking.allow.reset': key.boolean({ default: true, importance: 'LOW', doc: 'Allow PUT /connectors/<name>/topics/reset.' }),
  'plugin.path': key.list({
    default: null,
    importance: 'LOW',
    doc: 'Folders of packages with plugins in JavaScript or TypeScript, or such packages themselves, separated by commas. Java plugins in them are passed over; those of Apache Kafka are built in.',
  }),
  'plugin.discovery': key.string({
    default: 'hybrid_warn',
    validator: oneOfIgnoreCase('only_scan', 'service_load', 'hybrid_warn', 'hybrid_fail'),
    importance: 'LOW',
    doc: 'Taken for compatibility; see plugin.path.',
  }),
  'kconsole.plugin.timeout.ms': key.long({
    default: 30_000n,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How long a package of plugin.path may take to be imported, to validate a configuration or to give the values of a config provider, and may keep a thread from answering, in milliseconds; then it is ended.',
  }),
  'config.providers': key.list({
    default: [],
    importance: 'LOW',
    doc: 'Names of config providers. A value in this file or in a connector may refer to one ($ and then {name:path:key}) and stands for what that gives. config.providers.<name>.class says which (FileConfigProvider, DirectoryConfigProvider, EnvVarConfigProvider, or one from plugin.path), config.providers.<name>.param.… how.',
  }),
  'metrics.sample.window.ms': key.long({
    default: 30_000n,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Length of one sample of a rate, in milliseconds.',
  }),
  'metrics.num.samples': key.int({ default: 2, validator: atLeast(1), importance: 'LOW', doc: 'Samples that a rate is made of.' }),
  'metrics.recording.level': key.string({
    default: 'INFO',
    validator: oneOf('INFO', 'DEBUG'),
    importance: 'LOW',
    doc: 'Taken for compatibility: every metric is kept.',
  }),
  'metric.reporters': key.list({ default: [], importance: 'LOW', doc: 'Taken for compatibility: metrics are at GET /metrics.' }),
});

const POLICY_PREFIX = 'connector.client.config.override.policy.';

/** Keys of distributed workers: files are shared between the two, so these are no mistakes. */
const DISTRIBUTED_KEYS: ReadonlySet<string> = new Set([
  'group.id',
  'connect.protocol',
  'exactly.once.source.support',
  'heartbeat.interval.ms',
  'rebalance.timeout.ms',
  'session.timeout.ms',
  'scheduled.rebalance.max.delay.ms',
  'worker.sync.timeout.ms',
  'worker.unsync.backoff.ms',
]);

const DISTRIBUTED_PREFIXES = ['config.storage.', 'offset.storage.', 'status.storage.', 'inter.worker.'];

/** Keys that are read elsewhere: REST, clients of connectors, converters, config providers, metrics context, our own. */
const OTHER_PREFIXES = [
  'producer.',
  'consumer.',
  'admin.',
  'key.converter.',
  'value.converter.',
  'header.converter.',
  'config.providers.',
  POLICY_PREFIX,
  'listeners',
  'rest.',
  'access.control.',
  'response.http.',
  'ssl.client.auth',
  'metrics.',
  'kconsole.',
];

export interface WorkerConfig {
  /** As they were given, references to config providers resolved: secrets inside. */
  readonly properties: Properties;
  readonly settings: ConfOf<typeof standaloneSpec>;
  /** Full class names. */
  readonly converters: { readonly key: string; readonly value: string; readonly header: string };
  readonly overridePolicy: OverridePolicy;
  readonly policyFacts: PolicyFacts;
  readonly resolver: ConfigResolver;
}

/** What a worker's settings may name. */
export interface WorkerPlugins {
  readonly catalog: Catalog;
  readonly configProviders: readonly ConfigProviderPlugin[];
  /** Beside the built-in ones. */
  readonly overridePolicies: readonly OverridePolicyPlugin[];
}

/** The worker's settings with the values of its config providers. Throws ConfigError, without any of these values. */
export async function openWorkerConfig(properties: Properties, plugins: WorkerPlugins, log: Log): Promise<WorkerConfig> {
  const resolver = createConfigResolver(properties, plugins.configProviders, log);
  try {
    await resolver.open();
    const { config } = await resolver.resolve(properties);
    return { ...parseWorkerConfig(config, plugins.catalog, log, plugins.overridePolicies), resolver };
  } catch (error) {
    await resolver.close();
    throw error;
  }
}

/**
 * Checks everything that can be checked without a broker, the client settings of all layers included, so that a mistake shows at the
 * start and not with the first connector. Unknown keys are named in a warning. Throws ConfigError.
 */
export function parseWorkerConfig(
  properties: Properties,
  catalog: Catalog,
  log: Log,
  overridePolicies: readonly OverridePolicyPlugin[] = [],
): Omit<WorkerConfig, 'resolver'> {
  const settings = standaloneSpec.parse(properties);
  const policyFacts = {
    name: settings['connector.client.config.override.policy'],
    allowlist: settings['connector.client.config.override.allowlist'],
    settings: withoutPrefix(properties, POLICY_PREFIX),
  };
  const policy = overridePolicy(policyFacts, overridePolicies);
  const converters = {
    key: checkConverter('key', settings['key.converter'], properties, catalog),
    value: checkConverter('value', settings['value.converter'], properties, catalog),
    header: checkConverter('header', settings['header.converter'], properties, catalog),
  };
  if (policy.name === 'Principal') {
    log.warn(
      `The override policy Principal is deprecated. Use connector.client.config.override.policy=Allowlist with connector.client.config.override.allowlist=${PRINCIPAL_KEYS.join(',')}.`,
    );
  }
  warnAboutKeys(properties, settings, log);
  parseClientProperties(workerAdminProperties(properties), 'admin', log);
  for (const role of ['producer', 'consumer', 'admin'] as const) checkClientLayer(role, properties, log);
  return { properties, settings, converters, overridePolicy: policy, policyFacts };
}

/** Full class name; throws ConfigError in the words of ConfigDef, with the worker's name of a refused setting. */
function checkConverter(role: 'key' | 'value' | 'header', name: string, properties: Properties, catalog: Catalog): string {
  const classKey = `${role}.converter`;
  const plugin = catalog.find(name);
  if (plugin === null) throw new ConfigError(`Invalid value ${name} for configuration ${classKey}: Class ${name} could not be found.`);
  if (role === 'header' ? !isHeaderConverter(plugin) : !isConverter(plugin)) {
    throw new ConfigError(
      `Invalid value ${name} for configuration ${classKey}: Class ${plugin.className} is no ${role === 'header' ? 'header ' : ''}converter.`,
    );
  }
  const prefix = `${classKey}.`;
  const own = withoutPrefix(properties, prefix);
  for (const value of validateAll(plugin.spec, { ...own, 'converter.type': role }).values()) {
    const [error] = value.errors;
    if (error !== undefined) throw new ConfigError(error.replace(`configuration ${value.name}:`, `configuration ${prefix}${value.name}:`));
  }
  return plugin.className;
}

function checkClientLayer(role: ClientRole, properties: Properties, log: Log): void {
  const own = withoutPrefix(properties, `${role}.`);
  if (Object.keys(own).length === 0) return;
  const servers = properties['bootstrap.servers'] ?? '';
  try {
    parseClientProperties({ 'bootstrap.servers': servers, ...own }, role, log);
  } catch (error) {
    throw new ConfigError(`Settings ${role}.…: ${messageOf(error)}`, { cause: error });
  }
}

function withoutPrefix(properties: Properties, prefix: string): Record<string, string> {
  const entries = Object.entries(properties).filter(([name]) => name.startsWith(prefix) && name.length > prefix.length);
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}

function warnAboutKeys(properties: Properties, settings: ConfOf<typeof standaloneSpec>, log: Log): void {
  for (const name of Object.keys(properties)) {
    if (isKnownKey(name)) continue;
    log.warn(`Worker setting ${name} is unknown and ignored. Check its spelling.`);
  }
  for (const name of settings['config.providers']) {
    if (properties[`config.providers.${name}.class`] !== undefined) continue;
    log.warn(`Config provider ${name} has no config.providers.${name}.class: references to it are taken as they are written.`);
  }
}

function isKnownKey(name: string): boolean {
  return (
    standaloneSpec.keys.has(name) ||
    DISTRIBUTED_KEYS.has(name) ||
    isClientKey(name, 'admin') ||
    [...OTHER_PREFIXES, ...DISTRIBUTED_PREFIXES].some((prefix) => name.startsWith(prefix))
  );
}
