/** What the settings of a connector must not be together. Source: io.confluent.connect.jdbc.JdbcSourceConnector.start. */
import { ConfigError, ConnectError } from '../../../../base/errors.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { MYSQL_DIALECT } from '../shared/database-keys.ts';
import { isolationOf, type JdbcSourceConf, queryOf, quotingOf, spec } from './spec.ts';
import { usesIncrementing, usesTimestamp } from './spec-mode.ts';

const LISTS = ['table.whitelist', 'table.blacklist', 'table.include.list', 'table.exclude.list'] as const;

/** Throws ConnectError: settings that are refused one by one, as its cause; or that contradict each other. */
export function parseConnectorConf(config: Config): JdbcSourceConf {
  let conf: JdbcSourceConf;
  try {
    conf = spec.parse(config);
    quotingOf(conf);
    isolationOf(conf);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConnectError(`Couldn't start JdbcSourceConnector due to configuration error: ${error.message}`, { cause: error });
  }
  if (queryOf(conf) !== null && usedLists(conf).length > 0) {
    throw new ConnectError(
      `query may not be combined with whole-table copying settings. Remove ${usedLists(conf).join(' and ')}, or query.`,
    );
  }
  if (conf['table.whitelist'].length > 0 && conf['table.blacklist'].length > 0) {
    throw new ConnectError('table.whitelist and table.blacklist are exclusive. Remove one of them.');
  }
  return conf;
}

/** Keys of table filters that are set. */
export function usedLists(conf: JdbcSourceConf): readonly (typeof LISTS)[number][] {
  return LISTS.filter((name) => conf[name].length > 0);
}

export interface Contradiction {
  readonly keys: readonly string[];
  readonly problem: string;
}

/** The first contradiction, in the order in which the original looks; null: there is none. */
export function findContradiction(conf: JdbcSourceConf): Contradiction | null {
  return (
    dialectProblem(conf) ?? isolationProblem(conf) ?? mixProblem(conf) ?? queryProblem(conf) ?? mappingProblem(conf) ?? columnProblem(conf)
  );
}

/** The generic one asks the driver how to quote: the statements are the same. */
const SPOKEN = new Set(['', MYSQL_DIALECT, 'GenericDatabaseDialect']);

function dialectProblem(conf: JdbcSourceConf): Contradiction | null {
  if (SPOKEN.has(conf['dialect.name'])) return null;
  return {
    keys: ['dialect.name'],
    problem: `${conf['dialect.name']} is not spoken here: MariaDB and MySQL alone are. Leave dialect.name empty.`,
  };
}

function isolationProblem(conf: JdbcSourceConf): Contradiction | null {
  if (conf['transaction.isolation.mode'] !== 'SQL_SERVER_SNAPSHOT') return null;
  return {
    keys: ['transaction.isolation.mode'],
    problem: 'Isolation mode of `SQL_SERVER_SNAPSHOT` can only be configured with a Sql Server Dialect',
  };
}

const OLD_KEYS = ['table.whitelist', 'table.blacklist', 'timestamp.column.name', 'incrementing.column.name'] as const;
const NEW_KEYS = ['table.include.list', 'table.exclude.list', 'timestamp.columns.mapping', 'incrementing.column.mapping'] as const;

function mixProblem(conf: JdbcSourceConf): Contradiction | null {
  const isSet = (name: (typeof OLD_KEYS | typeof NEW_KEYS)[number]) => conf[name].length > 0;
  const old = OLD_KEYS.filter(isSet);
  const recent = NEW_KEYS.filter(isSet);
  if (queryOf(conf) !== null || old.length === 0 || recent.length === 0) return null;
  const problem = `Cannot mix legacy and new configuration approaches: ${old.join(', ')} with ${recent.join(', ')}. Use those of one kind only.`;
  return { keys: [...old, ...recent], problem };
}

function queryProblem(conf: JdbcSourceConf): Contradiction | null {
  if (queryOf(conf) === null) return null;
  const queries = ['query', 'query.masked'];
  if (conf.query !== '' && conf['query.masked'] !== '') {
    return { keys: queries, problem: "Both 'query' and 'query.masked' configs cannot be set at the same time. Use one of them." };
  }
  const lists = usedLists(conf);
  if (lists.length > 0) {
    return {
      keys: [...queries, ...lists],
      problem: `Do not specify table filtering configs with 'query'. Remove ${lists.join(', ')}, or the query.`,
    };
  }
  if (!usesIncrementing(conf.mode) || conf['incrementing.column.name'] !== '') return null;
  const problem = `incrementing.column.name must name a column of the query in mode ${conf.mode}: there is no table whose AUTO_INCREMENT column could be taken.`;
  return { keys: ['incrementing.column.name'], problem };
}

function mappingProblem(conf: JdbcSourceConf): Contradiction | null {
  if (conf['table.exclude.list'].length > 0 && conf['table.include.list'].length === 0) {
    return {
      keys: ['table.exclude.list'],
      problem: 'table.exclude.list cannot be used without table.include.list: it leaves out some of what that takes.',
    };
  }
  if (!NEW_KEYS.some((name) => conf[name].length > 0) || queryOf(conf) !== null) return null;
  return (
    mappingOfMode(conf, 'timestamp.columns.mapping', usesTimestamp(conf.mode)) ??
    mappingOfMode(conf, 'incrementing.column.mapping', usesIncrementing(conf.mode))
  );
}

function mappingOfMode(
  conf: JdbcSourceConf,
  name: 'timestamp.columns.mapping' | 'incrementing.column.mapping',
  isNeeded: boolean,
): Contradiction | null {
  if (isNeeded === conf[name].length > 0) return null;
  return {
    keys: ['mode'],
    problem: isNeeded ? `Mode ${conf.mode} needs ${name}.` : `Mode ${conf.mode} has no use for ${name}: remove it.`,
  };
}

function columnProblem(conf: JdbcSourceConf): Contradiction | null {
  if (usesTimestamp(conf.mode) && conf['timestamp.column.name'].length === 0 && conf['timestamp.columns.mapping'].length === 0) {
    return { keys: ['timestamp.column.name'], problem: `Mode ${conf.mode} needs the name of a column in timestamp.column.name.` };
  }
  // Of the fork: without databases in names the table cannot be looked up.
  if (conf['table.names.qualify'] || !usesIncrementing(conf.mode) || conf['incrementing.column.name'] !== '') return null;
  return { keys: ['incrementing.column.name'], problem: 'With table.names.qualify=false incrementing.column.name must name the column.' };
}
