/** Settings of the JDBC source: which database, which of its tables. Source: io.confluent.connect.jdbc.source.JdbcSourceConnectorConfig. */

import { messageOf } from '../../../../base/errors.ts';
import { compileJavaRegex } from '../../../../base/java-regex/java-pattern.ts';
import type { Validator } from '../../../../spec/config-def.ts';
import { defineSpec, type KeyOptions, key } from '../../../../spec/define.ts';
import { invalidValue } from '../../../../spec/parse.ts';
import { atLeast } from '../../../../spec/validators.ts';
import { DEFAULT_CREDENTIALS, dialect, MYSQL_DIALECT, resolveCredentials } from '../shared/database-keys.ts';
import { enumerator, recommending } from '../shared/enumeration.ts';

export const NUMERIC_MAPPINGS = ['none', 'precision_only', 'best_fit', 'best_fit_eager_double'] as const;
export type NumericMapping = (typeof NUMERIC_MAPPINGS)[number];

type Place = Pick<KeyOptions, 'group' | 'orderInGroup' | 'width' | 'displayName'>;

function place(orderInGroup: number, width: 'SHORT' | 'MEDIUM' | 'LONG', displayName: string): Place {
  return { group: 'Database', orderInGroup, width, displayName };
}

const regexes: Validator = (name, value) => {
  for (const pattern of value as readonly string[]) {
    try {
      compileJavaRegex(pattern.trim());
    } catch (error) {
      throw invalidValue(name, value, `Must be a valid comma-separated list of regular expression patterns: ${messageOf(error)}`);
    }
  }
};

export const databaseSpec = defineSpec({
  'connection.url': key.string({
    default: '',
    importance: 'HIGH',
    doc: 'Where the database is: jdbc:mysql://host:3306/database or jdbc:mariadb://…, with driver parameters behind a question mark.',
    dependents: ['table.whitelist', 'table.blacklist'],
    ...place(1, 'LONG', 'JDBC URL'),
  }),
  'connection.user': key.string({
    default: null,
    importance: 'HIGH',
    doc: 'Name to log in with. It wins over a user in the URL.',
    ...place(2, 'LONG', 'JDBC User'),
  }),
  'connection.password': key.password({
    default: null,
    importance: 'HIGH',
    doc: 'Password to log in with. It wins over a password in the URL, and is shown nowhere.',
    ...place(3, 'SHORT', 'JDBC Password'),
  }),
  'jdbc.credentials.provider.class': key.class({
    default: DEFAULT_CREDENTIALS,
    resolve: resolveCredentials,
    importance: 'LOW',
    doc: 'Who gives user and password. There is one here, which takes them from this configuration; use a config provider for secrets.',
    ...place(4, 'LONG', 'JDBC Credentials Provider Class'),
  }),
  'connection.attempts': key.int({
    default: 3,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How often a connection is tried before the connector or its task fails.',
    ...place(5, 'SHORT', 'JDBC connection attempts'),
  }),
  'connection.backoff.ms': key.long({
    default: 10_000n,
    importance: 'LOW',
    doc: 'Milliseconds between two tries to connect.',
    ...place(6, 'SHORT', 'JDBC connection backoff in milliseconds'),
  }),
  'table.whitelist': key.list({
    default: [],
    importance: 'MEDIUM',
    doc: 'The tables to copy: table, database.table, or the same in quotes of the database. Empty: all of them. Not together with table.blacklist.',
    ...place(7, 'LONG', 'Table Whitelist'),
  }),
  'table.blacklist': key.list({
    default: [],
    importance: 'MEDIUM',
    doc: 'The tables not to copy, written as in table.whitelist. Not together with it.',
    ...place(8, 'LONG', 'Table Blacklist'),
  }),
  'table.include.list': key.list({
    default: [],
    validator: regexes,
    importance: 'MEDIUM',
    doc: 'Java regular expressions; a table is copied when one of them fits the whole of database.table.',
    ...place(9, 'LONG', 'Tables Included (Regex)'),
  }),
  'table.exclude.list': key.list({
    default: [],
    validator: regexes,
    importance: 'MEDIUM',
    doc: 'Java regular expressions; of the tables that table.include.list takes, those whose database.table fits one are left out.',
    ...place(10, 'LONG', 'Tables Excluded (Regex)'),
  }),
  'catalog.pattern': key.string({
    default: null,
    importance: 'MEDIUM',
    doc: 'Databases whose tables are looked at: a name, with % and _ as in LIKE. Unset: every database that the user may see.',
    ...place(11, 'SHORT', 'Schema pattern'),
  }),
  'schema.pattern': key.string({
    default: null,
    importance: 'HIGH',
    doc: 'Of no effect on MariaDB and MySQL, where a database is a catalog; see catalog.pattern.',
    ...place(12, 'SHORT', 'Schema pattern'),
  }),
  'numeric.precision.mapping': key.boolean({
    default: false,
    importance: 'LOW',
    doc: 'Old form of numeric.mapping=precision_only; of no effect where that is set.',
    ...place(13, 'SHORT', 'Map Numeric Values By Precision (deprecated)'),
  }),
  'numeric.mapping': key.string({
    default: null,
    validator: enumerator(...NUMERIC_MAPPINGS),
    recommender: recommending(...NUMERIC_MAPPINGS),
    importance: 'LOW',
    doc: 'How NUMERIC columns become numbers: none, precision_only, best_fit or best_fit_eager_double. MariaDB and MySQL say DECIMAL, which stays exact.',
    ...place(14, 'SHORT', 'Map Numeric Values, Integral or Decimal, By Precision and Scale'),
  }),
  // Not one of the original's: hidden where answers must be equal.
  'numeric.mapping.decimal': key.boolean({
    default: false,
    importance: 'LOW',
    internal: true,
    doc: 'Whether numeric.mapping holds for DECIMAL, which MariaDB and MySQL have in place of NUMERIC: numbers then, where they fit, in place of bytes.',
  }),
  'dialect.name': key.string({
    default: '',
    validator: dialect,
    recommender: recommending('', MYSQL_DIALECT),
    importance: 'LOW',
    doc: 'Dialect of SQL. Empty: by the URL. MySqlDatabaseDialect, for both MariaDB and MySQL, is the one that is here.',
    ...place(15, 'LONG', 'Database Dialect'),
  }),
  'date.calendar.system': key.choice(['LEGACY', 'PROLEPTIC_GREGORIAN'], {
    default: 'LEGACY',
    importance: 'LOW',
    doc: 'Calendar of days before 1582-10-15: LEGACY counts them as Java of old does, PROLEPTIC_GREGORIAN as the database does.',
    ...place(16, 'MEDIUM', 'Date Calendar System'),
  }),
});
