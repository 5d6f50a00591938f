/** Where offset syncs are. Source: org.apache.kafka.connect.mirror.MirrorSourceConfig.offsetSyncsTopic. */
import type { Side } from '../shared/client-properties.ts';
import type { ReplicationPolicy } from '../shared/replication-policy.ts';
import type { MirrorSourceConf } from './spec.ts';

export interface SyncsPlace {
  readonly side: Side;
  readonly topic: string;
  /** Alias of the cluster. */
  readonly cluster: string;
}

/** The topic's name tells the other cluster of the two. */
export function offsetSyncsPlace(
  conf: Pick<MirrorSourceConf, 'offset-syncs.topic.location' | 'source.cluster.alias' | 'target.cluster.alias'>,
  policy: ReplicationPolicy,
): SyncsPlace {
  const side = conf['offset-syncs.topic.location'];
  const [cluster, other] =
    side === 'source'
      ? [conf['source.cluster.alias'], conf['target.cluster.alias']]
      : [conf['target.cluster.alias'], conf['source.cluster.alias']];
  return { side, topic: policy.offsetSyncsTopic(other), cluster };
}
