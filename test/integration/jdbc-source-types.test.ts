/** Every column type of MariaDB on its way to Kafka, against what the original made of it; values at and beyond their edges. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { golden, type JdbcSourceRig, payloadOf, schemaOf, startJdbcSourceRig } from '../helpers/jdbc-source-rig.ts';
import type { Config } from '../helpers/standalone-rig.ts';

interface GoldenColumn {
  readonly name: string;
  readonly type: string;
  /** SQL. */
  readonly input: readonly string[];
  readonly schema: Readonly<Record<string, unknown>>;
  /** JSON. */
  readonly values: readonly string[];
}

interface GoldenCase {
  readonly zone: string;
  readonly granularity: string;
  readonly columns: Readonly<Record<string, Pick<GoldenColumn, 'schema' | 'values'>>>;
}

const { columns, expressions } = golden<{ columns: readonly GoldenColumn[]; expressions: readonly GoldenColumn[] }>('source-types.json');
const { cases } = golden<{ cases: readonly GoldenCase[] }>('source-times.json');

let rig: JdbcSourceRig;
beforeAll(async () => {
  rig = await startJdbcSourceRig('srctypes');
}, 120_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

/** Field by field, so that a difference is told by its name. */
function fieldsOf(records: readonly string[]): Record<string, { schema: unknown; values: string[] }> {
  const { fields } = schemaOf(records[0]!) as { fields: Record<string, unknown>[] };
  const members = records.map((record) => membersOf(payloadOf(record)));
  return Object.fromEntries(
    fields.map(({ field, ...schema }, i) => [
      String(field),
      { schema: JSON.parse(textOf(schema)) as unknown, values: members.map((row) => row[i]!) },
    ]),
  );
}

const textOf = (value: unknown) => JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? Number(part) : part));

/** The values of an object of plain values, as they are written. */
function membersOf(json: string): string[] {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*":("(?:[^"\\]|\\.)*"|[^,}]+)/g)].map(([, value]) => value!);
}

/** JSON texts of the capture are written by another library: the same once read, but for the digits of numbers. */
const sameText = (value: string) =>
  value.startsWith('"') ? JSON.stringify(JSON.parse(value)) : /e/i.test(value) ? String(Number(value)) : value;

async function copy(what: string, config: Config): Promise<string[]> {
  const source = await rig.source(what, { mode: 'incrementing', 'incrementing.column.name': 'id', ...config });
  const topic = config.query === undefined ? `${source.prefix}${config['table.whitelist']}` : source.prefix;
  const records = await rig.records(topic, Number(config['x.rows'] ?? 1));
  await rig.remove(source);
  return records;
}

test('each type: usual, smallest, greatest, NULL', async () => {
  const table = columns.map(({ name, type }) => `${name} ${type}${name === 'id' || type.endsWith('NULL') ? '' : ' NULL'}`);
  await rig.database.run(
    `CREATE TABLE types (${table.join(',')}, PRIMARY KEY (id))`,
    ...[0, 1, 2, 3].map((i) => `INSERT INTO types VALUES (${columns.map(({ input }) => input[i]).join(',')})`),
  );
  const records = await copy('types', { 'table.whitelist': 'types', 'x.rows': '4' });
  const fields = fieldsOf(records);
  expect(Object.keys(fields)).toEqual(columns.map(({ name }) => name));
  for (const { name, schema, values } of columns)
    expect([name, fields[name]?.schema, fields[name]?.values.map(sameText)]).toEqual([name, schema, values.map(sameText)]);
  expect(schemaOf(records[0]!)).toMatchObject({ type: 'struct', optional: false, name: 'types' });
}, 120_000);

describe('times', () => {
  const tableOf = ({ zone }: GoldenCase) => `times_${zone.replace('/', '_')}`;

  beforeAll(async () => {
    const columnsOf = new Map(cases.map((one) => [tableOf(one), Object.keys(one.columns).join(',')]));
    for (const [table, names] of columnsOf) await rig.database.run(`CREATE TABLE ${table} AS SELECT ${names} FROM types`);
  });

  test.concurrent.each(cases)('db.timezone=$zone timestamp.granularity=$granularity', async (one) => {
    const { zone, granularity, columns: expected } = one;
    const table = tableOf(one);
    const config = { 'db.timezone': zone, 'timestamp.granularity': granularity };
    const fields = fieldsOf(await copy(table, { 'table.whitelist': table, 'x.rows': '4', ...config }));
    for (const [name, { schema, values }] of Object.entries(expected)) {
      expect([name, fields[name]?.values.map(sameText)]).toEqual([name, values.map(sameText)]);
      if (name !== 'id') expect([name, fields[name]?.schema]).toEqual([name, schema]);
    }
  });
});

