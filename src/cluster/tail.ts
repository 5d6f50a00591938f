/**
 * Follows topics without a group: nothing is committed, no rebalance is caused. What comes is kept as raw batches, so that fifty
 * thousand records a second cost next to nothing; freezing stops what is shown, never what is read, and every counter says what it counts.
 */
import { type Clock, systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Admin, Fetcher, FetcherOptions, Kafka, RawBatch } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import { decodeBatch } from '../kafka/records/decode-batch.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import { CounterTrack } from './counter-track.ts';
import { fetchOffsets } from './progress.ts';
import { type DecodedBatch, RecordRing } from './record-ring.ts';
import { startOffsets, type TailStart, wantedPartitions } from './tail-start.ts';
import { Troubles } from './troubles.ts';

export interface TailOptions {
  readonly kafka: Kafka;
  readonly topics: readonly string[];
  /** `null`: all. */
  readonly partitions: readonly number[] | null;
  readonly start: TailStart;
  /** `read_committed`: nothing of transactions that are open or aborted. */
  readonly isolation?: FetcherOptions['isolationLevel'];
  readonly limitBytes?: number;
  /** It ends where the partitions ended when it began, and reads nothing that came later. */
  readonly isBounded?: boolean;
  readonly clock?: Clock;
  onChange(): void;
}

/** `received` = `kept` + `dropped`, always. */
export interface TailStatus {
  readonly topics: readonly string[];
  readonly partitionCount: number;
  readonly start: TailStart;
  readonly received: number;
  readonly receivedBytes: number;
  readonly receivedPerSec: number | null;
  readonly decodedPerSec: number | null;
  /** Records whose batch is damaged. */
  readonly undecodable: number;
  readonly kept: number;
  readonly keptBytes: number;
  readonly dropped: number;
  /** Offsets between what was read and the end of the partitions; `null`: not known of all of them. */
  readonly behind: bigint | null;
  /** All partitions end at offset 0: nothing was ever written. */
  readonly isEmpty: boolean;
  /** `ended`: one that is bounded has read all that it wanted. */
  readonly phase: 'starting' | 'following' | 'ended' | 'failed';
  /** Why nothing can be read; it is tried again. */
  readonly error: string | null;
  /** What is wrong with a part, while the rest goes on; one line each. */
  readonly notes: readonly string[];
}

const DEFAULT_LIMIT_BYTES = 64 * 1024 * 1024;
const RETRY_MS = 2_000;
/** After a fault of one partition; the fetcher has a pause of its own for it. */
const FAULT_PAUSE_MS = 100;
const POLL_MS = 500;
const ENDS_EVERY_MS = 250;
const LOOK_AGAIN_MS = 5_000;
/** Records of one poll: a busy topic must not hold up keys and frames, which share this thread. */
const POLL_RECORDS = 20_000;

export class Tail {
  readonly ring: RecordRing;
  readonly #options: TailOptions;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #receivedTrack = new CounterTrack('sampled');
  readonly #decodedTrack = new CounterTrack('sampled');
  readonly #troubles: Troubles;
  #partitions: readonly TopicPartition[] = [];
  #leaderless: readonly TopicPartition[] = [];
  #missing: readonly string[] = [];
  #notes: readonly string[] = [];
  #fetcher: Fetcher | null = null;
  /** Where one that is bounded ends, by partition. */
  #until: ReadonlyMap<string, bigint> | null = null;
  #received = 0;
  #receivedBytes = 0;
  #phase: TailStatus['phase'] = 'starting';
  #error: string | null = null;
  #isStarted = false;
  #ends: { readonly atMs: number; readonly behind: bigint | null; readonly isEmpty: boolean } | null = null;

