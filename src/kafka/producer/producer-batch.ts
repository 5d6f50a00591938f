/** Records of one partition on their way: built, finished, sent (perhaps several times), settled once. */
import type { BytesInPlace } from '../../base/bytes-in-place.ts';
import type { Log } from '../../base/log.ts';
import type { CompressionType, DeliveryCallback, RecordHeader } from '../contract.ts';
import type { KafkaError } from '../kafka-error.ts';
import { BatchBuilder, type BatchStamp, NO_STAMP, stampBatch } from '../records/batch-builder.ts';
import type { BatchMemory } from './batch-memory.ts';

type Bytes = Uint8Array | string | null;

/** Records that follow each other with the same callback and time: a busy source gives hundreds of thousands that are in flight at once. */
interface DeliveryRun {
  readonly callback: DeliveryCallback | null;
  readonly timestampMs: number;
  count: number;
}

export class ProducerBatch {
  readonly topic: string;
  readonly partition: number;
  /** Monotonic. */
  readonly createdMs: number;
  readonly deadlineMs: number;
  /** How often it was sent. */
  attempts = 0;
  /** A sending ended without the broker's answer: it may have been written. */
  isOutcomeUnknown = false;
  /** Its callbacks have run. */
  isSettled = false;
  /** Which `flush` waits for it: the number of flushes that were called before it was made. */
  generation = 0;
  /** What the last attempt ended with, while it is to be sent again. */
  lastError: KafkaError | null = null;
  /** Producer id, epoch and sequence under which it was sent; `null`: to be stamped anew. */
  stamp: BatchStamp | null = null;
  readonly #memory: BatchMemory;
  #builder: BatchBuilder | null;
  #buffer: Buffer;
  #finished: Buffer | null = null;
  #count = 0;
  #isWhole = false;
  /** As long as no record has a callback this stays `null`. */
  #runs: DeliveryRun[] | null = null;
  #whenSettled: Array<() => void> = [];

  constructor(topic: string, partition: number, memory: BatchMemory, sizeHint: number, createdMs: number, deadlineMs: number) {
    this.topic = topic;
    this.partition = partition;
    this.createdMs = createdMs;
    this.deadlineMs = deadlineMs;
    this.#memory = memory;
    this.#buffer = memory.take(sizeHint);
    this.#builder = new BatchBuilder(this.#buffer);
  }

