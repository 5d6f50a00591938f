/**
 * The configuration of a worker, read from a `.properties` file with everything that can be checked without a broker. Settings of the REST API are read in `src/rest`, those of connectors' Kafka clients in `plugin-clients.ts`.
 */
import { ConfigError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type ClientRole, isClientKey, parseClientProperties } from '../kafka/client-properties.ts';
import type { ConfigProviderPlugin } from '../plugin-api/config-provider.ts';
import type { OverridePolicyPlugin } from '../plugin-api/override-policy.ts';
import { type Catalog, isConverter, isHeaderConverter } from '../plugins/catalog.ts';
import { validateAll } from '../spec/validate.ts';
import { type ConfigResolver, createConfigResolver } from './config-resolver.ts';
import { type OverridePolicy, overridePolicy, type PolicyFacts, PRINCIPAL_KEYS } from './override-policy.ts';
import { type Properties, workerAdminProperties } from './plugin-clients.ts';
import { distributedSpec, standaloneSpec, type WorkerSettings, type WorkerSpec } from './worker-spec.ts';

const POLICY_PREFIX = 'connector.client.config.override.policy.';

const STORAGE_PREFIXES = ['config.storage.', 'offset.storage.', 'status.storage.'];

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

export interface WorkerConfig<S extends WorkerSettings = WorkerSettings> {
  /** As they were given, references to config providers resolved: secrets inside. */
  readonly properties: Properties;
  readonly settings: S;
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
export async function openWorkerConfig<S extends WorkerSettings>(
  spec: WorkerSpec<S>,
  properties: Properties,
  plugins: WorkerPlugins,
  log: Log,
): Promise<WorkerConfig<S>> {
  const resolver = createConfigResolver(properties, plugins.configProviders, log);
  try {
    await resolver.open();
    const { config } = await resolver.resolve(properties);
    return { ...parseWorkerConfig(spec, config, plugins.catalog, log, plugins.overridePolicies), resolver };
  } catch (error) {
    await resolver.close();
    throw error;
  }
}

/**
 * Checks everything that can be checked without a broker, the client settings of all layers included, so that a mistake shows at the
 * start and not with the first connector. Unknown keys are named in a warning. Throws ConfigError.
 */
export function parseWorkerConfig<S extends WorkerSettings>(
  spec: WorkerSpec<S>,
  properties: Properties,
  catalog: Catalog,
  log: Log,
  overridePolicies: readonly OverridePolicyPlugin[] = [],
): Omit<WorkerConfig<S>, 'resolver'> {
  const settings = spec.parse(properties);
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

function warnAboutKeys(properties: Properties, settings: WorkerSettings, log: Log): void {
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
    // Files are shared between the two kinds of workers, so a key of the other is no mistake.
    standaloneSpec.keys.has(name) ||
    distributedSpec.keys.has(name) ||
    isClientKey(name, 'admin') ||
    [...OTHER_PREFIXES, ...STORAGE_PREFIXES].some((prefix) => name.startsWith(prefix))
  );
}
