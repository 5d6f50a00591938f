/** Columns of a table, as INFORMATION_SCHEMA has them: looked up in its own database, never in another that has a table of this name. */
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import type { TableName } from '../../../../mysql/dialect.ts';
import type { TableColumn } from './column-checks.ts';

const COLUMNS =
  'SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, IS_NULLABLE, EXTRA FROM information_schema.COLUMNS ' +
  'WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION';

/** In their order; none: the table is not there, or the user may not see it. Rejects with SqlError. */
export async function readTableColumns(connection: DatabaseConnection, { database, table }: TableName): Promise<TableColumn[]> {
  const { rows } = await connection.query(COLUMNS, [database, table]);
  // INFORMATION_SCHEMA compares without case, where files do not.
  const isAnyCase = connection.server.lowerCaseTableNames > 0;
  return rows
    .filter(([schema, name]) => isAnyCase || (name === table && (database === null || schema === database)))
    .map(([, , name, isNullable, extra]) => ({
      name: String(name),
      isNullable: isNullable === 'YES',
      isAutoIncrement: String(extra).includes('auto_increment'),
    }));
}
