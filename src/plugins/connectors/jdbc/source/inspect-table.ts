/** What reading one table (or the query) would be like: its statement, the plans of the database for it, what is worth knowing before. */
import { ConnectError, messageOf } from '../../../../base/errors.ts';
import { HIDDEN } from '../../../../base/mask.ts';
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { quoteName, quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { type ClockProbe, msOf } from './clock-probe.ts';
import { checkColumns } from './column-checks.ts';
import { askShortly, explain, planText } from './explain.ts';
import { type JdbcSourceConf, queryOf, quotingOf } from './spec.ts';
import { type Bounds, statementParameters, statementText } from './statement.ts';
import { readTableColumns } from './table-columns.ts';
import { readTrackedFacts, type TrackedFacts, tableWarnings } from './table-warnings.ts';
import { type TrackedColumns, trackedColumns } from './tracked-columns.ts';

export interface Surroundings {
  readonly connection: DatabaseConnection;
  readonly conf: JdbcSourceConf;
  readonly config: Config;
  readonly probe: ClockProbe;
}

type Facts = [name: string, value: string][];

/** Longest that the database may look for the newest row. */
const NEWEST_MS = 2_000;
const BEGINNING = '1970-01-01 00:00:00';
const SECONDS_LENGTH = 19;

export async function inspectTable(around: Surroundings, table: TableName): Promise<InspectedPart> {
  const { conf, connection } = around;
  const title = quoteTable(table);
  const topic = `${conf['topic.prefix'].trim()}${table.table}`;
  const part = { title, facts: [['topic', topic]] as Facts, errors: topicErrors(topic, around.config), warnings: [] as string[] };
  let tracked: TrackedColumns;
  try {
    tracked = await checkedColumns(around, table);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    part.errors.push(messageOf(error));
    return part;
  }
  const facts = await readTrackedFacts(connection, table, tracked);
  const sql = statementText({ mode: conf.mode, table, query: '', tracked, quoting: quotingOf(conf), suffix: conf['query.suffix'] });
  if (facts.aboutRows !== null) part.facts.push(['rows', `about ${facts.aboutRows}`]);
  part.facts.push(['SQL', sql]);
  if (conf.mode === 'bulk') return part;
  const newest = await readNewest(connection, table, facts);
  part.facts.push(...(await plans(around, sql, newest)));
  part.warnings.push(...tableWarnings(table, facts, conf['timestamp.delay.interval.ms']), ...futureWarning(newest.time, around.probe));
  return part;
}

export async function inspectQuery(around: Surroundings): Promise<InspectedPart> {
  const { conf, config } = around;
  const isMasked = conf['query.masked'] !== '';
  const parts = {
    mode: conf.mode,
    table: null,
    tracked: trackedColumns(conf, null),
    quoting: quotingOf(conf),
    suffix: conf['query.suffix'],
  };
  const sql = statementText({ ...parts, query: queryOf(conf) ?? '' });
  const topic = conf['topic.prefix'].trim();
  const facts: Facts = [
    ['topic', topic],
    ['SQL', isMasked ? statementText({ ...parts, query: HIDDEN }) : sql],
  ];
  const part = { title: 'query', facts, errors: topicErrors(topic, config), warnings: [] };
  try {
    facts.push(...(await plans(around, sql, { id: null, time: null })));
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    part.errors.push(isMasked ? 'The database refuses the statement that it becomes.' : messageOf(error));
  }
  return part;
}

async function checkedColumns({ conf, connection }: Surroundings, table: TableName): Promise<TrackedColumns> {
  const tracked = trackedColumns(conf, table);
  if (conf.mode === 'bulk') return tracked;
  const columns = await readTableColumns(connection, table);
  return checkColumns({ table: quoteTable(table), columns, tracked, mustBeNonNull: conf['validate.non.null'] });
}

/** A transform may give it another name. */
function topicErrors(topic: string, config: Config): string[] {
  if (/^[a-zA-Z0-9._-]{1,249}$/.test(topic) || (config.transforms ?? '').trim() !== '') return [];
  return [
    `"${topic}" cannot be the name of a topic: letters, digits, ".", "_" and "-" can, 249 at most. Give it another one with the transform RegexRouter.`,
  ];
}

interface Newest {
  readonly id: bigint | null;
  /** As the session shows it; null: none, or not found in time. */
  readonly time: string | null;
}

async function readNewest(connection: DatabaseConnection, table: TableName, { timestamps, incrementing }: TrackedFacts): Promise<Newest> {
  const names = timestamps.map(({ name }) => quoteName(name));
  const time = names.length === 0 ? 'NULL' : names.length === 1 ? `MAX(${names[0]})` : `MAX(COALESCE(${names.join(',')}))`;
  const id = incrementing === null ? 'NULL' : `MAX(${quoteName(incrementing.name)})`;
  const [row] = (await askShortly(connection, `${time}, ${id} FROM ${quoteTable(table)}`, NEWEST_MS)) ?? [];
  const [newestTime = null, newestId = null] = row ?? [];
  return {
    time: newestTime === null ? null : String(newestTime),
    id: newestId === null || !/^-?\d+$/.test(String(newestId)) ? null : BigInt(String(newestId)),
  };
}

/** The plan of the first reading, and of those that find nothing new, which is what most polls do. */
async function plans({ conf, connection, probe }: Surroundings, sql: string, newest: Newest): Promise<Facts> {
  const end = probe.now.slice(0, SECONDS_LENGTH);
  const plan = async (name: string, bounds: Bounds): Promise<Facts[number]> => {
    const parameters = statementParameters(conf.mode, bounds);
    const values = parameters.length === 0 ? '' : `? = ${parameters.join(', ')}\n`;
    return [name, `${values}${planText(await explain(connection, sql, parameters))}`];
  };
  const first = await plan('first', { begin: BEGINNING, end, lastId: conf['incrementing.initial'] });
  if (newest.id === null && newest.time === null) return [first];
  return [first, await plan('later', { begin: newest.time ?? BEGINNING, end, lastId: newest.id ?? -1n })];
}

function futureWarning(newest: string | null, { now }: ClockProbe): string[] {
  if (newest === null || !(msOf(newest) > msOf(now))) return [];
  return [`The newest row is of ${newest}, and the database's clock shows ${now}: rows of the future are read when their time has come.`];
}