  /** A batch that is complete already (`sendRaw`); `bytes` belong to it from now on. */
  static ofBytes(
    topic: string,
    partition: number,
    memory: BatchMemory,
    bytes: Buffer,
    count: number,
    createdMs: number,
    deadlineMs: number,
  ): ProducerBatch {
    const batch = new ProducerBatch(topic, partition, memory, 0, createdMs, deadlineMs);
    memory.give(batch.#buffer);
    memory.changed(bytes.length);
    batch.#builder = null;
    batch.#buffer = bytes;
    batch.#finished = bytes;
    batch.#count = count;
    return batch;
  }

  get count(): number {
    return this.#count;
  }

  get sizeBytes(): number {
    return this.#builder?.sizeBytes ?? this.#finished?.length ?? 0;
  }

  /** Memory that one more record of at most `bytes` takes; only while it takes records. */
  growthFor(bytes: number): number {
    return this.#builder?.growthFor(bytes) ?? 0;
  }

  append(
    key: Bytes,
    value: Bytes | BytesInPlace,
    headers: readonly RecordHeader[] | null,
    timestampMs: number,
    onDelivery: DeliveryCallback | null,
  ): void {
    const builder = this.#builder as BatchBuilder;
    const before = builder.capacityBytes;
    builder.append(key, value, headers, timestampMs);
    if (builder.capacityBytes !== before) this.#memory.changed(builder.capacityBytes - before);
    this.noteCallback(onDelivery, timestampMs);
    this.#count++;
  }

  /** For record number `count` (before it is counted). */
  noteCallback(onDelivery: DeliveryCallback | null, timestampMs: number): void {
    const last = this.#runs?.at(-1);
    if (last && last.callback === onDelivery && last.timestampMs === timestampMs) last.count++;
    else if (this.#runs) this.#runs.push({ callback: onDelivery, timestampMs, count: 1 });
    else if (onDelivery !== null) {
      const before = this.#count > 0 ? [{ callback: null, timestampMs: 0, count: this.#count }] : [];
      this.#runs = [...before, { callback: onDelivery, timestampMs, count: 1 }];
    }
  }

  /** For a batch that came whole: called once, with the offset of its first record, also when it had to be split. */
  onWhole(listener: (error: Error | null, baseOffset: bigint) => void): void {
    this.#isWhole = true;
    this.#runs = [{ callback: (error, _partition, offset) => listener(error, offset), timestampMs: -1, count: 1 }];
  }

  /** Lets two halves report as one: the first error, else the offset of the first half. */
  shareWhole(first: ProducerBatch, second: ProducerBatch): void {
    const listener = this.#runs?.[0]?.callback;
    if (!this.#isWhole || !listener) return;
    let firstOffset = -1n;
    let fault: Error | null = null;
    let left = 2;
    const settled = (error: Error | null) => {
      fault ??= error;
      if (--left === 0) listener(fault, this.partition, firstOffset, -1, 1);
    };
    first.onWhole((error, offset) => {
      firstOffset = offset;
      settled(error);
    });
    second.onWhole((error) => settled(error));
  }

  callbackOf(index: number): DeliveryCallback | null {
    if (this.#isWhole) return null;
    let left = index;
    for (const run of this.#runs ?? []) {
      if (left < run.count) return run.callback;
      left -= run.count;
    }
    return null;
  }

  /** Ends the appending. */
  finish(compression: CompressionType): void {
    const builder = this.#builder;
    if (!builder) return;
    this.#builder = null;
    this.#finished = builder.finish(compression);
    const held = builder.storage;
    if (compression === 'none') this.#buffer = held;
    else {
      this.#memory.changed(this.#finished.length);
      this.#memory.give(held);
      this.#buffer = this.#finished;
    }
  }

  /** The bytes to send, stamped. */
  bytes(): Buffer {
    const finished = this.#finished as Buffer;
    stampBatch(finished, this.stamp ?? NO_STAMP);
    return finished;
  }

  /** Resolves when it is settled, however. */
  whenSettled(): Promise<void> {
    return this.isSettled ? Promise.resolve() : new Promise((resolve) => this.#whenSettled.push(resolve));
  }

  /** `logAppendTimeMs` −1: the records keep their own time. `baseOffset` −1n: unknown. */
  succeed(baseOffset: bigint, logAppendTimeMs: number, log: Log): void {
    this.#settle((callback, index, { timestampMs, count }) => {
      const offset = baseOffset < 0n ? -1n : baseOffset + BigInt(index);
      callback(null, this.partition, offset, logAppendTimeMs >= 0 ? logAppendTimeMs : timestampMs, count);
    }, log);
  }

  /** `errorOf`: what to tell the record number `index`. */
  fail(errorOf: (index: number) => Error, log: Log): void {
    this.#settle((callback, index, { timestampMs, count }) => {
      for (let at = index; at < index + count; at++) callback(errorOf(at), this.partition, -1n, timestampMs, 1);
    }, log);
  }

  /** Its records live on in other batches: callbacks do not run. */
  replaced(): void {
    this.isSettled = true;
    this.release();
    for (const resolve of this.#whenSettled) resolve();
  }

  /** Gives the memory back. Not before the last request that carries it has ended. */
  release(): void {
    const held = this.#builder?.storage ?? this.#buffer;
    if (held.length > 0) this.#memory.give(held);
    this.#buffer = Buffer.alloc(0);
    this.#finished = null;
    this.#builder = null;
  }

  #settle(tell: (callback: DeliveryCallback, firstIndex: number, run: DeliveryRun) => void, log: Log): void {
    this.isSettled = true;
    const runs = this.#runs;
    this.#runs = null;
    let index = 0;
    for (const run of runs ?? []) {
      try {
        if (run.callback !== null) tell(run.callback, index, run);
      } catch (error) {
        log.error(`The delivery callback of a record to topic "${this.topic}" failed`, error);
      }
      index += run.count;
    }
    for (const resolve of this.#whenSettled) resolve();
  }
}
