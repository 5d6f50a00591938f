/**
 * Findings about a configuration beyond those of single keys: contradictions, whether the database lets us in, whether it takes the query.
 * Source: io.confluent.connect.jdbc.validation.JdbcSourceConnectorValidation.
 */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { driverProperties, parseJdbcUrl } from '../../../../mysql/jdbc-url.ts';
import { openConnection } from '../../../../mysql/open-connection.ts';
import { SqlError } from '../../../../mysql/sql-errors.ts';
import { sqlLiteral } from '../../../../mysql/sql-literal.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import type { ConfigValue } from '../../../../spec/config-def.ts';
import { findContradiction } from './connector-conf.ts';
import { type JdbcSourceConf, queryOf, quotingOf, spec } from './spec.ts';

/** Adds errors to `values`. The database is asked only when nothing was found before; one attempt. */
export async function validateConfig(config: Config, values: ReadonlyMap<string, ConfigValue>, clock: Clock): Promise<void> {
  if ([...values.values()].some(({ errors }) => errors.length > 0)) return;
  const conf = spec.parse(config);
  const add = (name: string, problem: string) => values.get(name)?.errors.push(problem);
  const contradiction = findContradiction(conf);
  if (contradiction) {
    for (const name of contradiction.keys) add(name, contradiction.problem);
    return;
  }
  let connection: DatabaseConnection;
  try {
    connection = await connect(config, conf, clock);
  } catch (error) {
    add('connection.url', `Could not connect to database. ${messageOf(error)}`);
    return;
  }
  try {
    const problem = await problemOfQuery(connection, conf);
    if (problem !== null) add(conf.query === '' ? 'query.masked' : 'query', problem);
  } finally {
    await connection.close();
  }
}

/** The original finds a wrong way of quoting when it connects. */
async function connect(config: Config, conf: JdbcSourceConf, clock: Clock): Promise<DatabaseConnection> {
  quotingOf(conf);
  return openConnection(parseJdbcUrl(conf['connection.url'], driverProperties(config)), { clock });
}

/** Comments and blanks before the first word, and that word or the parenthesis in its place. */
const START = /^(?:\s|\/\*[\s\S]*?\*\/|--[ \t].*(?:\n|$)|#.*(?:\n|$))*(\(|\w+)/;
/** The server's number for a statement that it runs, but does not prepare. */
const NOT_PREPARABLE = 1295;
const READING = new Set(['(', 'SELECT', 'WITH', 'VALUES', 'TABLE', 'SHOW', 'CALL', 'EXECUTE']);

/** What the database says to the query when it is to prepare it, which reads no rows; null: nothing, or there is no query. */
async function problemOfQuery(connection: DatabaseConnection, conf: JdbcSourceConf): Promise<string | null> {
  const query = queryOf(conf);
  if (query === null) return null;
  const name = conf.query === '' ? 'query.masked' : 'query';
  if (!READING.has((START.exec(query)?.[1] ?? '').toUpperCase())) {
    return `Only SELECT statements are supported for '${name}'. Write a statement that starts with SELECT.`;
  }
  try {
    await connection.execute(`PREPARE kconsole_query FROM ${sqlLiteral(query, connection.server)}`);
    return null;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (error.errno === NOT_PREPARABLE) return null;
    // The database quotes what it does not understand.
    if (conf.query === '') return `The configured query is not valid: error ${error.errno}, SQLState ${error.sqlState}.`;
    return `The configured query is not valid. ${messageOf(error)}`;
  }
}
