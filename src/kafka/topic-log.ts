/**
 * A compacted topic as a log: read from its start to its end, then followed. The end is what ListOffsets says with read_uncommitted, also for a
 * reader of committed records, who would otherwise take the last stable offset for the end. Source: org.apache.kafka.connect.util.KafkaBasedLog (4.3).
 */
import { backoffMs } from '../base/backoff.ts';
import type { ClusterLink } from './cluster-link.ts';
import type { FetchedRecord, Fetcher, Producer, RecordPlace, TopicLog, TopicLogOptions } from './contract.ts';
import { createFetcher } from './fetcher.ts';
import { KafkaError, toKafkaError } from './kafka-error.ts';
import type { MetadataCache } from './metadata.ts';
import { fetchPartitionOffsets } from './partition-offsets.ts';
import { createProducer } from './producer.ts';

type Bytes = Uint8Array | string | null;

/** How long a broker holds a fetch of an idle log; new records are answered at once all the same. */
const LONG_POLL_MS = 5_000;
const IDLE_POLL_MS = 60_000;
/** While somebody waits for the end: positions can also move without a record (markers of transactions, compacted tails). */
const WAITING_POLL_MS = 50;
const MAX_POLL_RECORDS = 5_000;
const CLOSE_MS = 5_000;
const FAULT_MS = 100;
const FAULT_MAX_MS = 10_000;

/** Resolved once every partition has been handed out up to its end. */
interface Waiter {
  readonly ends: ReadonlyMap<number, bigint>;
  resolve(): void;
  reject(error: Error): void;
}

interface Unsent {
  readonly key: Bytes;
  readonly value: Bytes;
  resolve(place: RecordPlace): void;
  reject(error: Error): void;
}

export function createTopicLog(link: ClusterLink, metadata: MetadataCache, options: TopicLogOptions): TopicLog {
  return new CompactedTopicLog(link, metadata, options);
}

class CompactedTopicLog implements TopicLog {
  readonly #link: ClusterLink;
  readonly #metadata: MetadataCache;
  readonly #options: TopicLogOptions;
  readonly #fetcher: Fetcher;
  readonly #ended = new AbortController();
  readonly #waiters = new Set<Waiter>();
  readonly #unsent: Unsent[] = [];
  #producer: Producer | null = null;
  #isSending = false;
  #started: Promise<void> | null = null;
  #partitionCount = 0;
  /** A look for the ends that is under way, and the one after it. */
  #look: Promise<unknown> | null = null;
  #nextLook: Promise<Map<number, bigint>> | null = null;

