/** An internal topic read from its start to its end, then followed. Source: org.apache.kafka.connect.util.KafkaBasedLog.withExistingClients. */
import type { FetchedRecord, TopicLog } from '../../../../kafka/contract.ts';
import { KafkaError } from '../../../../kafka/kafka-error.ts';
import type { MirrorClient } from '../shared/clients.ts';

export interface FollowedTopic {
  readonly client: MirrorClient;
  readonly topic: string;
  /** Ends the reading. */
  readonly signal: AbortSignal;
  /** Called for each record of partition 0, the only one that counts. Must not throw. */
  onRecord(record: FetchedRecord): void;
  /** Reading goes on. */
  onError(error: Error): void;
}

/** Whether another attempt may go better without anybody changing anything. */
export function isPassing(error: unknown): boolean {
  return error instanceof KafkaError && error.isRetriable;
}

/**
 * Resolves once what was in the topic at the call has been handed out. Rejects with KafkaError: the topic is not there (UNKNOWN_TOPIC_OR_PARTITION,
 * and nothing is made), it may not be read, no broker tells. Whoever calls stops what comes back.
 */
export async function followTopic({ client, topic, signal, onRecord, onError }: FollowedTopic): Promise<TopicLog> {
  const { kafka, options } = client;
  const [found] = await kafka.admin().topics([topic]);
  const refusal = found === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : found.error;
  if (refusal !== null) throw new KafkaError(refusal, `${refusal}: topic "${topic}"`);
  const failed = Promise.withResolvers<never>();
  // It may be rejected when nobody waits for it any more.
  failed.promise.catch(() => undefined);
  let isStarted = false;
  const end = () => failed.reject(new KafkaError('CLOSED', `reading of topic "${topic}" was ended`));
  const log = kafka.topicLog({
    topic,
    isolationLevel: options.fetcher.isolationLevel,
    onRecord: (record) => {
      if (record.partition === 0) onRecord(record);
    },
    onError: (error) => {
      if (isStarted || isPassing(error)) onError(error);
      else failed.reject(error);
    },
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    await Promise.race([log.start(), failed.promise]);
    isStarted = true;
    return log;
  } catch (error) {
    await log.stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}
