/** What a task has at hand once it is started: its connection, and a reader for each of its tables at its stored place. */
import type { Clock } from '../../../../base/clock.ts';
import { ConfigError, ConnectError } from '../../../../base/errors.ts';
import { HIDDEN } from '../../../../base/mask.ts';
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { parseTableList, quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import { driverProperties, parseJdbcUrl } from '../../../../mysql/jdbc-url.ts';
import type { Config, SourceTaskContext } from '../../../../plugin-api/plugin.ts';
import { intlZoneOf } from '../shared/time-zone.ts';
import { checkColumns } from './column-checks.ts';
import type { FieldSettings } from './column-fields.ts';
import { momentOfMs } from './moment.ts';
import { bulkPartition, type Position, partitionsOf, positionOf, START } from './offsets.ts';
import { SourceConnection } from './source-connection.ts';
import { isolationOf, type JdbcSourceTaskConf, queryOf, quotingOf, taskSpec } from './spec.ts';
import type { Granularity } from './spec-connector.ts';
import type { NumericMapping } from './spec-database.ts';
import { usesTimestamp } from './spec-mode.ts';
import { statementText } from './statement.ts';
import { storedOffset } from './stored-offset.ts';
import { readTableColumns } from './table-columns.ts';
import { TableReader } from './table-reader.ts';
import { readTrackedFacts, tableWarnings } from './table-warnings.ts';
import { readClock } from './time-readers.ts';
import { type TrackedColumns, trackedColumns } from './tracked-columns.ts';
import { WallClock } from './wall-clock.ts';

export interface TaskParts {
  readonly conf: JdbcSourceTaskConf;
  readonly connection: SourceConnection;
  /** In the order of their names. */
  readonly tables: readonly TableReader[];
}

interface Start {
  readonly conf: JdbcSourceTaskConf;
  readonly context: SourceTaskContext;
  readonly clock: Clock;
  readonly settings: FieldSettings;
  readonly database: DatabaseConnection;
}

/** Rejects as `JdbcSourceTask.start` does. */
export async function openTask(config: Config, context: SourceTaskContext, clock: Clock): Promise<TaskParts> {
  const conf = taskSpec.parse(config);
  const address = parseJdbcUrl(conf['connection.url'], driverProperties(config));
  const tables = assignedTables(conf);
  const connection = new SourceConnection({
    address,
    attempts: conf['connection.attempts'],
    backoffMs: Number(conf['connection.backoff.ms']),
    isolation: isolationOf(conf),
    clock,
    log: context.log,
    signal: context.signal,
  });
  // The list of tables is still to come: the task is made anew with it.
  if (tables.length === 0) return { conf, connection, tables: [] };
  try {
    const settings = fieldSettings(conf, address);
    const start = { conf, context, clock, settings, database: await connection.ready() };
    const readers = await inTurn(tables, (table) => openTable(start, table));
    return { conf, connection, tables: readers.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** `null` among them: the query. Throws ConfigError when the task has nothing to copy. */
function assignedTables(conf: JdbcSourceTaskConf): readonly (TableName | null)[] {
  if (conf.mode === '')
    throw new ConfigError('Query mode must be specified: set mode to bulk, incrementing, timestamp or timestamp+incrementing.');
  if (queryOf(conf) !== null) return [null];
  const tables = parseTableList(conf.tables);
  if (tables.length > 0 || !conf['tables.fetched']) return tables;
  throw new ConfigError(
    'Task is being killed because it was not assigned a table nor a query to execute. If tables are to be copied, check that they are in the database, ' +
      'that the user may see them, and that the filter (table.whitelist and its like) names them as database.table.',
  );
}

function fieldSettings(conf: JdbcSourceTaskConf, driver: FieldSettings['driver']): FieldSettings {
  const zone = intlZoneOf(conf['db.timezone']);
  if (zone === null) throw new ConfigError(`Invalid value ${conf['db.timezone']} for configuration db.timezone: it is no time zone.`);
  return {
    clock: new WallClock(zone, conf['date.calendar.system'] === 'PROLEPTIC_GREGORIAN'),
    granularity: conf['timestamp.granularity'].toLowerCase() as Granularity,
    decimals: conf['numeric.mapping.decimal'] ? numericMapping(conf) : 'none',
    driver,
  };
}

function numericMapping(conf: JdbcSourceTaskConf): NumericMapping {
  const mapping = conf['numeric.mapping'] ?? (conf['numeric.precision.mapping'] ? 'precision_only' : 'none');
  return mapping.toLowerCase() as NumericMapping;
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

async function openTable(start: Start, table: TableName | null): Promise<TableReader> {
  const { conf, context, clock, settings } = start;
  const { mode } = conf;
  const name = table === null ? 'query' : quoteTable(table);
  const tracked = await checkedColumns(start, table, name);
  const query = queryOf(conf) ?? '';
  const parts = { mode, table, query, tracked, quoting: quotingOf(conf), suffix: conf['query.suffix'] };
  const sql = statementText(parts);
  const isMasked = conf['query.masked'] !== '';
  return new TableReader({
    name,
    schemaName: table?.table ?? null,
    mode,
    sql,
    shownSql: isMasked ? statementText({ ...parts, query: HIDDEN }) : sql,
    tracked,
    settings,
    delayMs: Number(conf['timestamp.delay.interval.ms']),
    initialId: conf['incrementing.initial'],
    target: {
      topic: table === null ? conf['topic.prefix'].trim() : `${conf['topic.prefix'].trim()}${table.table}`,
      partition: mode === 'bulk' ? bulkPartition(table) : partitionsOf(table)[0],
    },
    start: await startPosition(start, table, name),
    readWarnings:
      table === null || mode === 'bulk'
        ? null
        : async (connection) =>
            tableWarnings(table, await readTrackedFacts(connection, table, tracked), conf['timestamp.delay.interval.ms']),
    clock,
    log: context.log,
  });
}

/** The tracked columns under the table's own names. */
async function checkedColumns({ conf, database }: Start, table: TableName | null, name: string): Promise<TrackedColumns> {
  const tracked = trackedColumns(conf, table);
  if (table === null || conf.mode === 'bulk') return tracked;
  const columns = await readTableColumns(database, table);
  if (columns.length === 0) {
    throw new ConnectError(`Table ${name} is not there, or the user of connection.user may not read it.`);
  }
  return checkColumns({ table: name, columns, tracked, mustBeNonNull: conf['validate.non.null'] });
}

async function startPosition(start: Start, table: TableName | null, name: string): Promise<Position> {
  const { conf, context, settings, database } = start;
  if (conf.mode === 'bulk') {
    context.log.info(`Partition offset for '${name}' is null. Computing initial offset.`);
    return START;
  }
  const partitions = partitionsOf(table);
  const stored = storedOffset(name, partitions, await context.offsets(partitions), context.log);
  if (stored !== null) return positionOf(stored);
  const initial = conf['timestamp.initial'];
  if (initial === null || !usesTimestamp(conf.mode)) return START;
  const timestamp = initial === -1n ? readClock(await database.currentTimestamp(), settings.clock) : momentOfMs(Number(initial));
  context.log.info(`No offsets found for '${name}', so using configured timestamp ${timestamp.ms}.`);
  return { ...START, timestamp };
}
