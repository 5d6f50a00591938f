/** Which topics of the source are copied. Source: org.apache.kafka.connect.mirror.MirrorSourceConnector.shouldReplicateTopic, isCycle (4.3). */
import type { ReplicationPolicy } from '../shared/replication-policy.ts';

export interface TopicSelectionParts {
  readonly policy: ReplicationPolicy;
  readonly filter: (topic: string) => boolean;
  readonly areHeartbeatsCopied: boolean;
  /** Topics that came from there are not copied again: of the target, and of the source as well when the two are one cluster. */
  readonly returning: readonly string[];
}

export function isCopied(topic: string, parts: TopicSelectionParts): boolean {
  const { policy, filter, areHeartbeatsCopied } = parts;
  const isWanted = filter(topic) || (areHeartbeatsCopied && policy.isHeartbeatsTopic(topic));
  return isWanted && !policy.isInternalTopic(topic) && !isCycle(topic, parts);
}

/** Any of the clusters that the topic has come through is one that it must not come back to. */
function isCycle(topic: string, { policy, returning }: TopicSelectionParts): boolean {
  for (let name = topic; ; ) {
    const source = policy.topicSource(name);
    if (source === null) return false;
    if (returning.includes(source)) return true;
    const upstream = policy.upstreamTopic(name);
    // The identity policy names no way at all.
    if (upstream === null || upstream === name) return false;
    name = upstream;
  }
}
