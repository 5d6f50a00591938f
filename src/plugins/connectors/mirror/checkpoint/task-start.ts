/** The parts of a checkpoint task, made from its configuration. Nothing is asked of a cluster yet. */
import type { Clock } from '../../../../base/clock.ts';
import type { Log } from '../../../../base/log.ts';
import type { Admin } from '../../../../kafka/contract.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { type CreateKafka, MirrorClients } from '../shared/clients.ts';
import { type ReplicationPolicy, replicationPolicyOf } from '../shared/replication-policy.ts';
import { topicFilterOf } from '../shared/topic-filter.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { CheckpointFigures } from './figures.ts';
import type { InternalTopic } from './known-offsets.ts';
import { type CheckpointConf, spec } from './spec.ts';
import { groupsOfConfig } from './task-groups.ts';

export interface TaskParts {
  readonly conf: CheckpointConf;
  readonly sourceAlias: string;
  readonly targetAlias: string;
  readonly groups: readonly string[];
  readonly policy: ReplicationPolicy;
  readonly isTopicWanted: (topic: string) => boolean;
  readonly store: CheckpointStore;
  readonly figures: CheckpointFigures;
  readonly clients: MirrorClients;
  readonly sourceAdmin: Admin;
  readonly targetAdmin: Admin;
  readonly checkpoints: InternalTopic;
  readonly syncs: InternalTopic;
}

/** Throws ConfigError. */
export function taskParts(config: Config, log: Log, clock: Clock, create?: CreateKafka): TaskParts {
  const conf = spec.parse(config);
  const sourceAlias = conf['source.cluster.alias'];
  const targetAlias = conf['target.cluster.alias'];
  const groups = groupsOfConfig(config);
  const policy = replicationPolicyOf(config);
  const clients = new MirrorClients(config, log, create);
  const isOnSource = conf['offset-syncs.topic.location'] === 'source';
  return {
    ...{ conf, sourceAlias, targetAlias, groups, policy, clients },
    isTopicWanted: topicFilterOf(config),
    store: new CheckpointStore(groups),
    figures: new CheckpointFigures(groups, clock),
    sourceAdmin: clients.of('source', 'admin', 'checkpoint-source-admin').kafka.admin(),
    targetAdmin: clients.of('target', 'admin', 'checkpoint-target-admin').kafka.admin(),
    checkpoints: {
      client: clients.of('target', 'consumer', 'checkpoints-target-consumer'),
      topic: policy.checkpointsTopic(sourceAlias),
      cluster: targetAlias,
    },
    // It is named after the cluster that it is not on.
    syncs: isOnSource
      ? {
          client: clients.of('source', 'consumer', 'offset-syncs-source-consumer'),
          topic: policy.offsetSyncsTopic(targetAlias),
          cluster: sourceAlias,
        }
      : {
          client: clients.of('target', 'consumer', 'offset-syncs-target-consumer'),
          topic: policy.offsetSyncsTopic(sourceAlias),
          cluster: targetAlias,
        },
  };
}
