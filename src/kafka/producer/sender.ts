/**
 * Sends batches to the leaders of their partitions. A broker gets the next request when the last one is answered, with everything that has come
 * meanwhile, one batch a partition; up to max.in.flight requests at once only for partitions whose batch is full, lingered long enough or was flushed.
 */
import { backoffMs } from '../../base/backoff.ts';
import type { ClusterLink } from '../cluster-link.ts';
import type { ProducerOptions } from '../contract.ts';
import { KafkaError, toKafkaError } from '../kafka-error.ts';
import type { MetadataCache } from '../metadata.ts';
import { produceMessage } from '../wire/messages/produce.ts';
import type { BatchIdentity, IdentityHost } from './batch-identity.ts';
import { timeoutError, tooLargeError } from './delivery-errors.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { faultOutcome, type Outcome, outcomeOf, type PartitionReply, repliesByPartition } from './produce-outcome.ts';
import type { ProducerBatch } from './producer-batch.ts';

export interface SenderParts<I extends BatchIdentity> {
  readonly link: ClusterLink;
  readonly metadata: MetadataCache;
  readonly options: ProducerOptions;
  readonly identityFor: (host: IdentityHost) => I;
  /** Somebody waits for memory: linger does not count. */
  readonly isMemoryShort: () => boolean;
  /** Splits a batch that was refused as too large; the parts are at the front of the queue afterwards. False: it is one record. */
  readonly split: (queue: PartitionQueue, batch: ProducerBatch) => boolean;
  /** A batch was settled. */
  readonly onSettled: (batch: ProducerBatch, error: KafkaError | null) => void;
}

/** A broker, and the partitions that have something for it. */
interface Node {
  readonly id: number;
  inFlight: number;
  readonly queues: Set<PartitionQueue>;
}

interface Flight {
  readonly queue: PartitionQueue;
  readonly batch: ProducerBatch;
}

const NOBODY = -1;
const CHECK_MS = 100;
/** Header and names around the batches of a request. */
const REQUEST_OVERHEAD = 512;

export class Sender<I extends BatchIdentity> {
  readonly identity: I;
  readonly #parts: SenderParts<I>;
  readonly #unsubscribe: () => void;
  readonly #ended = new AbortController();
  readonly #nodes = new Map<number, Node>();
  /** Every queue that has or had work. */
  readonly #queues = new Map<PartitionQueue, Node | null>();
  #isPumpDue = false;
  #isChecking = false;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  /** Batches that are not settled. */
  #open = 0;
  #inFlightRequests = 0;
  #quiet: PromiseWithResolvers<void> | null = null;
  /** Flushes that are waiting: linger does not count. */
  hurry = 0;

  constructor(parts: SenderParts<I>) {
    this.#parts = parts;
    this.identity = parts.identityFor({
      queues: () => this.#queues.keys(),
      wake: () => this.pumpSoon(),
      failWaiting: (error) => this.#failWaiting(error),
      signal: this.#ended.signal,
    });
    this.#unsubscribe = parts.metadata.onChange(() => this.#rehome());
  }

  get inFlightRequests(): number {
    return this.#inFlightRequests;
  }

