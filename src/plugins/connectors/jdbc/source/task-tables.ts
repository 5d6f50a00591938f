/** How tables are dealt out to tasks. Source: org.apache.kafka.connect.util.ConnectorUtils.groupPartitions. */
import { ConnectError } from '../../../../base/errors.ts';
import { quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { FilterConf } from './table-filter.ts';

/** At most `most` groups of neighbours, none empty; the first ones have one more where it does not come out even. */
export function groupTables<T>(tables: readonly T[], most: number): T[][] {
  const count = Math.min(tables.length, most);
  const least = Math.floor(tables.length / count);
  const larger = tables.length % count;
  return Array.from({ length: count }, (_, i) => {
    const start = i * least + Math.min(i, larger);
    return tables.slice(start, start + least + (i < larger ? 1 : 0));
  });
}

/** Throws ConnectError when tables of different databases would share a topic. */
export function refuseDuplicates(tables: readonly TableName[], conf: FilterConf): void {
  const byName = Map.groupBy(tables, ({ table }) => table);
  const shared = [...byName.values()].filter((same) => same.length > 1);
  if (shared.length === 0) return;
  const lists = shared.map((same) => `[${same.map((name) => quoteTable(name)).join(', ')}]`);
  throw new ConnectError(
    'The connector uses the unqualified table name as the topic name and has detected duplicate unqualified table names. ' +
      'Tables of one name would be mixed in one topic, so it does not start. ' +
      `Name one table of each of these groups in the connector's ${keyOf(conf)}, or its database in catalog.pattern.\n\t[${lists.join(', ')}]`,
  );
}

function keyOf(conf: FilterConf): string {
  if (conf['table.whitelist'].length > 0) return "'table.whitelist'";
  if (conf['table.blacklist'].length > 0) return "'table.blacklist'";
  if (conf['table.include.list'].length > 0) return "'table.include.list'";
  return "'table.whitelist' or 'table.blacklist'";
}