describe('values at the edge', () => {
  const kept: readonly [what: string, type: string, input: string, parameters: string, type: string, value: string][] = [
    ['bit8', 'BIT(8)', "b'11111111'", '', 'int8', '-1'],
    ['bit9', 'BIT(9)', "b'1'", '', 'int8', '1'],
    ['bit64', 'BIT(64)', "b'1'", '', 'int8', '1'],
    ['half_zero', 'DATE', "'2022-00-00'", '', 'int32', '18961'],
    ['half_zero_null', 'DATE', "'2022-00-00'", 'zeroDateTimeBehavior=convertToNull', 'int32', '18961'],
    ['year_zero', 'YEAR', '0', '', 'int32', '10957'],
    ['old_date', 'DATE', "'1000-01-01'", '', 'int32', '-354280'],
    ['old_datetime', 'DATETIME', "'1000-01-01 00:00:00'", '', 'int64', '-30609792000000'],
    ['empty_enum', "ENUM('a')", '0', '', 'string', '""'],
    ['zero_date_null', 'DATE', "'0000-00-00'", 'zeroDateTimeBehavior=convertToNull', 'int32', 'null'],
    ['zero_datetime_null', 'DATETIME', "'0000-00-00 00:00:00'", 'zeroDateTimeBehavior=convertToNull', 'int64', 'null'],
    ['zero_timestamp_null', 'TIMESTAMP NULL', "'0000-00-00 00:00:00'", 'zeroDateTimeBehavior=CONVERT_TO_NULL', 'int64', 'null'],
    ['zero_date_round', 'DATE', "'0000-00-00'", 'zeroDateTimeBehavior=round', 'int32', '-719164'],
    ['zero_datetime_round', 'DATETIME', "'0000-00-00 00:00:00'", 'zeroDateTimeBehavior=round', 'int64', '-62135769600000'],
    ['tiny', 'TINYINT(1)', '5', 'tinyInt1isBit=false', 'int8', '5'],
    ['tiny_true', 'TINYINT(1)', '5', 'transformedBitIsBoolean=true', 'boolean', 'true'],
    ['year_number', 'YEAR', '2022', 'yearIsDateType=false', 'int32', '2022'],
    ['time_seoul', 'TIME', "'12:34:56'", 'db.timezone', 'int32', '12896000'],
  ];
  const refused: readonly [what: string, type: string, input: string, said: string][] = [
    ['bigint_over', 'BIGINT UNSIGNED', '18446744073709551615', '18446744073709551615 is greater than a long of Connect can be'],
    ['bit16', 'BIT(16)', "b'100000000'", 'The BIT value 256 does not fit a byte'],
    ['time_negative', 'TIME', "'-00:00:01'", "The TIME '-00:00:01' is no time of a day"],
    ['time_long', 'TIME', "'24:00:00'", "The TIME '24:00:00' is no time of a day"],
    ['zero_date', 'DATE', "'0000-00-00'", 'Zero date value prohibited'],
    ['zero_datetime', 'DATETIME', "'0000-00-00 00:00:00'", 'Zero date value prohibited'],
    ['zero_timestamp', 'TIMESTAMP NULL', "'0000-00-00 00:00:00'", 'Zero date value prohibited'],
  ];

  beforeAll(async () => {
    const { run } = rig.database;
    await run("SET sql_mode=''");
    for (const [what, type, input] of kept)
      await run(`CREATE TABLE kept_${what} (id INT PRIMARY KEY, c ${type})`, `INSERT INTO kept_${what} VALUES (1, ${input})`);
    for (const [what, type, input] of [...refused, ['seoul', 'TIME', "'08:59:59'"] as const])
      await run(`CREATE TABLE bad_${what} (id INT PRIMARY KEY, c ${type} NULL)`, `INSERT INTO bad_${what} VALUES (1, NULL), (2, ${input})`);
  });

  test.concurrent.each(kept)('%s', async (what, _type, _input, parameters, type, value) => {
    const special: Config =
      parameters === 'db.timezone' ? { 'db.timezone': 'Asia/Seoul' } : { 'connection.url': `${rig.database.url}&${parameters}` };
    const fields = fieldsOf(await copy(what, { 'table.whitelist': `kept_${what}`, ...special }));
    expect(fields.c).toEqual({ schema: expect.objectContaining({ type, optional: true }), values: [value] });
  });

  test.concurrent.each(refused)('%s fails the task, named, behind the rows before it', async (what, _type, _input, said) => {
    const table = `bad_${what}`;
    const config = { 'table.whitelist': table, mode: 'incrementing', 'incrementing.column.name': 'id' };
    const source = await rig.source(what, config, { waits: false });
    const trace = await rig.failure(source);
    expect(trace).toContain(`Error while polling for records of \`${rig.database.name}\`.\`${table}\`: Column c of ${table}: ${said}`);
    expect(trace).toContain('Caused by: org.apache.kafka.connect.errors.DataException');
    expect(await rig.payloads(`${source.prefix}${table}`, 1)).toEqual(['{"id":1,"c":null}']);
    await rig.remove(source);
  });

  test('a time before 09:00 in Seoul is none of a day in UTC: the converter refuses it, as with the original', async () => {
    const config = { 'table.whitelist': 'bad_seoul', mode: 'incrementing', 'incrementing.column.name': 'id', 'db.timezone': 'Asia/Seoul' };
    const source = await rig.source('seoul', config, { waits: false });
    expect(await rig.failure(source)).toContain('Kafka Connect Time type should not have any date fields set to non-zero values.');
    await rig.remove(source);
  });
});

