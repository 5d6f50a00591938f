/**
 * Follows topics without a group: nothing is committed, no rebalance is caused. All partitions, from the end, the last so many
 * records, the beginning, an offset or a time; freezing stops what is shown, never what is read, and every counter says what it counts.
 */
import { type Clock, systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { FetchedRecord, Fetcher, Kafka, OffsetSpec, TopicInfo } from '../kafka/contract.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import { CounterTrack } from './counter-track.ts';
import { fetchOffsets } from './progress.ts';
import { RecordRing, type TailRecord } from './record-ring.ts';

/** `last`: so many records before the end, over all partitions. */
export type TailStart = 'end' | 'beginning' | { readonly last: number } | { readonly offset: bigint } | { readonly timestampMs: number };

export interface TailOptions {
  readonly kafka: Kafka;
  readonly topics: readonly string[];
  /** `null`: all. */
  readonly partition: number | null;
  readonly start: TailStart;
  readonly limitBytes?: number;
  readonly clock?: Clock;
  onChange(): void;
}

export interface TailStatus {
  readonly topics: readonly string[];
  readonly partitionCount: number;
  readonly start: TailStart;
  readonly received: number;
  readonly receivedBytes: number;
  readonly perSec: number | null;
  readonly kept: number;
  readonly keptBytes: number;
  readonly dropped: number;
  /** Records between what was read and the end of the partitions; `null`: not known. */
  readonly behind: bigint | null;
  readonly phase: 'starting' | 'following' | 'failed';
  readonly error: string | null;
}

const DEFAULT_LIMIT_BYTES = 32 * 1024 * 1024;
const RETRY_MS = 2_000;
const POLL_MS = 500;

export class Tail {
  readonly ring: RecordRing;
  readonly #options: TailOptions;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #rate = new CounterTrack('sampled');
  #partitions: readonly TopicPartition[] = [];
  #fetcher: Fetcher | null = null;
  #received = 0;
  #receivedBytes = 0;
  #phase: TailStatus['phase'] = 'starting';
  #error: string | null = null;
  #isStarted = false;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.ring = new RecordRing(options.limitBytes ?? DEFAULT_LIMIT_BYTES);
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#fetcher?.wakeup();
    await this.#fetcher?.close().catch(() => undefined);
  }

  /** Called once a frame: counters as they stand. */
  status(): TailStatus {
    const nowMs = this.#clock.monoMs();
    this.#rate.add(nowMs, this.#received);
    return {
      topics: this.#options.topics,
      partitionCount: this.#partitions.length,
      start: this.#options.start,
      received: this.#received,
      receivedBytes: this.#receivedBytes,
      perSec: this.#rate.rate(nowMs),
      kept: this.ring.length,
      keptBytes: this.ring.bytes,
      dropped: this.ring.dropped,
      behind: this.#behind(),
      phase: this.#phase,
      error: this.#error,
    };
  }

  #behind(): bigint | null {
    if (!this.#fetcher) return null;
    let total = 0n;
    for (const one of this.#partitions) {
      const [end, position] = [this.#fetcher.endOffset(one), this.#fetcher.position(one)];
      if (end === null || position === null) return null;
      if (end > position) total += end - position;
    }
    return total;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#phase = 'failed';
        this.#error = messageOf(error);
        this.#options.onChange();
        await this.#fetcher?.close().catch(() => undefined);
        this.#fetcher = null;
        await this.#clock.sleep(RETRY_MS, signal);
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const admin = this.#options.kafka.admin();
    const infos = await admin.topics(this.#options.topics);
    this.#partitions = this.#wanted(infos);
    const offsets = await startOffsets(admin, this.#partitions, this.#options.start);
    if (signal.aborted) return;
    const fetcher = this.#options.kafka.fetcher({ autoOffsetReset: 'latest', maxWaitMs: 250, minBytes: 1, isRaw: false });
    this.#fetcher = fetcher;
    fetcher.assign(this.#partitions.map((one, i) => ({ ...one, offset: offsets[i]! })));
    this.#phase = 'following';
    this.#error = null;
    this.#options.onChange();
    while (!signal.aborted) {
      const records = await fetcher.poll(POLL_MS, signal);
      for (const record of records) this.#keep(record);
      if (records.length > 0) {
        this.#options.onChange();
        // A busy topic must not hold up keys and frames, which share this thread.
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    }
  }

  #wanted(infos: readonly TopicInfo[]): TopicPartition[] {
    const broken = infos.find((info) => info.error !== null);
    if (broken && infos.length === 1) throw new Error(`topic ${broken.name}: ${broken.error}`);
    if (infos.length === 0) throw new Error(`there is no topic ${this.#options.topics.join(', ')}`);
    const { partition } = this.#options;
    return infos.flatMap((info) =>
      info.partitions
        .filter((one) => one.leader >= 0 && (partition === null || one.partition === partition))
        .map((one) => ({ topic: info.name, partition: one.partition })),
    );
  }

  #keep(record: FetchedRecord): void {
    const headers = record.headers?.map((header) => ({ key: header.key, value: header.value ? Buffer.from(header.value) : null })) ?? null;
    const headerBytes = headers?.reduce((all, header) => all + header.key.length + (header.value?.length ?? 0), 0) ?? 0;
    const sizeBytes = (record.key?.length ?? 0) + (record.value?.length ?? 0) + headerBytes;
    const kept: TailRecord = {
      sequence: this.ring.endSequence,
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      timestampMs: record.timestampMs,
      // Views into the fetched buffer would keep all of it alive.
      key: record.key && Buffer.from(record.key),
      value: record.value && Buffer.from(record.value),
      headers,
      sizeBytes,
    };
    this.ring.push(kept);
    this.#received++;
    this.#receivedBytes += sizeBytes;
  }
}

/** Where each partition begins. «The last n» is n a partition, shared by how many there are. */
async function startOffsets(
  admin: ReturnType<Kafka['admin']>,
  partitions: readonly TopicPartition[],
  start: TailStart,
): Promise<OffsetSpec[]> {
  if (start === 'end') return partitions.map(() => 'latest');
  if (start === 'beginning') return partitions.map(() => 'earliest');
  if ('timestampMs' in start) return partitions.map(() => ({ timestampMs: start.timestampMs }));
  if ('offset' in start) return partitions.map(() => start.offset);
  const [earliest, latest] = await Promise.all([fetchOffsets(admin, partitions, 'earliest'), fetchOffsets(admin, partitions, 'latest')]);
  const share = BigInt(Math.max(1, Math.ceil(start.last / Math.max(1, partitions.length))));
  return partitions.map(({ topic, partition }) => {
    const [first, end] = [earliest.get(`${topic} ${partition}`), latest.get(`${topic} ${partition}`)];
    if (first === undefined || end === undefined) return 'latest';
    return end - share > first ? end - share : first;
  });
}
