/**
 * Validation of a connector's configuration: the framework's keys, the connector's own, client overrides and converters, in one answer whose rows
 * and texts are the JVM's. Source: AbstractHerder.validateConnectorConfig.
 */
import { pathToFileURL } from 'node:url';
import { messageOf, RestError } from '../base/errors.ts';
import { compileJavaRegex } from '../base/java-regex/java-pattern.ts';
import type { Config, ConnectorPlugin, Plugin } from '../plugin-api/plugin.ts';
import { packagePluginsOf } from '../plugin-path/package-plugins.ts';
import type { Catalog } from '../plugins/catalog.ts';
import { parseVersionRange } from '../plugins/version-range.ts';
import type { ConfigDef, ConfigKey, ConfigValue } from '../spec/config-def.ts';
import { javaHashOrder } from '../spec/java-hash-order.ts';
import { parseType, type RawConfig } from '../spec/parse.ts';
import { validateAll } from '../spec/validate.ts';
import type { ConfigResolver } from '../worker/config-resolver.ts';
import {
  type ConnectorConfigContext,
  type ConverterRole,
  ownKeys,
  servesAs,
  sinkConnectorSpec,
  sourceConnectorSpec,
} from '../worker/connector-config.ts';
import { type OverridePolicy, overridableClients, type PolicyFacts, validateOverrides } from '../worker/override-policy.ts';
import { pluginKeys } from '../worker/plugin-keys.ts';
import { type ClusterFacts, checkExactlyOnce, checkSinkGroup } from './cluster-checks.ts';
import { type ConfigRow, rowsOf, toConfigInfos, toKeyInfo, withoutSecrets } from './config-infos.ts';
import type { ConfigInfos } from './model.ts';

export type SubmittedConfig = Readonly<Record<string, string | null>>;

/** What configurations are judged against when the references in them are resolved. */
export interface ResolvedContext {
  readonly catalog: Catalog;
  /** Class names of the worker's own converters. */
  readonly workerConverters: { readonly key: string; readonly value: string; readonly header: string };
  readonly overridePolicy: OverridePolicy;
  /** `null`: of a standalone worker. */
  readonly cluster: ClusterFacts | null;
}

export interface ValidationContext extends ResolvedContext {
  readonly resolver: ConfigResolver;
  /** Validates where plugins of packages may run: configurations that name one, and all when one is the override policy; null: no packages. */
  readonly validateInThread: ((config: SubmittedConfig) => Promise<ConfigInfos>) | null;
}

/** What a thread that validates needs to know of the worker, as data. */
export interface WorkerFacts {
  readonly workerConverters: ResolvedContext['workerConverters'];
  readonly policy: PolicyFacts;
  readonly cluster: ClusterFacts | null;
}

const NULL_VALUE = 'Null value can not be supplied as the configuration value.';

/** `PUT /connector-plugins/{pluginType}/config/validate`: the class in the body must be the one of the path. */
export async function validateForPlugin(pluginType: string, config: SubmittedConfig, context: ValidationContext): Promise<ConfigInfos> {
  const included = config['connector.class'];
  const withoutSuffix = (name: string) => (name.endsWith('Connector') ? name.slice(0, -'Connector'.length) : name);
  if (included && !withoutSuffix(included).endsWith(withoutSuffix(pluginType))) {
    throw new RestError(400, `Included connector type ${included} does not match request type ${pluginType}`);
  }
  return validateConnectorConfig(config, context);
}

/**
 * Every finding about the configuration with the values of its config providers; the answer shows references in their place, where a JVM
 * worker shows the values. Throws RestError 400 only when there is no class, or none of that name, and ConfigError when a provider fails.
 */
export async function validateConnectorConfig(config: SubmittedConfig, context: ValidationContext): Promise<ConfigInfos> {
  const { config: resolved } = await context.resolver.resolve(config);
  connectorOf(resolved, config, context.catalog);
  const usesPackage = context.overridePolicy.location !== undefined || packagePluginsOf(resolved, context.catalog).length > 0;
  const infos =
    context.validateInThread !== null && usesPackage
      ? await context.validateInThread(resolved)
      : await validateResolved(resolved, config, context);
  return withoutSecrets(infos, config, resolved);
}

