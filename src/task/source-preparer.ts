/**
 * One source record made ready to send: transforms, then header, key and value converter. The fast path (`prepare`) leaves its result in
 * the fields of this object; a failure takes the slow path (`prepareAgain`) through the error operator, stage by stage.
 */
import { inHand } from '../base/bytes-in-place.ts';
import { ConnectError } from '../base/errors.ts';
import type { RecordHeader } from '../kafka/contract.ts';
import type { TransformationChain } from '../pipeline/chain.ts';
import { type Converters, toRecordHeaders } from '../pipeline/convert.ts';
import { DROPPED, type Dropped, type ErrorOperator } from '../pipeline/error-operator.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { Converter, Serialized } from '../plugin-api/plugin.ts';
import type { SourceRecord } from '../plugin-api/records.ts';

export interface PreparedRecord {
  /** As transformed; null before the first `prepare`. */
  readonly record: SourceRecord | null;
  readonly key: Uint8Array | string | null;
  readonly value: Serialized;
  readonly headers: RecordHeader[] | null;
  readonly timestampMs: number | null;
}

export interface RecordFault {
  readonly stage: Stage;
  readonly error: unknown;
}

export class SourcePreparer implements PreparedRecord {
  readonly chain: TransformationChain;
  readonly converters: Converters;
  readonly errors: ErrorOperator;
  record: SourceRecord | null = null;
  key: Uint8Array | string | null = null;
  value: Serialized = null;
  headers: RecordHeader[] | null = null;
  timestampMs: number | null = null;
  /** Why the last `prepare` gave false; null when a transform dropped the record. */
  fault: RecordFault | null = null;

  constructor(chain: TransformationChain, converters: Converters, errors: ErrorOperator) {
    this.chain = chain;
    this.converters = converters;
    this.errors = errors;
  }

  /** Nothing on the way of a record needs its text as a string, or keeps it. */
  get takesTextsInPlace(): boolean {
    return this.chain.isEmpty && this.converters.value.fromTextInPlace !== undefined;
  }

  /** False: dropped by a transform, or `fault` says what failed. Throws for a timestamp that Kafka cannot have. */
  prepare(original: SourceRecord): boolean {
    const { chain, converters } = this;
    let stage: Stage = 'TRANSFORMATION';
    this.fault = null;
    try {
      const record = chain.isEmpty ? original : chain.apply(original);
      if (record === null) return false;
      const { topic } = record;
      stage = 'HEADER_CONVERTER';
      this.headers = record.headers === null ? null : toRecordHeaders(converters.header, topic, record.headers);
      stage = 'KEY_CONVERTER';
      this.key = inHand(converters.key.fromConnectData(topic, record.keySchema, record.key));
      stage = 'VALUE_CONVERTER';
      this.value = inPlace(converters.value, record) ?? converters.value.fromConnectData(topic, record.valueSchema, record.value);
      this.record = record;
    } catch (error) {
      this.fault = { stage, error };
      return false;
    }
    const { timestampMs } = this.record;
    this.timestampMs = timestampMs === null || timestampMs >= 0 ? timestampMs : checkedTimestamp(timestampMs);
    return true;
  }

  /** The record through the error operator; `fault` is what the first try met. Null: dropped. Throws when the task must fail. */
  async prepareAgain(original: SourceRecord, fault: RecordFault): Promise<PreparedRecord | null> {
    const { converters } = this;
    const step = <T>(stage: Stage, executingClass: string, operation: () => T): Promise<T | Dropped> => {
      const firstError = stage === fault.stage ? { error: fault.error } : undefined;
      return this.errors.run<T>({ stage, executingClass, record: { kind: 'source', record: original }, operation, firstError });
    };
    const record = await step('TRANSFORMATION', this.chain.executingClass, () => this.chain.apply(original));
    if (record === DROPPED || record === null) return null;
    const { topic } = record;
    const headers = await step('HEADER_CONVERTER', converters.headerClass, () => toRecordHeaders(converters.header, topic, record.headers));
    if (headers === DROPPED) return null;
    const key = await step('KEY_CONVERTER', converters.keyClass, () =>
      inHand(converters.key.fromConnectData(topic, record.keySchema, record.key)),
    );
    if (key === DROPPED) return null;
    const value = await step('VALUE_CONVERTER', converters.valueClass, () =>
      converters.value.fromConnectData(topic, record.valueSchema, record.value),
    );
    if (value === DROPPED) return null;
    return { record, key, value, headers, timestampMs: record.timestampMs === null ? null : checkedTimestamp(record.timestampMs) };
  }
}

function inPlace(converter: Converter, { valueIn, valueStart, valueEnd, valueSchema }: SourceRecord): Serialized {
  if (valueIn === undefined || valueStart === undefined || valueEnd === undefined) return null;
  return converter.fromTextInPlace?.(valueSchema, valueIn, valueStart, valueEnd) ?? null;
}

/** −1 stands for "no timestamp" in Kafka; other negative ones are refused. */
function checkedTimestamp(timestampMs: number): number | null {
  if (timestampMs === -1) return null;
  if (timestampMs < 0) throw new ConnectError(`Invalid record timestamp ${timestampMs}: give milliseconds since 1970, or none.`);
  return timestampMs;
}
