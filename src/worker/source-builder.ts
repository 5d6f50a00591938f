/** Puts a source task together: how its records are delivered, and where its offsets are. Runs in the task's thread. */
import { ConfigError } from '../base/errors.ts';
import type { Kafka } from '../kafka/contract.ts';
import type { Converters } from '../pipeline/convert.ts';
import type { ErrorOperator } from '../pipeline/error-operator.ts';
import type { SourceConnectorPlugin, SourceTask } from '../plugin-api/plugin.ts';
import { AcknowledgedDelivery } from '../task/acknowledged-delivery.ts';
import { SourceLoop } from '../task/source-loop.ts';
import type { TaskOffsets } from '../task/source-offsets.ts';
import { SourcePreparer } from '../task/source-preparer.ts';
import { SourceTaskMetrics } from '../task/task-metrics.ts';
import { transactionBoundary } from '../task/transaction-boundary.ts';
import { TransactionalDelivery } from '../task/transactional-delivery.ts';
import { ConnectorOffsets, offsetStoreIn, ownOffsetsTopic } from './connector-offsets.ts';
import type { KafkaLease } from './kafka-pool.ts';
import {
  adminProperties,
  consumerProperties,
  producerProperties,
  transactionalId,
  transactionalProducerProperties,
} from './plugin-clients.ts';
import type { TaskStart } from './protocol.ts';
import type { BuiltPart, TaskSurroundings } from './task-builder.ts';
import { transactionSettings } from './task-settings.ts';
import { taskTransforms } from './task-transforms.ts';
import { createTopicIfMissing, topicCreationGroups } from './topic-creation.ts';

export function buildSource(
  plugin: SourceConnectorPlugin,
  start: TaskStart,
  around: TaskSurroundings,
  errors: ErrorOperator,
  converters: Converters,
): BuiltPart {
  const metrics = new SourceTaskMetrics(around.clock, around.settings.samples);
  const clients = new TaskClients(start, around);
  const task = plugin.createTask();
  const { connector, taskId, taskConfig } = start;
  const { control, listener, clock, log } = around;
  const writing =
    around.settings.exactlyOnceGroup === null
      ? acknowledged(start, around, clients, task, metrics, errors)
      : transactional(start, around, clients, task, metrics, around.settings.exactlyOnceGroup);
  metrics.sentBytes = () => writing.producer.stats.sentBytes;
  const loop = new SourceLoop({
    ...{ connector, taskId, taskConfig, control, listener, metrics, clock, log, task },
    ...writing,
    preparer: new SourcePreparer(taskTransforms(start.connectorConfig, around.plugins), converters, errors),
    prepareTopic: topicPreparer(start, around, clients),
  });
  return { task, metrics, loop, close: () => clients.close() };
}

function acknowledged(
  start: TaskStart,
  around: TaskSurroundings,
  clients: TaskClients,
  task: SourceTask,
  metrics: SourceTaskMetrics,
  errors: ErrorOperator,
) {
  const { clock, log, settings, onActiveTopic } = around;
  const lease = clients.acquire('producer', producerProperties(settings.properties, start.connectorConfig, start));
  const topic = ownOffsetsTopic(start.connectorConfig);
  const own = topic === null ? null : ownOffsets(topic, start, around, clients);
  const offsets = own ?? around.offsets;
  const delivery = new AcknowledgedDelivery({
    ...{ task, errors, offsets, metrics, clock, log, onActiveTopic },
    start: async () => own?.start(),
    intervalMs: settings.flushIntervalMs,
    timeoutMs: settings.flushTimeoutMs,
  });
  return { producer: lease.kafka.producer(lease.options.producer), delivery, offsets };
}

function transactional(
  start: TaskStart,
  around: TaskSurroundings,
  clients: TaskClients,
  task: SourceTask,
  metrics: SourceTaskMetrics,
  groupId: string,
) {
  const { clock, log, settings, control, guard, onActiveTopic } = around;
  const { connector, taskId, connectorConfig } = start;
  const workersTopic = settings.properties['offset.storage.topic']?.trim();
  const topic = ownOffsetsTopic(connectorConfig) ?? workersTopic;
  if (!topic) throw new ConfigError('Neither offsets.storage.topic of the connector nor offset.storage.topic of the worker is set.');
  const lease = clients.acquire('producer', transactionalProducerProperties(settings.properties, connectorConfig, start, log));
  const producer = lease.kafka.transactionalProducer(transactionalId(groupId, start), lease.options.producer);
  const offsets = ownOffsets(topic, start, around, clients);
  metrics.countTransactions();
  const { boundary, intervalMs } = transactionSettings(connectorConfig, settings.flushIntervalMs);
  const delivery = new TransactionalDelivery({
    ...{ connector, taskId, task, producer, offsets, guard, metrics, clock, log, onActiveTopic },
    boundary: transactionBoundary(boundary, intervalMs),
    signal: control.signal,
  });
  return { producer, delivery, offsets };
}

function ownOffsets(topic: string, start: TaskStart, around: TaskSurroundings, clients: TaskClients): ConnectorOffsets {
  const { settings, log } = around;
  const { properties } = settings;
  const consumer = clients.acquire('consumer', consumerProperties(properties, start.connectorConfig, start));
  const kafka: Pick<Kafka, 'admin' | 'topicLog'> = { topicLog: consumer.kafka.topicLog, admin: () => clients.admin().kafka.admin() };
  const isWorkers = topic === properties['offset.storage.topic']?.trim();
  const worker: TaskOffsets | null = isWorkers ? null : around.offsets;
  const offsets = new ConnectorOffsets({
    connector: start.connector,
    topic,
    own: offsetStoreIn(topic, properties, kafka, around),
    worker,
    log,
  });
  clients.closeFirst(() => offsets.stop());
  return offsets;
}

function topicPreparer(start: TaskStart, around: TaskSurroundings, clients: TaskClients): (topic: string) => Promise<void> {
  const groups = around.settings.isTopicCreationEnabled ? topicCreationGroups(start.connectorConfig) : [];
  return async (topic) => {
    if (groups.length > 0) await createTopicIfMissing(topic, groups, clients.admin().kafka.admin(), around.log);
  };
}

/** The Kafka clients of one task; its admin client is made when it is needed. */
class TaskClients {
  readonly #start: TaskStart;
  readonly #around: TaskSurroundings;
  readonly #leases: KafkaLease[] = [];
  readonly #users: (() => Promise<void>)[] = [];
  #admin: KafkaLease | null = null;

  constructor(start: TaskStart, around: TaskSurroundings) {
    this.#start = start;
    this.#around = around;
  }

  acquire(...[role, properties]: Parameters<TaskSurroundings['pool']['acquire']>): KafkaLease {
    const lease = this.#around.pool.acquire(role, properties);
    this.#leases.push(lease);
    return lease;
  }

  admin(): KafkaLease {
    this.#admin ??= this.acquire('admin', adminProperties(this.#around.settings.properties, this.#start.connectorConfig, this.#start));
    return this.#admin;
  }

  closeFirst(close: () => Promise<void>): void {
    this.#users.push(close);
  }

  async close(): Promise<void> {
    await Promise.all(this.#users.map((close) => close()));
    await Promise.all(this.#leases.map((lease) => lease.release()));
  }
}
