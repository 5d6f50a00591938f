/** A database that notes what it is given. Tables that were created are there; others as the test says. */

import type { SqlError } from '../../../../../../src/mysql/sql-errors.ts';
import type { WriterConnection } from '../../../../../../src/plugins/connectors/jdbc/sink/sink-writer.ts';

export interface RecordingOptions {
  readonly database?: string | null;
  readonly maxAllowedPacketBytes?: number;
  readonly backslashEscapes?: boolean;
  /** Columns by table. */
  readonly tables?: Readonly<Record<string, readonly string[]>>;
  /** What the database says to a statement. */
  readonly refuse?: (sql: string) => SqlError | null;
}

export class RecordingConnection implements WriterConnection {
  /** Without questions about tables. */
  readonly statements: string[] = [];
  readonly server: WriterConnection['server'];
  readonly #options: RecordingOptions;
  readonly #tables: Map<string, string[]>;

  constructor(options: RecordingOptions = {}) {
    this.#options = options;
    this.#tables = new Map(Object.entries(options.tables ?? {}).map(([name, columns]) => [name, [...columns]]));
    this.server = {
      version: '10.11.19-MariaDB',
      isMariaDb: true,
      maxAllowedPacketBytes: options.maxAllowedPacketBytes ?? 16_777_216,
      backslashEscapes: options.backslashEscapes ?? true,
      database: options.database === undefined ? 'db' : options.database,
      timeZone: '+00:00',
      systemTimeZone: 'UTC',
      lowerCaseTableNames: 0,
    };
  }

  async execute(sql: string) {
    this.statements.push(sql);
    const refusal = this.#options.refuse?.(sql) ?? null;
    if (refusal !== null) throw refusal;
    const [, created] = /^CREATE TABLE (?:\S+\.)?`?([^`\s]+)`? \(/.exec(sql) ?? [];
    if (created !== undefined) this.#tables.set(created, columnsIn(sql));
    const [, altered] = /^ALTER TABLE (?:\S+\.)?`?([^`\s]+)`? /.exec(sql) ?? [];
    if (altered !== undefined) this.#tables.get(altered)?.push(...columnsIn(sql));
    return { affectedRows: 0, insertId: 0n, warnings: 0 };
  }

  async query(sql: string, parameters: readonly string[] = []) {
    if (sql.includes('STATISTICS')) return { rows: [] };
    const table = parameters[1] ?? /`([^`]+)`$/.exec(sql)?.[1] ?? '';
    const columns = this.#tables.get(table);
    if (columns === undefined) return { rows: [] };
    return { rows: sql.startsWith('SHOW') ? columns.map((column) => [column]) : [[table, 'BASE TABLE', 'InnoDB']] };
  }

  async commit(): Promise<void> {
    this.statements.push('COMMIT');
  }

  async rollback(): Promise<void> {
    this.statements.push('ROLLBACK');
  }
}

function columnsIn(sql: string): string[] {
  return [...sql.matchAll(/(?:^|ADD )`?([^`\s(]+)`? [A-Z]+/gm)]
    .map(([, column]) => column!)
    .filter((word) => !/^(?:CREATE|ALTER|PRIMARY)$/.test(word));
}
