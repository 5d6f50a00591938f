/** Whether a record has what the configuration needs of it. Rules and sentences: io.confluent.connect.jdbc.sink.RecordValidator. */
import { ConnectError } from '../../../../base/errors.ts';
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import { javaClassOfValue } from '../../../../record/java-text.ts';
import type { ConnectValue, Schema } from '../../../../record/schema.ts';
import { isPrimitive } from './fields-metadata.ts';
import type { SinkConf } from './sink-conf.ts';

type CheckConf = Pick<SinkConf, 'connector' | 'deletesEnabled' | 'pkMode' | 'fieldsWhitelist' | 'timestampFields'>;

/** Throws ConnectError: the task must fail, whatever the tolerance of errors is, for the next records will be alike. */
export type RecordCheck = (record: SinkRecord) => void;

export function recordCheck(conf: CheckConf): RecordCheck {
  const needsKey = conf.pkMode === 'record_key';
  return (record) => {
    if (needsKey) checkKey(conf, record);
    // With deletes a record without a value is a tombstone.
    if (!conf.deletesEnabled || record.value !== null) checkValue(conf, record);
  };
}

function checkKey(conf: CheckConf, record: SinkRecord): void {
  const { key, keySchema } = record;
  if (key !== null && keySchema !== null && (keySchema.type === 'STRUCT' || isPrimitive(keySchema))) return;
  throw unfit(conf, record, 'a non-null key and non-null Struct or primitive key schema', 'key', key, keySchema);
}

function checkValue(conf: CheckConf, record: SinkRecord): void {
  const { value, valueSchema } = record;
  if (value !== null && valueSchema?.type === 'STRUCT') return;
  if (value !== null && valueSchema?.type === 'STRING') checkText(conf);
  else throw unfit(conf, record, 'a non-null Struct or String value and non-null Struct or String schema', 'value', value, valueSchema);
}

/** A text has no fields for these settings. */
function checkText(conf: CheckConf): void {
  const useless = [
    ...(conf.fieldsWhitelist.size > 0 ? ['fields.whitelist'] : []),
    ...(conf.timestampFields.size > 0 ? ['timestamp.fields.list'] : []),
  ];
  if (useless.length === 0) return;
  throw new ConnectError(
    `Sink connector '${conf.connector}' is configured with field-level options that are not applicable to String values: ${useless.join(', ')}. ` +
      'Remove them, or send struct values.',
  );
}

function unfit(
  conf: CheckConf,
  record: SinkRecord,
  needed: string,
  part: 'key' | 'value',
  value: ConnectValue,
  schema: Schema | null,
): ConnectError {
  const { topic, kafkaPartition, kafkaOffset, timestampMs } = record;
  const settings = `'delete.enabled=${conf.deletesEnabled}' and 'pk.mode=${conf.pkMode}'`;
  const place = `(topic='${topic}',partition=${kafkaPartition},offset=${kafkaOffset},timestamp=${timestampMs})`;
  return new ConnectError(
    `Sink connector '${conf.connector}' is configured with ${settings} and therefore requires records with ${needed}, ` +
      `but found record at ${place} with a ${simpleClass(value)} ${part} and ${schemaWord(schema)} ${part} schema.`,
  );
}

function simpleClass(value: ConnectValue): string {
  const name = javaClassOfValue(value);
  if (name === '[B') return 'byte[]';
  return name.slice(name.lastIndexOf('.') + 1);
}

function schemaWord(schema: Schema | null): string {
  if (schema === null) return 'null';
  return schema.type === 'STRUCT' ? 'Struct' : schema.type.toLowerCase();
}
