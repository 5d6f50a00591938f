/**
 * The three topics that a Connect cluster keeps for itself: what a worker's configuration says of each, made when missing, refused when it
 * could lose what it is to keep. Source: KafkaTopicBasedBackingStore, TopicAdmin, DistributedConfig.topicSettings (reference 2.6, 3.1).
 */
import type { Clock } from '../base/clock.ts';
import { ConfigError, ConnectError, messageOf, sentenceOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Admin, TopicInfo } from '../kafka/contract.ts';
import { KafkaError } from '../kafka/kafka-error.ts';
import { kafkaFault } from './kafka-fault.ts';

export type InternalTopicKind = 'config' | 'offset' | 'status';

export interface InternalTopic {
  readonly kind: InternalTopicKind;
  readonly name: string;
  /** −1: the broker's default. */
  readonly partitions: number;
  /** −1: the broker's default. */
  readonly replicationFactor: number;
  /** Settings for the day it is made, beside `cleanup.policy`. */
  readonly settings: Readonly<Record<string, string>>;
}

interface KindFacts {
  readonly purpose: string;
  readonly partitions: number;
}

const KINDS: Readonly<Record<InternalTopicKind, KindFacts>> = {
  config: { purpose: 'connector configurations', partitions: 1 },
  offset: { purpose: 'source connector offsets', partitions: 25 },
  status: { purpose: 'connector and task statuses', partitions: 5 },
};
const REPLICATION_FACTOR = 3;
const POLICY = 'cleanup.policy';
/** Brokers that start together with the worker may not all be there yet. Source: KafkaTopicBasedBackingStore.CREATE_TOPIC_TIMEOUT_MS. */
const BROKERS_MS = 30_000;
const BROKERS_PAUSE_MS = 1_000;
/** How long the news of a topic may take to every broker. */
const KNOWN_MS = 10_000;
const KNOWN_PAUSE_MS = 100;

export interface TopicWatch {
  readonly clock: Clock;
  readonly log: Log;
}

/** What the worker's properties say of the topic. Throws ConfigError; settings that have no effect are named in the log. */
export function internalTopic(kind: InternalTopicKind, worker: Readonly<Record<string, string>>, log: Log): InternalTopic {
  const prefix = `${kind}.storage.`;
  const name = worker[`${prefix}topic`]?.trim() ?? '';
  if (name === '') throw new ConfigError(`Missing required configuration "${prefix}topic" which has no default value.`);
  const ignored = kind === 'config' ? [POLICY, 'partitions'] : [POLICY];
  const own = new Set(['topic', 'replication.factor', 'partitions', POLICY]);
  const settings = Object.entries(worker)
    .filter(([key]) => key.startsWith(prefix) && !own.has(key.slice(prefix.length)))
    .map(([key, value]) => [key.slice(prefix.length), value]);
  // Belongs to the standalone worker; no topic has such a setting.
  const known = settings.filter(([setting]) => !(kind === 'offset' && setting === 'file.filename'));
  for (const setting of ignored) {
    const value = worker[`${prefix}${setting}`];
    if (value === undefined) continue;
    const always = setting === POLICY ? 'is always compacted' : 'always has one partition';
    log.warn(`${prefix}${setting}=${JSON.stringify(value)} is ignored: topic "${name}" ${always}.`);
  }
  return {
    kind,
    name,
    partitions: kind === 'config' ? 1 : countOf(worker, `${prefix}partitions`, KINDS[kind].partitions),
    replicationFactor: countOf(worker, `${prefix}replication.factor`, REPLICATION_FACTOR),
    settings: Object.fromEntries(known),
  };
}

function countOf(worker: Readonly<Record<string, string>>, key: string, byDefault: number): number {
  const text = worker[key]?.trim();
  if (text === undefined) return byDefault;
  const count = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (count === -1 || (count >= 1 && count < 2 ** 31)) return count;
  throw new ConfigError(`Invalid value ${text} for configuration ${key}: give a whole number from 1, or -1 for the broker's default.`);
}

/**
 * Makes the topic when it is missing, checks it when it is there; several workers may do so at once. Rejects with ConfigError for a topic that
 * must not be used, else with what Kafka said.
 */
export async function ensureInternalTopic(admin: Admin, topic: InternalTopic, watch: TopicWatch): Promise<void> {
  let there = await find(admin, topic);
  if (there === null) {
    if (await create(admin, topic, watch)) return;
    there = await onceKnown(watch, () => find(admin, topic));
  }
  await checkPolicy(admin, topic, watch);
  const count = there?.partitions.length ?? 1;
  if (topic.kind === 'config' && count !== 1)
    throw new ConfigError(
      `Topic '${topic.name}' supplied via the 'config.storage.topic' property is required to have a single partition in order to ` +
        `guarantee consistency of connector configurations, but found ${count} partitions. Name another topic there, or none that exists: it is made then.`,
    );
}

/** The first answer that is not null: of a topic that was made just now not every broker has heard. `null`: none came within 10 s. */
async function onceKnown<T>({ clock }: TopicWatch, ask: () => Promise<T | null>): Promise<T | null> {
  const endMs = clock.monoMs() + KNOWN_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null || clock.monoMs() >= endMs) return answer;
    await clock.sleep(KNOWN_PAUSE_MS);
  }
}