  /** A batch was begun. */
  began(queue: PartitionQueue): void {
    this.#open++;
    if (!this.#queues.get(queue)) this.#assign(queue);
    this.pumpSoon();
    if (!this.#isChecking) void this.#check();
  }

  /** Sends what may be sent once the caller's turn is over. */
  pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    setImmediate(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  /** Fails everything that is not settled. */
  end(errorOf: (batch: ProducerBatch) => KafkaError): void {
    this.#ended.abort();
    this.#unsubscribe();
    for (const queue of this.#queues.keys()) {
      const batches = queue.takeAll();
      if (queue.inFlight && !queue.inFlight.isSettled) this.#fail(queue.inFlight, errorOf(queue.inFlight));
      for (const batch of batches) {
        this.#fail(batch, errorOf(batch));
        batch.release();
      }
    }
  }

  /** Fails what is not under way with `error`, and resolves when nothing is any more. */
  async drain(error: KafkaError): Promise<void> {
    this.#failWaiting(error);
    if (this.#inFlightRequests === 0) return;
    this.#quiet ??= Promise.withResolvers<void>();
    await this.#quiet.promise;
  }

  #assign(queue: PartitionQueue): void {
    const { leader } = this.#parts.metadata.leader(queue.topic, queue.partition);
    let node = this.#nodes.get(leader);
    if (!node) {
      node = { id: leader, inFlight: 0, queues: new Set() };
      this.#nodes.set(leader, node);
    }
    this.#queues.get(queue)?.queues.delete(queue);
    node.queues.add(queue);
    this.#queues.set(queue, node);
  }

  /** Leaders may have changed. */
  #rehome(): void {
    for (const [queue, node] of this.#queues) {
      if (node && node.id !== this.#parts.metadata.leader(queue.topic, queue.partition).leader) this.#assign(queue);
    }
    this.pumpSoon();
  }

  // ---- sending

  #pump(): void {
    if (this.#ended.signal.aborted) return;
    if (!this.identity.isReady()) return;
    for (const node of this.#nodes.values()) {
      if (node.id === NOBODY) continue;
      while (node.inFlight < this.#parts.options.maxInFlightPerConnection) {
        const flights = this.#collect(node);
        if (flights.length === 0) break;
        void this.#send(node, flights);
      }
    }
  }

  #collect(node: Node): Flight[] {
    const nowMs = this.#parts.link.clock.monoMs();
    const flights: Flight[] = [];
    if (node.inFlight > 0 && !this.#isWorthAnother(node)) return flights;
    let bytes = REQUEST_OVERHEAD;
    for (const queue of node.queues) {
      const batch = queue.head;
      if (!batch) {
        if (!queue.inFlight) {
          node.queues.delete(queue);
          this.#queues.set(queue, null);
        }
        continue;
      }
      if (queue.inFlight || !this.#mayGo(node, queue, batch, nowMs)) continue;
      if (flights.length > 0 && bytes + batch.sizeBytes > this.#parts.options.maxRequestSizeBytes) continue;
      queue.takeHead();
      batch.finish(this.#parts.options.compression);
      bytes += batch.sizeBytes;
      flights.push({ queue, batch });
    }
    // Who was served goes to the end of the line.
    for (const { queue } of flights) {
      node.queues.delete(queue);
      node.queues.add(queue);
    }
    return flights;
  }

  /** While a request is under way, the next goes only when it is well filled: a broker answers one after the other anyway. */
  #isWorthAnother(node: Node): boolean {
    if (this.hurry > 0) return true;
    let bytes = 0;
    for (const queue of node.queues) if (!queue.inFlight && queue.hasFull) bytes += queue.head?.sizeBytes ?? 0;
    return bytes >= this.#parts.options.maxRequestSizeBytes / 2;
  }

  #mayGo(node: Node, queue: PartitionQueue, batch: ProducerBatch, nowMs: number): boolean {
    if (queue.notBeforeMs > nowMs) {
      this.#wakeAt(queue.notBeforeMs);
      return false;
    }
    if (batch.stamp === null && !this.identity.mayStart(queue)) return false;
    if (queue.hasFull || this.hurry > 0) return true;
    const readyMs = batch.createdMs + this.#parts.options.lingerMs;
    if (readyMs > nowMs && !this.#parts.isMemoryShort()) {
      this.#wakeAt(readyMs);
      return false;
    }
    return node.inFlight === 0;
  }

  async #send(node: Node, flights: readonly Flight[]): Promise<void> {
    const { link, options } = this.#parts;
    node.inFlight++;
    this.#inFlightRequests++;
    try {
      const { body, sizeHint } = this.#request(flights);
      const reply = await link.send(node.id, produceMessage, body, {
        lane: options.lane ?? 'produce',
        timeoutMs: options.requestTimeoutMs,
        sizeHint,
      });
      this.#settleFlights(node, flights, options.acks === 0 ? null : repliesByPartition(reply.topics));
    } catch (error) {
      const fault = toKafkaError(error, `produce request to ${link.describe(node.id)}`);
      for (const flight of flights) this.#onOutcome(flight, faultOutcome(fault));
    } finally {
      node.inFlight--;
      this.#inFlightRequests--;
      if (this.#inFlightRequests === 0) {
        this.#quiet?.resolve();
        this.#quiet = null;
      }
      this.#pump();
    }
  }

  #request(flights: readonly Flight[]) {
    const { options } = this.#parts;
    const topics = new Map<string, Array<{ index: number; records: Buffer }>>();
    let sizeHint = REQUEST_OVERHEAD;
    for (const { queue, batch } of flights) {
      batch.stamp ??= this.identity.stampFor(queue);
      batch.attempts++;
      const records = batch.bytes();
      sizeHint += records.length + 16 + batch.topic.length;
      const partitions = topics.get(batch.topic);
      if (partitions) partitions.push({ index: batch.partition, records });
      else topics.set(batch.topic, [{ index: batch.partition, records }]);
    }
    const body = {
      transactionalId: this.identity.transactionalId,
      acks: options.acks,
      timeoutMs: options.requestTimeoutMs,
      topics: [...topics].map(([name, partitions]) => ({ name, partitions })),
    };
    return { body, sizeHint };
  }

  /** `replies` null: acks=0, nothing is ever known. */
  #settleFlights(node: Node, flights: readonly Flight[], replies: ReadonlyMap<string, PartitionReply> | null): void {
    for (const flight of flights) {
      const { topic, partition } = flight.batch;
      const reply = replies?.get(`${topic} ${partition}`);
      if (!replies) this.#onOutcome(flight, { kind: 'written', baseOffset: -1n, logAppendTimeMs: -1 });
      else if (reply) this.#onOutcome(flight, outcomeOf(flight.batch, this.#parts.link.describe(node.id), reply, this.identity.kind));
      else {
        const text = `${this.#parts.link.describe(node.id)} answered without topic "${topic}" partition ${partition}`;
        this.#onOutcome(flight, faultOutcome(new KafkaError('NETWORK_EXCEPTION', text)));
      }
    }
  }

  #onOutcome({ queue, batch }: Flight, outcome: Outcome): void {
    const { link, metadata } = this.#parts;
    queue.inFlight = null;
    if (outcome.kind === 'written') {
      queue.advanceSequence(batch.count);
      this.#written(batch, outcome.baseOffset, outcome.logAppendTimeMs);
      return;
    }
    if (outcome.kind === 'refused') {
      batch.isOutcomeUnknown ||= outcome.isOpen;
      this.#refused(batch, outcome.errorOf);
      return;
    }
    if (outcome.kind === 'too-large') {
      batch.stamp = null;
      batch.isOutcomeUnknown = false;
      if (batch.isSettled || this.identity.refusal || !this.#split(queue, batch))
        this.#refused(batch, () => tooLargeError(batch, outcome.error));
      return;
    }
    link.log.debug(`${outcome.error.message}; attempt ${batch.attempts}`);
    batch.lastError = outcome.error;
    if (outcome.kind === 'new-id') {
      batch.stamp = null;
      batch.isOutcomeUnknown = false;
      this.identity.giveUp(outcome.error.message);
    } else {
      batch.isOutcomeUnknown ||= outcome.isOpen;
      if (outcome.isStaleLeader) metadata.refreshSoon([batch.topic]);
    }
    const refusal = batch.isSettled ? null : this.identity.refusal;
    if (refusal) this.#fail(batch, refusal);
    if (batch.isSettled) this.#letGo(batch);
    else {
      queue.notBeforeMs = link.clock.monoMs() + backoffMs(batch.attempts - 1, link.options.retryBackoffMs, link.options.retryBackoffMaxMs);
      queue.putBack(batch);
    }
  }

  /** The parts go on in the place of the whole. */
  #split(queue: PartitionQueue, batch: ProducerBatch): boolean {
    const before = queue.waiting.length;
    if (!this.#parts.split(queue, batch)) return false;
    this.#open += queue.waiting.length - before - 1;
    return true;
  }

  // ---- settling

  #written(batch: ProducerBatch, baseOffset: bigint, logAppendTimeMs: number): void {
    if (!batch.isSettled) {
      this.#open--;
      batch.succeed(baseOffset, logAppendTimeMs, this.#parts.link.log);
      this.#parts.onSettled(batch, null);
    }
    batch.release();
  }

  #refused(batch: ProducerBatch, errorOf: (index: number) => KafkaError): void {
    if (!batch.isSettled) this.#fail(batch, errorOf(0), errorOf);
    this.#letGo(batch);
  }

