/** Settings of the JDBC sink: which database. Source: io.confluent.connect.jdbc.sink.JdbcSinkConfig. */
import { defineSpec, type KeyOptions, key } from '../../../../spec/define.ts';
import { atLeast } from '../../../../spec/validators.ts';
import { DEFAULT_CREDENTIALS, dialect, MYSQL_DIALECT, resolveCredentials } from '../shared/database-keys.ts';
import { recommending } from '../shared/enumeration.ts';

function connection(orderInGroup: number, width: 'SHORT' | 'MEDIUM' | 'LONG', displayName: string): Omit<KeyOptions, 'importance' | 'doc'> {
  return { group: 'Connection', orderInGroup, width, displayName };
}

export const connectionSpec = defineSpec({
  'connection.url': key.string({
    importance: 'HIGH',
    doc: 'Where the database is: jdbc:mysql://host:3306/database or jdbc:mariadb://…, with driver parameters behind a question mark.',
    ...connection(1, 'LONG', 'JDBC URL'),
  }),
  'connection.user': key.string({
    default: null,
    importance: 'HIGH',
    doc: 'Name to log in with. It wins over a user in the URL.',
    ...connection(2, 'MEDIUM', 'JDBC User'),
  }),
  'connection.password': key.password({
    default: null,
    importance: 'HIGH',
    doc: 'Password to log in with. It wins over a password in the URL, and is shown nowhere.',
    ...connection(3, 'MEDIUM', 'JDBC Password'),
  }),
  'jdbc.credentials.provider.class': key.class({
    default: DEFAULT_CREDENTIALS,
    resolve: resolveCredentials,
    importance: 'LOW',
    doc: 'Who gives user and password. There is one here, which takes them from this configuration; use a config provider for secrets.',
    ...connection(4, 'LONG', 'JDBC Credentials Provider Class'),
  }),
  'dialect.name': key.string({
    default: '',
    validator: dialect,
    recommender: recommending('', MYSQL_DIALECT),
    importance: 'LOW',
    doc: 'Dialect of SQL. Empty: by the URL. MySqlDatabaseDialect, for both MariaDB and MySQL, is the one that is here.',
    ...connection(5, 'LONG', 'Database Dialect'),
  }),
  'connection.attempts': key.int({
    default: 3,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How often a connection is tried before the task fails.',
    ...connection(6, 'SHORT', 'JDBC connection attempts'),
  }),
  'connection.backoff.ms': key.long({
    default: 10_000n,
    importance: 'LOW',
    doc: 'Milliseconds between two tries to connect.',
    ...connection(7, 'SHORT', 'JDBC connection backoff (ms)'),
  }),
});
