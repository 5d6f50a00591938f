/**
 * Fetched records made into sink records: key, value and header converter, then transforms. A failed record takes the slow path through
 * the error operator. Source: WorkerSinkTask.convertAndTransformRecord.
 */
import { ConnectError } from '../base/errors.ts';
import type { FetchedRecord } from '../kafka/contract.ts';
import type { TransformationChain } from '../pipeline/chain.ts';
import { type Converters, toConnectHeaders } from '../pipeline/convert.ts';
import { DROPPED, type Dropped, type ErrorOperator } from '../pipeline/error-operator.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Header, SinkRecord } from '../plugin-api/records.ts';
import type { SchemaAndValue } from '../record/schema.ts';

export class SinkPreparer {
  readonly chain: TransformationChain;
  readonly converters: Converters;
  readonly errors: ErrorOperator;
  #at = 0;
  #stage: Stage = 'KEY_CONVERTER';

  constructor(chain: TransformationChain, converters: Converters, errors: ErrorOperator) {
    this.chain = chain;
    this.converters = converters;
    this.errors = errors;
  }

  /** Appends to `batch`, and to `origins` the fetched record of each. Throws when the task must fail; a tolerated failure drops the record. */
  async prepare(records: readonly FetchedRecord[], batch: SinkRecord[], origins: FetchedRecord[]): Promise<void> {
    this.#at = 0;
    while (this.#at < records.length) {
      const fault = this.#prepareOn(records, batch, origins);
      if (fault === null) return;
      const origin = records[this.#at++]!;
      const record = await this.#prepareAgain(origin, fault.error, this.#stage);
      if (record === null) continue;
      batch.push(record);
      origins.push(origin);
    }
  }

  #prepareOn(records: readonly FetchedRecord[], batch: SinkRecord[], origins: FetchedRecord[]): { readonly error: unknown } | null {
    const { chain, converters } = this;
    let at = this.#at;
    let stage: Stage = 'KEY_CONVERTER';
    try {
      for (; at < records.length; at++) {
        const r = records[at]!;
        stage = 'KEY_CONVERTER';
        const key = converters.key.toConnectData(r.topic, r.key);
        stage = 'VALUE_CONVERTER';
        const value = converters.value.toConnectData(r.topic, r.value);
        stage = 'HEADER_CONVERTER';
        const headers = r.headers === null ? null : toConnectHeaders(converters.header, r.topic, r.headers);
        let record: SinkRecord | null = sinkRecord(r, key, value, headers);
        stage = 'TRANSFORMATION';
        if (!chain.isEmpty) record = chain.apply(record);
        if (record === null) continue;
        batch.push(record);
        origins.push(r);
      }
      return null;
    } catch (error) {
      return { error };
    } finally {
      this.#at = at;
      this.#stage = stage;
    }
  }

  async #prepareAgain(r: FetchedRecord, error: unknown, failedStage: Stage): Promise<SinkRecord | null> {
    const { converters, chain } = this;
    const step = <T>(stage: Stage, executingClass: () => string, operation: () => T): Promise<T | Dropped> =>
      this.errors.run<T>({
        stage,
        executingClass: executingClass(),
        record: { kind: 'sink', record: r },
        operation,
        firstError: stage === failedStage ? { error } : undefined,
      });
    const key = await step(
      'KEY_CONVERTER',
      () => converters.keyClass,
      () => converters.key.toConnectData(r.topic, r.key),
    );
    if (key === DROPPED) return null;
    const value = await step(
      'VALUE_CONVERTER',
      () => converters.valueClass,
      () => converters.value.toConnectData(r.topic, r.value),
    );
    if (value === DROPPED) return null;
    const headers = await step(
      'HEADER_CONVERTER',
      () => converters.headerClass,
      () => toConnectHeaders(converters.header, r.topic, r.headers),
    );
    if (headers === DROPPED) return null;
    const record = sinkRecord(r, key, value, headers);
    const transformed = await step(
      'TRANSFORMATION',
      () => chain.executingClass,
      () => chain.apply(record),
    );
    return transformed === DROPPED ? null : transformed;
  }
}

function sinkRecord(r: FetchedRecord, key: SchemaAndValue, value: SchemaAndValue, headers: Header[] | null): SinkRecord {
  const { timestampMs } = r;
  if (timestampMs < -1) {
    throw new ConnectError(`Invalid record timestamp ${timestampMs} in ${r.topic}-${r.partition} at offset ${r.offset}.`);
  }
  const hasTimestamp = timestampMs >= 0;
  return {
    topic: r.topic,
    kafkaPartition: r.partition,
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestampMs: hasTimestamp ? timestampMs : null,
    headers,
    kafkaOffset: r.offset,
    timestampType: hasTimestamp ? r.timestampType : 'NoTimestampType',
  };
}
