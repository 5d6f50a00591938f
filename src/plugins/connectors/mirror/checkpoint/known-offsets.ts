/**
 * What a task has to know before its first round: the checkpoints that were told before, and the offset syncs of all partitions, which it then follows.
 * Source: org.apache.kafka.connect.mirror.{CheckpointStore,OffsetSyncStore}.start.
 */
import type { Log } from '../../../../base/log.ts';
import type { FetchedRecord, TopicLog } from '../../../../kafka/contract.ts';
import { KafkaError } from '../../../../kafka/kafka-error.ts';
import { decodeCheckpoint } from '../shared/checkpoint.ts';
import type { MirrorClient } from '../shared/clients.ts';
import { decodeOffsetSync } from '../shared/offset-sync.ts';
import { OffsetSyncStore } from '../shared/offset-sync-store.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { followTopic, isPassing } from './follow-topic.ts';

export interface InternalTopic {
  readonly client: MirrorClient;
  readonly topic: string;
  /** Alias of the cluster that it is on. */
  readonly cluster: string;
}

export interface KnownOffsetsParts {
  readonly checkpoints: InternalTopic;
  readonly syncs: InternalTopic;
  readonly store: CheckpointStore;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Reading goes on, with this fault. */
  onError(error: Error): void;
  /** A record is none of MirrorMaker's, and passed over. Gives how many there were. */
  onUnreadable(): number;
}

export interface KnownOffsets {
  readonly syncs: OffsetSyncStore;
  stop(): Promise<void>;
}

/** Rejects with KafkaError: `isPassing` says whether to try again. */
export async function readKnownOffsets(parts: KnownOffsetsParts): Promise<KnownOffsets> {
  const keepsHistory = await readCheckpoints(parts);
  const syncs = new OffsetSyncStore({ keepsHistory });
  const { client, topic } = parts.syncs;
  const log = await followTopic({
    ...{ client, topic, signal: parts.signal, onError: parts.onError },
    onRecord: (record) => take(parts, record, () => syncs.add(decodeOffsetSync(record.key, record.value))),
  });
  syncs.startIsRead();
  return { syncs, stop: () => log.stop() };
}

/** True: all that was told before is known, so that no group is sent back by older syncs. */
async function readCheckpoints(parts: KnownOffsetsParts): Promise<boolean> {
  const { checkpoints, store, log, signal, onError } = parts;
  const { client, topic, cluster } = checkpoints;
  let reading: TopicLog;
  try {
    reading = await followTopic({
      ...{ client, topic, signal, onError },
      onRecord: (record) => take(parts, record, () => store.put(decodeCheckpoint(record.key, record.value))),
    });
  } catch (error) {
    // Nothing was told before where there is no topic.
    if (error instanceof KafkaError && error.kafkaName === 'UNKNOWN_TOPIC_OR_PARTITION') return true;
    if (isPassing(error) || signal.aborted) throw error;
    log.warn(
      `Topic "${topic}" of cluster "${cluster}" cannot be read, so it is not known what was told before: only offsets behind the last offset sync of ` +
        'each partition are translated. Give those of target.consumer READ on that topic.',
      error,
    );
    return false;
  }
  // From now on it holds what this task writes itself.
  await reading.stop();
  return true;
}

function take({ log, onUnreadable }: KnownOffsetsParts, { topic, offset }: FetchedRecord, read: () => void): void {
  try {
    read();
  } catch (error) {
    const count = onUnreadable();
    if (count === 1)
      log.warn(`The record at offset ${offset} of topic "${topic}" is passed over, and so is what else cannot be read there.`, error);
  }
}
