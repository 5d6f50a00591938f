/** What the runtime reads of the worker's and the connector's configuration to run a task. Values were validated by the herder before. */
import { ConfigError } from '../base/errors.ts';
import { compileJavaRegex } from '../base/java-regex/java-pattern.ts';
import type { DeadLetterSettings } from '../pipeline/dead-letter-queue.ts';
import type { ErrorPolicy } from '../pipeline/error-operator.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { SampleConfig } from '../task/sampled-stats.ts';
import type { BoundaryKind } from '../task/transaction-boundary.ts';
import type { Properties } from './plugin-clients.ts';
import type { WorkerConfig } from './worker-config.ts';
import { hasExactlyOnceSources } from './worker-spec.ts';

/** What tasks need of the worker's configuration, as data that crosses to their threads. */
export interface HostSettings {
  readonly properties: Properties;
  readonly flushIntervalMs: number;
  readonly flushTimeoutMs: number;
  readonly isTopicCreationEnabled: boolean;
  readonly samples: SampleConfig;
  /** Sources write in transactions, under ids that begin with this `group.id`; `null`: they do not. */
  readonly exactlyOnceGroup: string | null;
}

export function hostSettings({ properties, settings }: WorkerConfig): HostSettings {
  return {
    properties,
    flushIntervalMs: Number(settings['offset.flush.interval.ms']),
    flushTimeoutMs: Number(settings['offset.flush.timeout.ms']),
    isTopicCreationEnabled: settings['topic.creation.enable'],
    exactlyOnceGroup: hasExactlyOnceSources(settings) ? settings['group.id'] : null,
    samples: { windowMs: Number(settings['metrics.sample.window.ms']), windows: settings['metrics.num.samples'] },
  };
}

/** `intervalMs` holds for `interval`. */
export function transactionSettings(connector: Config, flushIntervalMs: number): { boundary: BoundaryKind; intervalMs: number } {
  const wanted = connector['transaction.boundary']?.trim().toLowerCase();
  const boundary = wanted === 'interval' || wanted === 'connector' ? wanted : 'poll';
  return { boundary, intervalMs: numberOf(connector, 'transaction.boundary.interval.ms', flushIntervalMs) };
}

export interface ErrorSettings extends ErrorPolicy {
  readonly isLogged: boolean;
  readonly logsRecord: boolean;
}

export function errorSettings(connector: Config): ErrorSettings {
  return {
    tolerance: connector['errors.tolerance'] === 'all' ? 'all' : 'none',
    retryTimeoutMs: numberOf(connector, 'errors.retry.timeout', 0),
    retryDelayMaxMs: numberOf(connector, 'errors.retry.delay.max.ms', 60_000),
    isLogged: isTrue(connector['errors.log.enable'], false),
    logsRecord: isTrue(connector['errors.log.include.messages'], false),
  };
}

/** Null: no dead-letter queue. */
export function deadLetterSettings(connector: Config): DeadLetterSettings | null {
  const topic = (connector['errors.deadletterqueue.topic.name'] ?? '').trim();
  if (topic === '') return null;
  return {
    topic,
    replicationFactor: numberOf(connector, 'errors.deadletterqueue.topic.replication.factor', 3),
    hasContextHeaders: isTrue(connector['errors.deadletterqueue.context.headers.enable'], false),
  };
}

/** Class and own settings of a converter: the connector's when it names one, else the worker's. */
export function converterSettings(
  worker: Properties,
  connector: Config,
  key: 'key.converter' | 'value.converter' | 'header.converter',
): { readonly className: string; readonly config: Config } {
  const source = connector[key] === undefined ? worker : connector;
  const className = source[key] ?? (key === 'header.converter' ? 'org.apache.kafka.connect.storage.SimpleHeaderConverter' : undefined);
  if (className === undefined) throw new ConfigError(`Missing required configuration "${key}" which has no default value.`);
  const prefix = `${key}.`;
  const own = Object.entries(source).filter(([name]) => name.startsWith(prefix));
  return { className, config: Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])) };
}

/** Names of `topics`, or the pattern of `topics.regex`. */
export function sinkSubscription(task: Config): readonly string[] | RegExp {
  const pattern = task['topics.regex'];
  if (pattern !== undefined && pattern.trim() !== '') return compileJavaRegex(pattern.trim(), true);
  return (task.topics ?? '')
    .split(',')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');
}

function isTrue(text: string | undefined, whenUnset: boolean): boolean {
  return text === undefined ? whenUnset : text.trim().toLowerCase() === 'true';
}

function numberOf(config: Readonly<Record<string, string>>, key: string, whenUnset: number): number {
  const text = config[key];
  return text === undefined ? whenUnset : Number(text);
}
