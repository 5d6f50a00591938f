/** What of a table makes its rows come out otherwise than people expect: keys without an index, seconds without fractions. */
import { quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { SinkConf } from './sink-conf.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
}

export interface Index {
  readonly isUnique: boolean;
  readonly columns: readonly string[];
}

export interface TableForm {
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
}

/** What of a connection is needed here. */
export interface FormConnection {
  query(sql: string, parameters?: readonly string[]): Promise<{ readonly rows: readonly (readonly unknown[])[] }>;
}

/** Rejects with SqlError. */
export async function readTableForm(connection: FormConnection, table: TableName): Promise<TableForm> {
  return { columns: await columnsOf(connection, table), indexes: await indexesOf(connection, table) };
}

/** A sentence each. `keys`: the columns of the primary key, as far as they are known; `fields`: what records have, `null` when that is not known. */
export function tableWarnings(
  conf: Pick<SinkConf, 'insertMode' | 'deletesEnabled'>,
  keys: readonly string[],
  fields: readonly string[] | null,
  { columns, indexes }: TableForm,
): string[] {
  const had = new Set((fields ?? keys).map((field) => field.toLowerCase()));
  const written = fields === null ? columns : columns.filter(({ name }) => had.has(name.toLowerCase()));
  const others = columns.filter(({ name }) => !had.has(name.toLowerCase()));
  return [...keyWarnings(conf, keys, indexes), ...fractionWarnings(written), ...neededWarnings(others)];
}

function keyWarnings(
  { insertMode, deletesEnabled }: Pick<SinkConf, 'insertMode' | 'deletesEnabled'>,
  keys: readonly string[],
  indexes: readonly Index[],
): string[] {
  if (keys.length === 0) return [];
  const wanted = new Set(keys.map((key) => key.toLowerCase()));
  const named = `(${keys.join(', ')})`;
  const warnings: string[] = [];
  if (
    insertMode === 'upsert' &&
    !indexes.some(({ isUnique, columns }) => isUnique && columns.every((column) => wanted.has(column.toLowerCase())))
  ) {
    warnings.push(`No unique key is made of ${named}: insert.mode=upsert adds a row for every record. Give the table one.`);
  }
  if ((insertMode === 'update' || deletesEnabled) && !indexes.some(({ columns }) => wanted.has((columns[0] ?? '').toLowerCase()))) {
    warnings.push(`No index begins with one of ${named}: each ${insertMode === 'update' ? 'update' : 'delete'} reads the whole table.`);
  }
  return warnings;
}

function fractionWarnings(columns: readonly Column[]): string[] {
  const whole = columns.filter(({ type }) => /^(?:datetime|timestamp|time)$/i.test(type)).map(({ name }) => name);
  return whole.length === 0 ? [] : [`Fractions of seconds are cut in ${whole.join(', ')}: make them DATETIME(3) or finer.`];
}

/** `columns`: those that records may lack, or do. */
function neededWarnings(columns: readonly Column[]): string[] {
  const needed = columns.filter(({ isNullable, hasDefault }) => !isNullable && !hasDefault).map(({ name }) => name);
  return needed.length === 0 ? [] : [`Records without ${needed.join(', ')} are refused: the columns take no NULL and have no default.`];
}

async function columnsOf(connection: FormConnection, table: TableName): Promise<Column[]> {
  const { rows } = await connection.query(`SHOW COLUMNS FROM ${quoteTable(table)}`);
  return rows.map(([name, type, nullable, , defaultValue, extra]) => ({
    name: String(name),
    type: String(type),
    isNullable: nullable === 'YES',
    hasDefault: defaultValue !== null || /auto_increment|generated/i.test(String(extra)),
  }));
}

async function indexesOf(connection: FormConnection, { database, table }: TableName): Promise<Index[]> {
  const { rows } = await connection.query(
    'SELECT INDEX_NAME, NON_UNIQUE, COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY INDEX_NAME, SEQ_IN_INDEX',
    [database ?? '', table],
  );
  const byName = Map.groupBy(rows, ([name]) => String(name));
  return [...byName.values()].map((of) => ({ isUnique: Number(of[0]![1]) === 0, columns: of.map(([, , column]) => String(column)) }));
}
