/** Error handling of a task as its connector wants it: policy, log, dead-letter queue with Kafka clients of its own. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { DeadLetterQueue } from '../pipeline/dead-letter-queue.ts';
import { type ErrorCounts, ErrorOperator, newErrorCounts } from '../pipeline/error-operator.ts';
import { createLogReporter } from '../pipeline/error-reporter.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { TaskControl } from '../task/lifecycle.ts';
import type { KafkaPool } from './kafka-pool.ts';
import { deadLetterAdminProperties, deadLetterProducerProperties, type Properties } from './plugin-clients.ts';
import { deadLetterSettings, errorSettings } from './task-settings.ts';

interface ConnectorTask {
  readonly connector: string;
  readonly taskId: number;
  readonly connectorConfig: Config;
}

interface Surroundings {
  readonly settings: { readonly properties: Properties };
  readonly pool: KafkaPool;
  readonly clock: Clock;
  readonly log: Log;
  readonly control: TaskControl;
}

export interface TaskErrors {
  readonly operator: ErrorOperator;
  /** Before the task starts: makes the dead-letter topic when it is missing. Throws ConnectError when that cannot be. */
  open(): Promise<void>;
}

export function taskErrors(task: ConnectorTask, kind: 'source' | 'sink', around: Surroundings): TaskErrors {
  const settings = errorSettings(task.connectorConfig);
  const counts = newErrorCounts();
  const log = settings.isLogged ? createLogReporter(around.log, task, settings.logsRecord, () => counts.logged++) : null;
  const queue = kind === 'sink' ? deadLetterQueue(task, counts, around) : null;
  const operator = new ErrorOperator(settings, {
    reporters: [...(log ? [log] : []), ...(queue ? [queue] : [])],
    clock: around.clock,
    stop: around.control.signal,
    counts,
  });
  return { operator, open: async () => queue?.open() };
}

function deadLetterQueue(task: ConnectorTask, counts: ErrorCounts, around: Surroundings): DeadLetterQueue | null {
  const settings = deadLetterSettings(task.connectorConfig);
  if (settings === null) return null;
  const { properties } = around.settings;
  return new DeadLetterQueue({
    settings,
    task,
    counts,
    log: around.log,
    stop: around.control.signal,
    withAdmin: async (work) => {
      const lease = around.pool.acquire('admin', deadLetterAdminProperties(properties, task.connectorConfig));
      try {
        await work(lease.kafka.admin());
      } finally {
        await lease.release();
      }
    },
    openProducer: () => {
      const lease = around.pool.acquire('producer', deadLetterProducerProperties(properties, task.connectorConfig, task));
      return { producer: lease.kafka.producer(lease.options.producer), release: lease.release };
    },
  });
}
