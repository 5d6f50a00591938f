/** Which of the tables that are there are copied. Source: io.confluent.connect.jdbc.source.TableMonitorThread, …util.TableCollectionUtils. */

import { compileJavaRegex } from '../../../../base/java-regex/java-pattern.ts';
import { plainTable, quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { JdbcSourceConf } from './spec.ts';

/** Tables of one name are one: which database it is in, the connection says. */
export function unqualified(tables: readonly TableName[]): TableName[] {
  return [...new Set(tables.map(({ table }) => table))].map((table) => ({ database: null, table }));
}

export type FilterConf = Pick<JdbcSourceConf, 'table.whitelist' | 'table.blacklist' | 'table.include.list' | 'table.exclude.list'>;

/** Those that the lists let through, in the order given. Regular expressions, when there are any, take the place of the other lists. */
export function filterTables(tables: readonly TableName[], conf: FilterConf): TableName[] {
  if (conf['table.include.list'].length + conf['table.exclude.list'].length > 0) {
    const isIncluded = anyOf(conf['table.include.list']);
    const isExcluded = anyOf(conf['table.exclude.list']);
    return tables.filter((name) => isIncluded(plainTable(name)) && !isExcluded(plainTable(name)));
  }
  const whitelist = new Set(conf['table.whitelist']);
  const blacklist = new Set(conf['table.blacklist']);
  const isNamed = (list: ReadonlySet<string>, name: TableName) =>
    list.has(name.table) || list.has(plainTable(name)) || list.has(quoteTable(name));
  if (whitelist.size > 0) return tables.filter((name) => isNamed(whitelist, name));
  return tables.filter((name) => !isNamed(blacklist, name));
}

function anyOf(patterns: readonly string[]): (name: string) => boolean {
  const expressions = patterns.map((pattern) => compileJavaRegex(pattern.trim(), true));
  return (name) => expressions.some((expression) => expression.test(name));
}
