/** Settings that are right one by one and wrong together. Source: JdbcSourceConnectorValidationTest, and start of 10.3. */
import { expect, test } from 'vitest';
import { findContradiction, parseConnectorConf } from '../../../../../src/plugins/connectors/jdbc/source/connector-conf.ts';
import { spec } from '../../../../../src/plugins/connectors/jdbc/source/spec.ts';

const find = (config: Record<string, string>) => findContradiction(spec.parse(config));
const lists = { 'table.include.list': 'a', 'timestamp.columns.mapping': 'a:[t]' };

test.each<[Record<string, string>, string[], string]>([
  [{ mode: 'bulk', 'dialect.name': 'OracleDatabaseDialect' }, ['dialect.name'], 'OracleDatabaseDialect is not spoken here'],
  [
    { mode: 'bulk', 'transaction.isolation.mode': 'SQL_SERVER_SNAPSHOT' },
    ['transaction.isolation.mode'],
    'Isolation mode of `SQL_SERVER_SNAPSHOT`',
  ],
  [
    { mode: 'bulk', 'table.whitelist': 'a', 'table.include.list': 'b' },
    ['table.whitelist', 'table.include.list'],
    'Cannot mix legacy and new',
  ],
  [{ mode: 'bulk', query: 'SELECT 1', 'query.masked': 'SELECT 1' }, ['query', 'query.masked'], "Both 'query' and 'query.masked'"],
  [
    { mode: 'bulk', query: 'SELECT 1', 'table.whitelist': 'a' },
    ['query', 'query.masked', 'table.whitelist'],
    "Do not specify table filtering configs with 'query'. Remove table.whitelist, or the query.",
  ],
  [{ mode: 'incrementing', query: 'SELECT 1' }, ['incrementing.column.name'], 'must name a column of the query in mode incrementing'],
  [{ mode: 'bulk', 'table.exclude.list': 'a' }, ['table.exclude.list'], 'cannot be used without table.include.list'],
  [{ mode: 'timestamp', 'table.include.list': 'a' }, ['mode'], 'Mode timestamp needs timestamp.columns.mapping.'],
  [{ mode: 'bulk', ...lists }, ['mode'], 'Mode bulk has no use for timestamp.columns.mapping: remove it.'],
  [{ mode: 'timestamp+incrementing', ...lists }, ['mode'], 'Mode timestamp+incrementing needs incrementing.column.mapping.'],
  [{ mode: 'timestamp' }, ['timestamp.column.name'], 'Mode timestamp needs the name of a column'],
  [{ mode: 'incrementing', 'table.names.qualify': 'false' }, ['incrementing.column.name'], 'With table.names.qualify=false'],
])('%j is wrong in %j', (config, keys, problem) => {
  const found = find(config);
  expect(found?.keys).toEqual(keys);
  expect(found?.problem).toContain(problem);
});

test.each<Record<string, string>>([
  { mode: 'bulk' },
  { mode: 'incrementing' },
  { mode: 'timestamp', ...lists },
  { mode: 'incrementing', query: 'SELECT 1', 'incrementing.column.name': 'id' },
  { mode: 'bulk', 'dialect.name': 'MySqlDatabaseDialect', 'table.whitelist': 'a', 'table.blacklist': 'b' },
])('%j is right', (config) => {
  expect(find(config)).toBeNull();
});

test.each<[Record<string, string>, string]>([
  [{ mode: 'bulk', 'table.whitelist': 'a', 'table.blacklist': 'b' }, 'table.whitelist and table.blacklist are exclusive.'],
  [{ mode: 'bulk', query: 'SELECT 1', 'table.blacklist': 'b' }, 'query may not be combined with whole-table copying settings.'],
  [{ mode: 'never' }, "Couldn't start JdbcSourceConnector due to configuration error: Invalid value never for configuration mode"],
  [
    { mode: 'bulk', 'quote.sql.identifiers': 'x' },
    "Couldn't start JdbcSourceConnector due to configuration error: No matching QuoteMethod",
  ],
  [
    { mode: 'bulk', 'transaction.isolation.mode': 'x' },
    'Invalid value x for configuration transaction.isolation.mode: It is one of: DEFAULT,',
  ],
])('%j does not start', (config, message) => {
  expect(() => parseConnectorConf(config)).toThrow(message);
});
