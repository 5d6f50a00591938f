/**
 * Records that a sink task itself reports as bad (KIP-610): they go the way of records that fail in a converter. What is under way is waited
 * for before the offsets of its partition are committed. Source: org.apache.kafka.connect.runtime.errors.WorkerErrantRecordReporter.
 */
import { ConnectError } from '../base/errors.ts';
import type { FetchedRecord } from '../kafka/contract.ts';
import type { ErrorOperator } from '../pipeline/error-operator.ts';
import type { SinkRecord, TopicPartition } from '../plugin-api/records.ts';
import { keyOf } from './sink-offsets.ts';

export class ErrantRecords {
  readonly #errors: ErrorOperator;
  readonly #origins = new WeakMap<SinkRecord, FetchedRecord>();
  readonly #pending = new Map<string, Set<Promise<void>>>();

  constructor(errors: ErrorOperator) {
    this.#errors = errors;
  }

  /** Notes what the records of a batch were made from. */
  note(batch: readonly SinkRecord[], origins: readonly FetchedRecord[]): void {
    batch.forEach((record, i) => {
      this.#origins.set(record, origins[i]!);
    });
  }

  /** Rejects when the record is not tolerated, or could not be reported. */
  report(record: SinkRecord, error: unknown): Promise<void> {
    const origin = this.#origins.get(record);
    if (!origin) return Promise.reject(new ConnectError('Only a record that was handed to put() can be reported.'));
    const report = this.#errors.failed({
      stage: 'TASK_PUT',
      executingClass: 'org.apache.kafka.connect.sink.SinkTask',
      record: { kind: 'sink', record: origin },
      error,
    });
    this.#track(keyOf(origin), report);
    return report;
  }

  /** Rejects with the first report of these partitions that failed. */
  async settled(partitions: readonly TopicPartition[]): Promise<void> {
    const reports = partitions.flatMap((p) => [...(this.#pending.get(keyOf(p)) ?? [])]);
    for (const p of partitions) this.#pending.delete(keyOf(p));
    await Promise.all(reports);
  }

  #track(key: string, report: Promise<void>): void {
    const reports = this.#pending.get(key) ?? new Set();
    this.#pending.set(key, reports.add(report));
    // One that failed stays, for `settled` to tell.
    report.then(
      () => reports.delete(report),
      () => undefined,
    );
  }
}
