/**
 * Topics that a source connector makes for itself (KIP-158): `topic.creation.*` groups decide partitions, replicas and settings; each topic
 * is looked up once before its first record. Source: TopicCreation, TopicCreationGroup, AbstractWorkerSourceTask.maybeCreateTopic.
 */
import { ConnectError, messageOf } from '../base/errors.ts';
import { compileJavaRegex } from '../base/java-regex/java-pattern.ts';
import type { Log } from '../base/log.ts';
import type { Admin, NewTopic } from '../kafka/contract.ts';
import { KafkaError } from '../kafka/kafka-error.ts';
import type { Config } from '../plugin-api/plugin.ts';

const PREFIX = 'topic.creation.';
/** Settings of a group that are not topic settings. */
const GROUP_KEYS: ReadonlySet<string> = new Set(['include', 'exclude', 'replication.factor', 'partitions']);

export interface TopicCreationGroup {
  readonly name: string;
  /** Both match whole names. */
  readonly include: RegExp | null;
  readonly exclude: RegExp | null;
  readonly replicationFactor: number;
  readonly partitions: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** In order of precedence, `default` last; empty when the connector has no such settings (the broker then makes topics, or refuses). */
export function topicCreationGroups(config: Config): TopicCreationGroup[] {
  if (!Object.keys(config).some((key) => key.startsWith(PREFIX))) return [];
  const names = listOf(config[`${PREFIX}groups`]).filter((name) => name !== 'default');
  return [...names, 'default'].map((name) => {
    const own = (key: string) => config[`${PREFIX}${name}.${key}`];
    const inherited = (key: string) => own(key) ?? config[`${PREFIX}default.${key}`];
    const patterns = (key: string) => {
      const list = listOf(own(key));
      return list.length === 0 ? null : compileJavaRegex(list.join('|'), true);
    };
    return {
      name,
      include: name === 'default' ? null : patterns('include'),
      exclude: patterns('exclude'),
      replicationFactor: numberOf(inherited('replication.factor')),
      partitions: numberOf(inherited('partitions')),
      configs: topicConfigs(config, name),
    };
  });
}

/** The first group that takes the topic; `default` takes every one. */
export function groupFor(groups: readonly TopicCreationGroup[], topic: string): TopicCreationGroup | null {
  const takes = (g: TopicCreationGroup) => g.name === 'default' || (g.include?.test(topic) === true && g.exclude?.test(topic) !== true);
  return groups.find(takes) ?? null;
}

/** Makes the topic when it is missing. Throws ConnectError that names topic, group and settings. */
export async function createTopicIfMissing(topic: string, groups: readonly TopicCreationGroup[], admin: Admin, log: Log): Promise<void> {
  const group = groupFor(groups, topic);
  if (group === null) return;
  log.info(`The task will send records to topic '${topic}' for the first time. Checking whether topic exists`);
  try {
    const existing = await admin.topics([topic]);
    if (existing.some((t) => t.name === topic && t.error === null && t.partitions.length > 0)) {
      log.info(`Topic '${topic}' already exists.`);
      return;
    }
  } catch (error) {
    if (!isUnknownTopic(error)) throw failed(topicOf(topic, group), error);
  }
  const newTopic = topicOf(topic, group);
  try {
    await admin.createTopics([newTopic]);
    log.info(`Created topic ${describe(newTopic)} using creation group '${group.name}'`);
  } catch (error) {
    if (error instanceof KafkaError && error.kafkaName === 'TOPIC_ALREADY_EXISTS') return;
    throw failed(newTopic, error);
  }
}

function topicOf(name: string, group: TopicCreationGroup): NewTopic {
  return { name, partitions: group.partitions, replicationFactor: group.replicationFactor, configs: group.configs };
}

function failed(topic: NewTopic, cause: unknown): ConnectError {
  return new ConnectError(
    `Task failed to create new topic ${describe(topic)}. Ensure that the task is authorized to create topics or that the topic exists and restart the task. Reason: ${messageOf(cause)}`,
    { cause },
  );
}

function describe({ name, partitions, replicationFactor, configs }: NewTopic): string {
  const settings = Object.entries(configs ?? {}).map(([key, value]) => `${key}=${value}`);
  return `(name=${name}, numPartitions=${partitions}, replicationFactor=${replicationFactor}, configs={${settings.join(', ')}})`;
}

function isUnknownTopic(error: unknown): boolean {
  return error instanceof KafkaError && error.kafkaName === 'UNKNOWN_TOPIC_OR_PARTITION';
}

function topicConfigs(config: Config, group: string): Record<string, string> {
  const prefix = `${PREFIX}${group}.`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix) && !GROUP_KEYS.has(key.slice(prefix.length)));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** −1, the broker's default, when unset. */
function numberOf(text: string | undefined): number {
  return text === undefined ? -1 : Number(text);
}
