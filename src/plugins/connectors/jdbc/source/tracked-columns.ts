/** Which columns tell a table's new rows from its old ones. Source: io.confluent.connect.jdbc.source.JdbcSourceTask (column mappings). */

import { ConfigError, ConnectError } from '../../../../base/errors.ts';
import { compileJavaRegex } from '../../../../base/java-regex/java-pattern.ts';
import { plainTable, quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { JdbcSourceConf } from './spec.ts';
import { usesIncrementing, usesTimestamp } from './spec-mode.ts';

export interface TrackedColumns {
  /** Null: the mode has none; empty: the AUTO_INCREMENT column of the table. */
  readonly incrementing: string | null;
  /** Empty: the mode has none. Of several the first that is not NULL counts. */
  readonly timestamps: readonly string[];
}

type ColumnConf = Pick<
  JdbcSourceConf,
  'mode' | 'incrementing.column.name' | 'timestamp.column.name' | 'incrementing.column.mapping' | 'timestamp.columns.mapping'
>;

/** `table` null: of the query. Throws ConfigError when the mode lacks a column, ConnectError when a mapping fits the table not at all or more than once. */
export function trackedColumns(conf: ColumnConf, table: TableName | null): TrackedColumns {
  return {
    incrementing: usesIncrementing(conf.mode) ? incrementingColumn(conf, table) : null,
    timestamps: usesTimestamp(conf.mode) ? timestampColumns(conf, table) : [],
  };
}

function incrementingColumn(conf: ColumnConf, table: TableName | null): string {
  return mappedTo(conf['incrementing.column.mapping'], table, 'incrementing') ?? conf['incrementing.column.name'];
}

function timestampColumns(conf: ColumnConf, table: TableName | null): readonly string[] {
  const list = mappedTo(conf['timestamp.columns.mapping'], table, 'timestamp');
  if (list === null) {
    if (conf['timestamp.column.name'].length > 0) return conf['timestamp.column.name'];
    throw new ConfigError(`Mode ${conf.mode} needs the name of a column in timestamp.column.name.`);
  }
  const names = list.slice(1, -1).split('|');
  return names.map((column) => column.trim());
}

/** What stands behind the expression that fits the table; null without mappings, which the query has no use for. */
function mappedTo(mapping: readonly string[], table: TableName | null, kind: 'incrementing' | 'timestamp'): string | null {
  if (mapping.length === 0 || table === null) return null;
  const fitting = mapping.filter((item) => compileJavaRegex(partOf(item, 0), true).test(plainTable(table)));
  const [only] = fitting;
  if (fitting.length === 1 && only !== undefined) return partOf(only, 1);
  const problem = only === undefined ? 'does not match any of the provided regexes' : 'matches more than one of the provided regexes';
  throw new ConnectError(`Error while validating ${kind} column mappings: Included table '${quoteTable(table)}' ${problem}`);
}

function partOf(item: string, part: 0 | 1): string {
  return item.split(':')[part]?.trim() ?? '';
}
