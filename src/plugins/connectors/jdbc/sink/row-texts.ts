/** Records as rows of SQL text. Source: io.confluent.connect.jdbc.sink.PreparedStatementBinder. */
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import type { ConnectValue, Schema } from '../../../../record/schema.ts';
import { fieldOf, type Struct } from '../../../../record/struct.ts';
import type { FieldsMetadata, SinkField } from './fields-metadata.ts';
import type { SinkConf } from './sink-conf.ts';
import type { RowStatement } from './statements.ts';
import type { ValueText, ValueTexts } from './value-texts.ts';

/** The text of one record's row. Throws as ValueText does. */
export type RowText = (record: SinkRecord) => string;

type ValueOf = (record: SinkRecord) => ConnectValue;

export interface RecordSchemas {
  readonly keySchema: Schema | null;
  readonly valueSchema: Schema | null;
}

type BindConf = Pick<SinkConf, 'pkMode' | 'replacesNullWithDefault'>;

/** How records with these schemas become rows of the statement. Throws ConnectError for fields that SQL has no type for. */
export function rowText(
  statement: RowStatement,
  metadata: FieldsMetadata,
  schemas: RecordSchemas,
  conf: BindConf,
  texts: ValueTexts,
): RowText {
  const { fields, pieces } = statement;
  const valuesOf = fields.map((field) => getterOf(field, metadata, schemas, conf));
  const textsOf = fields.map(({ name, schema }): ValueText => texts.of(name, schema));
  return (record) => {
    let text = pieces[0]!;
    for (let i = 0; i < valuesOf.length; i++) text += textsOf[i]!(valuesOf[i]!(record)) + pieces[i + 1]!;
    return text;
  };
}

function getterOf(field: SinkField, metadata: FieldsMetadata, { keySchema, valueSchema }: RecordSchemas, conf: BindConf): ValueOf {
  if (field.isKey && conf.pkMode === 'kafka') return kafkaCoordinate(metadata.keys.indexOf(field));
  if (field.isKey && conf.pkMode === 'record_key') {
    if (keySchema?.type !== 'STRUCT') return ({ key }) => key;
    return ofStruct(keySchema, field, true, ({ key }) => key);
  }
  if (valueSchema?.type !== 'STRUCT') return ({ value }) => value;
  return ofStruct(valueSchema, field, field.isKey || conf.replacesNullWithDefault, ({ value }) => value);
}

function kafkaCoordinate(index: number): ValueOf {
  if (index === 0) return ({ topic }) => topic;
  return index === 1 ? ({ kafkaPartition }) => kafkaPartition : ({ kafkaOffset }) => kafkaOffset;
}

function ofStruct(schema: Schema, { name }: SinkField, takesDefault: boolean, struct: ValueOf): ValueOf {
  const field = fieldOf(schema, name);
  if (field === undefined) return () => null;
  const { index } = field;
  const ifNull = (takesDefault ? field.schema.defaultValue : null) ?? null;
  return (record) => (struct(record) as Struct).values[index] ?? ifNull;
}
