/**
 * Which client settings connectors may change with `producer.override.…` and the like (KIP-458, KIP-1188), and what validation shows of them.
 * Source: AllConnectorClientConfigOverridePolicy and its siblings, AbstractHerder.validateClientOverrides.
 */
import { ConfigError, ConnectError, messageOf } from '../base/errors.ts';
import type { ClientRole } from '../kafka/client-role.ts';
import { javaClientKeys } from '../kafka/java-client-keys.ts';
import type { ClientOverridePolicy, OverridePolicyPlugin, OverrideRequest, RefusedOverride } from '../plugin-api/override-policy.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { findByName } from '../plugins/find-by-name.ts';
import type { ConfigKey, ConfigValue } from '../spec/config-def.ts';
import { javaHashOrder } from '../spec/java-hash-order.ts';
import { parseType, type RawConfig, toConfigText } from '../spec/parse.ts';
import { validateAll } from '../spec/validate.ts';

export interface OverridePolicy extends ClientOverridePolicy {
  /** Short name of a built-in one, full class name of another. */
  readonly name: string;
  /** Folder of its package; absent: built in. One of a package is asked in the threads of packages only. */
  readonly location?: string;
  /** Makes the one of a package. Throws ConfigError for settings that it refuses. */
  open?(): void;
}

/** What the policy Principal allows: the login. */
export const PRINCIPAL_KEYS: readonly string[] = ['security.protocol', 'sasl.jaas.config', 'sasl.mechanism'];
const SUFFIX = 'ConnectorClientConfigOverridePolicy';
const BUILT_IN = ['All', 'None', 'Principal', 'Allowlist'] as const;
export const BUILT_IN_POLICY_CLASSES: readonly string[] = BUILT_IN.map(
  (name) => `org.apache.kafka.connect.connector.policy.${name}${SUFFIX}`,
);

/** What a worker's settings say of its policy, as data. */
export interface PolicyFacts {
  readonly name: string;
  readonly allowlist: readonly string[];
  /** Of a packaged policy: `connector.client.config.override.policy.…` without the prefix. */
  readonly settings: Config;
}

/** Policy by its class name, simple or short name; `packaged`: those of packages. Throws ConfigError for any other. */
export function overridePolicy({ name, allowlist, settings }: PolicyFacts, packaged: readonly OverridePolicyPlugin[]): OverridePolicy {
  const wanted = name.trim();
  switch (BUILT_IN.find((short, i) => [short, `${short}${SUFFIX}`, BUILT_IN_POLICY_CLASSES[i]].includes(wanted))) {
    case 'All':
      return builtIn('All', () => true);
    case 'None':
      return builtIn('None', () => false);
    case 'Principal':
      return builtIn('Principal', (setting) => PRINCIPAL_KEYS.includes(setting));
    case 'Allowlist':
      return builtIn('Allowlist', (setting) => allowlist.includes(setting));
  }
  const plugin = findByName(wanted, packaged, SUFFIX);
  if (plugin !== null) return packagedPolicy(plugin, settings);
  throw new ConfigError(
    `connector.client.config.override.policy = "${name.slice(0, 80)}" is not known. Use All, None, Principal or Allowlist.`,
  );
}

const refusalText = (policy: string, setting: string) =>
  `The '${policy}' policy does not allow '${setting}' to be overridden in the connector configuration.`;

function builtIn(name: (typeof BUILT_IN)[number], allows: (setting: string) => boolean): OverridePolicy {
  const validate = ({ clientProperties }: OverrideRequest) =>
    Object.keys(clientProperties)
      .filter((key) => !allows(key))
      .map((key) => ({ key, reason: refusalText(name, key) }));
  return { name, validate };
}

/** Its refusals and errors name it. */
function packagedPolicy({ className, location, spec, create }: OverridePolicyPlugin, settings: Config): OverridePolicy {
  let policy: ClientOverridePolicy | null = null;
  const open = () => {
    if (policy !== null) return policy;
    for (const { errors } of validateAll(spec, settings).values()) if (errors[0] !== undefined) throw new ConfigError(errors[0]);
    policy = create(settings);
    return policy;
  };
  const validate = async (request: OverrideRequest) => {
    const refused: unknown = await open().validate(request);
    if (!Array.isArray(refused)) throw new ConnectError('its "validate" gives no list.');
    return refused.map(({ key, reason }: Partial<RefusedOverride>) => {
      if (typeof key !== 'string') throw new ConnectError('its "validate" gives a refusal without a "key".');
      return { key, reason: `${refusalText(className, key)} ${reason ?? ''}`.trimEnd() };
    });
  };
  return { name: className, location, open: () => void open(), validate };
}

/** The clients of a connector whose settings it may override. */
export function overridableClients(kind: 'source' | 'sink', config: RawConfig): readonly ClientRole[] {
  const isSource = kind === 'source';
  const hasDeadLetters = !isSource && (config['errors.deadletterqueue.topic.name'] ?? '').trim() !== '';
  const createsTopics = isSource && Object.keys(config).some((name) => name.startsWith('topic.creation.'));
  return [
    ...(isSource || hasDeadLetters ? (['producer'] as const) : []),
    ...(isSource ? [] : (['consumer'] as const)),
    ...(createsTopics || hasDeadLetters ? (['admin'] as const) : []),
  ];
}

/** What the policy says to the overrides of one client. `connectorClass`: full name. */
export async function refusedOverrides(
  connectorClass: string,
  config: RawConfig,
  role: ClientRole,
  policy: OverridePolicy,
): Promise<readonly RefusedOverride[]> {
  const prefix = `${role}.override.`;
  const own = Object.entries(config).filter(([name]) => name.startsWith(prefix) && name.length > prefix.length);
  const clientProperties = Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value ?? null]));
  return policy.validate({ connector: config.name ?? '', connectorClass, clientType: role, clientProperties });
}

export interface OverrideRow {
  /** null: the client does not know the setting. Name without the prefix. */
  readonly key: ConfigKey | null;
  /** Name with the prefix. */
  readonly value: ConfigValue;
}

/** One row for each override of this client in `config`, in the order in which the JVM's hash maps give them. */
export async function validateOverrides(
  connectorClass: string,
  config: RawConfig,
  role: ClientRole,
  policy: OverridePolicy,
): Promise<OverrideRow[]> {
  const prefix = `${role}.override.`;
  const refused = await refusedOverrides(connectorClass, config, role, policy);
  const own = javaHashOrder(Object.keys(config), true)
    .filter((name) => name.startsWith(prefix) && name.length > prefix.length)
    .map((name) => name.slice(prefix.length));
  const names = new Set([...own, ...refused.map(({ key }) => key)]);
  return javaHashOrder([...names]).map((name) => {
    const reasons = refused.filter(({ key }) => key === name).map(({ reason }) => reason);
    return overrideRow(name, prefix, config, javaClientKeys(role).get(name) ?? null, reasons);
  });
}

function overrideRow(name: string, prefix: string, config: RawConfig, key: ConfigKey | null, reasons: readonly string[]): OverrideRow {
  const text = config[`${prefix}${name}`] ?? null;
  const errors = [...reasons];
  let value: string | null = text;
  if (key !== null) {
    try {
      value = toConfigText(parseType(key, text), key.type);
    } catch (error) {
      // The JVM answers the whole request with 500 here.
      value = null;
      errors.push(messageOf(error));
    }
  }
  return { key, value: { name: `${prefix}${name}`, value, recommendedValues: [], errors, visible: true } };
}
