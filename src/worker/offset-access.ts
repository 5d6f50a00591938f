/**
 * The offsets of a source connector for one piece of work on them from outside of its tasks: where they are, and through which clients. With
 * exactly-once support they are changed in a transaction under the id of task 0. Source: Worker.modifySourceConnectorOffsets (reference 6.5).
 */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Kafka } from '../kafka/contract.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { ConnectorOffsetStore } from '../storage/offset/connector-offsets.ts';
import type { OffsetStore } from '../storage/offset/port.ts';
import { SourceOffsets } from '../storage/offset/source-offsets.ts';
import { TransactionalOffsetStore } from '../storage/offset/transactional.ts';
import { offsetStoreIn, ownOffsetsTopic } from './connector-offsets.ts';
import type { KafkaLease, KafkaPool } from './kafka-pool.ts';
import {
  adminProperties,
  consumerProperties,
  type Properties,
  transactionalId,
  transactionalProducerProperties,
} from './plugin-clients.ts';

export interface OffsetAccessParts {
  readonly pool: KafkaPool;
  readonly properties: Properties;
  /** `null`: sources write without transactions. */
  readonly exactlyOnceGroup: string | null;
  readonly workerStore: OffsetStore;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ConnectorOfOffsets {
  readonly name: string;
  /** References in it resolved. */
  readonly config: Config;
  readonly isChange: boolean;
}

/** Runs `work` on the offsets; the clients that it took are closed afterwards. */
export async function withSourceOffsets<T>(
  parts: OffsetAccessParts,
  connector: ConnectorOfOffsets,
  work: (offsets: SourceOffsets) => Promise<T>,
): Promise<T> {
  const { properties, exactlyOnceGroup, workerStore, log } = parts;
  const workersTopic = properties['offset.storage.topic']?.trim() || null;
  const ownTopic = ownOffsetsTopic(connector.config);
  const isTransactional = connector.isChange && exactlyOnceGroup !== null;
  const topic = ownTopic ?? (isTransactional ? workersTopic : null);
  if (topic === null || (topic === workersTopic && !isTransactional)) return work(new SourceOffsets(workerStore, log));
  const leases: KafkaLease[] = [];
  const own = openStore(parts, connector, topic, isTransactional ? exactlyOnceGroup : null, leases);
  const store = topic === workersTopic ? own : new ConnectorOffsetStore({ own, worker: workerStore, log });
  try {
    await store.start();
    return await work(new SourceOffsets(store, log));
  } finally {
    await store.stop();
    await Promise.all(leases.map((lease) => lease.release()));
  }
}

function openStore(
  { pool, properties, clock, log }: OffsetAccessParts,
  { name, config }: ConnectorOfOffsets,
  topic: string,
  group: string | null,
  leases: KafkaLease[],
): OffsetStore {
  const task = { connector: name, taskId: 0 };
  const acquire = (...[role, client]: Parameters<KafkaPool['acquire']>): Kafka => {
    const lease = pool.acquire(role, client);
    leases.push(lease);
    return lease.kafka;
  };
  const consumer = acquire('consumer', consumerProperties(properties, config, task));
  const admin = acquire('admin', adminProperties(properties, config, { connector: name, taskId: null }));
  const clients: Pick<Kafka, 'admin' | 'topicLog'> = { topicLog: consumer.topicLog, admin: admin.admin };
  const inner = offsetStoreIn(topic, properties, clients, { clock, log });
  if (group === null) return inner;
  const producer = acquire('producer', transactionalProducerProperties(properties, config, task, log));
  return new TransactionalOffsetStore({ inner, topic, producer: producer.transactionalProducer(transactionalId(group, task)) });
}
