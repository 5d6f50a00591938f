/**
 * Apache Kafka's own clients for tests: one JVM (KafkaPeer.java on the Kafka jars) that does what it is told, one thing after the other.
 * What ours writes goes to it, and what it writes comes to ours.
 */
import { execFile, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findJava } from '../../src/demo/java.ts';
import type { AclBinding, BrokerInfo, FetchedRecord, GroupListing, PartitionInfo } from '../../src/kafka/contract.ts';
import type { Properties } from './kafka-clients.ts';
import { base64, type TestRecord } from './kafka-records.ts';

export interface PeerRecord extends TestRecord {
  readonly topic: string;
  readonly partition?: number;
}

export interface Written {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
}

/** As it comes over the pipe: bytes in base64. */
type PeerFetched = Omit<FetchedRecord, 'offset' | 'key' | 'value' | 'headers'> & {
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: ReadonlyArray<readonly [key: string, value: string | null]>;
};

export interface PeerConfigEntry {
  readonly name: string;
  readonly value: string | null;
  readonly source: string;
  readonly isSensitive: boolean;
  readonly isReadOnly: boolean;
}

/** What the JVM's Admin says. */
export interface PeerView {
  readonly clusterId: string;
  readonly brokers: readonly BrokerInfo[];
  readonly quorum: { readonly leaderId: number; readonly leaderEpoch: number; readonly voters: readonly number[] };
  readonly topicId: string;
  readonly partitions: ReadonlyArray<Pick<PartitionInfo, 'partition' | 'leader' | 'replicas' | 'isr'>>;
  /** Bytes by `broker folder partition`. */
  readonly sizes: Readonly<Record<string, string>>;
  readonly listing?: GroupListing;
  /** By `topic-partition`. */
  readonly offsets: Readonly<Record<string, string>>;
}

export interface KafkaPeer {
  /** With `transactional.id` the records are one transaction, which `end` ends; left open, the next `produce` with this id goes on with it. */
  produce(config: Properties, records: readonly PeerRecord[], end?: 'commit' | 'abort' | 'leave open'): Promise<Written[]>;
  /** All partitions from their start on, until `count` records have come. Rejects when that takes more than 60 s. */
  consume(config: Properties, topic: string, count: number): Promise<FetchedRecord[]>;
  /** A member of the group `group.id` that polls until `leave`; `isShare`: of a share group. */
  join(name: string, config: Properties, topic: string, isShare?: boolean): Promise<void>;
  leave(name: string): Promise<void>;
  look(topic: string, group: string): Promise<PeerView>;
  /** Puts the replicas of a partition onto these brokers; the first of them leads afterwards. */
  move(topic: string, partition: number, replicas: readonly number[]): Promise<void>;
  /** A value of null takes it back. */
  setQuota(user: string, key: string, value: number | null): Promise<void>;
  createAcls(config: Properties, bindings: readonly AclBinding[]): Promise<void>;
  describeConfigs(config: Properties, type: 'TOPIC' | 'BROKER' | 'GROUP', name: string): Promise<PeerConfigEntry[]>;
  close(): Promise<void>;
}

const SOURCE = path.join(import.meta.dirname, 'KafkaPeer.java');

/** Compiles it into a folder, for all that start it with KCONSOLE_TEST_PEER_CLASSES; without that Java does it each time, which takes seconds. */
export async function compileKafkaPeer(libs: string, folder: string): Promise<void> {
  // The compiler is called as a module, as not every Java has a javac beside it; so nobody expands libs/* for it.
  const jars = readdirSync(libs).filter((name) => name.endsWith('.jar'));
  const classPath = jars.map((name) => path.join(libs, name)).join(path.delimiter);
  const compiler = ['-m', 'jdk.compiler/com.sun.tools.javac.Main', '-cp', classPath, '-d', folder, SOURCE];
  await promisify(execFile)(await findJava(), compiler);
}

/** `bootstrap` goes into the configuration of each client. */
export async function startKafkaPeer(bootstrap: string): Promise<KafkaPeer> {
  const libs = process.env.KCONSOLE_TEST_KAFKA_LIBS;
  if (!libs) throw new Error('KCONSOLE_TEST_KAFKA_LIBS is not set: run npm test');
  const classes = process.env.KCONSOLE_TEST_PEER_CLASSES;
  const program = classes
    ? ['-cp', `${path.join(libs, '*')}${path.delimiter}${classes}`, 'KafkaPeer']
    : ['-cp', path.join(libs, '*'), SOURCE];
  const jvm = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx256m', ...program];
  const child = spawn(await findJava(), jvm, { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting: Array<{ readonly resolve: (line: string) => void; readonly reject: (error: Error) => void }> = [];
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) waiting.shift()?.resolve(line);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`the JVM's clients ended: ${complaints}`));
  });

  const tell = async (op: string, config: Properties, details: object): Promise<Record<string, unknown>> => {
    const command = { op, config: { 'bootstrap.servers': bootstrap, ...config }, ...details };
    const line = await new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject });
      child.stdin.write(`${JSON.stringify(command)}\n`);
    });
    const answer = JSON.parse(line) as Record<string, unknown>;
    if (answer.error !== undefined) throw new Error(`JVM, ${op}: ${answer.error}`);
    return answer;
  };

  return {
    produce: async (config, records, end = 'commit') => {
      const { written } = await tell('produce', config, { end, records: records.map(toJson) });
      return (written as Array<{ partition: number; offset: string; timestampMs: number }>).map((one) => ({
        ...one,
        offset: BigInt(one.offset),
      }));
    },
    consume: async (config, topic, count) => ((await tell('consume', config, { topic, count })).records as PeerFetched[]).map(fromJson),
    join: async (name, config, topic, isShare = false) => void (await tell('join', config, { name, topic, isShare })),
    leave: async (name) => void (await tell('leave', {}, { name })),
    look: async (topic, group) => (await tell('look', {}, { topic, group })) as unknown as PeerView,
    move: async (topic, partition, replicas) => void (await tell('move', {}, { topic, partition, replicas })),
    setQuota: async (user, key, value) => void (await tell('set quota', {}, { user, key, value })),
    createAcls: async (config, bindings) => void (await tell('create acls', config, { bindings })),
    describeConfigs: async (config, type, name) => (await tell('describe configs', config, { type, name })).entries as PeerConfigEntry[],
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

function toJson({ topic, partition = -1, key = null, value, headers = [], timestampMs = -1 }: PeerRecord) {
  return {
    topic,
    partition: partition < 0 ? null : partition,
    key: base64(key),
    value: base64(value),
    headers: (headers ?? []).map((header) => [header.key, base64(header.value)]),
    timestampMs: timestampMs < 0 ? null : timestampMs,
  };
}

function fromJson({ offset, key, value, headers, ...record }: PeerFetched): FetchedRecord {
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text, 'base64'));
  return {
    ...record,
    offset: BigInt(offset),
    key: bytes(key),
    value: bytes(value),
    headers: headers.map(([name, content]) => ({ key: name, value: bytes(content) })),
  };
}
