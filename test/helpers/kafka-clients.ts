/** Kafka clients for tests on real brokers: our own with their log at hand, and the JVM's console consumer. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type LogEvent, LogHub } from '../../src/base/log.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import type { ClientRole } from '../../src/kafka/client-role.ts';
import { type ClusterLink, createClusterLink } from '../../src/kafka/cluster-link.ts';
import type {
  FetchedRecord,
  FetcherOptions,
  GroupConsumer,
  GroupConsumerOptions,
  Kafka,
  NewTopic,
  TopicInfo,
} from '../../src/kafka/contract.ts';
import { createKafka } from '../../src/kafka/kafka.ts';
import { MetadataCache } from '../../src/kafka/metadata.ts';
import type { TopicPartition } from '../../src/plugin-api/records.ts';
import { LIMIT_MS, waitUntil } from './wait-until.ts';

export type Properties = Readonly<Record<string, string>>;

export function testBootstrap(): string {
  const servers = process.env.KCONSOLE_TEST_BOOTSTRAP;
  if (!servers) throw new Error('KCONSOLE_TEST_BOOTSTRAP is not set: run npm test, or name running brokers');
  return servers;
}

let counter = 0;

/** A name that nobody else uses. */
export function uniqueName(what: string): string {
  counter++;
  return `cp-${process.pid}-${Date.now().toString(36)}-${counter}-${what}`;
}

export interface LoggedKafka {
  readonly kafka: Kafka;
  readonly events: readonly LogEvent[];
  /** Messages of WARN and above. */
  warnings(): string[];
}

/** Short sessions, so that a death shows within seconds. */
const QUICK: Properties = { 'session.timeout.ms': '6000', 'heartbeat.interval.ms': '1000', 'auto.offset.reset': 'earliest' };

function optionsFor(role: ClientRole, properties: Properties) {
  const events: LogEvent[] = [];
  const hub = new LogHub(() => Date.now());
  hub.attach((event) => events.push(event));
  const log = hub.log('test');
  const quick = role === 'consumer' ? QUICK : {};
  return { events, log, options: parseClientProperties({ 'bootstrap.servers': testBootstrap(), ...quick, ...properties }, role, log) };
}

export function openKafka(role: ClientRole = 'consumer', properties: Properties = {}): LoggedKafka {
  const { events, log, options } = optionsFor(role, properties);
  const kafka = createKafka(options, log);
  return {
    kafka,
    events,
    warnings: () => events.filter(({ level }) => level === 'WARN' || level === 'ERROR').map(({ message }) => message),
  };
}

/** The parts below `createKafka`: to cut a client's connections as a crash would. */
export function openLink(properties: Properties = {}): { link: ClusterLink; metadata: MetadataCache } {
  const { options, log } = optionsFor('consumer', properties);
  const link = createClusterLink(options, log);
  return { link, metadata: new MetadataCache(link) };
}

/** Creates a topic that each broker of the cluster knows. */
export async function createTopic(kafka: Kafka, topic: NewTopic): Promise<void> {
  await kafka.admin().createTopics([topic]);
  await everyBrokerKnows(kafka, [topic.name]);
}

/** Creates a topic with a name of its own that each broker knows, and deletes it when the test has ended. */
export async function topicForTest(kafka: Kafka, what: string, settings: Omit<NewTopic, 'name'>): Promise<string> {
  const name = uniqueName(what);
  await createTopic(kafka, { ...settings, name });
  onTestFinished(() => kafka.admin().deleteTopics([name]));
  return name;
}

/** Waits until what is asked of any broker about these new topics is answered. */
export async function everyBrokerKnows(kafka: Kafka, topics: readonly string[]): Promise<void> {
  const isKnown = ({ error, partitions }: TopicInfo) => error === null && partitions.every(({ leader }) => leader >= 0);
  await everyBroker(await addressesOf(kafka), topics, 'to know', isKnown);
}

/** Makes a topic larger, and waits until each broker knows. */
export async function growTopic(kafka: Kafka, topic: string, partitions: number): Promise<void> {
  await kafka.admin().createPartitions(topic, partitions);
  const isGrown = (info: TopicInfo) => info.partitions.length === partitions && info.partitions.every(({ leader }) => leader >= 0);
  await everyBroker(await addressesOf(kafka), [topic], `to have ${partitions} partitions of`, isGrown);
}

/** Waits until no broker has these topics any more. */
export async function everyBrokerForgets(kafka: Kafka, topics: readonly string[]): Promise<void> {
  await everyBroker(await addressesOf(kafka), topics, 'to forget', ({ error }) => error !== null);
}

async function addressesOf(kafka: Kafka): Promise<string[]> {
  const { brokers } = await kafka.admin().cluster();
  return brokers.map(({ host, port }) => `${host}:${port}`);
}

