/**
 * The SQL for rows of a table, word for word as the original's where a statement has one row. Source: MySqlDatabaseDialect, GenericDatabaseDialect.
 *
 *     INSERT INTO `db`.`t`(`k`,`a`) VALUES(1,'x'),(2,'y')
 *     insert into `db`.`t`(`k`,`a`) values(1,'x'),(2,'y') on duplicate key update `a`=values(`a`)
 *     UPDATE `db`.`t` SET `a` = 'x' WHERE `k` = 1
 *     DELETE FROM `db`.`t` WHERE `k` = 1          … WHERE `k` IN (1,2)          … WHERE (`k` = 1 AND `l` = 2) OR (`k` = 3 AND `l` = 4)
 */
import { ConnectError } from '../../../../base/errors.ts';
import { type Quoting, quoteName, quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { FieldsMetadata, SinkField } from './fields-metadata.ts';
import type { InsertMode } from './sink-conf.ts';

export interface RowStatement {
  /** The values of a row in their order. */
  readonly fields: readonly SinkField[];
  /** The text before each of them, and behind the last one. */
  readonly pieces: readonly string[];
  /** Around one row. */
  readonly one: Frame;
  /** Around several; `null`: each row makes a statement. */
  readonly many: (Frame & { readonly separator: string }) | null;
}

export interface Frame {
  readonly head: string;
  readonly tail: string;
}

export interface TableStatements {
  readonly write: RowStatement;
  /** `null`: there are no key columns. */
  readonly remove: RowStatement | null;
}

/** What may stand in SQL without quotes. Words of SQL the server refuses by itself. */
const BARE_NAME = /^[0-9A-Za-z$_\u0080-\uffff]+$/;

/** Throws ConnectError when the mode cannot work with these columns, and for names that need quotes where there are none. */
export function statementsFor(table: TableName, metadata: FieldsMetadata, mode: InsertMode, quoting: Quoting): TableStatements {
  const names = new Names(table, quoting);
  return {
    write: writeStatement(names, metadata, mode),
    remove: metadata.keys.length === 0 ? null : deleteStatement(names, metadata.keys),
  };
}

/** Names as they stand in statements about one table. */
export class Names {
  /** `` `db`.`t` `` */
  readonly table: string;
  /** For messages. */
  readonly name: TableName;
  readonly #quoting: Quoting;

  /** Throws ConnectError for a name that cannot stand without quotes. */
  constructor(name: TableName, quoting: Quoting) {
    this.name = name;
    this.#quoting = quoting;
    for (const part of [name.database ?? '', name.table]) this.#check(part);
    this.table = quoteTable(name, quoting);
  }

  column(name: string): string {
    this.#check(name);
    return quoteName(name, this.#quoting);
  }

  columns(fields: readonly SinkField[]): string[] {
    return fields.map(({ name }) => this.column(name));
  }

  #check(name: string): void {
    if (this.#quoting === 'ALWAYS' || name === '' || BARE_NAME.test(name)) return;
    throw new ConnectError(
      `The name "${name.slice(0, 80)}" cannot stand in SQL without quotes: set quote.sql.identifiers=always. (Table ${this.name.table})`,
    );
  }
}

function writeStatement(names: Names, { keys, others }: FieldsMetadata, mode: InsertMode): RowStatement {
  if (mode !== 'insert' && keys.length === 0) {
    throw new ConnectError(
      `Write to table '${names.name.table}' in ${mode.toUpperCase()} mode requires key field names to be known, check the primary key configuration`,
    );
  }
  if (mode === 'update') return updateStatement(names, keys, others);
  const fields = [...keys, ...others];
  const columns = names.columns(fields).join(',');
  const pieces = ['(', ...fields.slice(1).map(() => ','), ')'];
  const head = mode === 'insert' ? `INSERT INTO ${names.table}(${columns}) VALUES` : `insert into ${names.table}(${columns}) values`;
  const changed = names.columns(others.length === 0 ? keys : others).map((column) => `${column}=values(${column})`);
  const frame = { head, tail: mode === 'insert' ? '' : ` on duplicate key update ${changed.join(',')}` };
  return { fields, pieces, one: frame, many: { ...frame, separator: ',' } };
}

function updateStatement(names: Names, keys: readonly SinkField[], others: readonly SinkField[]): RowStatement {
  if (others.length === 0) {
    throw new ConnectError(
      `Write to table '${names.name.table}' in UPDATE mode has nothing to set: all fields are part of the primary key. Check pk.fields and fields.whitelist.`,
    );
  }
  const sets = names.columns(others).map((column, i) => `${i === 0 ? '' : ', '}${column} = `);
  const pieces = [...sets, ` WHERE ${equalities(names, keys)[0]}`, ...equalities(names, keys).slice(1), ''];
  return { fields: [...others, ...keys], pieces, one: { head: `UPDATE ${names.table} SET `, tail: '' }, many: null };
}

function deleteStatement(names: Names, keys: readonly SinkField[]): RowStatement {
  const head = `DELETE FROM ${names.table} WHERE `;
  if (keys.length === 1) {
    const column = names.column(keys[0]!.name);
    const many = { head: `${head}${column} IN (`, separator: ',', tail: ')' };
    return { fields: keys, pieces: ['', ''], one: { head: `${head}${column} = `, tail: '' }, many };
  }
  const many = { head: `${head}(`, separator: ') OR (', tail: ')' };
  return { fields: keys, pieces: [...equalities(names, keys), ''], one: { head, tail: '' }, many };
}

/** The text before each value of a condition on all columns. */
function equalities(names: Names, fields: readonly SinkField[]): string[] {
  return names.columns(fields).map((column, i) => `${i === 0 ? '' : ' AND '}${column} = `);
}
