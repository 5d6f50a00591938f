/** What a sink task may ask of the runtime between its calls; the loop reads the wishes. Source: WorkerSinkTaskContext. */
import { ConnectError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { GroupConsumer } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import type { SinkTaskContext } from '../plugin-api/plugin.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import type { TaskControl } from './lifecycle.ts';

export class SinkContext implements SinkTaskContext {
  readonly log: Log;
  readonly connector: string;
  readonly taskId: number;
  readonly signal: AbortSignal;
  readonly errantRecordReporter: SinkTaskContext['errantRecordReporter'];
  readonly #control: TaskControl;
  readonly #consumer: () => GroupConsumer | null;
  readonly #rewinds = new Map<string, TopicPartition & { readonly offset: bigint }>();
  readonly #paused = new Map<string, TopicPartition>();
  #timeoutMs = -1;
  #isCommitRequested = false;

  constructor(parts: {
    log: Log;
    connector: string;
    taskId: number;
    control: TaskControl;
    /** Null before the task is initialised. */
    consumer: () => GroupConsumer | null;
    errantRecordReporter: SinkTaskContext['errantRecordReporter'];
  }) {
    this.log = parts.log;
    this.connector = parts.connector;
    this.taskId = parts.taskId;
    this.signal = parts.control.signal;
    this.errantRecordReporter = parts.errantRecordReporter;
    this.#control = parts.control;
    this.#consumer = parts.consumer;
  }

  assignment(): readonly TopicPartition[] {
    return this.#consumerFor('look up partition assignment').assignment();
  }

  offset({ topic, partition }: TopicPartition, offset: bigint): void {
    this.#rewinds.set(partitionKey({ topic, partition }), { topic, partition, offset });
  }

  timeout(ms: number): void {
    this.#timeoutMs = ms;
  }

  pause(...partitions: readonly TopicPartition[]): void {
    const consumer = this.#consumerFor('pause consumption');
    this.#checkAssigned(consumer, partitions, 'pause');
    for (const p of partitions) this.#paused.set(partitionKey(p), { topic: p.topic, partition: p.partition });
    if (!this.#control.shouldPause) consumer.pause(partitions);
  }

  resume(...partitions: readonly TopicPartition[]): void {
    const consumer = this.#consumerFor('resume consumption');
    this.#checkAssigned(consumer, partitions, 'resume');
    for (const p of partitions) this.#paused.delete(partitionKey(p));
    if (!this.#control.shouldPause) consumer.resume(partitions);
  }

  requestCommit(): void {
    this.#isCommitRequested = true;
    this.#consumer()?.wakeup();
  }

  // ---- for the loop

  takeRewinds(): (TopicPartition & { readonly offset: bigint })[] {
    const rewinds = [...this.#rewinds.values()];
    this.#rewinds.clear();
    return rewinds;
  }

  /** Wanted wait before the next `put`, once; −1: none wanted. */
  takeTimeoutMs(): number {
    const timeoutMs = this.#timeoutMs;
    this.#timeoutMs = -1;
    return timeoutMs;
  }

  get isCommitRequested(): boolean {
    return this.#isCommitRequested;
  }

  clearCommitRequest(): void {
    this.#isCommitRequested = false;
  }

  isPausedByTask(partition: TopicPartition): boolean {
    return this.#paused.has(partitionKey(partition));
  }

  /** Partitions that the task paused and still owns; the others are forgotten. */
  retainPaused(assignment: readonly TopicPartition[]): TopicPartition[] {
    const owned = new Set(assignment.map(partitionKey));
    for (const key of [...this.#paused.keys()]) if (!owned.has(key)) this.#paused.delete(key);
    return [...this.#paused.values()];
  }

  #consumerFor(purpose: string): GroupConsumer {
    const consumer = this.#consumer();
    if (!consumer) throw new ConnectError(`SinkTaskContext may not be used to ${purpose} until the task is initialized`);
    return consumer;
  }

  #checkAssigned(consumer: GroupConsumer, partitions: readonly TopicPartition[], verb: string): void {
    const owned = new Set(consumer.assignment().map(partitionKey));
    const foreign = partitions.find((p) => !owned.has(partitionKey(p)));
    if (foreign) {
      throw new ConnectError(
        `SinkTasks may not ${verb} partitions that are not currently assigned to them: ${foreign.topic}-${foreign.partition}.`,
      );
    }
  }
}
