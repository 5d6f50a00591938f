/** A running sink task: poll, convert, put, commit. Source: org.apache.kafka.connect.runtime.WorkerSinkTask. */
import type { Clock } from '../base/clock.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { LoopPacer } from '../base/turn.ts';
import type { FetchedRecord, GroupConsumer, GroupConsumerOptions } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import type { Config, SinkTask } from '../plugin-api/plugin.ts';
import type { SinkRecord, TopicPartition } from '../plugin-api/records.ts';
import { ErrantRecords } from './errant-records.ts';
import type { TaskControl, TaskListener, TaskLoop } from './lifecycle.ts';
import { SinkCommitter } from './sink-committer.ts';
import { SinkContext } from './sink-context.ts';
import { SinkPartitionOffsets } from './sink-offsets.ts';
import type { SinkPreparer } from './sink-preparer.ts';
import type { SinkTaskMetrics } from './task-metrics.ts';

const POLL_RETRY_MS = 500;

export interface SinkLoopParts {
  readonly connector: string;
  readonly taskId: number;
  readonly task: SinkTask;
  readonly taskConfig: Config;
  readonly preparer: SinkPreparer;
  readonly control: TaskControl;
  readonly listener: Pick<TaskListener, 'onPause' | 'onResume'>;
  readonly metrics: SinkTaskMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly flushIntervalMs: number;
  readonly flushTimeoutMs: number;
  createConsumer(callbacks: Pick<GroupConsumerOptions, 'onAssigned' | 'onRevoked' | 'onLost'>): GroupConsumer;
  /** The first record read from a topic since the task started or `forgetActiveTopics`. */
  onActiveTopic(topic: string): void;
}

export class SinkLoop implements TaskLoop {
  readonly #parts: SinkLoopParts;
  readonly #offsets = new SinkPartitionOffsets();
  readonly #committer: SinkCommitter;
  readonly #context: SinkContext;
  /** Null when neither a dead-letter queue nor error logging is configured. */
  readonly #errant: ErrantRecords | null;
  readonly #pacer: LoopPacer;
  readonly #activeTopics = new Set<string>();
  #consumer: GroupConsumer | null = null;
  #batch: SinkRecord[] = [];
  /** The fetched record of each record in the batch. */
  #origins: FetchedRecord[] = [];
  #isStarted = false;
  #isTaskStopped = false;
  #isPaused = false;
  /** The batch at hand was refused for now; it is delivered again before anything new is read. */
  #isRedelivering = false;
  #nextCommitMs = 0;
  #rebalanceError: { readonly error: unknown } | null = null;

