/** The sink's settings beside those of the original, as far as its spec alone answers. */
import { expect, test } from 'vitest';
import { parseSinkConf } from '../../../../../../src/plugins/connectors/jdbc/sink/sink-conf.ts';
import { spec } from '../../../../../../src/plugins/connectors/jdbc/sink/spec.ts';
import { toConfigText } from '../../../../../../src/spec/parse.ts';

const good = { name: 'orders-sink', 'connection.url': 'jdbc:mysql://localhost:3306/kafkadb?user=kafka&password=kafka123' };

function errorsOf(config: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(
    [...spec.validateAll(config).values()].flatMap(({ name, errors }) => (errors.length > 0 ? [[name, errors]] : [])),
  );
}

test('every key of 10.3 and of later releases, in their order, with their groups and defaults', () => {
  const shown = [...spec.keys.values()].filter(({ internal }) => !internal);
  expect(shown.map((key) => [key.group, key.orderInGroup, key.name, toConfigText(key.defaultValue, key.type)])).toEqual([
    ['Connection', 1, 'connection.url', null],
    ['Connection', 2, 'connection.user', null],
    ['Connection', 3, 'connection.password', null],
    ['Connection', 4, 'jdbc.credentials.provider.class', 'io.confluent.connect.jdbc.util.DefaultJdbcCredentialsProvider'],
    ['Connection', 5, 'dialect.name', ''],
    ['Connection', 6, 'connection.attempts', '3'],
    ['Connection', 7, 'connection.backoff.ms', '10000'],
    ['Writes', 1, 'insert.mode', 'insert'],
    ['Writes', 2, 'batch.size', '3000'],
    ['Writes', 3, 'delete.enabled', 'false'],
    ['Writes', 4, 'table.types', 'TABLE'],
    ['Writes', 5, 'replace.null.with.default', 'true'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the default is written so
    ['Data Mapping', 1, 'table.name.format', '${topic}'],
    ['Data Mapping', 2, 'pk.mode', 'none'],
    ['Data Mapping', 3, 'pk.fields', ''],
    ['Data Mapping', 4, 'fields.whitelist', ''],
    ['Data Mapping', 5, 'db.timezone', 'UTC'],
    ['Data Mapping', 6, 'date.timezone', 'DB_TIMEZONE'],
    ['Data Mapping', 7, 'timestamp.fields.list', ''],
    ['Data Mapping', 8, 'timestamp.precision.mode', 'MICROSECONDS'],
    ['Data Mapping', 9, 'date.calendar.system', 'LEGACY'],
    ['Data Mapping', 10, 'string.output.value.column.name', 'record_value'],
    ['DDL Support', 1, 'auto.create', 'false'],
    ['DDL Support', 2, 'auto.evolve', 'false'],
    ['DDL Support', 3, 'quote.sql.identifiers', 'ALWAYS'],
    ['DML Support', 1, 'mssql.use.merge.holdlock', 'true'],
    ['Retries', 1, 'max.retries', '10'],
    ['Retries', 2, 'retry.backoff.ms', '3000'],
  ]);
});

test.each([
  ['insert.mode', 'merge', 'Invalid value merge for configuration insert.mode: Invalid enumerator'],
  ['insert.mode', 'Upsert', 'Invalid value Upsert for configuration insert.mode: Invalid enumerator'],
  ['pk.mode', 'guess', 'Invalid value guess for configuration pk.mode: Invalid enumerator'],
  ['batch.size', '-1', 'Invalid value -1 for configuration batch.size: Value must be at least 0'],
  ['max.retries', '-1', 'Invalid value -1 for configuration max.retries: Value must be at least 0'],
  ['retry.backoff.ms', 'soon', 'Invalid value soon for configuration retry.backoff.ms: Not a number of type INT'],
  ['connection.attempts', '0', 'Invalid value 0 for configuration connection.attempts: Value must be at least 1'],
  ['db.timezone', 'Mars/Olympus', 'Invalid value Mars/Olympus for configuration db.timezone: Invalid time zone'],
  ['table.name.format', '', 'Invalid value  for configuration table.name.format: String must be non-empty'],
  ['table.types', 'TABLE,SYNONYM', 'Invalid value SYNONYM for configuration table.types: Invalid enumerator'],
  ['table.types', '', 'Invalid value [] for configuration table.types: At least one'],
  ['date.timezone', 'Local', 'Invalid value Local for configuration date.timezone: Invalid enumerator'],
  ['timestamp.precision.mode', 'seconds', 'Invalid value seconds for configuration timestamp.precision.mode: Invalid enumerator'],
  [
    'date.calendar.system',
    'JULIAN',
    'Invalid value JULIAN for configuration date.calendar.system: String must be one of: LEGACY, PROLEPTIC_GREGORIAN',
  ],
  ['dialect.name', 'MySql', 'Invalid value MySql for configuration dialect.name: Invalid enumerator'],
  ['quote.sql.identifiers', 'maybe', 'Invalid value maybe for configuration quote.sql.identifiers: String must be one of'],
  ['string.output.value.column.name', '', 'String must be non-empty'],
  [
    'topics.to.tables.mapping',
    'a:b,c',
    'Invalid value [a:b, c] for configuration topics.to.tables.mapping: "c" is not written as topic:table.',
  ],
])('%s=%s is refused', (name, value, message) => {
  const errors = errorsOf({ ...good, [name]: value });
  expect(Object.keys(errors)).toEqual([name]);
  expect(errors[name]![0]).toContain(message);
});

test('without an address it says which key is missing', () => {
  expect(errorsOf({ name: 'x' })).toEqual({
    'connection.url': ['Missing required configuration "connection.url" which has no default value.'],
  });
});

test('what is recommended follows the other settings, as with the original', () => {
  const rows = (config: Record<string, string>) => {
    const values = spec.validateAll({ ...good, ...config });
    return ['delete.enabled', 'pk.mode'].map((name) => {
      const { recommendedValues, visible } = values.get(name)!;
      return [recommendedValues.join(), visible];
    });
  };
  expect(rows({})).toEqual([
    ['false', false],
    ['none,kafka,record_key,record_value', true],
  ]);
  expect(rows({ 'pk.mode': 'RECORD_KEY' })).toEqual([
    ['true,false', true],
    ['none,kafka,record_key,record_value', true],
  ]);
  expect(rows({ 'delete.enabled': 'true' })).toEqual([
    ['false', false],
    ['record_key', true],
  ]);
});

test('words in any case that the original takes are taken, and those of the fork', () => {
  const conf = parseSinkConf({
    ...good,
    'insert.mode': 'UPSERT',
    'pk.mode': 'RECORD_KEY',
    'delete.enabled': 'true',
    'table.types': 'table,VIEW',
    'quote.sql.identifiers': 'Never',
    'db.timezone': 'ROK',
    'date.timezone': 'utc',
    'timestamp.precision.mode': 'nanoseconds',
  });
  expect(conf).toMatchObject({
    insertMode: 'upsert',
    pkMode: 'record_key',
    deletesEnabled: true,
    quotesNames: false,
    zone: 'ROK',
    dateZone: 'UTC',
  });
  expect([...conf.tableTypes]).toEqual(['TABLE', 'VIEW']);
  expect(conf.timestampUnit).toBe('nanoseconds');
  expect(parseSinkConf({ ...good, 'insert.mode': 'multi', 'sql.quote.identifiers': 'false' })).toMatchObject({
    insertMode: 'insert',
    quotesNames: false,
  });
  expect(parseSinkConf({ ...good, 'quote.sql.identifiers': 'always', 'sql.quote.identifiers': 'false' }).quotesNames).toBe(true);
});

test('deletes without keys of records are refused by a task as well', () => {
  expect(() => parseSinkConf({ ...good, 'delete.enabled': 'true' })).toThrow(
    "Primary key mode must be 'record_key' when delete support is enabled, but pk.mode is 'none'.",
  );
});
