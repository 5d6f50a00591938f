/** Questions to a database that may be large and busy: what it would do for a statement, and answers that take no longer than a moment. */
import type { DatabaseConnection, QueryResult } from '../../../../mysql/connection.ts';
import { SqlError } from '../../../../mysql/sql-errors.ts';
import type { SqlParameter } from '../../../../mysql/sql-literal.ts';

/** One step of a plan, as EXPLAIN tells it. */
export interface PlanStep {
  readonly table: string;
  /** `ALL`: the whole table is read. */
  readonly access: string;
  readonly key: string | null;
  readonly rows: string;
  readonly extra: string;
}

/** Rejects with SqlError. */
export async function explain(connection: DatabaseConnection, sql: string, parameters: readonly SqlParameter[]): Promise<PlanStep[]> {
  const { columns, rows } = await connection.query(`EXPLAIN ${sql}`, parameters);
  return rows.map((row) => {
    const value = (name: string) => {
      const found = row[columns.findIndex((column) => column.name.toLowerCase() === name)];
      return found === undefined || found === null ? null : String(found);
    };
    return {
      table: value('table') ?? '',
      access: value('type') ?? '',
      key: value('key'),
      rows: value('rows') ?? '',
      extra: value('extra') ?? '',
    };
  });
}

/** `customers: range over modified, about 12 rows (Using index condition)`; a line each. */
export function planText(steps: readonly PlanStep[]): string {
  return steps.map(stepText).join('\n');
}

function stepText({ table, access, key, rows, extra }: PlanStep): string {
  const how = [access === '' ? 'no access' : access, ...(key === null ? [] : [`over ${key}`])].join(' ');
  const about = rows === '' ? '' : `, about ${rows} rows`;
  return `${table === '' ? '' : `${table}: `}${how}${about}${extra === '' ? '' : ` (${extra})`}`;
}

/** The server's words for a statement that took too long: MariaDB, MySQL. */
const TOO_LONG = new Set([1969, 3024]);

/** `select` after SELECT; null: it takes longer than `limitMs`. Rejects with SqlError. */
export async function askShortly(connection: DatabaseConnection, select: string, limitMs: number): Promise<QueryResult['rows'] | null> {
  const sql = connection.server.isMariaDb
    ? `SET STATEMENT max_statement_time=${limitMs / 1000} FOR SELECT ${select}`
    : `SELECT /*+ MAX_EXECUTION_TIME(${limitMs}) */ ${select}`;
  try {
    return (await connection.query(sql)).rows;
  } catch (error) {
    if (error instanceof SqlError && TOO_LONG.has(error.errno)) return null;
    throw error;
  }
}
