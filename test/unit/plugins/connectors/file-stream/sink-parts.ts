/** What a file sink task is given. */
import { type Log, LogHub } from '../../../../../src/base/log.ts';
import type { SinkTaskContext } from '../../../../../src/plugin-api/plugin.ts';
import type { SinkRecord } from '../../../../../src/plugin-api/records.ts';
import type { ConnectValue, Schema } from '../../../../../src/record/schema.ts';
import { STRING_SCHEMA } from '../../../../../src/record/schema-builder.ts';

/** `timeouts` gets what the task asks for. */
export function sinkContext(log: Log = new LogHub(() => 0).log('test'), timeouts: number[] = []): SinkTaskContext {
  return {
    log,
    connector: 'c',
    taskId: 0,
    signal: new AbortController().signal,
    assignment: () => [],
    offset: () => undefined,
    timeout: (ms) => timeouts.push(ms),
    pause: () => undefined,
    resume: () => undefined,
    requestCommit: () => undefined,
    errantRecordReporter: null,
  };
}

export function sinkRecord(schema: Schema | null, value: ConnectValue, offset = 0): SinkRecord {
  return {
    topic: 't',
    kafkaPartition: 0,
    kafkaOffset: BigInt(offset),
    timestampType: 'CreateTime',
    timestampMs: 0,
    keySchema: null,
    key: null,
    valueSchema: schema,
    value,
    headers: null,
  };
}

export function sinkRecords(values: readonly string[]): SinkRecord[] {
  return values.map((value, i) => sinkRecord(STRING_SCHEMA, value, i));
}