  #fail(batch: ProducerBatch, error: KafkaError, errorOf: (index: number) => KafkaError = () => error): void {
    this.#open--;
    batch.fail(errorOf, this.#parts.link.log);
    this.#parts.onSettled(batch, error);
    this.identity.batchFailed(error);
  }

  #failWaiting(error: KafkaError): void {
    for (const queue of this.#queues.keys()) for (const batch of queue.takeAll()) this.#refused(batch, () => error);
  }

  /** It failed. Where it may have been written all the same, its sequences must not be used for other records: the broker would take those for repetitions. */
  #letGo(batch: ProducerBatch): void {
    if (batch.stamp && batch.isOutcomeUnknown)
      this.identity.giveUp(`it is not known whether a batch for topic "${batch.topic}" partition ${batch.partition} was written`);
    batch.release();
  }

  /** Batches whose delivery timeout is over, and partitions without a leader; runs while there is anything to deliver. */
  async #check(): Promise<void> {
    this.#isChecking = true;
    while (this.#open > 0 && !this.#ended.signal.aborted) {
      await this.#parts.link.clock.sleep(CHECK_MS, this.#ended.signal);
      const nowMs = this.#parts.link.clock.monoMs();
      for (const queue of this.#queues.keys()) this.#expire(queue, nowMs);
      const lost = this.#nodes.get(NOBODY);
      if (lost && lost.queues.size > 0) this.#parts.metadata.refreshSoon([...new Set([...lost.queues].map((queue) => queue.topic))], true);
      this.#pump();
    }
    this.#isChecking = false;
  }

  #expire(queue: PartitionQueue, nowMs: number): void {
    const flying = queue.inFlight;
    if (flying && !flying.isSettled && flying.deadlineMs <= nowMs) this.#fail(flying, this.#timeout(flying, true));
    for (const batch of queue.takeExpired(nowMs)) {
      this.#fail(batch, this.#timeout(batch, batch.isOutcomeUnknown));
      this.#letGo(batch);
    }
  }

  #timeout(batch: ProducerBatch, isOpen: boolean): KafkaError {
    const { link, metadata, options } = this.#parts;
    const { leader } = metadata.leader(batch.topic, batch.partition);
    const where = leader === NOBODY ? 'the partition has no leader' : `its leader is ${link.describe(leader)}`;
    return timeoutError(batch, options.deliveryTimeoutMs, where, isOpen);
  }

  /** One timer for the earliest need; a wake-up too many does no harm. */
  #wakeAt(atMs: number): void {
    if (atMs >= this.#wakeAtMs) return;
    this.#wakeAtMs = atMs;
    const waitMs = Math.max(1, atMs - this.#parts.link.clock.monoMs());
    void this.#parts.link.clock.sleep(waitMs, this.#ended.signal).then(() => {
      if (this.#wakeAtMs === atMs) this.#wakeAtMs = Number.POSITIVE_INFINITY;
      this.#pump();
    });
  }
}