  constructor(options: TailOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#troubles = new Troubles(() => this.#clock.monoMs());
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
    this.#receivedTrack.add(nowMs, this.#received);
    this.#decodedTrack.add(nowMs, this.ring.decoded);
    if (this.#ends?.behind == null || nowMs - this.#ends.atMs >= ENDS_EVERY_MS) this.#ends = { atMs: nowMs, ...this.#lookAtEnds() };
    return {
      topics: this.#options.topics,
      partitionCount: this.#partitions.length,
      start: this.#options.start,
      received: this.#received,
      receivedBytes: this.#receivedBytes,
      receivedPerSec: this.#receivedTrack.rate(nowMs),
      decodedPerSec: this.#decodedTrack.rate(nowMs),
      undecodable: this.ring.undecodable,
      kept: this.ring.length,
      keptBytes: this.ring.bytes,
      dropped: this.ring.dropped,
      behind: this.#ends.behind,
      isEmpty: this.#ends.isEmpty,
      phase: this.#phase,
      error: this.#error,
      notes: this.#allNotes(),
    };
  }

  #lookAtEnds(): { behind: bigint | null; isEmpty: boolean } {
    const fetcher = this.#fetcher;
    if (!fetcher || this.#partitions.length === 0) return { behind: null, isEmpty: false };
    let [behind, all] = [0n, 0n];
    for (const one of this.#partitions) {
      const [end, position] = [fetcher.endOffset(one), fetcher.position(one)];
      if (end === null || position === null) return { behind: null, isEmpty: false };
      all += end;
      if (end > position) behind += end - position;
    }
    return { behind, isEmpty: all === 0n };
  }

  #allNotes(): readonly string[] {
    const waiting = this.#leaderless.filter((one) => this.#fetcher?.endOffset(one) == null);
    return [
      ...this.#missing.map((topic) => `there is no topic ${topic}; it is looked for again`),
      ...(waiting.length === 0 ? [] : [`no leader, not read until there is one: ${waiting.map(placeText).join(', ')}`]),
      ...this.#notes,
      ...this.#troubles.recent(),
    ];
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#begin(signal);
        await this.#follow(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#phase = 'failed';
        this.#error = messageOf(error);
        this.#options.onChange();
        await this.#clock.sleep(RETRY_MS, signal);
      }
    }
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const { kafka, topics, partitions, start, isolation = 'read_uncommitted', isBounded = false } = this.#options;
    const admin = kafka.admin();
    const wanted = wantedPartitions(topics, await admin.topics(topics), partitions);
    if (wanted.partitions.length === 0)
      throw new Error([...wanted.missing.map((topic) => `there is no topic ${topic}`), ...wanted.notes].join('; '));
    const { offsets, notes } = await startOffsets(admin, wanted.partitions, start);
    if (isBounded) this.#until = await fetchOffsets(admin, wanted.partitions, 'latest', isolation);
    if (signal.aborted) return;
    const fetcher = kafka.fetcher({
      autoOffsetReset: 'latest',
      isolationLevel: isolation,
      maxWaitMs: 250,
      minBytes: 1,
      isRaw: true,
      maxPollRecords: POLL_RECORDS,
    });
    this.#fetcher = fetcher;
    this.#partitions = wanted.partitions;
    this.#leaderless = wanted.leaderless;
    this.#missing = wanted.missing;
    this.#notes = [...wanted.notes, ...notes];
    fetcher.assign(wanted.partitions.map((one, i) => ({ ...one, offset: offsets[i]! })));
    this.#phase = 'following';
    this.#error = null;
    this.#options.onChange();
    if (wanted.missing.length > 0 && !isBounded) void this.#lookForMissing(admin, fetcher, signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const fetcher = this.#fetcher;
    while (fetcher && !signal.aborted) {
      if (this.#hasReadAll(fetcher)) {
        this.#phase = 'ended';
        this.#options.onChange();
        return;
      }
      try {
        const batches = await fetcher.pollRaw(POLL_MS, signal);
        for (const batch of batches) this.#keep(batch);
        if (batches.length === 0) continue;
        this.#options.onChange();
        await new Promise<void>((resolve) => setImmediate(resolve));
      } catch (error) {
        if (signal.aborted) return;
        // What is wrong with one partition ends none of the others.
        this.#troubles.add(messageOf(error));
        this.#options.onChange();
        await this.#clock.sleep(FAULT_PAUSE_MS, signal);
      }
    }
  }

  /** One that does not answer (no leader) has no end, and is waited for. */
  #hasReadAll(fetcher: Fetcher): boolean {
    const until = this.#until;
    if (until === null) return false;
    return this.#partitions.every((one) => {
      const [end, position] = [until.get(partitionKey(one)), fetcher.position(one)];
      return end !== undefined && position !== null && position >= end;
    });
  }

  /** A topic that appears later is read from its beginning: all of it is new. */
  async #lookForMissing(admin: Admin, fetcher: Fetcher, signal: AbortSignal): Promise<void> {
    while (this.#missing.length > 0) {
      await this.#clock.sleep(LOOK_AGAIN_MS, signal);
      if (signal.aborted) return;
      try {
        const found = wantedPartitions(this.#missing, await admin.topics(this.#missing), this.#options.partitions);
        if (signal.aborted) return;
        fetcher.add(found.partitions.map((one) => ({ ...one, offset: 'earliest' as const })));
        this.#partitions = [...this.#partitions, ...found.partitions];
        this.#missing = found.missing;
        this.#options.onChange();
      } catch {
        // Whoever reads the others says that Kafka does not answer.
      }
    }
  }

  #keep(raw: RawBatch): void {
    const { topic, partition, baseOffset, recordCount, batch } = raw;
    const end = this.#until?.get(partitionKey(raw));
    if (end !== undefined && baseOffset >= end) return;
    this.ring.push({ topic, partition, baseOffset, count: recordCount, sizeBytes: batch.length, decode: () => decoded(raw) });
    this.#received += recordCount;
    this.#receivedBytes += batch.length;
  }
}

function decoded(raw: RawBatch): DecodedBatch {
  const { header, records } = decodeBatch(raw);
  const { compression, producerId, producerEpoch, leaderEpoch, isTransactional, count } = header;
  return { facts: { compression, producerId, producerEpoch, leaderEpoch, isTransactional, baseOffset: raw.baseOffset, count }, records };
}

function placeText({ topic, partition }: TopicPartition): string {
  return `${topic} p${partition}`;
}
