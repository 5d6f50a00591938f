/**
 * What becomes of source records and their offsets from the producer on: committed by and by as they are acknowledged (at least once), or
 * together in transactions (exactly once). The sender knows `RecordDelivery`, the loop all of it.
 */
import type { Log } from '../base/log.ts';
import type { DeliveryCallback } from '../kafka/contract.ts';
import type { SourceTask, TransactionContext } from '../plugin-api/plugin.ts';
import type { RecordMetadata, SourceOffset, SourcePartition, SourceRecord } from '../plugin-api/records.ts';

/** Records of one source partition and topic that follow each other and share a callback. */
export interface DeliveryRun {
  /** It takes no more records. */
  readonly isClosed: boolean;
  readonly size: number;
}

export interface RecordDelivery<R extends DeliveryRun = DeliveryRun> {
  /** Each record has a run of its own: it may be passed over, or is told of by itself. */
  readonly isPerRecord: boolean;
  /** The task is told of each record: those of a run must be acknowledged in their order, as they are in one partition of a topic. */
  readonly isTelling: boolean;
  /** Begins a run with this record, which is sent to `topic`. Throws when it must not be. */
  open(original: SourceRecord, topic: string): R;
  callbackFor(run: R, original: SourceRecord, topic: string): DeliveryCallback | null;
  /** The producer has taken it. True: `atBoundary` is due before the next record. */
  sent(run: R, original: SourceRecord): boolean;
  /** It was left out on the way. The same when true. */
  dropped(original: SourceRecord): boolean;
  atBoundary(): Promise<void>;
  /** The producer refuses it for good. Resolves when it is passed over; rejects when the task must fail. */
  refused(original: SourceRecord, topic: string, error: unknown): Promise<void>;
  /** Throws when a delivery has failed that was not passed over. */
  throwFailure(): void;
}

export interface SourceDelivery<R extends DeliveryRun = DeliveryRun> extends RecordDelivery<R> {
  /** For the task, when it may say where transactions end. */
  readonly transactions: TransactionContext | null;
  /** Before the task starts. Rejects when it must not. */
  prepare(): Promise<void>;
  /** The task polls from now on. */
  begin(): void;
  /** After each poll: everything that it gave was sent or dropped. `isEmpty`: it gave nothing. */
  polled(isEmpty: boolean): Promise<void>;
  paused(): Promise<void>;
  /** The last commit, when there is to be one. `hasFailed`: the task has. */
  finish(hasFailed: boolean): Promise<void>;
  /** The producer is being closed: deliveries that fail from now on are expected. */
  close(): Promise<void>;
  forgetActiveTopics(): void;
}

/** Tells of each topic once. */
export class ActiveTopics {
  readonly #known = new Set<string>();
  readonly #onActive: (topic: string) => void;

  constructor(onActive: (topic: string) => void) {
    this.#onActive = onActive;
  }

  note(topic: string): void {
    if (this.#known.has(topic)) return;
    this.#known.add(topic);
    this.#onActive(topic);
  }

  forget(): void {
    this.#known.clear();
  }
}

/** Whether the task wants to be told of each record. */
export function isToldOfRecords({ commitRecord, recordWritten }: SourceTask): boolean {
  return commitRecord !== undefined || recordWritten !== undefined;
}

/** `metadata` null: it was dropped. What the task throws is logged. */
export function tellRecordCommitted(task: SourceTask, record: SourceRecord, metadata: RecordMetadata | null, log: Log): void {
  if (!task.commitRecord) {
    if (metadata !== null) tellRecordWritten(task, record.sourcePartition, record.sourceOffset, metadata, log);
    return;
  }
  try {
    task.commitRecord(record, metadata);
  } catch (error) {
    log.error('Exception thrown while calling task.commitRecord()', error);
  }
}

/** What the task throws is logged. */
export function tellRecordWritten(
  task: SourceTask,
  partition: SourcePartition,
  offset: SourceOffset | null,
  metadata: RecordMetadata,
  log: Log,
): void {
  try {
    task.recordWritten?.(partition, offset, metadata);
  } catch (error) {
    log.error('Exception thrown while calling task.recordWritten()', error);
  }
}

/** Offsets are stored. What the task throws is logged. */
export async function tellCommitted(task: SourceTask, log: Log): Promise<void> {
  if (!task.commit) return;
  try {
    await task.commit();
  } catch (error) {
    log.error('Exception thrown while calling task.commit()', error);
  }
}
