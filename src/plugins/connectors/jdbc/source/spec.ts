/**
 * Settings of the JDBC source: all of kafka-connect-jdbc 10.3 and of its releases since, with the defaults of 10.3, and the names that Aiven's
 * fork has for some of them. Source: io.confluent.connect.jdbc.source.JdbcSourceConnectorConfig, …JdbcSourceTaskConfig.
 */
import { ConfigError } from '../../../../base/errors.ts';
import type { Quoting } from '../../../../mysql/dialect.ts';
import { type ConfOf, defineSpec, extendSpec, key } from '../../../../spec/define.ts';
import { invalidValue, type RawConfig } from '../../../../spec/parse.ts';
import { between } from '../../../../spec/validators.ts';
import { connectorSpec } from './spec-connector.ts';
import { databaseSpec } from './spec-database.ts';
import { columnKeys, ISOLATION_MODES, queryKeys } from './spec-mode.ts';

/** Of Aiven's fork; not in the answers of the original, so not in ours. */
const forkSpec = defineSpec({
  'sql.quote.identifiers': key.boolean({
    default: null,
    importance: 'LOW',
    internal: true,
    doc: 'quote.sql.identifiers as true or false.',
  }),
  'timestamp.initial.ms': key.long({ default: null, importance: 'LOW', internal: true, doc: 'timestamp.initial.' }),
  'incrementing.initial': key.long({
    default: -1n,
    importance: 'LOW',
    internal: true,
    doc: 'Ids up to this one are not read from a table without a stored offset.',
  }),
  'table.names.qualify': key.boolean({
    default: true,
    importance: 'LOW',
    internal: true,
    doc: 'false: tables without their database in statements and no check for tables of one name; incrementing.column.name must be given.',
  }),
});

const keys = extendSpec(extendSpec(extendSpec(databaseSpec, extendSpec(columnKeys, queryKeys)), connectorSpec), forkSpec);

/** `parse` knows the fork's names as well: their values are under the original's. */
export const spec: typeof keys = { ...keys, parse: (config) => keys.parse(withOwnNames(config)) };

const taskKeys = extendSpec(
  keys,
  defineSpec({
    // A list in the original; names may hold commas, so that parseTableList reads it.
    tables: key.string({ importance: 'HIGH', doc: 'The tables of this task, quoted and with their databases.' }),
    'tables.fetched': key.boolean({
      default: true,
      importance: 'HIGH',
      internal: true,
      doc: 'false: the list of tables is not known yet.',
    }),
    'engine.shutdown.timeout': key.int({
      default: 10,
      validator: between(0, 30),
      importance: 'LOW',
      internal: true,
      doc: 'Seconds that the end of a task may take.',
    }),
  }),
);

/** What a task is started with. */
export const taskSpec: typeof taskKeys = { ...taskKeys, parse: (config) => taskKeys.parse(withOwnNames(config)) };

export type JdbcSourceConf = ConfOf<typeof spec>;
export type JdbcSourceTaskConf = ConfOf<typeof taskSpec>;

function withOwnNames(config: RawConfig): RawConfig {
  const named: Record<string, string | null | undefined> = { ...config };
  const quote = config['sql.quote.identifiers'];
  if (quote !== undefined && quote !== null) named['quote.sql.identifiers'] ??= quote.trim().toLowerCase() === 'false' ? 'never' : 'always';
  const initial = config['timestamp.initial.ms'];
  if (initial !== undefined) named['timestamp.initial'] ??= initial;
  return named;
}

/** The SELECT of query mode, from `query` or `query.masked`; null: tables are copied. */
export function queryOf(conf: Pick<JdbcSourceConf, 'query' | 'query.masked'>): string | null {
  return conf['query.masked'] || conf.query || null;
}

/** Throws ConfigError for another word than always and never, in any case. */
export function quotingOf(conf: Pick<JdbcSourceConf, 'quote.sql.identifiers'>): Quoting {
  const word = conf['quote.sql.identifiers'].toUpperCase();
  if (word === 'ALWAYS' || word === 'NEVER') return word;
  throw new ConfigError(`No matching QuoteMethod found for '${conf['quote.sql.identifiers']}': quote.sql.identifiers is always or never.`);
}

/** Level of isolation as SQL names it (`READ COMMITTED`), or null for the database's own. Throws ConfigError for what is none. */
export function isolationOf(conf: Pick<JdbcSourceConf, 'transaction.isolation.mode'>): string | null {
  const mode = conf['transaction.isolation.mode'];
  if (mode === 'DEFAULT') return null;
  if (ISOLATION_MODES.includes(mode) && mode !== 'SQL_SERVER_SNAPSHOT') return mode.replaceAll('_', ' ');
  throw invalidValue('transaction.isolation.mode', mode, `It is one of: ${ISOLATION_MODES.slice(0, -1).join(', ')}`);
}