/** Brokers learn of a change one after the other: waits until each of these says of every topic (`null`: all that there are) what is awaited. */
export async function everyBroker(
  addresses: readonly string[],
  topics: readonly string[] | null,
  what: string,
  says: (topic: TopicInfo) => boolean,
): Promise<void> {
  // A client that has connected to one broker stays with it.
  const clients = addresses.map((address) => openKafka('admin', { 'bootstrap.servers': address }).kafka);
  try {
    await waitUntil(`every broker ${what} ${topics?.join(', ') ?? 'all topics'}`, async () => {
      const answers = (await Promise.all(clients.map((client) => client.admin().topics(topics ?? undefined)))).flat();
      return answers.every(says) || answers.filter((topic) => !says(topic));
    });
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

export async function produce(
  kafka: Kafka,
  topic: string,
  count: number,
  partition: (i: number) => number | null = () => null,
): Promise<void> {
  const producer = kafka.producer({});
  const failures: Error[] = [];
  for (let i = 0; i < count; i++) {
    const send = () => producer.send(topic, partition(i), `k${i}`, `v${i}`, null, null, (error) => error && failures.push(error));
    while (!send()) await producer.ready(topic);
  }
  await producer.flush();
  await producer.close(0);
  if (failures[0]) throw failures[0];
}

/** Every record of a topic from the start of each partition on, until there are `count`. Rejects when that takes longer than LIMIT_MS. */
export async function fetchAll(
  kafka: Kafka,
  topic: string,
  count: number,
  options: Partial<FetcherOptions> = {},
): Promise<FetchedRecord[]> {
  const fetcher = kafka.fetcher(options);
  try {
    const [info] = await kafka.admin().topics([topic]);
    fetcher.assign((info?.partitions ?? []).map(({ partition }) => ({ topic, partition, offset: 'earliest' })));
    const records: FetchedRecord[] = [];
    const endMs = performance.now() + LIMIT_MS;
    while (records.length < count) {
      if (performance.now() > endMs)
        throw new Error(`only ${records.length} of ${count} records came from topic ${topic} within ${LIMIT_MS / 1000} s`);
      records.push(...(await fetcher.poll(500)));
    }
    return records;
  } finally {
    await fetcher.close();
  }
}

export const keyOf = ({ topic, partition }: TopicPartition): string => `${topic} ${partition}`;

const MAX_POLL_ERRORS = 10_000;

/** A consumer that polls by itself and notes what happens to it. */
export class PollingConsumer {
  readonly records: FetchedRecord[] = [];
  /** `assigned 0,1`, `revoked 0,1`, `lost 0,1`: partition numbers, in order. */
  readonly events: string[] = [];
  readonly errors: unknown[] = [];
  readonly consumer: GroupConsumer;
  readonly #running: Promise<void>;
  #isStopped = false;

  constructor(create: (options: GroupConsumerOptions) => GroupConsumer, groupId: string, subscription: readonly string[] | RegExp) {
    const note = (what: string) => async (partitions: readonly TopicPartition[]) => {
      this.events.push(`${what} ${partitions.map(({ partition }) => partition).join(',')}`);
      if (what === 'revoked') await this.commit(partitions).catch((error: unknown) => this.errors.push(error));
    };
    this.consumer = create({ groupId, subscription, onAssigned: note('assigned'), onRevoked: note('revoked'), onLost: note('lost') });
    this.#running = this.#run();
  }

  async commit(partitions: readonly TopicPartition[] = this.consumer.assignment()): Promise<void> {
    await this.consumer.commit(partitions.map((one) => ({ ...one, offset: this.consumer.position(one) ?? 0n })));
  }

  partitions(): number[] {
    return this.consumer.assignment().map(({ partition }) => partition);
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        this.records.push(...(await this.consumer.poll(200)));
      } catch (error) {
        this.errors.push(error);
        // One fault may be told again and again; a loop that only fills memory tells nobody.
        if (this.errors.length > MAX_POLL_ERRORS) throw new Error('poll fails all the time', { cause: error });
      }
    }
  }

  /** Stops polling; the membership stays. */
  async pausePolling(): Promise<void> {
    this.#isStopped = true;
    this.consumer.wakeup();
    await this.#running;
  }

  async close(): Promise<void> {
    await this.pausePolling();
    await this.consumer.close();
  }
}

export interface JvmConsumer {
  readonly lines: readonly string[];
  /** SIGKILL: no word to the group. */
  kill(): Promise<void>;
  /** SIGTERM: it leaves the group. */
  stop(): Promise<void>;
}

/** Apache Kafka's own console consumer in a group. */
export function startJvmConsumer(groupId: string, topic: string): JvmConsumer {
  const libs = process.env.KCONSOLE_TEST_KAFKA_LIBS;
  if (!libs) throw new Error('KCONSOLE_TEST_KAFKA_LIBS is not set: run npm test');
  const properties = { ...QUICK, 'metadata.max.age.ms': '2000' };
  const child = spawn(
    'java',
    [
      ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx128m', '-cp', path.join(libs, '*')],
      ...['org.apache.kafka.tools.consumer.ConsoleConsumer', '--bootstrap-server', testBootstrap(), '--topic', topic, '--group', groupId],
      ...Object.entries(properties).flatMap(([name, value]) => ['--command-property', `${name}=${value}`]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const exited = exitOf(child);
  void exited.then(({ code }) => {
    if (code !== null && code !== 0 && code !== 130 && code !== 143)
      process.stderr.write(`console consumer ended with ${code}: ${complaints}\n`);
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return { lines, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

function exitOf(child: ChildProcess): Promise<{ code: number | null }> {
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code })));
}

/** Waits until the group is stable with so many members, each with the number of partitions given (in any order). */
export async function waitForShares(kafka: Kafka, groupId: string, shares: readonly number[], timeoutMs?: number): Promise<void> {
  await waitUntil(
    `group ${groupId} to share partitions as ${shares.join(', ')}`,
    async () => {
      const [group] = await kafka.admin().describeGroups([groupId]);
      const seen = (group?.members ?? []).map(({ assignment }) => assignment.length).sort();
      return (group?.state === 'Stable' && seen.join() === [...shares].sort().join()) || { state: group?.state, seen };
    },
    timeoutMs,
  );
}
