/** What the keys about the database of source and sink share. Source: DatabaseDialectRecommender, JdbcCredentialsProviderValidator. */
import type { Validator } from '../../../../spec/config-def.ts';
import { invalidValue } from '../../../../spec/parse.ts';

/** What the original knows by name; one alone speaks to MariaDB and MySQL. */
const DIALECTS = ['Db2', 'Derby', 'Generic', 'MySql', 'Oracle', 'PostgreSql', 'SapHana', 'SqlServer', 'Sqlite', 'Sybase', 'Vertica'];
export const MYSQL_DIALECT = 'MySqlDatabaseDialect';

export const DEFAULT_CREDENTIALS = 'io.confluent.connect.jdbc.util.DefaultJdbcCredentialsProvider';

/** For `jdbc.credentials.provider.class`: there is no other one here. */
export function resolveCredentials(name: string): string | null {
  return name === DEFAULT_CREDENTIALS ? name : null;
}

/** Null passes. */
export const dialect: Validator = (name, value) => {
  if (value === null || value === '' || DIALECTS.some((one) => value === `${one}DatabaseDialect`)) return;
  throw invalidValue(name, value, `Invalid enumerator. Leave it empty, or write ${MYSQL_DIALECT}.`);
};
