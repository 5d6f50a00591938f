/**
 * Properties of the Kafka clients that the runtime makes for connectors. Layers, later wins: built-in, the worker's `producer.` /
 * `consumer.` / `admin.` settings, the connector's `*.override.` settings. Source: Worker.{producer,consumer,admin}Configs (reference 6.9).
 */
import type { Log } from '../base/log.ts';
import { isClientKey } from '../kafka/client-properties.ts';
import type { Config } from '../plugin-api/plugin.ts';

export type Properties = Readonly<Record<string, string>>;

/** Half of Kafka's own default: brokers far away take no more of it at once, and what waits in it is read again after a crash. */
const BUFFER_BYTES = 16 << 20;

export interface ConnectorTask {
  readonly connector: string;
  readonly taskId: number;
}

export function producerProperties(
  worker: Properties,
  connector: Config,
  task: ConnectorTask,
  clientId = `connector-producer-${task.connector}-${task.taskId}`,
): Properties {
  return {
    ...bootstrap(worker),
    'client.id': clientId,
    'max.block.ms': String(2n ** 63n - 1n),
    'enable.idempotence': 'false',
    acks: 'all',
    'max.in.flight.requests.per.connection': '1',
    'delivery.timeout.ms': String(2 ** 31 - 1),
    'buffer.memory': String(BUFFER_BYTES),
    ...withPrefix(worker, 'producer.'),
    ...withPrefix(connector, 'producer.override.'),
  };
}

/** Other workers of the cluster know it too: who takes a task over, or fences it. */
export function transactionalId(groupId: string, { connector, taskId }: ConnectorTask): string {
  return `${groupId}-${connector}-${taskId}`;
}

/** Of the producer of a task with exactly-once support, whose transactional id is not the user's to choose. */
export function transactionalProducerProperties(worker: Properties, connector: Config, task: ConnectorTask, log: Log): Properties {
  const { 'transactional.id': id, ...properties } = producerProperties(worker, connector, task);
  const own = { ...withPrefix(worker, 'producer.'), ...withPrefix(connector, 'producer.override.') };
  if (id !== undefined) log.warn(`transactional.id=${id} is ignored: with exactly-once support the worker gives each task its own.`);
  if (own['enable.idempotence']?.trim().toLowerCase() === 'false')
    log.warn('enable.idempotence=false is ignored: exactly-once support needs an idempotent producer.');
  return { ...properties, 'enable.idempotence': 'true' };
}

/** Of the producer that fills a sink task's dead-letter queue. */
export function deadLetterProducerProperties(worker: Properties, connector: Config, task: ConnectorTask): Properties {
  return producerProperties(worker, connector, task, `connector-dlq-producer-${task.connector}-${task.taskId}`);
}

export function consumerProperties(worker: Properties, connector: Config, task: ConnectorTask): Properties {
  return {
    ...bootstrap(worker),
    'group.id': `connect-${task.connector}`,
    'client.id': `connector-consumer-${task.connector}-${task.taskId}`,
    'enable.auto.commit': 'false',
    'auto.offset.reset': 'earliest',
    ...withPrefix(worker, 'consumer.'),
    ...withPrefix(connector, 'consumer.override.'),
  };
}

/** For a task (`taskId`), or for the worker's own dealings with a connector's offsets (`taskId` null). */
export function adminProperties(worker: Properties, connector: Config, task: { connector: string; taskId: number | null }): Properties {
  const clientId =
    task.taskId === null ? `connector-worker-adminclient-${task.connector}` : `connector-adminclient-${task.connector}-${task.taskId}`;
  return connectorAdmin(worker, connector, clientId);
}

/** Of the client that makes a dead-letter topic; the JVM's has no task in its name either. */
export function deadLetterAdminProperties(worker: Properties, connector: Config): Properties {
  return connectorAdmin(worker, connector, 'connector-dlq-adminclient-');
}

function connectorAdmin(worker: Properties, connector: Config, clientId: string): Properties {
  return {
    ...workerAdminProperties(worker),
    'client.id': clientId,
    ...withPrefix(worker, 'admin.'),
    ...withPrefix(connector, 'admin.override.'),
  };
}

/** The worker's own settings that a client takes (they carry no prefix). */
export function workerAdminProperties(worker: Properties): Properties {
  const isAdminKey = (name: string) => isClientKey(name, 'admin');
  return Object.fromEntries(Object.entries(worker).filter(([name]) => isAdminKey(name)));
}

/** Group of a sink connector. */
export function sinkGroupId(worker: Properties, connector: Config, name: string): string {
  return consumerProperties(worker, connector, { connector: name, taskId: 0 })['group.id']!;
}

function bootstrap(worker: Properties): Properties {
  const servers = worker['bootstrap.servers'];
  return servers === undefined ? {} : { 'bootstrap.servers': servers };
}

function withPrefix(properties: Properties, prefix: string): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => name.startsWith(prefix) && name.length > prefix.length)
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
