/**
 * How copies of topics are named, and what a name tells of where a topic comes from.
 * Source: org.apache.kafka.connect.mirror.ReplicationPolicy, DefaultReplicationPolicy, IdentityReplicationPolicy.
 */
import { ConfigError } from '../../../../base/errors.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { DEFAULT_REPLICATION_POLICY, IDENTITY_REPLICATION_POLICY, STRIMZI_IDENTITY_POLICY } from './class-names.ts';

const HEARTBEATS = 'heartbeats';

export interface ReplicationPolicy {
  /** Names of topics do not tell where they come from, and flows in both directions would never end. */
  readonly isIdentity: boolean;
  /** Name on the target of a topic of that cluster. */
  formatRemoteTopic(sourceAlias: string, topic: string): string;
  /** Alias of the cluster that the topic was copied from; null: it is not a copy, or nobody can tell. */
  topicSource(topic: string): string | null;
  /** Its name on the cluster that it was copied from; null: it is not a copy. */
  upstreamTopic(topic: string): string | null;
  /** Its name where it was made. */
  originalTopic(topic: string): string;
  heartbeatsTopic(): string;
  /** `clusterAlias`: of the cluster that the topic is not on. */
  offsetSyncsTopic(clusterAlias: string): string;
  /** `sourceAlias`: of the cluster that the groups are on. */
  checkpointsTopic(sourceAlias: string): string;
  isHeartbeatsTopic(topic: string): boolean;
  isCheckpointsTopic(topic: string): boolean;
  /** Never copied: Kafka's own, and MirrorMaker's. */
  isInternalTopic(topic: string): boolean;
}

/** Throws ConfigError for a class that is not known here. */
export function replicationPolicyOf(config: Config): ReplicationPolicy {
  const name = config['replication.policy.class']?.trim() ?? DEFAULT_REPLICATION_POLICY;
  if (name === DEFAULT_REPLICATION_POLICY) return new DefaultReplicationPolicy(config);
  if (name === IDENTITY_REPLICATION_POLICY || name === STRIMZI_IDENTITY_POLICY) return new IdentityReplicationPolicy(config);
  throw new ConfigError(
    `replication.policy.class = "${name}" cannot be run here. Give ${DEFAULT_REPLICATION_POLICY} or ${IDENTITY_REPLICATION_POLICY}.`,
  );
}

class DefaultReplicationPolicy implements ReplicationPolicy {
  readonly isIdentity: boolean = false;
  readonly #separator: string;
  readonly #internalSeparator: string;

  constructor(config: Config) {
    const separator = config['replication.policy.separator'];
    const isOwnInternal = config['replication.policy.internal.topic.separator.enabled']?.trim().toLowerCase() ?? 'true';
    this.#separator = separator ?? '.';
    this.#internalSeparator = isOwnInternal === 'true' ? this.#separator : '.';
  }

  formatRemoteTopic(sourceAlias: string, topic: string): string {
    return `${sourceAlias}${this.#separator}${topic}`;
  }

  topicSource(topic: string): string | null {
    const parts = topic.split(this.#separator);
    // What is behind the last separator counts only when there is something.
    while (parts.at(-1) === '') parts.pop();
    return parts.length < 2 ? null : parts[0]!;
  }

  upstreamTopic(topic: string): string | null {
    const source = this.topicSource(topic);
    return source === null ? null : topic.slice(source.length + this.#separator.length);
  }

  originalTopic(topic: string): string {
    for (let name = topic; ; ) {
      const upstream = this.upstreamTopic(name);
      if (upstream === null || upstream === name) return name;
      name = upstream;
    }
  }

  heartbeatsTopic(): string {
    return HEARTBEATS;
  }

  offsetSyncsTopic(clusterAlias: string): string {
    return ['mm2-offset-syncs', clusterAlias, 'internal'].join(this.#internalSeparator);
  }

  checkpointsTopic(sourceAlias: string): string {
    return [sourceAlias, 'checkpoints', 'internal'].join(this.#internalSeparator);
  }

  isHeartbeatsTopic(topic: string): boolean {
    return this.originalTopic(topic) === HEARTBEATS;
  }

  isCheckpointsTopic(topic: string): boolean {
    return topic.endsWith(['', 'checkpoints', 'internal'].join(this.#internalSeparator));
  }

  isInternalTopic(topic: string): boolean {
    if (topic.startsWith('__') || topic.startsWith('.')) return true;
    return (topic.startsWith('mm2') && topic.endsWith(`${this.#internalSeparator}internal`)) || this.isCheckpointsTopic(topic);
  }
}

class IdentityReplicationPolicy extends DefaultReplicationPolicy {
  override readonly isIdentity: boolean = true;
  readonly #sourceAlias: string | null;

  constructor(config: Config) {
    super(config);
    this.#sourceAlias = config['source.cluster.alias'] ?? null;
  }

  override formatRemoteTopic(sourceAlias: string, topic: string): string {
    return looksLikeHeartbeats(topic) ? super.formatRemoteTopic(sourceAlias, topic) : topic;
  }

  override topicSource(topic: string): string | null {
    return looksLikeHeartbeats(topic) ? super.topicSource(topic) : this.#sourceAlias;
  }

  override upstreamTopic(topic: string): string | null {
    return looksLikeHeartbeats(topic) ? super.upstreamTopic(topic) : topic;
  }
}

/** Heartbeats keep their prefix: without it those of all clusters would meet in one topic. */
function looksLikeHeartbeats(topic: string): boolean {
  return topic.endsWith(HEARTBEATS);
}
