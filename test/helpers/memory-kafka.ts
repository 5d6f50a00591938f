/**
 * Producer and group consumer in memory, with faults that real brokers show only by chance: held back, failed and refused deliveries,
 * partitions that come and go at a given moment. What Kafka does is tested on brokers.
 */
import { inHand } from '../../src/base/bytes-in-place.ts';
import type {
  DeliveryCallback,
  FetchedRecord,
  GroupConsumer,
  GroupConsumerOptions,
  Kafka,
  Producer,
  TransactionalProducer,
} from '../../src/kafka/contract.ts';
import type { Serialized } from '../../src/plugin-api/plugin.ts';
import type { TopicPartition } from '../../src/plugin-api/records.ts';

export interface SentRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly string[];
}

export class MemoryProducer implements Producer {
  readonly sent: SentRecord[] = [];
  /** Sent and not yet acknowledged, oldest first. */
  readonly inFlight: (DeliveryCallback | null)[] = [];
  /** Acknowledge at once (in a later turn). */
  isAutomatic = true;
  /** What the next `send` throws. */
  nextError: Error | null = null;
  /** Most records in flight; `send` gives false beyond. */
  capacity = Number.POSITIVE_INFINITY;
  closedWithMs: number | null = null;
  #room: PromiseWithResolvers<void> | null = null;
  #offset = 0n;

  readonly stats = { bufferedBytes: 0, inFlightRequests: 0, sentRecords: 0, sentBytes: 0, lastError: null };

  send(...[topic, , key, value, headers, , onDelivery]: Parameters<Producer['send']>): boolean {
    if (this.nextError) {
      const error = this.nextError;
      this.nextError = null;
      throw error;
    }
    if (this.inFlight.length >= this.capacity) return false;
    const text = (part: Serialized) => (part === null ? null : Buffer.from(inHand(part)!).toString());
    this.sent.push({ topic, key: text(key), value: text(value), headers: (headers ?? []).map((h) => `${h.key}=${text(h.value)}`) });
    this.inFlight.push(onDelivery);
    if (this.isAutomatic) setImmediate(() => this.ack(1));
    return true;
  }

