/** A running source task: poll, send, commit offsets. Source: org.apache.kafka.connect.runtime.AbstractWorkerSourceTask, WorkerSourceTask. */
import type { Clock } from '../base/clock.ts';
import { ConnectError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { LoopPacer } from '../base/turn.ts';
import type { Producer } from '../kafka/contract.ts';
import type { Config, SourceTask } from '../plugin-api/plugin.ts';
import type { SourceRecord } from '../plugin-api/records.ts';
import type { TaskControl, TaskListener, TaskLoop } from './lifecycle.ts';
import { SourceOffsetCommitter, type TaskOffsets } from './source-offsets.ts';
import type { SourcePreparer } from './source-preparer.ts';
import { SourceSender } from './source-sender.ts';
import { SubmittedRecords } from './submitted-records.ts';
import type { SourceTaskMetrics } from './task-metrics.ts';

/** Longest wait for the producer to close after a graceful end. */
const PRODUCER_CLOSE_MS = 30_000;

export interface SourceLoopParts {
  readonly connector: string;
  readonly taskId: number;
  readonly task: SourceTask;
  readonly taskConfig: Config;
  readonly preparer: SourcePreparer;
  readonly producer: Producer;
  readonly offsets: TaskOffsets;
  readonly control: TaskControl;
  readonly listener: Pick<TaskListener, 'onPause' | 'onResume'>;
  readonly metrics: SourceTaskMetrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly flushIntervalMs: number;
  readonly flushTimeoutMs: number;
  prepareTopic(topic: string): Promise<void>;
  onActiveTopic(topic: string): void;
}

export class SourceLoop implements TaskLoop {
  readonly #parts: SourceLoopParts;
  readonly #submitted = new SubmittedRecords();
  readonly #sender: SourceSender;
  readonly #committer: SourceOffsetCommitter;
  readonly #pacer: LoopPacer;
  #isStarted = false;

  constructor(parts: SourceLoopParts) {
    this.#parts = parts;
    this.#pacer = new LoopPacer(parts.clock);
    const shared = { ...parts, submitted: this.#submitted, signal: parts.control.signal };
    this.#sender = new SourceSender(shared);
    this.#committer = new SourceOffsetCommitter({ ...shared, intervalMs: parts.flushIntervalMs, timeoutMs: parts.flushTimeoutMs });
  }

  async start(): Promise<void> {
    const { task, taskConfig, connector, taskId, control, offsets, log } = this.#parts;
    this.#isStarted = true;
    await task.start(taskConfig, {
      log,
      connector,
      taskId,
      signal: control.signal,
      offsets: (partitions) => {
        if (control.isCancelled) return Promise.reject(new ConnectError('Offset reader closed while attempting to read offsets.'));
        return offsets.read(partitions);
      },
    });
    log.info('Source task finished initialization and start');
  }

  async execute(): Promise<void> {
    const committing = new AbortController();
    const committer = this.#committer.run(committing.signal);
    try {
      await this.#loop();
    } finally {
      committing.abort();
      await committer;
      // Also when the task has failed: what was acknowledged is done.
      if (!this.#parts.control.isCancelled) await this.#committer.finish();
    }
  }

  forgetActiveTopics(): void {
    this.#sender.forgetActiveTopics();
  }

  async close(): Promise<void> {
    const { task, producer, preparer, control } = this.#parts;
    try {
      if (this.#isStarted) await task.stop();
    } finally {
      this.#sender.close();
      preparer.chain.close();
      await Promise.all([producer.close(control.isCancelled ? 0 : PRODUCER_CLOSE_MS), preparer.errors.close()]);
    }
  }

  async #loop(): Promise<void> {
    const { control, listener } = this.#parts;
    while (!control.isStopping) {
      if (control.shouldPause) {
        listener.onPause();
        if (await control.awaitUnpause()) listener.onResume();
        continue;
      }
      this.#sender.throwDeliveryError();
      const records = await this.#poll();
      // A task that gives nothing at once must not keep the event loop for itself.
      if (records === null || records.length === 0) {
        await this.#pacer.turn();
        continue;
      }
      await this.#sender.send(records);
      await this.#pacer.turnWhenDue();
    }
  }

  async #poll(): Promise<readonly SourceRecord[] | null> {
    const { task, metrics, clock, log } = this.#parts;
    const startMs = clock.monoMs();
    try {
      const records = await task.poll();
      if (records !== null && records.length > 0) metrics.pollReturned(records.length, clock.monoMs() - startMs);
      return records;
    } catch (error) {
      if (!(error instanceof ConnectError && error.isRetriable)) throw error;
      log.warn('Failed to poll records from source task. Will retry operation.', error);
      return null;
    }
  }
}
