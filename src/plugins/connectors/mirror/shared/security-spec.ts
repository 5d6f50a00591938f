/**
 * The keys of TLS and SASL that each mirror connector lists, in the original's order. They stand for nothing by themselves: what the clients use comes
 * with a prefix (`client-properties.ts`). Source: org.apache.kafka.connect.mirror.MirrorConnectorConfig (withClientSslSupport, withClientSaslSupport).
 */
import { javaClientKeys } from '../../../../kafka/java-client-keys.ts';
import type { ConfigDef, ConfigKey, Validator } from '../../../../spec/config-def.ts';
import { between, listOf, oneOfIgnoreCase } from '../../../../spec/validators.ts';

const anyList = listOf({ isEmptyAllowed: true });

const VALIDATORS: Readonly<Record<string, Validator>> = {
  'ssl.cipher.suites': anyList,
  'ssl.enabled.protocols': anyList,
  'sasl.login.refresh.window.factor': between(0.5, 1),
  'sasl.login.refresh.window.jitter': between(0, 0.25),
  'sasl.login.refresh.min.period.seconds': between(0, 900),
  'sasl.login.refresh.buffer.seconds': between(0, 3600),
  'sasl.oauthbearer.assertion.algorithm': oneOfIgnoreCase('ES256', 'RS256'),
  'sasl.oauthbearer.assertion.claim.exp.seconds': between(0, 86_400),
  'sasl.oauthbearer.assertion.claim.nbf.seconds': between(0, 3600),
  'sasl.oauthbearer.expected.audience': anyList,
};

const HOW = 'Write it behind a prefix to give it to clients: source.cluster., target.cluster. or consumer., producer., admin.';

function keyOf(key: ConfigKey): ConfigKey {
  return { ...key, validator: VALIDATORS[key.name] ?? null, documentation: `${key.documentation} ${HOW}` };
}

/** Names that a cluster's prefix (`source.cluster.`, `target.cluster.`) hands on to its clients: these and no others. */
export function isClusterKey(name: string): boolean {
  return name === 'bootstrap.servers' || name === 'security.protocol' || securitySpec.keys.has(name);
}

export const securitySpec: ConfigDef = {
  keys: new Map(
    [...javaClientKeys('admin').values()]
      .filter(({ name }) => name.startsWith('ssl.') || name.startsWith('sasl.'))
      .map((key) => [key.name, keyOf(key)]),
  ),
};
