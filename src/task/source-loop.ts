/** A running source task: poll, send; how records and offsets are made safe is its delivery's. Source: org.apache.kafka.connect.runtime.AbstractWorkerSourceTask. */
import type { Clock } from '../base/clock.ts';
import { ConnectError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { LoopPacer } from '../base/turn.ts';
import type { Producer } from '../kafka/contract.ts';
import type { Config, SourceTask } from '../plugin-api/plugin.ts';
import type { SourceRecord } from '../plugin-api/records.ts';
import type { TaskControl, TaskListener, TaskLoop } from './lifecycle.ts';
import type { SourceDelivery } from './source-delivery.ts';
import type { TaskOffsets } from './source-offsets.ts';
import type { SourcePreparer } from './source-preparer.ts';
import { SourceSender } from './source-sender.ts';
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
  readonly delivery: SourceDelivery;
  readonly offsets: Pick<TaskOffsets, 'read'>;
  readonly control: TaskControl;
  readonly listener: Pick<TaskListener, 'onPause' | 'onResume'>;
  readonly metrics: SourceTaskMetrics;
  readonly clock: Clock;
  readonly log: Log;
  prepareTopic(topic: string): Promise<void>;
}

export class SourceLoop implements TaskLoop {
  readonly #parts: SourceLoopParts;
  readonly #sender: SourceSender;
  readonly #pacer: LoopPacer;
  #isStarted = false;

  constructor(parts: SourceLoopParts) {
    this.#parts = parts;
    this.#pacer = new LoopPacer(parts.clock);
    this.#sender = new SourceSender({ ...parts, signal: parts.control.signal });
  }

  async start(): Promise<void> {
    const { task, taskConfig, connector, taskId, control, offsets, delivery, preparer, log } = this.#parts;
    await delivery.prepare();
    // What prepared it may have taken long.
    if (control.isStopping) return;
    this.#isStarted = true;
    await task.start(taskConfig, {
      log,
      connector,
      taskId,
      signal: control.signal,
      transactions: delivery.transactions,
      // Who is told of records one by one is told later.
      takesTextsInPlace: preparer.takesTextsInPlace && !delivery.isPerRecord && task.commitRecord === undefined,
      offsets: (partitions) => {
        if (control.isCancelled) return Promise.reject(new ConnectError('Offset reader closed while attempting to read offsets.'));
        return offsets.read(partitions);
      },
    });
    log.info('Source task finished initialization and start');
  }

  async execute(): Promise<void> {
    const { delivery, control } = this.#parts;
    if (!this.#isStarted) return;
    let hasFailed = true;
    try {
      delivery.begin();
      await this.#loop();
      hasFailed = false;
    } finally {
      if (!control.isCancelled) await delivery.finish(hasFailed);
    }
  }

  forgetActiveTopics(): void {
    this.#parts.delivery.forgetActiveTopics();
  }

  async close(): Promise<void> {
    const { task, producer, preparer, delivery, control } = this.#parts;
    try {
      if (this.#isStarted) await task.stop();
    } finally {
      await delivery.close();
      preparer.chain.close();
      await Promise.all([producer.close(control.isCancelled ? 0 : PRODUCER_CLOSE_MS), preparer.errors.close()]);
    }
  }

  async #loop(): Promise<void> {
    const { control, listener, delivery } = this.#parts;
    while (!control.isStopping) {
      if (control.shouldPause) {
        listener.onPause();
        await delivery.paused();
        if (await control.awaitUnpause()) listener.onResume();
        continue;
      }
      delivery.throwFailure();
      const records = await this.#poll();
      // A task that gives nothing at once must not keep the event loop for itself.
      if (records === null || records.length === 0) {
        await delivery.polled(true);
        await this.#pacer.turn();
        continue;
      }
      await this.#sender.send(records);
      await delivery.polled(false);
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
