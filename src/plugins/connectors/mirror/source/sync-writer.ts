/**
 * Writes offset syncs: the newest of each partition, few at a time. What cannot be written is told of and costs only the precision of translated
 * offsets. Source: org.apache.kafka.connect.mirror.OffsetSyncWriter (4.3, KAFKA-15906).
 */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import { atMost } from '../../../../base/in-time.ts';
import type { Log } from '../../../../base/log.ts';
import type { Producer } from '../../../../kafka/contract.ts';
import type { TopicPartition } from '../../../../plugin-api/records.ts';
import { offsetSyncKey, offsetSyncValue } from '../shared/offset-sync.ts';
import { SyncState } from './sync-rules.ts';

export interface SyncWriterParts {
  readonly producer: Pick<Producer, 'send' | 'ready' | 'close'>;
  readonly topic: string;
  /** `offset.lag.max`. */
  readonly maxLag: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is known of the syncs of one partition of the source. */
export interface SyncedPartition {
  readonly key: Buffer;
  readonly state: SyncState;
  /** Of the record that was written last. */
  upstream: bigint;
  downstream: bigint;
  /** To be told: an older place, which what came after it must not push out. */
  dueUpstream: bigint;
  dueDownstream: bigint;
  /** None was written yet. The first one is never overtaken: without it no group that stands further back could be translated. */
  isFirst: boolean;
  /** Another one is due behind the first. */
  isDueAgain: boolean;
}

const MOST_IN_FLIGHT = 10;
/** Before a topic that could not be written to is tried again. */
const RETRY_MS = 10_000;
const CLOSE_MS = 5_000;
/** Longest wait for the topic before the first record is copied: the first sync is the one that old offsets are translated with. */
const START_MS = 10_000;

export class SyncWriter {
  readonly #parts: SyncWriterParts;
  /** To be written, the newest of each partition; and what the next commit puts among them. */
  readonly #pending = new Set<SyncedPartition>();
  readonly #delayed = new Set<SyncedPartition>();
  readonly #ended = new AbortController();
  #inFlight = 0;
  #isWaiting = false;
  #whenIdle: (() => void) | null = null;
  #written = 0;
  #lastError: string | null = null;

  constructor(parts: SyncWriterParts) {
    this.#parts = parts;
  }

  get written(): number {
    return this.#written;
  }

  /** Why the last one could not be written; `null`: it was. */
  get lastError(): string | null {
    return this.#lastError;
  }

  partition(partition: TopicPartition): SyncedPartition {
    const nowhere = { upstream: -1n, downstream: -1n, dueUpstream: -1n, dueDownstream: -1n };
    return { key: offsetSyncKey(partition), state: new SyncState(this.#parts.maxLag), ...nowhere, isFirst: true, isDueAgain: false };
  }

  /** Resolves when the topic is known, or must be waited for while records are copied. */
  async start(signal: AbortSignal): Promise<void> {
    const late = new AbortController();
    const { clock, producer, topic } = this.#parts;
    const stop = AbortSignal.any([signal, late.signal, this.#ended.signal]);
    const ready = producer.ready(topic, stop).catch((error: unknown) => {
      if (!stop.aborted) this.#failed(error);
    });
    await Promise.race([ready, clock.sleep(START_MS, stop)]);
    late.abort();
  }

  /** A record lies at both offsets. */
  noted(partition: SyncedPartition, upstream: bigint, downstream: bigint): void {
    partition.upstream = upstream;
    partition.downstream = downstream;
    if (!partition.state.update(Number(upstream), Number(downstream))) {
      this.#delayed.add(partition);
      return;
    }
    this.#delayed.delete(partition);
    this.#due(partition);
    this.#write();
  }

  /** What was put off is due: no partition is behind by more than an interval of commits. */
  promote(): void {
    for (const partition of this.#delayed) this.#due(partition);
    this.#delayed.clear();
    this.#write();
  }

  /** Writes what is pending, no longer than some seconds. */
  async close(): Promise<void> {
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
    if (this.#pending.size > 0 || this.#inFlight > 0) await atMost(idle, CLOSE_MS, this.#parts.clock);
    this.#ended.abort();
    await this.#parts.producer.close(0);
  }

  #due(partition: SyncedPartition): void {
    if (partition.isFirst && this.#pending.has(partition)) {
      partition.isDueAgain = true;
      return;
    }
    partition.dueUpstream = partition.upstream;
    partition.dueDownstream = partition.downstream;
    this.#pending.add(partition);
  }

  #write(): void {
    const { producer, topic } = this.#parts;
    if (this.#isWaiting || this.#ended.signal.aborted) return;
    for (const partition of this.#pending) {
      if (this.#inFlight >= MOST_IN_FLIGHT) return;
      try {
        const isTaken = producer.send(topic, 0, partition.key, dueValue(partition), null, null, (error) => this.#settled(error));
        if (!isTaken) return void this.#waitForProducer();
      } catch (error) {
        return void this.#pause(error);
      }
      this.#pending.delete(partition);
      this.#inFlight++;
      partition.isFirst = false;
      if (!partition.isDueAgain) continue;
      partition.isDueAgain = false;
      this.#due(partition);
    }
  }

  #settled(error: Error | null): void {
    this.#inFlight--;
    if (error) this.#failed(error);
    else {
      this.#written++;
      this.#lastError = null;
    }
    this.#write();
    if (this.#pending.size === 0 && this.#inFlight === 0) this.#whenIdle?.();
  }

  async #waitForProducer(): Promise<void> {
    this.#isWaiting = true;
    try {
      await this.#parts.producer.ready(this.#parts.topic, this.#ended.signal);
      this.#isWaiting = false;
      this.#write();
    } catch (error) {
      await this.#pause(error);
    }
  }

  async #pause(error: unknown): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#isWaiting = true;
    this.#failed(error);
    await this.#parts.clock.sleep(RETRY_MS, this.#ended.signal);
    this.#isWaiting = false;
    this.#write();
  }

  #failed(error: unknown): void {
    this.#lastError = messageOf(error);
    if (!this.#ended.signal.aborted)
      this.#parts.log.error(`An offset sync could not be written to '${this.#parts.topic}': ${messageOf(error)}`);
  }
}

function dueValue({ dueUpstream, dueDownstream }: SyncedPartition): Buffer {
  return offsetSyncValue({ upstreamOffset: dueUpstream, downstreamOffset: dueDownstream });
}