test('numeric.mapping has no effect on DECIMAL, as with the original, unless it is asked for', async () => {
  await rig.database.run(
    'CREATE TABLE nums (id INT PRIMARY KEY, a DECIMAL(4,0), b DECIMAL(10,2), c DECIMAL(30,2))',
    'INSERT INTO nums VALUES (1, -9999, 17.13, 1.50)',
  );
  for (const mapping of ['none', 'best_fit', 'precision_only', 'best_fit_eager_double']) {
    const { a, b, c } = fieldsOf(await copy('nums', { 'table.whitelist': 'nums', 'numeric.mapping': mapping }));
    expect([mapping, a?.values, b?.values, c?.values]).toEqual([mapping, ['"2PE="'], ['"BrE="'], ['"AJY="']]);
  }
  const { a, b, c } = fieldsOf(
    await copy('nums', { 'table.whitelist': 'nums', 'numeric.mapping': 'best_fit', 'numeric.mapping.decimal': 'true' }),
  );
  expect([a, b, c]).toEqual([
    { schema: { type: 'int16', optional: true }, values: ['-9999'] },
    { schema: { type: 'double', optional: true }, values: ['17.13'] },
    { schema: expect.objectContaining({ type: 'bytes' }), values: ['"AJY="'] },
  ]);
}, 120_000);

test('expressions of a query', async () => {
  await rig.database.run(
    'CREATE TABLE ex (id INT NOT NULL PRIMARY KEY, de DECIMAL(8,2) NULL, v VARCHAR(10) NULL, ts DATETIME(6) NULL)',
    "INSERT INTO ex VALUES (1, 1.10, 'x', '2022-01-21 00:44:13'), (2, 2.20, 'y', NULL)",
  );
  const query =
    "SELECT COUNT(*) AS n, SUM(de) AS s, AVG(de) AS av, SUM(id) AS si, MAX(v) AS m, CONCAT(MIN(v),'!') AS c, 1+1 AS two, 1.5 AS lit, 'x' AS str, " +
    "TRUE AS truth, CAST('2022-01-21' AS DATE) AS da, COALESCE(MIN(de),0) AS co, CAST(5 AS UNSIGNED) AS un, x'0102' AS bin FROM ex";
  const fields = fieldsOf(await copy('ex', { query, mode: 'bulk', 'poll.interval.ms': '60000' }));
  expect(Object.keys(fields)).toEqual(['n', 's', 'av', 'si', 'm', 'c', 'two', 'lit', 'str', 'truth', 'da', 'co', 'un', 'bin']);
  for (const { name, schema } of expressions.filter((one) => one.name in fields))
    expect([name, fields[name]?.schema]).toEqual([name, schema]);
  expect(['n', 'si', 'two', 'lit', 'str', 'truth', 'da', 'un', 'bin'].map((name) => fields[name]?.values[0])).toEqual([
    ...['2', '"Aw=="', '2', '"Dw=="', '"x"', '1', '19013', '5', '"AQI="'],
  ]);
});