  constructor(link: ClusterLink, metadata: MetadataCache, options: TopicLogOptions) {
    this.#link = link;
    this.#metadata = metadata;
    this.#options = options;
    this.#fetcher = createFetcher(link, metadata, {
      ...link.options.fetcher,
      minBytes: 1,
      maxWaitMs: LONG_POLL_MS,
      maxPollRecords: MAX_POLL_RECORDS,
      isolationLevel: options.isolationLevel ?? 'read_uncommitted',
      autoOffsetReset: 'earliest',
      isRaw: false,
    });
  }

  get partitionCount(): number {
    return this.#partitionCount;
  }

  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    const ends = await this.#ends();
    void this.#follow();
    await this.#reach(ends);
  }

  async readToEnd(): Promise<void> {
    if (!this.#started) throw new KafkaError('CLOSED', `the log of topic "${this.#options.topic}" is not started`);
    await this.#reach(await this.#nextEnds());
  }

  readPast({ partition, offset }: RecordPlace): Promise<void> {
    return offset < 0n ? this.readToEnd() : this.#reach(new Map([[partition, offset + 1n]]));
  }

  // ---- reading

  /** As of now or later: many who ask at once share one look, but never one that began before they asked. */
  #nextEnds(): Promise<Map<number, bigint>> {
    this.#nextLook ??= Promise.resolve(this.#look).then(() => {
      const look = this.#ends();
      this.#nextLook = null;
      this.#look = look.catch(() => undefined);
      return look;
    });
    return this.#nextLook;
  }

  /** Takes partitions that are new, then asks for the end of each; tries again for default.api.timeout.ms. */
  #ends(): Promise<Map<number, bigint>> {
    const { topic } = this.#options;
    return this.#link.retry(
      async () => {
        if (!this.#metadata.topic(topic)) await this.#metadata.refresh([topic]);
        const known = this.#metadata.topic(topic);
        if (!known) throw this.#metadata.errorOf(topic) ?? new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic "${topic}" is not known`);
        this.#take(known.partitions.length);
        const partitions = Array.from({ length: this.#partitionCount }, (_, partition) => ({ topic, partition }));
        const answers = await fetchPartitionOffsets(this.#link, this.#metadata, partitions, 'latest', 'read_uncommitted');
        const failed = answers.find(({ error }) => error !== null);
        if (failed?.error) throw failed.error;
        return new Map(answers.map(({ partition, offset }) => [partition, offset ?? 0n]));
      },
      { signal: this.#ended.signal },
    );
  }

  #take(count: number): void {
    const { topic } = this.#options;
    const added = [];
    for (let partition = this.#partitionCount; partition < count; partition++)
      added.push({ topic, partition, offset: 'earliest' as const });
    if (added.length === 0) return;
    this.#partitionCount = count;
    this.#fetcher.add(added);
  }

  async #follow(): Promise<void> {
    for (let faults = 0; !this.#ended.signal.aborted; ) {
      try {
        const records = await this.#fetcher.poll(this.#waiters.size > 0 ? WAITING_POLL_MS : IDLE_POLL_MS);
        faults = 0;
        for (const record of records) this.#hand(record);
        this.#settle();
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        this.#options.onError(toKafkaError(error, `log of topic "${this.#options.topic}"`));
        await this.#link.clock.sleep(backoffMs(faults++, FAULT_MS, FAULT_MAX_MS), this.#ended.signal);
      }
    }
  }

  #hand(record: FetchedRecord): void {
    try {
      this.#options.onRecord(record);
    } catch (error) {
      const at = `topic "${record.topic}" partition ${record.partition} offset ${record.offset}`;
      this.#options.onError(toKafkaError(error, `record at ${at}`));
    }
  }

  #reach(ends: ReadonlyMap<number, bigint>): Promise<void> {
    if (this.#ended.signal.aborted) return Promise.reject(this.#stopped());
    if (this.#isReached(ends)) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiters.add({ ends, resolve, reject });
    this.#fetcher.wakeup();
    return promise;
  }

  #settle(): void {
    for (const waiter of this.#waiters) {
      if (!this.#isReached(waiter.ends)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }

  #isReached(ends: ReadonlyMap<number, bigint>): boolean {
    const { topic } = this.#options;
    for (const [partition, end] of ends) {
      if (end > 0n && (this.#fetcher.position({ topic, partition }) ?? -1n) < end) return false;
    }
    return true;
  }

  // ---- writing

  send(key: Bytes, value: Bytes): Promise<RecordPlace> {
    if (this.#ended.signal.aborted) return Promise.reject(this.#stopped());
    const { promise, resolve, reject } = Promise.withResolvers<RecordPlace>();
    this.#unsent.push({ key, value, resolve, reject });
    if (!this.#isSending) void this.#pump();
    return promise;
  }

  /** In the order of the calls, also while the topic's metadata are not known or the memory is full. */
  async #pump(): Promise<void> {
    const { topic } = this.#options;
    this.#isSending = true;
    // One request in flight: what is written later never overtakes what is tried again.
    this.#producer ??= createProducer(this.#link, this.#metadata, {
      ...this.#link.options.producer,
      acks: -1,
      isIdempotent: false,
      maxInFlightPerConnection: 1,
      lingerMs: 0,
      lane: `write ${topic}`,
    });
    for (let next = this.#unsent[0]; next; next = this.#unsent[0]) {
      const { key, value, resolve, reject } = next;
      try {
        const isTaken = this.#producer.send(topic, null, key, value, null, null, (error, partition, offset) =>
          error ? reject(error) : resolve({ partition, offset }),
        );
        if (isTaken) this.#unsent.shift();
        else await this.#producer.ready(topic, this.#ended.signal);
      } catch (error) {
        this.#unsent.shift();
        reject(toKafkaError(error, `write to topic "${topic}"`));
      }
    }
    this.#isSending = false;
  }

  // ---- end

  async stop(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    await this.#fetcher.close();
    await this.#producer?.close(CLOSE_MS);
    const error = this.#stopped();
    for (const unsent of this.#unsent.splice(0)) unsent.reject(error);
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  #stopped(): KafkaError {
    return new KafkaError('CLOSED', `the log of topic "${this.#options.topic}" was stopped`);
  }
}
