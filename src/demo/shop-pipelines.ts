/** The demo's database pipelines: a source for each mode, and sinks that make the second database equal to the first. */
import type { Shop } from './shop.ts';

const POLL_MS = '1000';

/** Configurations of connectors, sources first. */
export function shopPipelines({ sourceUrl, copyUrl }: Shop): Record<string, string>[] {
  const source = (name: string, table: string, mode: Record<string, string>) => ({
    name,
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    'tasks.max': '1',
    'connection.url': sourceUrl,
    'table.whitelist': table,
    'catalog.pattern': 'kafkadb',
    'topic.prefix': 'mysql-',
    'poll.interval.ms': POLL_MS,
    ...mode,
  });
  const sink = (name: string, tables: readonly string[], key: string) => ({
    name,
    'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
    'tasks.max': '1',
    'connection.url': copyUrl,
    topics: tables.map((table) => `mysql-${table}`).join(','),
    'insert.mode': 'upsert',
    'pk.mode': 'record_value',
    'pk.fields': key,
    'auto.create': 'true',
    transforms: 'table',
    'transforms.table.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.table.regex': 'mysql-(.*)',
    'transforms.table.replacement': '$1',
  });
  return [
    source('mysql-time-incre-source', 'customers', {
      mode: 'timestamp+incrementing',
      'timestamp.column.name': 'modified',
      'incrementing.column.name': 'id',
    }),
    source('mysql-time-source', 'products', { mode: 'timestamp', 'timestamp.column.name': 'modified' }),
    source('mysql-incre-source', 'orders', { mode: 'incrementing', 'incrementing.column.name': 'seq' }),
    source('mysql-bulk-source', 'bulk_tab', { mode: 'bulk', 'poll.interval.ms': '5000' }),
    sink('mysql-customers-sink', ['customers'], 'id'),
    sink('mysql-orders-sink', ['products', 'orders'], 'seq'),
    sink('mysql-bulk-sink', ['bulk_tab'], 'name'),
  ];
}
