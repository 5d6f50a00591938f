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
import type { ReadTogether, SinkTask, TextsInPlace } from '../plugin-api/plugin.ts';
import type { Header, SinkRecord } from '../plugin-api/records.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../record/schema.ts';
import { TextRecord } from './text-record.ts';

export class SinkPreparer {
  readonly chain: TransformationChain;
  readonly converters: Converters;
  readonly errors: ErrorOperator;
  /** The task takes texts in place. */
  readonly #isInPlace: boolean;
  #at = 0;
  #stage: Stage = 'KEY_CONVERTER';

  constructor(chain: TransformationChain, converters: Converters, errors: ErrorOperator, task: Pick<SinkTask, 'takesTextsInPlace'>) {
    this.chain = chain;
    this.converters = converters;
    this.errors = errors;
    // A transformation copies records.
    this.#isInPlace = task.takesTextsInPlace === true && chain.isEmpty;
  }

  /** Appends to `batch`, and to `origins` the fetched record of each. Throws when the task must fail; a tolerated failure drops the record. */
  async prepare(records: readonly FetchedRecord[], batch: SinkRecord[], origins: FetchedRecord[]): Promise<void> {
    this.#at = 0;
    const { value } = this.converters;
    // Texts in place of a batch that is still to be delivered must stay as they are.
    const texts = (this.#isInPlace && batch.length === 0 && value.readTextsInPlace?.(records)) || null;
    const together = texts ? null : (value.readTogether?.(records) ?? null);
    while (this.#at < records.length) {
      const fault = this.#prepareOn(records, texts, together, batch, origins);
      if (fault === null) return;
      const origin = records[this.#at++]!;
      const record = await this.#prepareAgain(origin, fault.error, this.#stage);
      if (record === null) continue;
      batch.push(record);
      origins.push(origin);
    }
  }

  #prepareOn(
    records: readonly FetchedRecord[],
    texts: TextsInPlace | null,
    together: ReadTogether | null,
    batch: SinkRecord[],
    origins: FetchedRecord[],
  ): { readonly error: unknown } | null {
    const { chain, converters } = this;
    let at = this.#at;
    let stage: Stage = 'KEY_CONVERTER';
    let textStart = texts === null ? 0 : startOf(texts, at);
    try {
      for (; at < records.length; at++) {
        const r = records[at]!;
        stage = 'KEY_CONVERTER';
        const key = converters.key.toConnectData(r.topic, r.key);
        stage = 'VALUE_CONVERTER';
        const textEnd = texts === null ? -1 : texts.ends[at]!;
        let value: ConnectValue | undefined = together?.values[at];
        let valueSchema = together?.schema ?? null;
        if (value === undefined && textEnd < 0) ({ schema: valueSchema, value } = converters.value.toConnectData(r.topic, r.value));
        stage = 'HEADER_CONVERTER';
        const headers = r.headers === null ? null : toConnectHeaders(converters.header, r.topic, r.headers);
        let record: SinkRecord | null;
        if (texts !== null && textEnd >= 0) {
          checkTimestamp(r);
          record = new TextRecord(r, key, texts.schema, headers, texts.bytes, textStart, textEnd);
          textStart = textEnd + 1;
        } else record = sinkRecord(r, key, valueSchema, value ?? null, headers);
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
    const record = sinkRecord(r, key, value.schema, value.value, headers);
    const transformed = await step(
      'TRANSFORMATION',
      () => chain.executingClass,
      () => chain.apply(record),
    );
    return transformed === DROPPED ? null : transformed;
  }
}

/** Where the first text at or behind the message `at` begins. */
function startOf({ ends }: TextsInPlace, at: number): number {
  for (let i = at - 1; i >= 0; i--) if (ends[i]! >= 0) return ends[i]! + 1;
  return 0;
}

function checkTimestamp({ topic, partition, offset, timestampMs }: FetchedRecord): void {
  if (timestampMs < -1) throw new ConnectError(`Invalid record timestamp ${timestampMs} in ${topic}-${partition} at offset ${offset}.`);
}

function sinkRecord(
  r: FetchedRecord,
  key: SchemaAndValue,
  valueSchema: Schema | null,
  value: ConnectValue,
  headers: Header[] | null,
): SinkRecord {
  checkTimestamp(r);
  const { timestampMs } = r;
  const hasTimestamp = timestampMs >= 0;
  return {
    topic: r.topic,
    kafkaPartition: r.partition,
    keySchema: key.schema,
    key: key.value,
    valueSchema,
    value,
    timestampMs: hasTimestamp ? timestampMs : null,
    headers,
    kafkaOffset: r.offset,
    timestampType: hasTimestamp ? r.timestampType : 'NoTimestampType',
  };
}
