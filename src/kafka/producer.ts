/** The producer of the contract: records into batches, memory bounded, batches to the sender. */
import { unlessAborted } from '../base/abort.ts';
import type { BytesInPlace } from '../base/bytes-in-place.ts';
import type { ClusterLink } from './cluster-link.ts';
import type { DeliveryCallback, Producer, ProducerOptions, RecordHeader } from './contract.ts';
import { KafkaError, toKafkaError } from './kafka-error.ts';
import type { MetadataCache } from './metadata.ts';
import { ANONYMOUS, type BatchIdentity, type IdentityHost } from './producer/batch-identity.ts';
import { BatchMemory } from './producer/batch-memory.ts';
import { IdempotentIdentity } from './producer/idempotent-identity.ts';
import { PartitionQueue } from './producer/partition-queue.ts';
import { partitionOfKey, StickyPartitioner } from './producer/partitioner.ts';
import { ProducerBatch } from './producer/producer-batch.ts';
import { Sender } from './producer/sender.ts';
import { splitBatch } from './producer/split-batch.ts';
import { recordUpperBound } from './records/batch-builder.ts';
import { BATCH_HEADER_BYTES } from './records/batch-header.ts';
import { normalizeBatch } from './records/normalize-batch.ts';

type Bytes = Uint8Array | string | null;

/** Batches grow up to this while their partition waits for the broker, whatever batch.size is: below the broker's default limit (1,048,588). */
const GROWN_BATCH_BYTES = 1_000_000;

interface TopicQueues {
  readonly name: string;
  queues: PartitionQueue[];
  readonly sticky: StickyPartitioner;
  /** A partition that was asked for and did not exist at the last look. */
  missingPartition: number;
  /** The same after the metadata were asked for again. */
  absentPartition: number;
}

export function createProducer(link: ClusterLink, metadata: MetadataCache, options: ProducerOptions): Producer {
  const isIdempotent = options.isIdempotent && options.acks === -1;
  const identityFor = (host: IdentityHost): BatchIdentity => (isIdempotent ? new IdempotentIdentity(link, host) : ANONYMOUS);
  return new BatchingProducer(link, metadata, options, identityFor);
}

export class BatchingProducer<I extends BatchIdentity> implements Producer {
  readonly #link: ClusterLink;
  readonly #metadata: MetadataCache;
  readonly #options: ProducerOptions;
  readonly #memory: BatchMemory;
  readonly #sender: Sender<I>;
  readonly #topics = new Map<string, TopicQueues>();
  readonly #unsettled = new Set<ProducerBatch>();
  readonly #maxBatchBytes: number;
  readonly #ended = new AbortController();
  readonly #unsubscribe: () => void;
  #lastTopic: TopicQueues | null = null;
  #keyScratch = Buffer.allocUnsafeSlow(1024);
  #nowMs = 0;
  #nowUses = 0;
  #isNowKept = false;
  #generation = 0;
  #isClosed = false;
  #sentRecords = 0;
  #sentBytes = 0;
  #lastError: string | null = null;

