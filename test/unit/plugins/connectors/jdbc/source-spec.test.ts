/** The answers of kafka-connect-jdbc to wrong configurations, as far as its spec alone gives them. */
import { expect, test } from 'vitest';
import { isolationOf, queryOf, quotingOf, spec, taskSpec } from '../../../../../src/plugins/connectors/jdbc/source/spec.ts';

const good = {
  'connection.url': 'jdbc:mysql://localhost:3306/kafkadb?user=kafka&password=kafka123',
  mode: 'timestamp+incrementing',
  'timestamp.column.name': 'modified',
  'incrementing.column.name': 'id',
  'topic.prefix': 'mysql-',
  'table.whitelist': 'customers',
};

function errorsOf(config: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(
    [...spec.validateAll(config).values()].flatMap(({ name, errors }) => (errors.length > 0 ? [[name, errors]] : [])),
  );
}

const visible = (mode: string) => [...spec.validateAll({ ...good, mode }).values()].filter((row) => !row.visible).map((row) => row.name);

const MODE_KEYS = [
  ...['incrementing.column.name', 'timestamp.column.name', 'timestamp.columns.mapping', 'incrementing.column.mapping'],
  ...['timestamp.initial', 'validate.non.null'],
];

test('a right configuration has no errors', () => {
  expect(errorsOf(good)).toEqual({});
});

test('a wrong mode is wrong in each key that asks for it', () => {
  const words = ', bulk, timestamp, incrementing, timestamp+incrementing';
  expect(errorsOf({ ...good, mode: 'sometimes' })).toEqual({
    mode: [`Invalid value sometimes for configuration mode: String must be one of: ${words}`],
    ...Object.fromEntries(MODE_KEYS.map((name) => [name, ['Invalid mode: sometimes']])),
  });
});

test('without a mode the keys of modes say so', () => {
  const { mode, ...rest } = good;
  expect(errorsOf(rest)).toEqual(Object.fromEntries(MODE_KEYS.map((name) => [name, ['Query mode must be specified']])));
});

test.each([
  ['bulk', MODE_KEYS],
  ['incrementing', ['timestamp.column.name', 'timestamp.columns.mapping', 'timestamp.initial']],
  ['timestamp', ['incrementing.column.name', 'incrementing.column.mapping', 'timestamp.initial']],
  ['timestamp+incrementing', ['timestamp.initial']],
])('mode %s hides what it does not need', (mode, hidden) => {
  expect(visible(mode)).toEqual([...hidden, 'query.masked']);
});

const LONG = 'x'.repeat(250);

test.each([
  ['topic.prefix', 'a b/c', "Topic prefix must not contain any character other than ASCII alphanumerics, '.', '_' and '-'."],
  ['topic.prefix', LONG, 'Topic prefix length must not exceed max topic name length, 249 chars'],
  ['poll.interval.ms', 'soon', 'Not a number of type INT'],
  ['connection.attempts', '0', 'Value must be at least 1'],
  ['db.timezone', 'Mars/Olympus', 'Invalid time zone. Write an IANA name such as Asia/Seoul or UTC, or an offset such as +09:00.'],
  ['numeric.mapping', 'Best_Fit', 'Invalid enumerator. It is one of: none, precision_only, best_fit, best_fit_eager_double'],
  ['date.calendar.system', 'legacy', 'String must be one of: LEGACY, PROLEPTIC_GREGORIAN'],
  ['dialect.name', 'MySql', 'Invalid enumerator. Leave it empty, or write MySqlDatabaseDialect.'],
  ['jdbc.credentials.provider.class', 'my.Provider', 'Class my.Provider could not be found.'],
  ['timestamp.columns.mapping', 'a:b', 'Columns list must be enclosed in square brackets'],
  ['timestamp.columns.mapping', 'a:[]', 'Columns list cannot be empty'],
  ['timestamp.columns.mapping', 'a:[b|]', 'Every column name should be non-empty string'],
  ['timestamp.columns.mapping', 'a', "Invalid format. Expected 'regex:[col1|col2|...]'"],
  ['incrementing.column.mapping', 'a:b:c', "Invalid format. Expected 'regex:columnName'"],
])('%s=%s is refused', (name, value, reason) => {
  const errors = errorsOf({ ...good, [name]: value });
  expect(Object.keys(errors)).toEqual([name]);
  expect(errors[name]?.[0]).toContain(`for configuration ${name}: ${reason}`);
});

test.each(['table.include.list', 'table.exclude.list'])('%s takes regular expressions', (name) => {
  expect(errorsOf({ ...good, [name]: 'kafkadb\\..*, x' })).toEqual({});
  expect(errorsOf({ ...good, [name]: 'a,(' })[name]?.[0]).toContain('Must be a valid comma-separated list of regular expression patterns');
});

test.each(['Asia/Seoul', 'UTC', 'GMT+9', '+09:00', 'EST', 'CST', 'America/New_York'])('db.timezone=%s is a zone', (zone) => {
  expect(errorsOf({ ...good, 'db.timezone': zone })).toEqual({});
});

test('defaults are those of 10.3', () => {
  const conf = spec.parse({});
  expect(conf).toMatchObject({
    'connection.url': '',
    'connection.attempts': 3,
    'connection.backoff.ms': 10_000n,
    'table.whitelist': [],
    'table.types': ['TABLE'],
    'catalog.pattern': null,
    'numeric.mapping': null,
    mode: '',
    'timestamp.initial': null,
    'batch.max.rows': 100,
    'query.retry.attempts': -1,
    'quote.sql.identifiers': 'ALWAYS',
    'db.timezone': 'UTC',
    'timestamp.granularity': 'connect_logical',
  });
  expect(queryOf(conf)).toBeNull();
  expect(quotingOf(conf)).toBe('ALWAYS');
  expect(isolationOf(conf)).toBeNull();
});

test('names of the fork stand for the original ones, which win', () => {
  expect(quotingOf(spec.parse({ 'sql.quote.identifiers': 'false' }))).toBe('NEVER');
  expect(quotingOf(spec.parse({ 'sql.quote.identifiers': 'false', 'quote.sql.identifiers': 'always' }))).toBe('ALWAYS');
  expect(spec.parse({ 'timestamp.initial.ms': '17' })['timestamp.initial']).toBe(17n);
  expect(taskSpec.parse({ tables: '`a`', 'incrementing.initial': '5' })).toMatchObject({ tables: '`a`', 'incrementing.initial': 5n });
});

test('words that no key refuses are refused where they are used', () => {
  expect(() => quotingOf(spec.parse({ 'quote.sql.identifiers': 'sometimes' }))).toThrow(
    "No matching QuoteMethod found for 'sometimes': quote.sql.identifiers is always or never.",
  );
  expect(isolationOf(spec.parse({ 'transaction.isolation.mode': 'READ_COMMITTED' }))).toBe('READ COMMITTED');
  expect(() => isolationOf(spec.parse({ 'transaction.isolation.mode': 'sometimes' }))).toThrow('transaction.isolation.mode');
});

test('a query that is not to be shown is no part of any answer', () => {
  expect(spec.validateAll({ ...good, 'query.masked': 'SELECT secret' }).get('query.masked')?.value).toBe('[hidden]');
  expect(queryOf(spec.parse({ 'query.masked': 'SELECT 1' }))).toBe('SELECT 1');
});
