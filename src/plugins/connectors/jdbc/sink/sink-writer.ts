/**
 * Writes records over one connection: tables are made ready, then the rows go in one transaction, as statements of many rows. What fails is rolled
 * back as a whole. Source: io.confluent.connect.jdbc.sink.JdbcDbWriter.
 */
import { messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { ServerFacts } from '../../../../mysql/connection.ts';
import { quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { SinkRecord } from '../../../../plugin-api/records.ts';
import { destinationTable, tableText } from './destination.ts';
import { type RecordCheck, recordCheck } from './record-check.ts';
import { groupRecords, type RecordGroup } from './record-groups.ts';
import type { SinkConf } from './sink-conf.ts';
import { type TableShape, TableShapes } from './table-shapes.ts';
import { type StructureConnection, TableStructure } from './table-structure.ts';
import { readTableForm, tableWarnings } from './table-warnings.ts';
import { type RowConnection, writeRows } from './write-rows.ts';

/** What of a connection is needed here. */
export interface WriterConnection extends StructureConnection, RowConnection {
  readonly server: ServerFacts;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** A group whose table is ready. */
interface ReadyGroup {
  readonly shape: TableShape;
  readonly group: RecordGroup;
}

/** What was done for a table. */
export interface TableWork {
  readonly table: TableName;
  readonly written: number;
  readonly deleted: number;
  /** The last statement, a `?` for each value. */
  readonly statement: string;
}

export class SinkWriter {
  readonly #conf: SinkConf;
  readonly #connection: WriterConnection;
  readonly #log: Log;
  readonly #onWarnings: (table: TableName, warnings: readonly string[]) => void;
  readonly #check: RecordCheck;
  readonly #shapes: TableShapes;
  readonly #structure: TableStructure;
  readonly #ready = new WeakSet<TableShape>();
  #current: TableName | null = null;
  /** By topic. */
  readonly #tables = new Map<string, { readonly key: string; readonly name: TableName }>();

  /** `onWarnings`: what is worth knowing of a table, told when it is first written to. */
  constructor(
    conf: SinkConf,
    connection: WriterConnection,
    log: Log,
    onWarnings: (table: TableName, warnings: readonly string[]) => void = () => undefined,
  ) {
    this.#conf = conf;
    this.#onWarnings = onWarnings;
    this.#connection = connection;
    this.#log = log;
    this.#check = recordCheck(conf);
    this.#shapes = new TableShapes(conf, connection.server);
    this.#structure = new TableStructure(conf, connection, log);
  }

  /** The table that was at hand last; after a failure the one that it was about. */
  get current(): TableName | null {
    return this.#current;
  }

  /** Throws ConnectError for a topic without a table. */
  tableOf(topic: string): TableName {
    return this.#tableOf(topic).name;
  }

  /**
   * All of the records or none. Throws WriteError, SqlError and TableStructureError for what the database refuses, ConnectError for records that
   * the configuration does not allow.
   */
  async write(records: readonly SinkRecord[]): Promise<readonly TableWork[]> {
    try {
      const groups = await this.prepare(records);
      const work = await this.apply(groups);
      await this.#connection.commit();
      return work;
    } catch (error) {
      await this.rollBack();
      throw error;
    }
  }

  /** Makes the tables ready. The server commits what it was given before, if tables are changed. */
  async prepare(records: readonly SinkRecord[]): Promise<readonly ReadyGroup[]> {
    this.#current = null;
    for (const record of records) this.#check(record);
    const conf = { batchSize: this.#conf.keys['batch.size'], deletesEnabled: this.#conf.deletesEnabled };
    const ready: ReadyGroup[] = [];
    for (const [key, groups] of groupRecords(records, conf, (topic) => this.#tableOf(topic).key)) {
      for (const group of groups) {
        const first = group.writes[0] ?? group.deletes[0]!;
        const table = this.tableOf(first.topic);
        this.#current = table;
        const shape = this.#shapes.of(key, table, group.keySchema, group.valueSchema);
        if (await this.#makeReady(shape, group)) ready.push({ shape, group });
      }
    }
    return ready;
  }

  /** Writes the rows, without commit. */
  async apply(groups: readonly ReadyGroup[]): Promise<readonly TableWork[]> {
    const work: TableWork[] = [];
    for (const { shape, group } of groups) {
      const { write, remove, table } = shape;
      this.#current = table;
      const isTransactional = this.#structure.isTransactional(table);
      if (group.writes.length > 0) await writeRows(this.#connection, write, group.writes, isTransactional);
      if (group.deletes.length > 0 && remove !== null) await writeRows(this.#connection, remove, group.deletes, isTransactional);
      const last = group.deletes.length > 0 && remove !== null ? remove : write;
      work.push({ table, written: group.writes.length, deleted: group.deletes.length, statement: last.shownAs });
    }
    return work;
  }

  async commit(): Promise<void> {
    await this.#connection.commit();
  }

  /** Never rejects. */
  async rollBack(): Promise<void> {
    try {
      await this.#connection.rollback();
    } catch (error) {
      // A lost connection rolls back by itself.
      this.#log.debug(`Failed to roll back: ${messageOf(error)}`);
    }
  }

  /** False: there is nothing to delete from. */
  async #makeReady(shape: TableShape, group: RecordGroup): Promise<boolean> {
    if (this.#ready.has(shape)) return true;
    const isCreatable = this.#conf.keys['auto.create'];
    // A tombstone knows no columns but those of the key: a table of them would lack the others for ever.
    if (group.writes.length === 0 && isCreatable && !(await this.#structure.exists(shape.table))) {
      this.#log.info(`${group.deletes.length} tombstones for table ${tableText(shape.table)}, which is not there: nothing to delete.`);
      return false;
    }
    if (group.writes.length === 0) await this.#structure.mustExist(shape.table);
    else {
      await this.#structure.createOrAmend(shape.table, shape.metadata, shape.ddl);
      this.#ready.add(shape);
      await this.#warn(shape);
    }
    return true;
  }

  /** Nothing depends on it: what cannot be looked up is not told. */
  async #warn({ table, metadata }: TableShape): Promise<void> {
    try {
      const form = await readTableForm(this.#connection, table);
      this.#onWarnings(table, tableWarnings(this.#conf, metadata.keys.map(nameOf), metadata.all.map(nameOf), form));
    } catch (error) {
      this.#log.debug(`Nothing is known of the indexes of ${tableText(table)}: ${messageOf(error)}`);
    }
  }

  #tableOf(topic: string): { readonly key: string; readonly name: TableName } {
    let found = this.#tables.get(topic);
    if (found === undefined) {
      const name = destinationTable(this.#conf.naming, topic, this.#connection.server.database);
      found = { key: quoteTable(name), name };
      this.#tables.set(topic, found);
    }
    return found;
  }
}

const nameOf = ({ name }: { readonly name: string }) => name;
