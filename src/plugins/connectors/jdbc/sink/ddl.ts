/** CREATE TABLE and ALTER TABLE, word for word as the original's. Source: GenericDatabaseDialect.buildCreateTableStatement, buildAlterTable. */
import { columnType } from './column-types.ts';
import { isOptional, type SinkField } from './fields-metadata.ts';
import type { Names } from './statements.ts';
import type { ValueTexts } from './value-texts.ts';

export interface DdlContext {
  readonly names: Names;
  readonly timestampFields: ReadonlySet<string>;
  readonly values: ValueTexts;
}

/** Throws ConnectError for a field without a type of SQL. */
export function createTableSql(context: DdlContext, fields: readonly SinkField[]): string {
  const lines = fields.map((field) => columnSql(context, field));
  const keys = fields.filter(({ isKey }) => isKey);
  if (keys.length > 0) lines.push(`PRIMARY KEY(${context.names.columns(keys).join(',')})`);
  return `CREATE TABLE ${context.names.table} (\n${lines.join(',\n')})`;
}

/** `fields`: at least one. */
export function alterTableSql(context: DdlContext, fields: readonly SinkField[]): string {
  const adds = fields.map((field) => `ADD ${columnSql(context, field)}`);
  const separator = fields.length > 1 ? '\n' : '';
  return `ALTER TABLE ${context.names.table} ${separator}${adds.join(`,${separator}`)}`;
}

function columnSql({ names, timestampFields, values }: DdlContext, field: SinkField): string {
  const { name, schema } = field;
  const column = `${names.column(name)} ${columnType(schema, timestampFields.has(name))}`;
  const { defaultValue = null } = schema;
  if (defaultValue !== null) return `${column} DEFAULT ${values.of(name, schema)(defaultValue)}`;
  return `${column} ${isOptional(field) ? 'NULL' : 'NOT NULL'}`;
}
