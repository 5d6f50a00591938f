/** Puts a task together: plugin, converters, transforms, Kafka clients, error handling, loop. Runs in the task's thread. */
import type { Clock } from '../base/clock.ts';
import { ConfigError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Converters } from '../pipeline/convert.ts';
import type { ErrorOperator } from '../pipeline/error-operator.ts';
import type { ConnectorPlugin, SinkConnectorPlugin, SinkTask, SourceTask } from '../plugin-api/plugin.ts';
import type { Catalog } from '../plugins/catalog.ts';
import type { TaskControl, TaskListener, TaskLoop } from '../task/lifecycle.ts';
import { SinkLoop } from '../task/sink-loop.ts';
import { SinkPreparer } from '../task/sink-preparer.ts';
import type { TaskOffsets } from '../task/source-offsets.ts';
import { SinkTaskMetrics, type TaskMetrics } from '../task/task-metrics.ts';
import type { TaskGuard } from '../task/transactional-delivery.ts';
import type { KafkaPool } from './kafka-pool.ts';
import { consumerProperties } from './plugin-clients.ts';
import type { TaskStart } from './protocol.ts';
import { buildSource } from './source-builder.ts';
import { taskErrors } from './task-errors.ts';
import { converterSettings, type HostSettings, sinkSubscription } from './task-settings.ts';
import { taskTransforms } from './task-transforms.ts';

export interface TaskSurroundings {
  readonly settings: HostSettings;
  readonly plugins: Catalog;
  readonly pool: KafkaPool;
  readonly clock: Clock;
  readonly log: Log;
  readonly control: TaskControl;
  readonly listener: TaskListener;
  readonly offsets: TaskOffsets;
  readonly guard: TaskGuard;
  onActiveTopic(topic: string): void;
}

type Loop = TaskLoop & { forgetActiveTopics(): void };

export interface BuiltTask {
  readonly plugin: ConnectorPlugin;
  readonly task: Pick<SourceTask | SinkTask, 'figures'>;
  readonly loop: Loop;
  readonly metrics: TaskMetrics;
  readonly errors: ErrorOperator;
  readonly converters: Converters;
}

/** What is of one kind of task. */
export interface BuiltPart {
  readonly task: SourceTask | SinkTask;
  readonly metrics: TaskMetrics;
  readonly loop: Loop;
  /** Lets go of its Kafka clients, once the loop has closed. */
  close(): Promise<void>;
}

/** Throws when the configuration names what does not exist or cannot be. */
export function buildTask(start: TaskStart, around: TaskSurroundings): BuiltTask {
  const className = start.connectorConfig['connector.class'];
  if (className === undefined) throw new ConfigError(`The configuration of connector ${start.connector} has no connector.class.`);
  const plugin = around.plugins.connector(className);
  const { operator: errors, open } = taskErrors(start, plugin.kind, around);
  const converters = taskConverters(start, around);
  const { task, metrics, loop, close } =
    plugin.kind === 'source'
      ? buildSource(plugin, start, around, errors, converters)
      : buildSink(plugin, start, around, errors, converters);
  return { plugin, task, metrics, errors, converters, loop: openingFirst(open, releasing(loop, close)) };
}

function buildSink(
  plugin: SinkConnectorPlugin,
  start: TaskStart,
  around: TaskSurroundings,
  errors: ErrorOperator,
  converters: Converters,
): BuiltPart {
  const metrics = new SinkTaskMetrics(around.clock, around.settings.samples);
  const chain = taskTransforms(start.connectorConfig, around.plugins);
  const task = plugin.createTask();
  const lease = around.pool.acquire('consumer', consumerProperties(around.settings.properties, start.connectorConfig, start));
  const { flushIntervalMs, flushTimeoutMs } = around.settings;
  const { control, listener, clock, log, onActiveTopic } = around;
  const { connector, taskId, taskConfig } = start;
  const loop = new SinkLoop({
    ...{ connector, taskId, taskConfig, control, listener, metrics, clock, log, flushIntervalMs, flushTimeoutMs, onActiveTopic },
    task,
    preparer: new SinkPreparer(chain, converters, errors, task),
    createConsumer: (callbacks) => {
      const consumer = lease.kafka.groupConsumer({
        groupId: lease.options.group.groupId ?? `connect-${start.connector}`,
        subscription: sinkSubscription(start.taskConfig),
        ...callbacks,
      });
      metrics.consumedBytes = () => consumer.consumedBytes;
      return consumer;
    },
  });
  return { task, metrics, loop, close: () => lease.release() };
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

function openingFirst(open: () => Promise<void>, loop: Loop): Loop {
  return {
    ...loop,
    start: async () => {
      await open();
      await loop.start();
    },
  };
}

/** Lets go of the Kafka clients after the loop has closed. */
function releasing(loop: Loop, release: () => Promise<void>): Loop {
  return {
    start: () => loop.start(),
    execute: () => loop.execute(),
    forgetActiveTopics: () => loop.forgetActiveTopics(),
    close: async () => {
      try {
        await loop.close();
      } finally {
        await release();
      }
    },
  };
}