  constructor(parts: SinkLoopParts) {
    this.#parts = parts;
    this.#pacer = new LoopPacer(parts.clock);
    this.#committer = new SinkCommitter({
      ...parts,
      offsets: this.#offsets,
      timeoutMs: parts.flushTimeoutMs,
      consumer: () => this.#client,
      reports: parts.preparer.errors.pending,
    });
    parts.metrics.lagMax = () => this.#lagMax();
    const { errors, converters } = parts.preparer;
    this.#errant = errors.hasReporters ? new ErrantRecords(errors, converters) : null;
    const errantRecordReporter = this.#errant && ((record: SinkRecord, error: unknown) => this.#errant!.report(record, error));
    this.#context = new SinkContext({ ...parts, consumer: () => this.#consumer, errantRecordReporter });
  }

  async start(): Promise<void> {
    const { task, taskConfig, createConsumer, log } = this.#parts;
    this.#consumer = createConsumer({
      onAssigned: (partitions) => this.#onAssigned(partitions),
      onRevoked: (partitions) => this.#onRemoved(partitions, false),
      onLost: (partitions) => this.#onRemoved(partitions, true),
    });
    this.#isStarted = true;
    await task.start(taskConfig, this.#context);
    log.info('Sink task finished initialization and start');
  }

  async execute(): Promise<void> {
    const { control, clock, flushIntervalMs } = this.#parts;
    this.#nextCommitMs = clock.monoMs() + flushIntervalMs;
    const stopWakeups = control.onChange(() => this.#client.wakeup());
    try {
      while (!control.isStopping) await this.#iterate();
    } finally {
      stopWakeups();
      // Also when the task has failed: what it took is done.
      if (!control.isCancelled) await this.#closePartitions(this.#offsets.partitions(), false);
    }
  }

  forgetActiveTopics(): void {
    this.#activeTopics.clear();
  }

  async close(): Promise<void> {
    const { task, preparer } = this.#parts;
    try {
      if (this.#isStarted) await task.stop();
    } finally {
      this.#isTaskStopped = true;
      preparer.chain.close();
      await Promise.all([this.#consumer?.close(), preparer.errors.close()]);
    }
  }

  get #client(): GroupConsumer {
    if (!this.#consumer) throw new ConnectError('The sink task has no consumer before it is started.');
    return this.#consumer;
  }

  async #iterate(): Promise<void> {
    const { clock, flushIntervalMs } = this.#parts;
    this.#followTarget();
    const now = clock.monoMs();
    if (!this.#committer.isCommitting && (this.#context.isCommitRequested || now >= this.#nextCommitMs)) {
      await this.#committer.commit(this.#offsets.partitions(), false);
      this.#nextCommitMs = now + flushIntervalMs;
      this.#context.clearCommitRequest();
    }
    this.#committer.giveUpWhenLate();
    this.#rewind();
    const untilCommitMs = Math.max(this.#nextCommitMs - clock.monoMs(), 0);
    const wantedMs = this.#context.takeTimeoutMs();
    const records = await this.#poll(wantedMs > 0 ? Math.min(untilCommitMs, wantedMs) : untilCommitMs);
    if (records.length > 0) await this.#accept(records);
    await this.#deliver();
    // A consumer with records at hand resolves without a turn of the event loop; without any, the loop must not spin.
    if (records.length === 0) await this.#pacer.turn();
    else await this.#pacer.turnWhenDue();
  }

  async #poll(timeoutMs: number): Promise<readonly FetchedRecord[]> {
    const records = await this.#pollClient(timeoutMs);
    if (this.#rebalanceError) {
      const { error } = this.#rebalanceError;
      this.#rebalanceError = null;
      throw error;
    }
    return records;
  }

  /** What may pass (a broker away while partitions come in) is tried again; what is final fails the task. */
  async #pollClient(timeoutMs: number): Promise<readonly FetchedRecord[]> {
    const { control, clock, log } = this.#parts;
    try {
      return await this.#client.poll(timeoutMs, control.signal);
    } catch (error) {
      if (!(error instanceof ConnectError && error.isRetriable)) throw error;
      log.warn(`Reading from Kafka failed and is tried again: ${messageOf(error)}`);
      await clock.sleep(POLL_RETRY_MS, control.signal);
      return [];
    }
  }

  async #accept(records: readonly FetchedRecord[]): Promise<void> {
    const { metrics, preparer } = this.#parts;
    metrics.recordsRead(records.length);
    this.#noteActiveTopics(records);
    await preparer.prepare(records, this.#batch, this.#origins);
    this.#errant?.note(this.#batch, this.#origins);
    this.#offsets.recordFetched(records);
  }

  #noteActiveTopics(records: readonly FetchedRecord[]): void {
    let last = '';
    for (const { topic } of records) {
      if (topic === last) continue;
      last = topic;
      if (this.#activeTopics.has(topic)) continue;
      this.#activeTopics.add(topic);
      this.#parts.onActiveTopic(topic);
    }
  }

  async #deliver(): Promise<void> {
    const { task, metrics, clock, log, control, preparer } = this.#parts;
    const startMs = clock.monoMs();
    const size = this.#batch.length;
    try {
      await task.put(this.#batch);
      preparer.errors.pending.check();
    } catch (error) {
      if (error instanceof ConnectError && error.isRetriable) {
        log.error(`RetriableException from SinkTask: the same ${size} records are delivered again. ${messageOf(error)}`, error);
        this.#isRedelivering = true;
        this.#pauseAll();
        return;
      }
      log.error(
        `Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted. Error: ${messageOf(error)}`,
        error,
      );
      throw new ConnectError('Exiting WorkerSinkTask due to unrecoverable exception.', { cause: error });
    }
    this.#batch = [];
    this.#origins = [];
    this.#offsets.batchDelivered();
    if (size > 0) {
      metrics.recordsSent(size);
      metrics.putTimeMs.record(clock.monoMs() - startMs, clock.monoMs());
      metrics.activeNow += size;
      metrics.active.record(metrics.activeNow, clock.monoMs());
    }
    if (!this.#isRedelivering) return;
    if (!control.shouldPause) this.#resumeAll();
    this.#isRedelivering = false;
  }

  /** Applies a change of the target state between two polls. */
  #followTarget(): void {
    const { control, listener } = this.#parts;
    if (control.isStopping || control.shouldPause === this.#isPaused) return;
    this.#isPaused = control.shouldPause;
    if (this.#isPaused) {
      this.#pauseAll();
      listener.onPause();
      this.#context.requestCommit();
    } else {
      if (!this.#isRedelivering) this.#resumeAll();
      listener.onResume();
    }
  }

  #lagMax(): number {
    const consumer = this.#consumer;
    if (!consumer) return 0;
    const lags = this.#offsets.delivered(this.#offsets.partitions()).map((p) => {
      const end = consumer.endOffset(p);
      return end === null ? 0 : Number(end - p.offset);
    });
    return Math.max(0, ...lags);
  }

  #pauseAll(): void {
    this.#client.pause(this.#client.assignment());
  }

  #resumeAll(): void {
    this.#client.resume(this.#client.assignment().filter((p) => !this.#context.isPausedByTask(p)));
  }

  #rewind(): void {
    for (const { topic, partition, offset } of this.#context.takeRewinds()) {
      this.#client.seek({ topic, partition }, offset);
      this.#offsets.startAt({ topic, partition }, offset);
    }
  }

  async #onAssigned(partitions: readonly TopicPartition[]): Promise<void> {
    const { log, task, metrics, control } = this.#parts;
    for (const partition of partitions) {
      const position = this.#client.position(partition);
      if (position === null)
        throw new ConnectError(`The position of ${partition.topic}-${partition.partition} is not known after its assignment.`);
      log.debug(`Assigned topic partition ${partition.topic}-${partition.partition} with offset ${position}`);
      this.#offsets.startAt(partition, position);
    }
    const wasRedelivering = this.#isRedelivering;
    this.#isRedelivering = wasRedelivering && this.#batch.length > 0;
    const pausedByTask = this.#context.retainPaused(this.#client.assignment());
    if (this.#isRedelivering || control.shouldPause) this.#pauseAll();
    else {
      if (wasRedelivering) this.#resumeAll();
      if (pausedByTask.length > 0) this.#client.pause(pausedByTask);
    }
    metrics.partitionCount = this.#offsets.size;
    if (partitions.length === 0 || this.#rebalanceError) return;
    try {
      await task.open?.(partitions);
      this.#rewind();
    } catch (error) {
      this.#failInPoll(error);
    }
  }

  async #onRemoved(partitions: readonly TopicPartition[], areLost: boolean): Promise<void> {
    if (this.#isTaskStopped || partitions.length === 0) return;
    try {
      await this.#closePartitions(partitions, areLost);
    } catch (error) {
      this.#failInPoll(error);
    }
    const gone = new Set(partitions.map(partitionKey));
    const kept = this.#origins.map((origin) => !gone.has(partitionKey(origin)));
    this.#batch = this.#batch.filter((_, i) => kept[i]);
    this.#origins = this.#origins.filter((_, i) => kept[i]);
    this.#parts.metrics.partitionCount = this.#offsets.size;
  }

  /** An error of a rebalance callback fails the task when the poll around it has ended, which is soon. */
  #failInPoll(error: unknown): void {
    this.#rebalanceError = { error };
    this.#client.wakeup();
  }

  async #closePartitions(partitions: readonly TopicPartition[], areLost: boolean): Promise<void> {
    if (partitions.length === 0) return;
    if (!areLost) await this.#committer.commit(partitions, true);
    try {
      await this.#parts.task.close?.(partitions);
    } finally {
      this.#offsets.remove(partitions);
    }
  }
}
