/**
 * Which client settings connectors may change with `producer.override.…` and the like (KIP-458, KIP-1188), and what validation shows of them.
 * Source: AllConnectorClientConfigOverridePolicy and its siblings, AbstractHerder.validateClientOverrides.
 */
import { ConfigError, messageOf } from '../base/errors.ts';
import type { ClientRole } from '../kafka/client-role.ts';
import { javaClientKeys } from '../kafka/java-client-keys.ts';
import type { ConfigKey, ConfigValue } from '../spec/config-def.ts';
import { javaHashOrder } from '../spec/java-hash-order.ts';
import { parseType, type RawConfig, toConfigText } from '../spec/parse.ts';

export interface OverridePolicy {
  readonly name: 'All' | 'None' | 'Principal' | 'Allowlist';
  allows(setting: string): boolean;
}

/** What the policy Principal allows: the login. */
export const PRINCIPAL_KEYS: readonly string[] = ['security.protocol', 'sasl.jaas.config', 'sasl.mechanism'];
const CLASS_NAME =
  /^(?:org\.apache\.kafka\.connect\.connector\.policy\.)?(All|None|Principal|Allowlist)(?:ConnectorClientConfigOverridePolicy)?$/;

/** Policy by its short or class name; throws ConfigError for any other. */
export function overridePolicy(name: string, allowlist: readonly string[]): OverridePolicy {
  switch (CLASS_NAME.exec(name.trim())?.[1]) {
    case 'All':
      return { name: 'All', allows: () => true };
    case 'None':
      return { name: 'None', allows: () => false };
    case 'Principal':
      return { name: 'Principal', allows: (setting) => PRINCIPAL_KEYS.includes(setting) };
    case 'Allowlist':
      return { name: 'Allowlist', allows: (setting) => allowlist.includes(setting) };
    default:
      throw new ConfigError(
        `connector.client.config.override.policy = "${name.slice(0, 80)}" is not known. Use All, None, Principal or Allowlist.`,
      );
  }
}

export interface OverrideRow {
  /** null: the client does not know the setting. Name without the prefix. */
  readonly key: ConfigKey | null;
  /** Name with the prefix. */
  readonly value: ConfigValue;
}

/** One row for each override of this client in `config`, in the order in which the JVM's hash maps give them. */
export function validateOverrides(config: RawConfig, role: ClientRole, policy: OverridePolicy): OverrideRow[] {
  const prefix = `${role}.override.`;
  const names = javaHashOrder(Object.keys(config), true)
    .filter((name) => name.startsWith(prefix) && name.length > prefix.length)
    .map((name) => name.slice(prefix.length));
  return javaHashOrder(names).map((name) => overrideRow(name, prefix, config, javaClientKeys(role).get(name) ?? null, policy));
}

function overrideRow(name: string, prefix: string, config: RawConfig, key: ConfigKey | null, policy: OverridePolicy): OverrideRow {
  const text = config[`${prefix}${name}`] ?? null;
  const errors = policy.allows(name)
    ? []
    : [`The '${policy.name}' policy does not allow '${name}' to be overridden in the connector configuration.`];
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