/** `submitted`: the configuration before its references were resolved. */
export async function validateResolved(
  config: SubmittedConfig,
  submitted: SubmittedConfig,
  context: ResolvedContext,
): Promise<ConfigInfos> {
  const { className, connector } = connectorOf(config, submitted, context.catalog);
  const raw: RawConfig = config;
  const framework: ConnectorConfigContext = { ...context, connector, config: raw };
  const spec = connector.kind === 'sink' ? sinkConnectorSpec(framework) : sourceConnectorSpec(framework);
  const frameworkKeys = new Map([...spec.keys, ...pluginKeys(context.catalog, raw)]);
  const values = validateAll({ keys: frameworkKeys }, raw);
  refuseNulls(config, values);
  if (connector.kind === 'sink') checkSinkTopics(config, values);
  checkVersion(connector, connector.className, 'connector.class', config['connector.plugin.version'], 'connector.plugin.version', values);
  const converterRows = (['header', 'key', 'value'] as const).flatMap((role) => validateConverter(role, raw, context, values));
  const ownDef = ownKeys(connector, context.catalog);
  const own = await validateOwnKeys(connector, ownDef, config);
  const overrides = await overrideRows(connector, raw, context.overridePolicy);
  if (context.cluster) {
    if (connector.kind === 'source') await checkExactlyOnce(connector, givenOf(config), context.cluster, values);
    else checkSinkGroup(givenOf(config), context.cluster, values, new Map(overrides.map(({ value }) => [value.name, value])));
  }
  const keys = new Map<string, ConfigKey>([...frameworkKeys, ...ownDef.keys]);
  const rows = rowsOf(keys, new Map([...values, ...own]));
  return toConfigInfos(className, keys, [...rows, ...overrides, ...converterRows]);
}

/** Throws RestError 400 with every finding, as POST, PUT and PATCH answer an invalid configuration. */
export function throwIfInvalid(infos: ConfigInfos): void {
  if (infos.error_count === 0) return;
  const findings = infos.configs.flatMap(({ value }) => value.errors.map((error) => `\n${error}`));
  throw new RestError(
    400,
    `Connector configuration is invalid and contains the following ${infos.error_count} error(s):${findings.join('')}` +
      '\nYou can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  );
}

// ---- the class

function connectorOf(config: SubmittedConfig, submitted: SubmittedConfig, catalog: Catalog) {
  const className = config['connector.class'];
  if (className === undefined || className === null)
    throw new RestError(400, `Connector config ${javaMapText(submitted)} contains no connector type`);
  return { className, connector: findConnector(className.trim(), catalog) };
}

export function findConnector(name: string, catalog: Catalog): ConnectorPlugin {
  const plugin = catalog.find(name);
  if (plugin?.kind === 'source' || plugin?.kind === 'sink') return plugin;
  const connectors = catalog.connectors();
  const available = [...connectors.filter((c) => c.kind === 'sink'), ...connectors.filter((c) => c.kind === 'source')].map(describe);
  throw new RestError(
    400,
    `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: ${available.join(', ')}`,
  );
}

/** PluginDesc.toString of the JVM. */
function describe({ className, version, kind, location }: ConnectorPlugin): string {
  return `PluginDesc{klass=class ${className}, name='${className}', version='${version}', encodedVersion=${version}, type=${kind}, typeName='${kind}', location='${location === undefined ? 'classpath' : `${pathToFileURL(location)}/`}'}`;
}

const SECRET_KEY = /password|passwd|secret|token|credential|api[._-]?key|private[._-]?key|jaas|ssl\.(?:keystore\.)?key|user\.info/i;

/** A map as Java prints it; without the connector's class nobody can tell which settings are passwords, so names decide. */
function javaMapText(config: SubmittedConfig): string {
  const entries = javaHashOrder(Object.keys(config), true).map((name) => `${name}=${SECRET_KEY.test(name) ? '[hidden]' : config[name]}`);
  return `{${entries.join(', ')}}`;
}

/** Adds the finding that a plugin is not there in the wanted version to its class and its version. */
function checkVersion(
  plugin: Plugin,
  className: string,
  classKey: string,
  wanted: string | null | undefined,
  versionKey: string,
  values: ReadonlyMap<string, ConfigValue>,
): void {
  let problem: string | null = null;
  try {
    const range = parseVersionRange(wanted);
    // A converter that is a header converter as well is listed twice by the JVM.
    const versions = plugin.kind === 'converter' && plugin.isHeaderConverter ? [plugin.version, plugin.version] : [plugin.version];
    if (range !== null && !range.accepts(plugin.version)) {
      problem = `Plugin ${className} not found that matches the version range ${range.text}, available versions: [${versions.join(', ')}]`;
    }
  } catch (error) {
    problem = messageOf(error);
  }
  if (problem === null) return;
  values.get(classKey)?.errors.push(problem);
  values.get(versionKey)?.errors.push(problem);
}

// ---- the framework's rules

function refuseNulls(config: SubmittedConfig, values: Map<string, ConfigValue>): void {
  for (const [name, value] of Object.entries(config)) {
    if (value !== null) continue;
    const row = values.get(name) ?? { name, value: null, recommendedValues: [], errors: [], visible: true };
    row.errors.push(NULL_VALUE);
    values.set(name, row);
  }
}

function checkSinkTopics(config: SubmittedConfig, values: ReadonlyMap<string, ConfigValue>): void {
  const topicsText = (config.topics ?? '').trim();
  const regexText = (config['topics.regex'] ?? '').trim();
  const deadLetterTopic = (config['errors.deadletterqueue.topic.name'] ?? '').trim();
  const add = (error: string, ...names: string[]) => {
    for (const name of names) values.get(name)?.errors.push(error);
  };
  if (topicsText !== '' && regexText !== '')
    add('topics and topics.regex are mutually exclusive options, but both are set.', 'topics', 'topics.regex');
  if (topicsText === '' && regexText === '') add('Must configure one of topics or topics.regex', 'topics', 'topics.regex');
  if (deadLetterTopic === '') return;
  const topics = parseType({ name: 'topics', type: 'LIST' }, topicsText);
  if (Array.isArray(topics) && topics.includes(deadLetterTopic)) {
    add(
      `The DLQ topic '${deadLetterTopic}' may not be included in the list of topics ('topics=[${topics.join(', ')}]') consumed by the connector`,
      'topics',
    );
  }
  if (regexText !== '' && matchesWhole(regexText, deadLetterTopic)) {
    add(
      `The DLQ topic '${deadLetterTopic}' may not be matched by the regex for the topics ('topics.regex=${regexText}') consumed by the connector`,
      'topics.regex',
    );
  }
}

function matchesWhole(pattern: string, text: string): boolean {
  try {
    return compileJavaRegex(pattern, true).test(text);
  } catch {
    // The expression's own row says what is wrong with it.
    return false;
  }
}

// ---- the connector's own keys

async function validateOwnKeys(connector: ConnectorPlugin, def: ConfigDef, config: SubmittedConfig): Promise<Map<string, ConfigValue>> {
  const values = validateAll(def, config);
  await connector.create().validate?.(givenOf(config), values);
  return values;
}

/** Without what is null. */
function givenOf(config: SubmittedConfig): Config {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) if (value !== null) given[name] = value;
  return given;
}

