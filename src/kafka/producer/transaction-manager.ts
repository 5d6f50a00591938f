/**
 * The life of one transactional id: taken over, then transactions one after the other. Partitions join a transaction before their first batch of
 * it is sent; what fails leaves abort as the only way on; what is final (another producer has taken over) leaves none.
 * Source: org.apache.kafka.clients.producer.internals.TransactionManager, with the protocol in which EndTxn keeps the epoch (reference 6.5).
 */
import type { ClusterLink } from '../cluster-link.ts';
import { KafkaError, toKafkaError } from '../kafka-error.ts';
import type { BatchStamp } from '../records/batch-builder.ts';
import type { BatchIdentity, IdentityHost } from './batch-identity.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { addPartitions, endTransaction, initProducer, type ProducerIdAndEpoch, type TransactionCall } from './transaction-requests.ts';

export interface TransactionSettings {
  readonly transactionalId: string;
  readonly transactionTimeoutMs: number;
  /** How long each request to the coordinator is tried. */
  readonly deliveryTimeoutMs: number;
}

type Phase = 'new' | 'ready' | 'open' | 'committing' | 'aborting';

/** Nothing that this producer does can succeed any more. */
const FINAL = new Set([
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
  'CLOSED',
]);

/** What has failed for a transaction does not come right by another attempt within it, whatever Kafka says of the error. */
class TransactionError extends KafkaError {
  override readonly isRetriable: boolean = false;
}

export class TransactionManager implements BatchIdentity {
  readonly kind = 'transactional';
  readonly transactionalId: string;
  readonly #link: ClusterLink;
  readonly #settings: TransactionSettings;
  readonly #host: IdentityHost;
  #phase: Phase = 'new';
  #identity: ProducerIdAndEpoch | null = null;
  /** Why only abort is left, or, when it is final, nothing. */
  #fault: { readonly error: KafkaError; readonly isFinal: boolean } | null = null;
  /** The broker may have what we count as failed: the next transaction needs another epoch, with sequences from 0. */
  #mustBump = false;
  readonly #added = new Set<PartitionQueue>();
  readonly #wanted = new Set<PartitionQueue>();
  /** The request about them is under way. */
  readonly #asked = new Set<PartitionQueue>();
  #adding: Promise<void> | null = null;
  /** The coordinator was asked to add partitions and may have done so. */
  #mayBeOngoing = false;

  constructor(link: ClusterLink, settings: TransactionSettings, host: IdentityHost) {
    this.#link = link;
    this.#settings = settings;
    this.#host = host;
    this.transactionalId = settings.transactionalId;
  }

