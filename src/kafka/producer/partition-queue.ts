/** What a producer has for one partition: at most one batch in flight, so order holds over every retry, idempotent or not. */
import type { BytesInPlace } from '../../base/bytes-in-place.ts';
import type { Clock } from '../../base/clock.ts';
import type { DeliveryCallback, RecordHeader } from '../contract.ts';
import { recordUpperBound } from '../records/batch-builder.ts';
import { BATCH_HEADER_BYTES } from '../records/batch-header.ts';
import type { BatchMemory } from './batch-memory.ts';
import { ProducerBatch } from './producer-batch.ts';

type Bytes = Uint8Array | string | null;

/** Sequence numbers go from 0 to 2^31−1 and start again. */
const SEQUENCE_COUNT = 2 ** 31;

export interface QueueSettings {
  /** A batch of this size does not wait for the one in flight or for linger. */
  readonly fullBytes: number;
  readonly deliveryTimeoutMs: number;
}

export class PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  /** Closed batches in order, the oldest first; a batch that must be sent again is put back to the front. */
  readonly waiting: ProducerBatch[] = [];
  /** The batch that takes records. */
  open: ProducerBatch | null = null;
  inFlight: ProducerBatch | null = null;
  nextSequence = 0;
  /** Pause after a fault (monotonic). */
  notBeforeMs = 0;
  /** Largest batch: what a request may carry, or less once the broker refused a batch as too large. */
  maxBatchBytes: number;
  readonly #memory: BatchMemory;
  readonly #clock: Clock;
  readonly #settings: QueueSettings;
  #lastBatchBytes: number;

  constructor(topic: string, partition: number, memory: BatchMemory, clock: Clock, settings: QueueSettings, maxBatchBytes: number) {
    this.topic = topic;
    this.partition = partition;
    this.maxBatchBytes = maxBatchBytes;
    this.#memory = memory;
    this.#clock = clock;
    this.#settings = settings;
    this.#lastBatchBytes = Math.min(settings.fullBytes, 16 << 10);
  }

  get hasWork(): boolean {
    return this.waiting.length > 0 || this.open !== null;
  }

  /** Appends to the open batch, or to a new one when the record does not fit any more. True: a new batch was begun. */
  append(
    key: Bytes,
    value: Bytes | BytesInPlace,
    headers: readonly RecordHeader[] | null,
    timestampMs: number,
    onDelivery: DeliveryCallback | null,
  ): boolean {
    let isNew = false;
    if (this.open !== null && this.open.sizeBytes + recordUpperBound(key, value, headers) > this.maxBatchBytes) this.close();
    if (this.open === null) {
      const hint = this.#firstBytes(recordUpperBound(key, value, headers));
      const nowMs = this.#clock.monoMs();
      this.open = new ProducerBatch(this.topic, this.partition, this.#memory, hint, nowMs, nowMs + this.#settings.deliveryTimeoutMs);
      isNew = true;
    }
    this.open.append(key, value, headers, timestampMs, onDelivery);
    return isNew;
  }

  /** Memory that one more record of at most `bytes` takes in addition to what is held. */
  growthFor(bytes: number): number {
    const { open } = this;
    if (open !== null && open.sizeBytes + bytes <= this.maxBatchBytes) return open.growthFor(bytes);
    return this.#memory.sizeFor(this.#firstBytes(bytes));
  }

  /** Size of a new batch's buffer that begins with a record of at most `bytes`. */
  #firstBytes(bytes: number): number {
    return Math.max(this.#lastBatchBytes, BATCH_HEADER_BYTES + bytes);
  }

  /** Ends the open batch. */
  close(): void {
    if (this.open === null) return;
    this.#lastBatchBytes = this.open.sizeBytes;
    this.waiting.push(this.open);
    this.open = null;
  }

  /** Whether a batch is there that needs to wait for nobody: full, or waiting behind a full one, or sent before. */
  get hasFull(): boolean {
    return this.waiting.length > 0 || (this.open !== null && this.open.sizeBytes >= this.#settings.fullBytes);
  }

  /** The next batch to send, without taking it. */
  get head(): ProducerBatch | null {
    return this.waiting[0] ?? this.open;
  }

  takeHead(): ProducerBatch | null {
    if (this.waiting.length === 0) this.close();
    this.inFlight = this.waiting.shift() ?? null;
    return this.inFlight;
  }

  putBack(batch: ProducerBatch): void {
    this.waiting.unshift(batch);
  }

  advanceSequence(count: number): void {
    this.nextSequence = (this.nextSequence + count) % SEQUENCE_COUNT;
  }

  /** Takes out the batches whose time is over. */
  takeExpired(nowMs: number): ProducerBatch[] {
    const expired: ProducerBatch[] = [];
    while (this.waiting[0] && this.waiting[0].deadlineMs <= nowMs) expired.push(this.waiting.shift() as ProducerBatch);
    if (this.waiting.length === 0 && this.open && this.open.deadlineMs <= nowMs) {
      expired.push(this.open);
      this.open = null;
    }
    return expired;
  }

  /** Takes out everything that is not in flight. */
  takeAll(): ProducerBatch[] {
    this.close();
    return this.waiting.splice(0);
  }
}
