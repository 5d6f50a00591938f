/**
 * Records that a sink task itself reports as bad (KIP-610): they go the way of records that fail in a converter. What is under way is
 * waited for before offsets are committed. Source: org.apache.kafka.connect.runtime.errors.WorkerErrantRecordReporter.
 */
import { inHand } from '../base/bytes-in-place.ts';
import type { FetchedRecord } from '../kafka/contract.ts';
import { type Converters, toRecordHeaders } from '../pipeline/convert.ts';
import type { ErrorOperator } from '../pipeline/error-operator.ts';
import type { Serialized } from '../plugin-api/plugin.ts';
import type { SinkRecord } from '../plugin-api/records.ts';

export class ErrantRecords {
  readonly #errors: ErrorOperator;
  readonly #converters: Converters;
  readonly #origins = new WeakMap<SinkRecord, FetchedRecord>();

  constructor(errors: ErrorOperator, converters: Converters) {
    this.#errors = errors;
    this.#converters = converters;
  }

  /** Notes what the records of a batch were made from. */
  note(batch: readonly SinkRecord[], origins: readonly FetchedRecord[]): void {
    batch.forEach((record, i) => {
      this.#origins.set(record, origins[i]!);
    });
  }

  /**
   * Resolves when the report is delivered; rejects when the record is not tolerated, or could not be reported. A task that ignores that
   * fails all the same. A record that `put` was not given (a copy, a part) is made into bytes by the task's converters.
   */
  report(record: SinkRecord, error: unknown): Promise<void> {
    const report = this.#report(record, error);
    this.#errors.pending.add(report);
    return report;
  }

  async #report(record: SinkRecord, error: unknown): Promise<void> {
    await this.#errors.failed({
      stage: 'TASK_PUT',
      executingClass: 'org.apache.kafka.connect.sink.SinkTask',
      record: { kind: 'sink', record: this.#origins.get(record) ?? this.#serialized(record) },
      error,
    });
  }

  #serialized(record: SinkRecord): FetchedRecord {
    const { key, value, header } = this.#converters;
    const { topic, timestampType } = record;
    return {
      topic,
      partition: record.kafkaPartition,
      offset: record.kafkaOffset,
      timestampMs: record.timestampMs ?? -1,
      timestampType: timestampType === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
      key: bytesOf(key.fromConnectData(topic, record.keySchema, record.key)),
      value: bytesOf(value.fromConnectData(topic, record.valueSchema, record.value)),
      headers: toRecordHeaders(header, topic, record.headers),
    };
  }
}

function bytesOf(serialized: Serialized): Buffer | null {
  const bytes = inHand(serialized);
  return bytes === null || Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes as Uint8Array);
}
