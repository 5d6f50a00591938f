/**
 * One round over the groups of a task: where they stand upstream, and what is worth telling of where that is downstream.
 * Source: org.apache.kafka.connect.mirror.MirrorCheckpointTask.sourceRecordsForGroup.
 */
import type { Admin, GroupOffsets } from '../../../../kafka/contract.ts';
import type { TopicPartition } from '../../../../plugin-api/records.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';
import type { OffsetSyncStore } from '../shared/offset-sync-store.ts';
import type { ReplicationPolicy } from '../shared/replication-policy.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { Untranslated } from './figures.ts';

export interface RoundParts {
  readonly groups: readonly string[];
  /** Of the source cluster. */
  readonly admin: Pick<Admin, 'offsetsOfGroups'>;
  readonly isTopicWanted: (topic: string) => boolean;
  readonly policy: Pick<ReplicationPolicy, 'topicSource' | 'originalTopic' | 'formatRemoteTopic'>;
  readonly sourceAlias: string;
  readonly targetAlias: string;
  readonly syncs: Pick<OffsetSyncStore, 'translate'>;
  readonly store: Pick<CheckpointStore, 'isNews'>;
}

/** What came of one group. */
export interface GroupRound {
  readonly group: string;
  /** Kafka's name of what kept its offsets from being read, or null. */
  readonly error: string | null;
  readonly checkpoints: readonly Checkpoint[];
  readonly untranslated: readonly Untranslated[];
}

/** In the order of the groups. What fails of one leaves the others alone; never rejects. */
export async function checkpointRound(parts: RoundParts): Promise<GroupRound[]> {
  const answers = await parts.admin.offsetsOfGroups(parts.groups);
  return answers.map((answer) => roundOf(answer, parts));
}

function roundOf({ groupId: group, offsets, error }: GroupOffsets, parts: RoundParts): GroupRound {
  const checkpoints: Checkpoint[] = [];
  const untranslated: Untranslated[] = [];
  for (const { topic, partition, offset, metadata = '' } of error === null ? offsets : []) {
    if (!parts.isTopicWanted(topic)) continue;
    const found = parts.syncs.translate({ topic, partition }, offset);
    if (found === 'not-read') continue;
    if (typeof found !== 'bigint') {
      untranslated.push({ topic, partition, why: found });
      continue;
    }
    // A sync that says less than nothing is none.
    if (found < 0n) continue;
    const place = renamed({ topic, partition }, parts);
    const checkpoint = { group, ...place, upstreamOffset: offset, downstreamOffset: found, metadata };
    if (parts.store.isNews(checkpoint)) checkpoints.push(checkpoint);
  }
  return { group, error, checkpoints, untranslated };
}

/** The name downstream: of a copy that came from there, its own; else that of the copy. */
function renamed({ topic, partition }: TopicPartition, { policy, sourceAlias, targetAlias }: RoundParts): TopicPartition {
  const cameFromTarget = policy.topicSource(topic) === targetAlias;
  return { topic: cameFromTarget ? policy.originalTopic(topic) : policy.formatRemoteTopic(sourceAlias, topic), partition };
}
