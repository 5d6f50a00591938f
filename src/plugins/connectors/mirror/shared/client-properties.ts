/**
 * Properties of the Kafka clients of a mirror connector. Layers, later wins: the cluster's (`source.cluster.`, only connection and security), those of the
 * kind of client (`consumer.`), those of that kind on one side (`source.consumer.`). Source: org.apache.kafka.connect.mirror.MirrorConnectorConfig.
 */
import type { ClientRole } from '../../../../kafka/client-role.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { isClusterKey } from './security-spec.ts';

export type Side = 'source' | 'target';

/** What a client is for, as it stands in its id; logs and quotas of brokers know it by that. */
export type MirrorClientRole =
  | 'replication-consumer'
  | 'replication-source-admin'
  | 'replication-target-admin'
  | `offset-syncs-${Side}-${ClientRole}`
  | 'checkpoint-source-admin'
  | 'checkpoint-target-admin'
  | 'checkpoints-target-consumer'
  | 'heartbeats-target-admin';

const OWN_KEYS = new Set(['admin.timeout.ms', 'consumer.poll.timeout.ms']);

export function mirrorClientProperties(
  config: Config,
  side: Side,
  kind: ClientRole,
  role: MirrorClientRole,
): Readonly<Record<string, string>> {
  const cluster = Object.entries(withPrefix(config, `${side}.cluster.`)).filter(([name]) => isClusterKey(name));
  const given = {
    ...Object.fromEntries(cluster),
    ...withPrefix(withoutOwnKeys(config), `${kind}.`),
    ...withPrefix(config, `${side}.${kind}.`),
  };
  const fixed = kind === 'consumer' ? { 'auto.offset.reset': 'earliest', ...given, 'enable.auto.commit': 'false' } : given;
  return { ...fixed, 'client.id': clientId(config, given['client.id'], role) };
}

/** `A->B`, as it stands in client ids and logs. */
export function flowOf(config: Config): string {
  return `${config['source.cluster.alias']}->${config['target.cluster.alias'] ?? 'target'}`;
}

/** Without settings of the connector, and of the worker's clients for it, whose names look like those of a client. */
function withoutOwnKeys(config: Config): Config {
  const isOwn = (name: string) => OWN_KEYS.has(name) || /^(?:producer|consumer|admin)\.override\./.test(name);
  return Object.fromEntries(Object.entries(config).filter(([name]) => !isOwn(name)));
}

function clientId(config: Config, own: string | undefined, role: MirrorClientRole): string {
  const task = config['task.index'] === undefined ? '' : `-${config['task.index']}`;
  return `${own === undefined ? '' : `${own}|`}${flowOf(config)}|${config.name}${task}|${role}`;
}

function withPrefix(config: Config, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