  constructor(link: ClusterLink, metadata: MetadataCache, options: ProducerOptions, identityFor: (host: IdentityHost) => I) {
    this.#link = link;
    this.#metadata = metadata;
    this.#options = options;
    this.#memory = new BatchMemory(options.bufferMemoryBytes);
    this.#maxBatchBytes = Math.min(options.maxRequestSizeBytes, Math.max(options.batchSizeBytes, GROWN_BATCH_BYTES));
    this.#sender = new Sender({
      link,
      metadata,
      options,
      identityFor,
      isMemoryShort: () => this.#memory.isShort,
      split: (queue, batch) => this.#split(queue, batch),
      onSettled: (batch, error) => this.#onSettled(batch, error),
    });
    this.#unsubscribe = metadata.onChange(() => this.#growTopics());
  }

  get identity(): I {
    return this.#sender.identity;
  }

  get stats() {
    return {
      bufferedBytes: this.#memory.usedBytes,
      inFlightRequests: this.#sender.inFlightRequests,
      sentRecords: this.#sentRecords,
      sentBytes: this.#sentBytes,
      lastError: this.#lastError,
    };
  }

  send(
    topic: string,
    partition: number | null,
    key: Bytes,
    value: Bytes | BytesInPlace,
    headers: readonly RecordHeader[] | null,
    timestampMs: number | null,
    onDelivery: DeliveryCallback | null,
  ): boolean {
    if (this.#isClosed) throw this.#stopped(topic);
    const target = this.#lastTopic?.name === topic ? this.#lastTopic : this.#topicQueues(topic);
    if (!target) return false;
    const bytes = recordUpperBound(key, value, headers);
    if (bytes + BATCH_HEADER_BYTES > this.#options.maxRequestSizeBytes) this.#checkSize(topic, key, value, headers);
    const index = partition ?? this.#choose(target, key);
    const queue = target.queues[index];
    if (!queue) return this.#refusePartition(target, index);
    if (!this.#memory.hasRoom(queue.growthFor(bytes))) return false;
    const beforeBytes = queue.open?.sizeBytes ?? 0;
    const isNew = queue.append(key, value, headers, timestampMs ?? this.#now(), onDelivery);
    const batch = queue.open as ProducerBatch;
    if (partition === null && key === null) target.sticky.took(isNew ? batch.sizeBytes : batch.sizeBytes - beforeBytes);
    if (isNew) this.#begin(queue, batch);
    else if (queue.hasFull) this.#sender.pumpSoon();
    return true;
  }

  /** Wall time, asked for once in 32 records of one synchronous run of sends: reading the clock costs as much as building a record. */
  #now(): number {
    if (this.#nowUses === 0) {
      this.#nowMs = this.#link.clock.wallMs();
      if (!this.#isNowKept) {
        this.#isNowKept = true;
        queueMicrotask(() => {
          this.#isNowKept = false;
          this.#nowUses = 0;
        });
      }
    }
    this.#nowUses = (this.#nowUses + 1) & 31;
    return this.#nowMs;
  }

  #begin(queue: PartitionQueue, batch: ProducerBatch): void {
    batch.generation = this.#generation;
    this.#unsettled.add(batch);
    // Looking it up lets metadata that are too old be asked for again.
    this.#metadata.topic(queue.topic);
    this.#sender.began(queue);
  }

  /** Exactly what the record takes, where its upper bound is over the limit. */
  #checkSize(topic: string, key: Bytes, value: Bytes | BytesInPlace, headers: readonly RecordHeader[] | null): void {
    const sizeOf = (part: Bytes | BytesInPlace): number => {
      if (part === null) return 0;
      if (typeof part === 'string') return Buffer.byteLength(part);
      return part instanceof Uint8Array ? part.length : part.writeTo(Buffer.allocUnsafeSlow(part.maxBytes), 0);
    };
    let bytes = BATCH_HEADER_BYTES + 30 + sizeOf(key) + sizeOf(value);
    for (const header of headers ?? []) bytes += 10 + Buffer.byteLength(header.key) + sizeOf(header.value);
    const limit = this.#options.maxRequestSizeBytes;
    if (bytes <= limit) return;
    throw new KafkaError(
      'MESSAGE_TOO_LARGE',
      `RECORD_TOO_LARGE: a record of ${bytes} bytes for topic "${topic}" is larger than max.request.size (${limit} bytes). Raise that, and max.message.bytes of the topic with it.`,
    );
  }

  #choose(target: TopicQueues, key: Bytes): number {
    const count = target.queues.length;
    if (key === null) {
      if (target.sticky.mustSwitch(count)) this.#switchPartition(target);
      return target.sticky.current;
    }
    if (typeof key !== 'string') return partitionOfKey(key, count);
    if (key.length * 3 > this.#keyScratch.length) this.#keyScratch = Buffer.allocUnsafeSlow(key.length * 3);
    return partitionOfKey(this.#keyScratch, count, this.#keyScratch.write(key, 'utf8'));
  }

  /** In a function of its own: who makes a closure pays at each call, also when it is not made. */
  #switchPartition({ name, sticky, queues }: TopicQueues): void {
    sticky.switch(queues.length, (partition) => this.#metadata.leader(name, partition).leader >= 0);
  }

  #refusePartition(target: TopicQueues, partition: number): false {
    if (partition < 0 || target.absentPartition === partition) {
      target.absentPartition = -1;
      throw new KafkaError(
        'UNKNOWN_TOPIC_OR_PARTITION',
        `topic "${target.name}" has no partition ${partition} (it has ${target.queues.length})`,
      );
    }
    target.missingPartition = partition;
    return false;
  }

  // ---- topics

  #topicQueues(topic: string): TopicQueues | null {
    const known = this.#metadata.topic(topic);
    if (!known || known.partitions.length === 0) {
      const error = this.#metadata.errorOf(topic);
      if (error && !error.isRetriable) throw error;
      return null;
    }
    let target = this.#topics.get(topic);
    if (!target) {
      target = {
        name: topic,
        queues: [],
        sticky: new StickyPartitioner(this.#options.batchSizeBytes),
        missingPartition: -1,
        absentPartition: -1,
      };
      this.#topics.set(topic, target);
    }
    this.#grow(target, known.partitions.length);
    this.#lastTopic = target;
    return target;
  }

  #grow(target: TopicQueues, count: number): void {
    const settings = { fullBytes: this.#options.batchSizeBytes, deliveryTimeoutMs: this.#options.deliveryTimeoutMs };
    while (target.queues.length < count) {
      target.queues.push(
        new PartitionQueue(target.name, target.queues.length, this.#memory, this.#link.clock, settings, this.#maxBatchBytes),
      );
    }
  }

  #growTopics(): void {
    for (const target of this.#topics.values()) this.#grow(target, this.#metadata.topic(target.name)?.partitions.length ?? 0);
  }

  partitionCount(topic: string): number | null {
    return this.#metadata.topic(topic)?.partitions.length ?? null;
  }

  async ready(topic: string, signal?: AbortSignal): Promise<void> {
    const stop = signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal;
    if (stop.aborted) throw this.#stopped(topic);
    const target = this.#topics.get(topic);
    if (!target || target.missingPartition >= target.queues.length) await this.#learn(topic, target ?? null, stop);
    const room = this.#memory.whenFree();
    if (this.#memory.isShort) this.#sender.pumpSoon();
    await unlessAborted(room, stop);
    if (stop.aborted) throw this.#stopped(topic);
  }

  async #learn(topic: string, target: TopicQueues | null, stop: AbortSignal): Promise<void> {
    const endMs = this.#link.clock.monoMs() + this.#link.options.defaultApiTimeoutMs;
    for (;;) {
      const fault = await this.#refreshed(topic, stop);
      if (target && target.missingPartition >= 0 && !fault) {
        if (target.missingPartition >= target.queues.length) target.absentPartition = target.missingPartition;
        target.missingPartition = -1;
        return;
      }
      if (this.#topicQueues(topic)) return;
      if (stop.aborted) throw this.#stopped(topic);
      const last = fault ?? this.#metadata.errorOf(topic);
      if (fault && !fault.isRetriable) throw fault;
      if (this.#link.clock.monoMs() >= endMs) {
        const text = `topic "${topic}" did not become known within ${this.#link.options.defaultApiTimeoutMs} ms`;
        throw new KafkaError(last?.kafkaName ?? 'UNKNOWN_TOPIC_OR_PARTITION', `${text}${last ? `: ${last.message}` : ''}`, { cause: last });
      }
      await this.#link.clock.sleep(this.#link.options.retryBackoffMs, stop);
    }
  }

  async #refreshed(topic: string, stop: AbortSignal): Promise<KafkaError | null> {
    try {
      await unlessAborted(this.#metadata.refresh([topic], true), stop);
      return null;
    } catch (error) {
      return toKafkaError(error, `metadata of topic "${topic}"`);
    }
  }

  #stopped(topic: string): KafkaError {
    const what = this.#isClosed ? 'the producer is closed' : 'the wait was ended';
    return new KafkaError('CLOSED', `topic "${topic}": ${what}`);
  }

  // ---- batches

  #split(queue: PartitionQueue, batch: ProducerBatch): boolean {
    const halfBytes = Math.max(this.#options.batchSizeBytes, Math.floor(batch.sizeBytes / 2));
    const parts = splitBatch(batch, this.#memory, this.#options.compression);
    if (!parts) return false;
    this.#link.log.info(
      `A batch of ${batch.sizeBytes} bytes was too large for topic "${batch.topic}" partition ${batch.partition}; batches for it are made smaller from now on`,
    );
    queue.maxBatchBytes = Math.min(queue.maxBatchBytes, halfBytes);
    for (const part of parts.toReversed()) {
      part.generation = batch.generation;
      this.#unsettled.add(part);
      queue.putBack(part);
    }
    this.#unsettled.delete(batch);
    batch.replaced();
    return true;
  }

  #onSettled(batch: ProducerBatch, error: KafkaError | null): void {
    this.#unsettled.delete(batch);
    if (error) this.#lastError = error.message;
    else {
      this.#sentRecords += batch.count;
      this.#sentBytes += batch.sizeBytes;
    }
  }

  async sendRaw(topic: string, partition: number, batch: Buffer): Promise<{ baseOffset: bigint }> {
    let target = this.#topicQueues(topic);
    while (!target || !this.#memory.hasRoom(batch.length)) {
      await this.ready(topic);
      target = this.#topicQueues(topic);
    }
    const queue = target.queues[partition];
    if (!queue)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `topic "${topic}" has no partition ${partition} (it has ${target.queues.length})`);
    const { bytes, count } = normalizeBatch(topic, partition, batch);
    const nowMs = this.#link.clock.monoMs();
    const made = ProducerBatch.ofBytes(topic, partition, this.#memory, bytes, count, nowMs, nowMs + this.#options.deliveryTimeoutMs);
    return new Promise((resolve, reject) => {
      made.onWhole((error, baseOffset) => (error ? reject(error) : resolve({ baseOffset })));
      queue.close();
      queue.waiting.push(made);
      this.#begin(queue, made);
    });
  }

  async flush(): Promise<void> {
    const generation = this.#generation++;
    this.#sender.hurry++;
    this.#sender.pumpSoon();
    try {
      for (const batch of this.#unsettled) if (batch.generation <= generation) await batch.whenSettled();
    } finally {
      this.#sender.hurry--;
    }
  }

  /** Fails what is not under way with `error`, and resolves when nothing is any more. */
  drain(error: KafkaError): Promise<void> {
    return this.#sender.drain(error);
  }

  async close(timeoutMs: number): Promise<void> {
    const late = new AbortController();
    await Promise.race([this.flush(), this.#link.clock.sleep(timeoutMs, late.signal)]);
    late.abort();
    this.#isClosed = true;
    this.#ended.abort();
    this.#unsubscribe();
    this.#memory.wakeAll();
    this.#sender.end(
      (batch) =>
        new KafkaError(
          'CLOSED',
          `the producer was closed before ${batch.count} record(s) for topic "${batch.topic}" partition ${batch.partition} were acknowledged`,
        ),
    );
  }
}