async function find(admin: Admin, topic: InternalTopic): Promise<TopicInfo | null> {
  const [info] = await admin.topics([topic.name]).catch((error: unknown) => {
    throw failed(error, topic, 'look at');
  });
  if (info === undefined || info.error === 'UNKNOWN_TOPIC_OR_PARTITION') return null;
  if (info.error === null || info.partitions.length > 0) return info;
  throw failed(new KafkaError(info.error, info.error), topic, 'look at');
}

/** False: somebody else has just made it. */
async function create(admin: Admin, topic: InternalTopic, { clock, log }: TopicWatch): Promise<boolean> {
  const { name, partitions, replicationFactor, settings } = topic;
  const endMs = clock.monoMs() + BROKERS_MS;
  for (let isFirst = true; ; isFirst = false) {
    try {
      await admin.createTopics([{ name, partitions, replicationFactor, configs: { ...settings, [POLICY]: 'compact' } }]);
      break;
    } catch (error) {
      if (error instanceof KafkaError && error.kafkaName === 'TOPIC_ALREADY_EXISTS') return false;
      if (!(error instanceof KafkaError && error.kafkaName === 'INVALID_REPLICATION_FACTOR')) throw failed(error, topic, 'make');
      const problem = await tooFewBrokers(admin, topic, error);
      if (clock.monoMs() >= endMs) throw problem;
      if (isFirst) log.warn(`${problem.message} Waiting ${BROKERS_MS / 1000} s for more.`);
      await clock.sleep(BROKERS_PAUSE_MS);
    }
  }
  const shape = [count(partitions, 'partition'), `replication factor ${replicationFactor === -1 ? 'of the brokers' : replicationFactor}`];
  log.info(`Topic "${name}" for ${KINDS[topic.kind].purpose} was made: compacted, ${shape.join(', ')}`);
  return true;
}

function count(partitions: number, word: string): string {
  return partitions === -1 ? `${word}s as the brokers have it` : `${partitions} ${word}${partitions === 1 ? '' : 's'}`;
}

async function tooFewBrokers(admin: Admin, topic: InternalTopic, cause: KafkaError): Promise<ConnectError> {
  const brokers = await admin.cluster().then(
    (cluster) => `the cluster has ${cluster.brokers.length} broker${cluster.brokers.length === 1 ? '' : 's'} now`,
    () => messageOf(cause),
  );
  const key = `${topic.kind}.storage.replication.factor`;
  return new ConnectError(
    `Cannot make ${described(topic)} with ${key}=${topic.replicationFactor}: ${brokers}. Start more brokers, or set ${key} to what there are.`,
    { cause },
  );
}

async function checkPolicy(admin: Admin, topic: InternalTopic, watch: TopicWatch): Promise<void> {
  const key = `${topic.kind}.storage.topic`;
  const { purpose } = KINDS[topic.kind];
  const unchecked = `Make sure yourself that it is "compact", or ${purpose} may be lost.`;
  const answer = await onceKnown(watch, () => policyOf(admin, topic)).catch((error: unknown) => {
    if (error instanceof KafkaError && error.isRetriable) throw failed(error, topic, `read ${POLICY} of`);
    watch.log.warn(`Cannot read ${POLICY} of ${described(topic)}: ${sentenceOf(error)} ${unchecked}`);
  });
  if (answer === undefined) return;
  const policy = answer?.policy ?? null;
  if (policy === null) {
    watch.log.warn(`No broker tells ${POLICY} of ${described(topic)}. ${unchecked}`);
    return;
  }
  if (policy.split(',').every((one) => one.trim() === 'compact')) return;
  throw new ConfigError(
    `Topic '${topic.name}' supplied via the '${key}' property is required to have '${POLICY}=compact' to guarantee consistency and ` +
      `durability of ${purpose}, but found the topic currently has '${POLICY}=${policy}'. Set ${POLICY}=compact on it, or name another topic in ${key}.`,
  );
}

/** `null`: the broker that was asked does not know the topic yet. */
async function policyOf(admin: Admin, { name }: InternalTopic): Promise<{ readonly policy: string | null } | null> {
  try {
    const entries = await admin.describeConfigs({ type: 'topic', name });
    return { policy: entries.find((entry) => entry.name === POLICY)?.value ?? null };
  } catch (error) {
    if (error instanceof KafkaError && error.kafkaName === 'UNKNOWN_TOPIC_OR_PARTITION') return null;
    throw error;
  }
}

function described(topic: InternalTopic): string {
  return `topic "${topic.name}" (${topic.kind}.storage.topic)`;
}

function failed(error: unknown, topic: InternalTopic, what: string): ConnectError {
  return kafkaFault(error, `Cannot ${what} ${described(topic)}`, adviceFor(error instanceof KafkaError ? error.kafkaName : ''));
}

function adviceFor(kafkaName: string): string {
  if (/AUTHORIZATION/.test(kafkaName))
    return 'The worker needs the rights to Describe, Create, Read and Write it (and DescribeConfigs to check it).';
  if (/INVALID_CONFIG|POLICY_VIOLATION|INVALID_PARTITIONS/.test(kafkaName))
    return 'Correct the settings for it in the worker’s configuration, or make the topic yourself (compacted).';
  if (kafkaName === 'INVALID_TOPIC_EXCEPTION') return 'Give it a name that Kafka accepts: letters, digits, ".", "_" and "-", at most 249.';
  return '';
}
