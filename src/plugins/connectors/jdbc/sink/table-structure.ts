/**
 * What is known of the tables that are written to, and CREATE and ALTER where the configuration allows them. All of it happens before the first
 * row of a `put` is written, for the server commits with each of them. Source: io.confluent.connect.jdbc.sink.DbStructure.
 */
import { ConnectError, messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { ServerFacts } from '../../../../mysql/connection.ts';
import { quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import { SqlError } from '../../../../mysql/sql-errors.ts';
import { alterTableSql, createTableSql, type DdlContext } from './ddl.ts';
import { tableText } from './destination.ts';
import { type FieldsMetadata, fieldText, isOptional, type SinkField } from './fields-metadata.ts';
import type { SinkConf, TableType } from './sink-conf.ts';

/** The table is not as the records need it, and may not be made so. No retry helps before somebody changes that. */
export class TableStructureError extends ConnectError {
  override readonly javaClass: string = 'io.confluent.connect.jdbc.sink.TableAlterOrCreateException';
}

/** What of a connection is needed here. */
export interface StructureConnection {
  readonly server: Pick<ServerFacts, 'lowerCaseTableNames'>;
  execute(sql: string, parameters?: readonly never[], shownAs?: string): Promise<unknown>;
  query(sql: string, parameters?: readonly string[]): Promise<{ readonly rows: readonly (readonly unknown[])[] }>;
}

interface KnownTable {
  readonly type: TableType;
  /** A statement that fails leaves nothing behind. */
  readonly isTransactional: boolean;
  readonly columns: readonly string[];
}

/** Engines that roll back. */
const TRANSACTIONAL: ReadonlySet<string> = new Set(['InnoDB', 'ROCKSDB']);

type StructureConf = Pick<SinkConf, 'tableTypes' | 'keys'>;

export class TableStructure {
  readonly #conf: StructureConf;
  readonly #connection: StructureConnection;
  readonly #log: Log;
  readonly #known = new Map<string, KnownTable>();

  constructor(conf: StructureConf, connection: StructureConnection, log: Log) {
    this.#conf = conf;
    this.#connection = connection;
    this.#log = log;
  }

  /** Throws TableStructureError, SqlError. */
  async exists(table: TableName): Promise<boolean> {
    return (await this.#tableOf(table)) !== null;
  }

  /** A statement on it that fails leaves nothing behind, as far as is known. */
  isTransactional(table: TableName): boolean {
    return this.#known.get(quoteTable(table))?.isTransactional ?? false;
  }

  /** Throws TableStructureError, SqlError. */
  async mustExist(table: TableName): Promise<void> {
    if (!(await this.exists(table))) throw missing(table);
  }

  /** Throws TableStructureError, SqlError; ConnectError for fields that SQL has no type for. */
  async createOrAmend(table: TableName, metadata: FieldsMetadata, context: DdlContext): Promise<void> {
    if (!(await this.exists(table))) await this.#create(table, metadata, context);
    await this.#amend(table, metadata, context, this.#conf.keys['max.retries']);
  }

  async #create(table: TableName, metadata: FieldsMetadata, context: DdlContext): Promise<void> {
    if (!this.#conf.keys['auto.create']) throw missing(table);
    const sql = createTableSql(context, metadata.all);
    this.#log.info(`Creating table with sql: ${sql}`);
    try {
      await this.#connection.execute(sql);
    } catch (error) {
      // Another task may have been faster.
      if (!(error instanceof SqlError) || error.isConnectionLost || !(await this.exists(table))) throw error;
      this.#log.warn(`Create failed, and the table is there now: ${messageOf(error)}`);
    }
  }

  async #amend(table: TableName, metadata: FieldsMetadata, context: DdlContext, retries: number): Promise<void> {
    const known = await this.#tableOf(table);
    if (known === null) throw missing(table);
    const fields = missingFields(metadata.all, known.columns);
    if (fields.length === 0) return;
    this.#checkAmendable(table, known.type, fields);
    const sql = alterTableSql(context, fields);
    this.#log.info(`Amending ${known.type} to add missing fields: ${textOf(fields)} with SQL: ${sql}`);
    this.#known.delete(quoteTable(table));
    try {
      await this.#connection.execute(sql);
    } catch (error) {
      if (!(error instanceof SqlError) || error.isConnectionLost) throw error;
      if (retries <= 0) {
        throw new TableStructureError(`Failed to amend ${known.type} '${tableText(table)}' to add missing fields: ${textOf(fields)}`, {
          cause: error,
        });
      }
      // Another task may have been faster.
      this.#log.warn(`Amend failed, re-attempting. ${messageOf(error)}`);
      await this.#amend(table, metadata, context, retries - 1);
    }
  }

  #checkAmendable(table: TableName, type: TableType, fields: readonly SinkField[]): void {
    const what = type === 'VIEW' ? 'View' : 'Table';
    if (type === 'VIEW') {
      throw new TableStructureError(`${what} ${tableText(table)} is missing fields (${textOf(fields)}) and ALTER ${type} is unsupported`);
    }
    const impossible = fields.find((field) => !isOptional(field) && (field.schema.defaultValue ?? null) === null);
    if (impossible !== undefined) {
      throw new TableStructureError(
        `Cannot ALTER ${type} ${tableText(table)} to add missing field ${fieldText(impossible)}, as the field is not optional and does not have a default value`,
      );
    }
    if (!this.#conf.keys['auto.evolve']) {
      throw new TableStructureError(`${what} ${tableText(table)} is missing fields (${textOf(fields)}) and auto-evolution is disabled`);
    }
  }

  async #tableOf(table: TableName): Promise<KnownTable | null> {
    const name = quoteTable(table);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const kind = await this.#kindOf(table);
    if (kind === null) return null;
    const { rows } = await this.#connection.query(`SHOW COLUMNS FROM ${name}`);
    const found = { ...kind, columns: rows.map(([column]) => String(column)) };
    this.#known.set(name, found);
    return found;
  }

  /** `null`: there is no such table, or one of a kind that is not to be written to. */
  async #kindOf({ database, table }: TableName): Promise<Omit<KnownTable, 'columns'> | null> {
    const { rows } = await this.#connection.query(
      'SELECT TABLE_NAME, TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
      [database ?? '', table],
    );
    // The comparison takes names that differ by case as well, which may be other tables.
    const isAnyCase = this.#connection.server.lowerCaseTableNames > 0;
    const row = rows.find(([name]) => isAnyCase || name === table);
    if (row === undefined) return null;
    const type = /VIEW/.test(String(row[1])) ? 'VIEW' : 'TABLE';
    const isWanted = this.#conf.tableTypes.has(type) || (type === 'TABLE' && this.#conf.tableTypes.has('PARTITIONED TABLE'));
    return isWanted ? { type, isTransactional: TRANSACTIONAL.has(String(row[2])) } : null;
  }
}

function missing(table: TableName): TableStructureError {
  return new TableStructureError(`Table ${tableText(table)} is missing and auto-creation is disabled`);
}

function textOf(fields: readonly SinkField[]): string {
  return `[${fields.map(fieldText).join(', ')}]`;
}

/** Names of columns are the same in any case. */
function missingFields(fields: readonly SinkField[], columns: readonly string[]): readonly SinkField[] {
  const there = new Set(columns.map((column) => column.toLowerCase()));
  return fields.filter(({ name }) => !there.has(name.toLowerCase()));
}