  /** Acknowledges the oldest `count`. */
  ack(count: number, error: Error | null = null): void {
    for (const callback of this.inFlight.splice(0, count)) callback?.(error, 0, this.#offset++, 1, 1);
    this.#room?.resolve();
    this.#room = null;
  }

  /** Acknowledges the youngest: as another broker's answer would overtake. */
  ackLast(): void {
    this.inFlight.pop()?.(null, 0, this.#offset++, 1, 1);
  }

  async ready(_topic: string, signal?: AbortSignal): Promise<void> {
    this.#room ??= Promise.withResolvers<void>();
    signal?.addEventListener('abort', () => this.#room?.resolve(), { once: true });
    if (signal?.aborted) this.#room.resolve();
    await this.#room.promise;
  }

  async flush(): Promise<void> {}

  async sendRaw(): Promise<{ baseOffset: bigint }> {
    throw new Error('this producer takes records only');
  }

  partitionCount(): number {
    return 1;
  }

  async close(timeoutMs: number): Promise<void> {
    this.closedWithMs = timeoutMs;
  }
}

/** What was sent counts once it is committed; `log` tells the calls in order. */
export class MemoryTransactions extends MemoryProducer implements TransactionalProducer {
  readonly transactionalId = 'memory';
  readonly log: string[] = [];
  readonly committed: SentRecord[] = [];
  commitError: Error | null = null;
  isOpen = false;
  #from = 0;

  async initTransactions(): Promise<void> {
    this.log.push('init');
  }

  beginTransaction(): void {
    if (this.isOpen) throw new Error('a transaction is open already');
    this.isOpen = true;
    this.#from = this.sent.length;
    this.log.push('begin');
  }

  override send(...args: Parameters<Producer['send']>): boolean {
    if (!this.isOpen) throw new Error('no transaction is open');
    return super.send(...args);
  }

  async commitTransaction(): Promise<void> {
    if (this.commitError) throw this.commitError;
    this.ack(this.inFlight.length);
    const records = this.sent.slice(this.#from);
    this.committed.push(...records);
    this.isOpen = false;
    this.log.push(`commit ${records.map(({ topic, value }) => `${topic}:${value}`).join(' ')}`.trimEnd());
  }

  async abortTransaction(): Promise<void> {
    this.ack(this.inFlight.length, new Error('the transaction is aborted'));
    this.isOpen = false;
    this.log.push(`abort ${this.sent.slice(this.#from).length}`);
  }
}

export class MemoryConsumer implements GroupConsumer {
  readonly committedOffsets = new Map<string, bigint>();
  readonly seeks: string[] = [];
  readonly paused = new Set<string>();
  commitError: Error | null = null;
  isClosed = false;
  consumedBytes = 0;
  readonly #callbacks: Pick<GroupConsumerOptions, 'onAssigned' | 'onRevoked' | 'onLost'>;
  readonly #assigned = new Map<string, TopicPartition>();
  readonly #positions = new Map<string, bigint>();
  readonly #events: (() => Promise<void>)[] = [];
  #records: FetchedRecord[] = [];
  #wake: (() => void) | null = null;
  #isWoken = false;

  constructor(callbacks: Pick<GroupConsumerOptions, 'onAssigned' | 'onRevoked' | 'onLost'>) {
    this.#callbacks = callbacks;
  }

  // ---- what a test does

  feed(topic: string, partition: number, values: readonly (string | null)[]): void {
    const key = `${topic} ${partition}`;
    let offset = [...this.#records].reverse().find((r) => `${r.topic} ${r.partition}` === key)?.offset;
    offset = offset === undefined ? (this.#positions.get(key) ?? 0n) : offset + 1n;
    for (const value of values) {
      this.#records.push({
        topic,
        partition,
        offset: offset++,
        timestampMs: 1,
        timestampType: 'CreateTime',
        key: null,
        value: value === null ? null : Buffer.from(value),
        headers: null,
      });
    }
    this.#wake?.();
  }

  rebalance(change: { assigned?: readonly TopicPartition[]; revoked?: readonly TopicPartition[]; lost?: readonly TopicPartition[] }): void {
    this.#events.push(async () => {
      const { assigned = [], revoked = [], lost = [] } = change;
      if (revoked.length > 0) await this.#callbacks.onRevoked(revoked);
      if (lost.length > 0) await this.#callbacks.onLost(lost);
      for (const p of [...revoked, ...lost]) this.#assigned.delete(`${p.topic} ${p.partition}`);
      for (const p of assigned) {
        const key = `${p.topic} ${p.partition}`;
        this.#assigned.set(key, p);
        this.#positions.set(key, this.committedOffsets.get(key) ?? 0n);
      }
      await this.#callbacks.onAssigned(assigned);
    });
    this.#wake?.();
  }

  // ---- the contract

  async poll(timeoutMs: number, signal?: AbortSignal): Promise<FetchedRecord[]> {
    await this.#runEvents();
    const records = this.#take();
    if (records.length > 0 || timeoutMs === 0 || signal?.aborted || this.#isWoken) {
      this.#isWoken = false;
      return records;
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#wake = null;
    this.#isWoken = false;
    await this.#runEvents();
    return this.#take();
  }

  assignment(): readonly TopicPartition[] {
    return [...this.#assigned.values()];
  }

  position({ topic, partition }: TopicPartition): bigint | null {
    return this.#positions.get(`${topic} ${partition}`) ?? null;
  }

  endOffset(): bigint | null {
    return null;
  }

  seek({ topic, partition }: TopicPartition, offset: bigint): void {
    this.seeks.push(`${topic}-${partition}@${offset}`);
    this.#positions.set(`${topic} ${partition}`, offset);
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const p of partitions) this.paused.add(`${p.topic} ${p.partition}`);
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const p of partitions) this.paused.delete(`${p.topic} ${p.partition}`);
  }

  async committed(partitions: readonly TopicPartition[]): Promise<(TopicPartition & { offset: bigint | null })[]> {
    return partitions.map((p) => ({ ...p, offset: this.committedOffsets.get(`${p.topic} ${p.partition}`) ?? null }));
  }

  async commit(offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): Promise<void> {
    if (this.commitError) throw this.commitError;
    for (const o of offsets) this.committedOffsets.set(`${o.topic} ${o.partition}`, o.offset);
  }

  wakeup(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  async #runEvents(): Promise<void> {
    for (let event = this.#events.shift(); event; event = this.#events.shift()) await event();
  }

  #take(): FetchedRecord[] {
    const isMine = (r: FetchedRecord) => {
      const key = `${r.topic} ${r.partition}`;
      return this.#assigned.has(key) && !this.paused.has(key);
    };
    const taken = this.#records.filter(isMine);
    this.#records = this.#records.filter((r) => !isMine(r));
    for (const r of taken) this.#positions.set(`${r.topic} ${r.partition}`, r.offset + 1n);
    return taken;
  }
}

/** A client whose producers and consumers are the ones above; everything else is refused. */
export function createMemoryKafka(): Kafka & { readonly producers: MemoryProducer[]; readonly consumers: MemoryConsumer[] } {
  const producers: MemoryProducer[] = [];
  const consumers: MemoryConsumer[] = [];
  const refuse = (what: string) => (): never => {
    throw new Error(`there is no ${what} in memory`);
  };
  return {
    clientId: 'memory',
    producers,
    consumers,
    producer: () => {
      const producer = new MemoryProducer();
      producers.push(producer);
      return producer;
    },
    groupConsumer: (options) => {
      const consumer = new MemoryConsumer(options);
      consumers.push(consumer);
      return consumer;
    },
    transactionalProducer: refuse('transactional producer'),
    admin: refuse('admin client'),
    fetcher: refuse('fetcher'),
    groupMember: refuse('group member'),
    topicLog: refuse('topic log'),
    close: async () => undefined,
  };
}