  // ---- transactions

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  async init(): Promise<void> {
    this.#expect('new', 'initTransactions');
    try {
      this.#identity = await initProducer(this.#call(), this.#settings.transactionTimeoutMs);
      this.#phase = 'ready';
    } catch (error) {
      const fault = toKafkaError(error, this.#subject());
      if (!fault.isRetriable) this.#fault = { error: fault, isFinal: true };
      throw fault;
    }
  }

  begin(): void {
    this.#expect('ready', 'beginTransaction');
    this.#phase = 'open';
  }

  /** Throws unless records may be sent. */
  checkSend(): void {
    if (this.#phase === 'open' && this.#fault === null) return;
    this.#expect('open', 'send');
    throw this.#refused();
  }

  /** `flush`: sends what is waiting and resolves when everything is settled. Rejects when the transaction has failed: it is to be aborted then. */
  async commit(flush: () => Promise<void>): Promise<void> {
    this.#expect('open', 'commitTransaction');
    if (this.#fault) throw this.#refused();
    this.#phase = 'committing';
    await flush();
    await this.#adding;
    if (this.#fault) {
      this.#phase = 'open';
      throw this.#refused();
    }
    try {
      if (this.#added.size > 0) await endTransaction(this.#call(), this.#id(), true);
    } catch (error) {
      const fault = toKafkaError(error, this.#subject());
      const isAbortable = fault.kafkaName === 'TRANSACTION_ABORTABLE';
      this.#phase = 'open';
      // Committed or not: who takes the transactional id over next ends what is open.
      this.#fail(fault, !isAbortable);
      throw fault.isRetriable ? this.#unknownFate(fault) : fault;
    }
    this.#close();
  }

  /** `drain`: fails what waits and resolves when nothing is under way. */
  async abort(drain: (why: KafkaError) => Promise<void>): Promise<void> {
    this.#expect('open', 'abortTransaction');
    if (this.#fault?.isFinal) throw this.#refused();
    this.#phase = 'aborting';
    try {
      await drain(this.#aborted());
      await this.#adding;
      // Another producer has taken over, which shows with the last answers.
      if (this.#fault?.isFinal) throw this.#refused();
      if (this.#mayBeOngoing) await this.#endByAbort();
      if (this.#mustBump) await this.#bumpEpoch();
    } catch (error) {
      const fault = toKafkaError(error, this.#subject());
      this.#phase = 'open';
      this.#fail(fault, true);
      throw fault;
    }
    this.#fault = null;
    this.#close();
  }

  async #endByAbort(): Promise<void> {
    try {
      await endTransaction(this.#call(), this.#id(), false);
    } catch (error) {
      // No partition had joined: the coordinator knows of no transaction.
      if (this.#added.size > 0 || toKafkaError(error, this.#subject()).kafkaName !== 'INVALID_TXN_STATE') throw error;
    }
  }

  async #bumpEpoch(): Promise<void> {
    this.#identity = await initProducer(this.#call(), this.#settings.transactionTimeoutMs, this.#id());
    for (const queue of this.#host.queues()) queue.nextSequence = 0;
    this.#mustBump = false;
  }

  #close(): void {
    this.#added.clear();
    this.#wanted.clear();
    this.#mayBeOngoing = false;
    this.#phase = 'ready';
  }

  // ---- batches

  get refusal(): KafkaError | null {
    if (this.#fault) return this.#refused();
    return this.#phase === 'aborting' ? this.#aborted() : null;
  }

  isReady(): boolean {
    return this.#fault === null && (this.#phase === 'open' || this.#phase === 'committing');
  }

  mayStart(queue: PartitionQueue): boolean {
    if (this.#added.has(queue)) return true;
    if (!this.#asked.has(queue)) this.#wanted.add(queue);
    this.#adding ??= this.#addWanted().finally(() => {
      this.#adding = null;
    });
    return false;
  }

  stampFor({ nextSequence }: PartitionQueue): BatchStamp {
    return { ...this.#id(), baseSequence: nextSequence, isTransactional: true };
  }

  giveUp(reason: string): void {
    this.#mustBump = true;
    this.#fail(new KafkaError('TRANSACTION_ABORTABLE', `${this.#subject()}: ${reason}`), false);
  }

  batchFailed(error: KafkaError): void {
    this.#fail(error, FINAL.has(error.kafkaName));
  }

  async #addWanted(): Promise<void> {
    // All partitions that the sender comes upon in this turn go into one request.
    await Promise.resolve();
    while (this.#wanted.size > 0 && this.isReady()) {
      for (const queue of this.#wanted) this.#asked.add(queue);
      this.#wanted.clear();
      this.#mayBeOngoing = true;
      try {
        await addPartitions(this.#call(), this.#id(), this.#asked);
        for (const queue of this.#asked) this.#added.add(queue);
      } catch (error) {
        const fault = toKafkaError(error, this.#subject());
        this.#fail(fault, FINAL.has(fault.kafkaName));
        return;
      } finally {
        this.#asked.clear();
      }
      this.#host.wake();
    }
  }

  // ---- faults

  /** The first fault counts, unless a later one is final. */
  #fail(error: KafkaError, isFinal: boolean): void {
    if (this.#fault && (this.#fault.isFinal || !isFinal)) return;
    this.#fault = { error, isFinal };
    this.#host.failWaiting(this.#refused());
  }

  #refused(): KafkaError {
    const { error, isFinal } = this.#fault as { error: KafkaError; isFinal: boolean };
    const next = isFinal ? 'this producer can do nothing more' : 'it can only be aborted';
    return new TransactionError(error.kafkaName, `${this.#subject()} has failed and ${next}: ${error.message}`, { cause: error });
  }

  #aborted(): KafkaError {
    return new KafkaError('TRANSACTION_ABORTABLE', `${this.#subject()} is aborted`);
  }

  #unknownFate(error: KafkaError): KafkaError {
    const text = `${this.#subject()} may have been committed or not; who takes the id over next finds it ended: ${error.message}`;
    return new TransactionError(error.kafkaName, text, { cause: error });
  }

  #expect(phase: Phase, what: string): void {
    if (this.#phase === phase && (phase === 'open' || this.#fault === null)) return;
    if (this.#fault?.isFinal) throw this.#refused();
    throw new KafkaError('INVALID_TXN_STATE', `${what}: ${this.#subject()} is ${PHASES[this.#phase]}`);
  }

  #subject(): string {
    return `the transaction of "${this.transactionalId}"`;
  }

  #id(): ProducerIdAndEpoch {
    if (!this.#identity) throw new KafkaError('INVALID_TXN_STATE', `${this.#subject()} is ${PHASES.new}`);
    return this.#identity;
  }

  #call(): TransactionCall {
    const { transactionalId, deliveryTimeoutMs } = this.#settings;
    return { link: this.#link, transactionalId, totalMs: deliveryTimeoutMs, signal: this.#host.signal };
  }
}

const PHASES: Readonly<Record<Phase, string>> = {
  new: 'not initialised (initTransactions)',
  ready: 'not begun (beginTransaction)',
  open: 'open already',
  committing: 'being committed',
  aborting: 'being aborted',
};
