/**
 * The tables that are there, as Connector/J lists them: of every database that the user may see unless `catalog.pattern` names one, by kind,
 * database and name. Source: java.sql.DatabaseMetaData.getTables, io.confluent.connect.jdbc.dialect.GenericDatabaseDialect.tableIds.
 */
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import type { TableName } from '../../../../mysql/dialect.ts';
import type { JdbcSourceConf } from './spec.ts';

export type ListConf = Pick<JdbcSourceConf, 'catalog.pattern' | 'table.types'>;

const SYSTEM_DATABASES = new Set(['information_schema', 'mysql', 'performance_schema']);

interface Found extends TableName {
  readonly database: string;
  readonly type: string;
}

/** Rejects with SqlError. */
export async function listTables(connection: DatabaseConnection, conf: ListConf): Promise<TableName[]> {
  const { nullDatabaseMeansCurrent } = connection.address;
  const pattern = conf['catalog.pattern'] ?? (nullDatabaseMeansCurrent ? connection.server.database : null);
  const types = new Set(conf['table.types'].map((type) => type.trim().toUpperCase()));
  const all = await readTables(connection, pattern);
  const wanted = all.filter(({ type }) => types.has(type)).sort(inOrder);
  return wanted.map(({ database, table }) => ({ database, table }));
}

async function readTables(connection: DatabaseConnection, database: string | null): Promise<Found[]> {
  const where = database === null ? '' : ' WHERE TABLE_SCHEMA = ?';
  const { rows } = await connection.query(
    `SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES${where}`,
    database === null ? [] : [database],
  );
  // The comparison takes names that differ by case as well, which may be other databases.
  const isAnyCase = connection.server.lowerCaseTableNames > 0;
  return rows
    .map(([schema, table, type]) => ({ database: String(schema), table: String(table), type: typeOf(String(type), String(schema)) }))
    .filter((found) => database === null || isAnyCase || found.database === database);
}

function typeOf(type: string, database: string): string {
  // A MariaDB table with history is one like others; a sequence is none.
  if (type !== 'BASE TABLE' && type !== 'SYSTEM VERSIONED') return type;
  return SYSTEM_DATABASES.has(database.toLowerCase()) ? 'SYSTEM TABLE' : 'TABLE';
}

function inOrder(a: Found, b: Found): number {
  return compare(a.type, b.type) || compare(a.database, b.database) || compare(a.table, b.table);
}

/** As Java compares texts. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