// ---- clients and converters

async function overrideRows({ kind, className }: ConnectorPlugin, config: RawConfig, policy: OverridePolicy): Promise<ConfigRow[]> {
  const rows: ConfigRow[] = [];
  for (const role of overridableClients(kind, config)) {
    for (const { key, value } of await validateOverrides(className, config, role, policy)) {
      rows.push({ definition: key && toKeyInfo(key, `${role}.override.`), value });
    }
  }
  return rows;
}

/** Rows of a converter that the connector names itself; none when it takes the worker's or its class is not right. */
function validateConverter(
  role: ConverterRole,
  config: RawConfig,
  context: ResolvedContext,
  values: ReadonlyMap<string, ConfigValue>,
): ConfigRow[] {
  const classKey = `${role}.converter`;
  const className = config[classKey]?.trim();
  const plugin = className ? context.catalog.find(className) : null;
  if (plugin === null || !servesAs(role)(plugin)) return [];
  checkVersion(plugin, plugin.className, classKey, config[`${classKey}.plugin.version`], `${classKey}.plugin.version`, values);
  if ((values.get(classKey)?.errors.length ?? 0) > 0) return [];
  const prefix = `${classKey}.`;
  const own: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(config))
    if (name.startsWith(prefix) && value !== undefined) own[name.slice(prefix.length)] = value;
  const found = validateAll(plugin.spec, { ...own, 'converter.type': role });
  // Here the order of the JVM's hash map shows.
  return javaHashOrder([...found.keys()]).flatMap((name) => {
    const key = plugin.spec.keys.get(name);
    const value = found.get(name);
    return key && value ? [{ definition: toKeyInfo(key, prefix), value: { ...value, name: `${prefix}${name}` } }] : [];
  });
}
