/** The fetcher of the contract: assigned partitions without a group. */
import { NOT_NEEDED } from '../base/abort.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { ClusterLink } from './cluster-link.ts';
import type { FetchedRecord, Fetcher, FetcherOptions, FetchTrouble, OffsetSpec, PositionReset, RawBatch } from './contract.ts';
import { FetchLoop } from './fetcher/fetch-loop.ts';
import type { FetchedChunk } from './fetcher/fetched-chunk.ts';
import { PartitionState } from './fetcher/partition-state.ts';
import { KafkaError } from './kafka-error.ts';
import type { MetadataCache } from './metadata.ts';

export function createFetcher(link: ClusterLink, metadata: MetadataCache, options: FetcherOptions): Fetcher {
  return new AssignedFetcher(link, metadata, options);
}

class AssignedFetcher implements Fetcher {
  readonly #link: ClusterLink;
  readonly #options: FetcherOptions;
  readonly #loop: FetchLoop;
  readonly #states = new Map<string, PartitionState>();
  /** Ends the wait of a poll. */
  #wake: (() => void) | null = null;
  #isWokenUp = false;
  #isClosed = false;
  /** Where the next poll starts to look, so that no partition is forgotten behind busy ones. */
  #turn = 0;
  #consumedBytes = 0;

  constructor(link: ClusterLink, metadata: MetadataCache, options: FetcherOptions) {
    this.#link = link;
    this.#options = options;
    this.#loop = new FetchLoop(
      link,
      metadata,
      options,
      () => this.#states.values(),
      () => this.#wake?.(),
    );
  }

  assign(partitions: ReadonlyArray<TopicPartition & { readonly offset: OffsetSpec }>): void {
    this.#states.clear();
    this.add(partitions);
  }

  add(partitions: ReadonlyArray<TopicPartition & { readonly offset: OffsetSpec }>): void {
    for (const { topic, partition, offset } of partitions)
      this.#states.set(keyOf(topic, partition), new PartitionState(topic, partition, offset));
    this.#loop.driveSoon();
  }

  remove(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) this.#states.delete(keyOf(topic, partition));
    this.#loop.driveSoon();
  }

  seek(partition: TopicPartition, offset: OffsetSpec): void {
    this.#state(partition).moveTo(offset);
    this.#loop.driveSoon();
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#state(partition).isPaused = true;
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#state(partition).isPaused = false;
    this.#loop.driveSoon();
    this.#wake?.();
  }

  paused(): readonly TopicPartition[] {
    return [...this.#states.values()].filter((state) => state.isPaused).map(({ topic, partition }) => ({ topic, partition }));
  }

  assignment(): readonly TopicPartition[] {
    return [...this.#states.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  position(partition: TopicPartition): bigint | null {
    return this.#state(partition).position;
  }

  endOffset(partition: TopicPartition): bigint | null {
    return this.#state(partition).endOffset;
  }

  #state({ topic, partition }: TopicPartition): PartitionState {
    const state = this.#states.get(keyOf(topic, partition));
    if (!state)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic "${topic}" partition ${partition} is not assigned to this fetcher`);
    return state;
  }

  async poll(timeoutMs: number, signal?: AbortSignal): Promise<FetchedRecord[]> {
    const records: FetchedRecord[] = [];
    await this.#fill(timeoutMs, signal, () => {
      this.#drain((chunk, left) => {
        const before = records.length;
        chunk.read(records, left);
        return records.length - before;
      });
      return records.length > 0;
    });
    return records;
  }

  async pollRaw(timeoutMs: number, signal?: AbortSignal): Promise<RawBatch[]> {
    const batches: RawBatch[] = [];
    await this.#fill(timeoutMs, signal, () => {
      this.#drain((chunk, left) => chunk.readRaw(batches, left));
      return batches.length > 0;
    });
    return batches;
  }

  /** Runs `take` until it answers true, time is up, or somebody wants the poll to end. Throws the fault of a partition once everything before it was handed out. */
  async #fill(timeoutMs: number, signal: AbortSignal | undefined, take: () => boolean): Promise<void> {
    const endMs = this.#link.clock.monoMs() + timeoutMs;
    for (;;) {
      if (this.#isClosed) throw new KafkaError('CLOSED', 'the fetcher is closed');
      if (take()) return;
      this.#throwFault();
      if (this.#isWokenUp || signal?.aborted) {
        this.#isWokenUp = false;
        return;
      }
      const leftMs = endMs - this.#link.clock.monoMs();
      if (leftMs <= 0) return;
      await this.#waitForNews(leftMs, signal);
    }
  }

  async #waitForNews(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    const news = new AbortController();
    const onAbort = () => news.abort(NOT_NEEDED);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#wake = onAbort;
    await this.#link.clock.sleep(timeoutMs, news.signal);
    this.#wake = null;
    signal?.removeEventListener('abort', onAbort);
  }

  /** Hands chunks to `read` (how many records it took of those left) until maxPollRecords are reached. */
  #drain(read: (chunk: FetchedChunk, left: number) => number): void {
    const states = [...this.#states.values()];
    let left = this.#options.maxPollRecords;
    for (let i = 0; i < states.length && left > 0; i++) {
      const state = states[(this.#turn + i) % states.length] as PartitionState;
      if (state.isPaused || state.chunks.length === 0) continue;
      left = this.#drainPartition(state, left, read);
      if (left <= 0) this.#turn = (this.#turn + i + (state.chunks.length > 0 ? 0 : 1)) % states.length;
    }
  }

  #drainPartition(state: PartitionState, max: number, read: (chunk: FetchedChunk, left: number) => number): number {
    let left = max;
    while (left > 0 && state.chunks[0]) {
      const chunk = state.chunks[0];
      try {
        left -= read(chunk, left);
      } catch (error) {
        // The records before the damage are handed out first; then the same place is read again, and tells again.
        state.moveTo(chunk.position);
        if (!(error instanceof KafkaError)) throw error;
        state.fault = error;
        return left;
      }
      state.position = chunk.position;
      if (chunk.isDone) {
        state.chunks.shift();
        this.#consumedBytes += chunk.passedBytes;
        this.#loop.driveSoon();
      }
    }
    return left;
  }

  #throwFault(): void {
    for (const state of this.#states.values()) {
      const { fault } = state;
      if (!fault) continue;
      state.fault = null;
      throw fault;
    }
  }

  get consumedBytes(): number {
    return this.#consumedBytes;
  }

  takeResets(): readonly PositionReset[] {
    const { resets } = this.#loop;
    if (resets.length > 0) this.#loop.resets = [];
    return resets;
  }

  troubles(): readonly FetchTrouble[] {
    return [...this.#states.values()].flatMap(({ topic, partition, trouble }) => (trouble ? [{ topic, partition, ...trouble }] : []));
  }

  wakeup(): void {
    this.#isWokenUp = true;
    this.#wake?.();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#states.clear();
    this.#loop.close();
    this.#wake?.();
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
