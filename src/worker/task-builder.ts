/** Puts a task together: plugin, converters, transforms, Kafka clients, error handling, loop. Runs in the task's thread. */
import type { Clock } from '../base/clock.ts';
import { ConfigError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Converters } from '../pipeline/convert.ts';
import type { ErrorOperator } from '../pipeline/error-operator.ts';
import type { ConnectorPlugin, SinkConnectorPlugin, SourceConnectorPlugin } from '../plugin-api/plugin.ts';
import type { Catalog } from '../plugins/catalog.ts';
import type { TaskControl, TaskListener, TaskLoop } from '../task/lifecycle.ts';
import { SinkLoop } from '../task/sink-loop.ts';
import { SinkPreparer } from '../task/sink-preparer.ts';
import { SourceLoop } from '../task/source-loop.ts';
import type { TaskOffsets } from '../task/source-offsets.ts';
import { SourcePreparer } from '../task/source-preparer.ts';
import { SinkTaskMetrics, SourceTaskMetrics, type TaskMetrics } from '../task/task-metrics.ts';
import type { KafkaLease, KafkaPool } from './kafka-pool.ts';
import { adminProperties, consumerProperties, producerProperties } from './plugin-clients.ts';
import type { TaskStart } from './protocol.ts';
import { taskErrors } from './task-errors.ts';
import { converterSettings, type HostSettings, sinkSubscription } from './task-settings.ts';
import { taskTransforms } from './task-transforms.ts';
import { createTopicIfMissing, topicCreationGroups } from './topic-creation.ts';

export interface TaskSurroundings {
  readonly settings: HostSettings;
  readonly plugins: Catalog;
  readonly pool: KafkaPool;
  readonly clock: Clock;
  readonly log: Log;
  readonly control: TaskControl;
  readonly listener: TaskListener;
  readonly offsets: TaskOffsets;
  onActiveTopic(topic: string): void;
}

export interface BuiltTask {
  readonly plugin: ConnectorPlugin;
  readonly loop: TaskLoop & { forgetActiveTopics(): void };
  readonly metrics: TaskMetrics;
  readonly errors: ErrorOperator;
  readonly converters: Converters;
}

/** Throws when the configuration names what does not exist or cannot be. */
export function buildTask(start: TaskStart, around: TaskSurroundings): BuiltTask {
  const className = start.connectorConfig['connector.class'];
  if (className === undefined) throw new ConfigError(`The configuration of connector ${start.connector} has no connector.class.`);
  const plugin = around.plugins.connector(className);
  const { operator: errors, open } = taskErrors(start, plugin.kind, around);
  const converters = taskConverters(start, around);
  const built =
    plugin.kind === 'source'
      ? buildSource(plugin, start, around, errors, converters)
      : buildSink(plugin, start, around, errors, converters);
  return { ...built, loop: openingFirst(open, built.loop) };
}

function buildSource(
  plugin: SourceConnectorPlugin,
  start: TaskStart,
  around: TaskSurroundings,
  errors: ErrorOperator,
  converters: Converters,
): BuiltTask {
  const metrics = new SourceTaskMetrics(around.clock, around.settings.samples);
  const chain = taskTransforms(start.connectorConfig, around.plugins);
  const task = plugin.createTask();
  const lease = around.pool.acquire('producer', producerProperties(around.settings.properties, start.connectorConfig, start));
  const topics = topicPreparer(start, around);
  const loop = new SourceLoop({
    ...shared(start, around, metrics),
    task,
    preparer: new SourcePreparer(chain, converters, errors),
    producer: lease.kafka.producer(lease.options.producer),
    offsets: around.offsets,
    prepareTopic: topics.prepare,
  });
  return { plugin, loop: releasing(loop, () => [lease, ...topics.leases]), metrics, errors, converters };
}

function buildSink(
  plugin: SinkConnectorPlugin,
  start: TaskStart,
  around: TaskSurroundings,
  errors: ErrorOperator,
  converters: Converters,
): BuiltTask {
  const metrics = new SinkTaskMetrics(around.clock, around.settings.samples);
  const chain = taskTransforms(start.connectorConfig, around.plugins);
  const task = plugin.createTask();
  const lease = around.pool.acquire('consumer', consumerProperties(around.settings.properties, start.connectorConfig, start));
  const loop = new SinkLoop({
    ...shared(start, around, metrics),
    task,
    preparer: new SinkPreparer(chain, converters, errors),
    createConsumer: (callbacks) =>
      lease.kafka.groupConsumer({
        groupId: lease.options.group.groupId ?? `connect-${start.connector}`,
        subscription: sinkSubscription(start.taskConfig),
        ...callbacks,
      }),
  });
  return { plugin, loop: releasing(loop, () => [lease]), metrics, errors, converters };
}

function shared<M extends TaskMetrics>(start: TaskStart, around: TaskSurroundings, metrics: M) {
  const { flushIntervalMs, flushTimeoutMs } = around.settings;
  const { control, listener, clock, log, onActiveTopic } = around;
  const { connector, taskId, taskConfig } = start;
  return { connector, taskId, taskConfig, control, listener, metrics, clock, log, flushIntervalMs, flushTimeoutMs, onActiveTopic };
}

function taskConverters(start: TaskStart, { settings, plugins }: TaskSurroundings): Converters {
  const key = converterSettings(settings.properties, start.connectorConfig, 'key.converter');
  const value = converterSettings(settings.properties, start.connectorConfig, 'value.converter');
  const header = converterSettings(settings.properties, start.connectorConfig, 'header.converter');
  const keyPlugin = plugins.converter(key.className);
  const valuePlugin = plugins.converter(value.className);
  const headerPlugin = plugins.headerConverter(header.className);
  return {
    key: keyPlugin.create(key.config, true),
    value: valuePlugin.create(value.config, false),
    header: headerPlugin.create(header.config),
    keyClass: keyPlugin.className,
    valueClass: valuePlugin.className,
    headerClass: headerPlugin.className,
  };
}

/** The admin client is made for the first topic only, and not at all when the connector makes no topics. */
function topicPreparer(start: TaskStart, around: TaskSurroundings): { prepare: (topic: string) => Promise<void>; leases: KafkaLease[] } {
  const leases: KafkaLease[] = [];
  const groups = around.settings.isTopicCreationEnabled ? topicCreationGroups(start.connectorConfig) : [];
  return {
    leases,
    prepare: async (topic) => {
      if (groups.length === 0) return;
      if (leases.length === 0)
        leases.push(around.pool.acquire('admin', adminProperties(around.settings.properties, start.connectorConfig, start)));
      await createTopicIfMissing(topic, groups, leases[0]!.kafka.admin(), around.log);
    },
  };
}

function openingFirst(open: () => Promise<void>, loop: BuiltTask['loop']): BuiltTask['loop'] {
  return {
    ...loop,
    start: async () => {
      await open();
      await loop.start();
    },
  };
}

/** Lets go of the Kafka clients after the loop has closed. */
function releasing<L extends TaskLoop & { forgetActiveTopics(): void }>(loop: L, leases: () => readonly KafkaLease[]): BuiltTask['loop'] {
  return {
    start: () => loop.start(),
    execute: () => loop.execute(),
    forgetActiveTopics: () => loop.forgetActiveTopics(),
    close: async () => {
      try {
        await loop.close();
      } finally {
        await Promise.all(leases().map((lease) => lease.release()));
      }
    },
  };
}
