/** Values of every type with their limits, and the tables that are made for them, on a real MariaDB. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { structs } from '../helpers/jdbc-envelopes.ts';
import { jdbcScenario } from '../helpers/jdbc-golden.ts';
import { type JdbcSinkRig, startJdbcSinkRig } from '../helpers/jdbc-sink-rig.ts';

let rig: JdbcSinkRig;
beforeAll(async () => {
  rig = await startJdbcSinkRig('sinktypes');
}, 120_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

const FIELDS = {
  id: 'int32',
  i8: 'int8?',
  i16: 'int16?',
  i32: 'int32?',
  i64: 'int64?',
  f: 'float?',
  dd: 'double?',
  bo: 'boolean?',
  st: 'string?',
  bin: 'bytes?',
  de: 'decimal(2)?',
  da: 'date?',
  ti: 'time?',
  ts: 'timestamp?',
};
const row = structs(FIELDS);
const DAY = 86_400_000;
/** Two's complement, as Connect stores decimals. */
const decimal = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

const LOWEST = {
  ...{ id: 1, i8: -128, i16: -32_768, i32: -2_147_483_648, i64: -(2n ** 63n), f: -3.402_823_5e38, dd: -1.797_693_134_862_315_7e308 },
  ...{ bo: false, st: '', bin: '', de: decimal('80'), da: -719_162, ti: 0, ts: -62_135_596_800_000 },
};
const HIGHEST = {
  ...{ id: 2, i8: 127, i16: 32_767, i32: 2_147_483_647, i64: 2n ** 63n - 1n, f: 3.402_823_5e38, dd: 1.797_693_134_862_315_7e308 },
  ...{ bo: true, st: '한글 😀 \'"\\\n\t\0\x1a%_', bin: base64('00ff27225c0a'), de: decimal('7fffffffffffffff'), da: 2_932_896 },
  ...{ ti: DAY - 1, ts: 253_402_300_799_999 },
};
const SMALLEST = {
  ...{ id: 3, i8: 0, i16: 0, i32: 0, i64: 9_007_199_254_740_993n, f: 1.175_494_4e-38, dd: 2.225_073_858_507_201_4e-308 },
  ...{ bo: true, st: ' ', bin: base64('00'), de: decimal('00'), da: 0, ti: 45_296_120, ts: -1 },
};
const NULLS = { id: 4 };
const SHOWN = 'id, i8, i16, i32, i64, f, dd, bo, HEX(st), HEX(bin), de, da, ti, ts';

describe('values', () => {
  test('limits of each type, NULL, Korean, emoji, bytes', async () => {
    await rig.sink('limits', { 'auto.create': 'true', 'date.calendar.system': 'PROLEPTIC_GREGORIAN' }, [
      ...[LOWEST, HIGHEST, SMALLEST, NULLS].map((values) => ({ value: row(values) })),
    ]);
    await rig.waitRows(`SELECT ${SHOWN} FROM limits ORDER BY id`, [
      ['1', '-128', '-32768', '-2147483648', '-9223372036854775808', '-3.40282e+38', '-1.7976931348623157e+308'].concat([
        ...['0', '', '', '-1.28', '0001-01-01', '00:00:00.000', '0001-01-01 00:00:00.000'],
      ]),
      ['2', '127', '32767', '2147483647', '9223372036854775807', '3.40282e+38', '1.7976931348623157e+308'].concat([
        ...['1', hexOf(HIGHEST.st), '00FF27225C0A', '92233720368547758.07', '9999-12-31', '23:59:59.999', '9999-12-31 23:59:59.999'],
      ]),
      ['3', '0', '0', '0', '9007199254740993', '1.17549e-38', '2.2250738585072014e-308'].concat([
        ...['1', '20', '00', '0.00', '1970-01-01', '12:34:56.120', '1969-12-31 23:59:59.999'],
      ]),
      ['4', ...new Array<null>(13).fill(null)],
    ]);
  });

  test('a single float comes out as the same one', async () => {
    const floats = structs({ id: 'int32', f: 'float' });
    const values = [0.1, 1 / 3, 16_777_217, 1.401_298_464_324_817e-45, -0.0, 1e-7, 123_456.79];
    await rig.database.run('CREATE TABLE floats (id INT PRIMARY KEY, f FLOAT)');
    await rig.sink('floats', {}, [...values.map((f, id) => ({ value: floats({ id, f: Math.fround(f) }) }))]);
    await rig.waitRows('SELECT COUNT(*) FROM floats', [[String(values.length)]]);
    const bits = await rig.database.root.query('SELECT CAST(f AS DOUBLE) FROM floats ORDER BY id');
    expect(bits.rows.map(([f]) => Number(f))).toEqual(values.map((f) => Math.fround(f) + 0));
  });

  test.each([
    ['int8', 'TINYINT UNSIGNED', -1, 1264],
    ['int32', 'SMALLINT', 32_768, 1264],
    ['int64', 'INT', 2n ** 31n, 1264],
    ['string', 'VARCHAR(3)', '가나다라', 1406],
    ['string', 'INT', 'x', 1366],
    ['string', 'DATE', '2022-02-30', 1292],
    ['double', 'DECIMAL(3,1)', 1000.5, 1264],
    ['bytes', 'VARBINARY(2)', base64('000000'), 1406],
    ['string?', 'VARCHAR(3) NOT NULL', null, 1048],
    ['string', "ENUM('a','b')", 'c', 1265],
    ['string', 'VARCHAR(9) CHARACTER SET latin1', '한', 1366],
  ])('%s that does not fit %s is an error, never cut', async (type, column, given, errno) => {
    const table = `cut${errno}_${column.replace(/\W/g, '').toLowerCase()}`;
    await rig.database.run(`CREATE TABLE ${table} (id INT, c ${column})`);
    const fields = structs({ id: 'int32', c: type });
    const good = {
      int8: 1,
      int32: 1,
      int64: 1,
      double: 1,
      string: column === 'INT' ? '1' : column === 'DATE' ? '2022-02-28' : 'a',
      bytes: '',
    };
    const first = good[type.replace('?', '') as keyof typeof good];
    const sink = await rig.sink(
      table,
      { 'max.retries': '0' },
      [{ value: fields({ id: 1, c: first }) }, { value: fields({ id: 2, c: given }) }],
      { waits: false },
    );
    const trace = await rig.failure(sink);
    expect(trace).toContain(`error ${errno}`);
    // Of a batch the one record is named.
    expect(trace).toContain(`Record ${sink.topic}-0 at offset 1: `);
    expect(await rig.rows(`SELECT * FROM ${table}`)).toEqual([]);
  });

  test.each([
    ['double', Number.NaN, "'NaN' is not a valid numeric or approximate numeric value"],
    ['date', 2_932_897, 'beyond what the database holds, the years 1 to 9999'],
    ['timestamp', -99_999_999_999_999, 'beyond what the database holds, the years 1 to 9999'],
  ])('a %s that SQL has no word for fails at once, and says which record', async (type, given, message) => {
    const table = `nowords_${type}`;
    const fields = structs({ id: 'int32', c: type });
    const bad = Number.isNaN(given) ? fields({ id: 2, c: 0 }).replace(/0\}\}$/, 'NaN}}') : fields({ id: 2, c: given });
    const json = Number.isNaN(given) ? bad.replace('NaN', '1e999') : bad;
    const sink = await rig.sink(table, { 'auto.create': 'true' }, [{ value: fields({ id: 1, c: 1 }) }, { value: json }], { waits: false });
    const trace = await rig.failure(sink);
    expect(trace).toContain(`Record ${sink.topic}-0 at offset 1: `);
    expect(trace).toMatch(Number.isNaN(given) ? /'Infinity' is not a valid numeric/ : new RegExp(message));
  });

  test('an array is refused', async () => {
    const list = structs({ id: 'int32', list: { type: 'array', items: { type: 'int32', optional: false }, optional: true } });
    await rig.database.run('CREATE TABLE arrays (id INT, list TEXT)');
    const sink = await rig.sink('arrays', {}, [{ value: list({ id: 1, list: [1] }) }], { waits: false });
    expect(await rig.failure(sink)).toContain("Unsupported source data type: ARRAY (field 'list')");
    const created = await rig.sink('arrays_created', { 'auto.create': 'true' }, [{ value: list({ id: 1, list: [1] }) }], { waits: false });
    expect(await rig.failure(created)).toContain("null (ARRAY) type doesn't have a mapping to the SQL database column type");
  });
});

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase();
}

describe('tables', () => {
  /** As `SHOW CREATE TABLE` gives it. */
  const shown = async (table: string) => ((await rig.rows(`SHOW CREATE TABLE ${table}`))[0]![1] ?? '').split('\n');

  test('are created as the original creates them', async () => {
    const scenario = jdbcScenario('sink', 'sink_auto_create');
    const golden = scenario.afterwards.get('tables') as Record<string, string[]>;
    for (const { name = '', topics = '', ...config } of scenario.connectors) {
      const table = config['table.name.format']!;
      const settings = ['auto.create', 'pk.mode', 'pk.fields', 'insert.mode'].flatMap((key) => (config[key] ? [[key, config[key]]] : []));
      const sink = await rig.sink(table, Object.fromEntries(settings), scenario.bytes.get(topics)!);
      await rig.waitDone(sink);
      expect(await shown(table), name).toEqual(golden[table.replace('t_', '')]);
      expect(await rig.rows(`SELECT id, i8, bo, HEX(by_), de, da, ti, ts, df, db FROM ${table}`), name).toEqual([
        ['1', null, '1', '00', '17.13', '1970-01-02', '00:00:00.001', '1970-01-01 00:00:00.001', '8', '0'],
      ]);
    }
  });

  test('grow by new fields while the sink runs, as those of the original', async () => {
    const scenario = jdbcScenario('sink', 'sink_evolve');
    await rig.database.run('CREATE TABLE a (id INT NOT NULL PRIMARY KEY)');
    const [first, ...others] = scenario.bytes.get('db-a')!;
    const sink = await rig.sink('a', { 'auto.evolve': 'true' }, [first!]);
    await rig.waitRows('SELECT * FROM a', [['1']]);
    await rig.send(sink.topic, others);
    const golden = scenario.afterwards.get('rows') as [string, string][][];
    await rig.waitRows(
      'SELECT id, n, name, ts, z FROM a ORDER BY id',
      golden.map((row) => row.map(([, value]) => (value === 'None' ? null : value))),
    );
    const definition = (await shown('a')).map((line) => line.trim().replace(/,$/, ''));
    expect(definition.filter((line) => line !== ')').sort()).toEqual(scenario.afterwards.get('table'));
  });

  test.each([
    [
      'db-b',
      'b',
      {},
      'Table "DB"."b" is missing fields ([SinkRecordField{schema=Schema{STRING}, name=\'name\', isPrimaryKey=false}, SinkRecordField{schema=Schema{INT64}, name=\'n\', isPrimaryKey=false}]) and auto-evolution is disabled',
    ],
    [
      'db-c',
      'c',
      { 'auto.evolve': 'true' },
      'Cannot ALTER TABLE "DB"."c" to add missing field SinkRecordField{schema=Schema{INT32}, name=\'must\', isPrimaryKey=false}, as the field is not optional and does not have a default value',
    ],
  ])('%s: fields that cannot be added fail the task, with the sentence of the original', async (topic, table, config, message) => {
    await rig.database.run(`CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY)`);
    const sink = await rig.sink(table, config, jdbcScenario('sink', 'sink_evolve').bytes.get(topic)!, { waits: false });
    expect(await rig.failure(sink)).toContain(
      `io.confluent.connect.jdbc.sink.TableAlterOrCreateException: ${message.replace('DB', rig.database.name)}`,
    );
  });

  test('that the server refuses fail with its words: TEXT as a key', async () => {
    const scenario = jdbcScenario('sink', 'sink_auto_create_refused');
    const settings = { 'auto.create': 'true', 'max.retries': '0', 'insert.mode': 'upsert' };
    const key = await rig.sink('t_string', { ...settings, 'pk.mode': 'record_key', 'pk.fields': 'k' }, scenario.bytes.get('db-string')!, {
      waits: false,
    });
    expect(await rig.failure(key)).toContain("BLOB/TEXT column 'k' used in key specification without a key length");
    const kafka = await rig.sink('t_kafka', { ...settings, 'pk.mode': 'kafka' }, scenario.bytes.get('db-kafka')!, { waits: false });
    expect(await rig.failure(kafka)).toContain("BLOB/TEXT column '__connect_topic' used in key specification without a key length");
  });

  test('missing and not to be created: the task fails at once', async () => {
    const sink = await rig.sink('nope', {}, [{ value: row({ id: 1 }) }], { waits: false });
    expect(await rig.failure(sink)).toContain(`Table "${rig.database.name}"."nope" is missing and auto-creation is disabled`);
  });

  test('views are written to when they are asked for, and never changed', async () => {
    const small = structs({ id: 'int32', n: 'int64?' });
    const larger = structs({ id: 'int32', n: 'int64?', more: 'string?' });
    await rig.database.run('CREATE TABLE below (id INT, n BIGINT)', 'CREATE VIEW above AS SELECT id, n FROM below');
    const unasked = await rig.sink('above', {}, [{ value: small({ id: 1 }) }], { waits: false });
    expect(await rig.failure(unasked)).toContain('"above" is missing and auto-creation is disabled');
    const sink = await rig.sink('above', { 'table.types': 'TABLE,VIEW', 'auto.evolve': 'true' }, [{ value: small({ id: 1, n: 2 }) }]);
    await rig.waitRows('SELECT * FROM below', [['1', '2']]);
    await rig.send(sink.topic, [{ value: larger({ id: 2 }) }]);
    expect(await rig.failure(sink)).toMatch(/View "\w+"\."above" is missing fields \(.*\) and ALTER VIEW is unsupported/);
  });

  test('two tasks that meet at a table which is not there both go on', async () => {
    const small = structs({ id: 'int32' });
    const sinks = await Promise.all([1, 2, 3, 4].map((id) => rig.sink('together', { 'auto.create': 'true' }, [{ value: small({ id }) }])));
    await rig.waitRows('SELECT id FROM together ORDER BY id', [['1'], ['2'], ['3'], ['4']]);
    for (const { name } of sinks) expect(await rig.worker.states(name)).toEqual(['RUNNING', 'RUNNING']);
  });
});

describe('time', () => {
  test('db.timezone and date.timezone, as the original has them', async () => {
    const scenario = jdbcScenario('sink', 'sink_zone');
    const records = scenario.bytes.get('db-a')!;
    const cases = [
      ['zone_utc', { 'db.timezone': 'UTC' }, 'UTC'],
      ['zone_seoul', { 'db.timezone': 'Asia/Seoul' }, 'Asia/Seoul'],
      ['zone_date', { 'db.timezone': 'Asia/Seoul', 'date.timezone': 'UTC' }, 'Asia/Seoul date UTC'],
    ] as const;
    for (const [table, config, title] of cases) {
      await rig.database.run(`CREATE TABLE ${table} (id INT, da DATE, ti TIME(3), ts DATETIME(3))`);
      await rig.sink(table, config, records);
      await rig.waitRows(`SELECT id, da, ti, ts FROM ${table} ORDER BY id`, scenario.afterwards.get(title) as string[][]);
    }
  });

  test('west of Greenwich a Date is the day before, unless date.timezone says UTC; a clock change is followed', async () => {
    const moments = structs({ id: 'int32', da: 'date', ts: 'timestamp' });
    // 2022-03-13 06:59:59.999 UTC is 01:59:59.999 in New York, the next millisecond 03:00.
    const records = [1_647_154_799_999, 1_647_154_800_000].map((ts, id) => ({ value: moments({ id, da: 19_013, ts }) }));
    for (const [table, config, day] of [
      ['west', {}, '2022-01-20'],
      ['west_utc', { 'date.timezone': 'UTC' }, '2022-01-21'],
    ] as const) {
      await rig.sink(table, { 'auto.create': 'true', 'db.timezone': 'America/New_York', ...config }, records);
      await rig.waitRows(`SELECT da, ts FROM ${table} ORDER BY id`, [
        [day, '2022-03-13 01:59:59.999'],
        [day, '2022-03-13 03:00:00.000'],
      ]);
    }
  });

  test('numbers of timestamp.fields.list keep their microseconds', async () => {
    const counted = structs({ id: 'int32', long: 'int64?', text: 'string?', other: 'int64?' });
    const micros = 1_642_725_853_123_456n;
    const rows = [{ id: 1, long: micros, text: String(micros), other: 5n }, { id: 2 }, { id: 3, long: -1n, text: '-1', other: -1n }];
    const settings = { 'auto.create': 'true', 'timestamp.fields.list': 'long,text' };
    await rig.sink('counted', settings, [...rows.map((values) => ({ value: counted(values) }))]);
    await rig.waitRows('SELECT `long`, text, other FROM counted ORDER BY id', [
      ['2022-01-21 00:44:13.123456', '2022-01-21 00:44:13.123456', '5'],
      [null, null, null],
      ['1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999', '-1'],
    ]);
    const nanos = { value: counted({ id: 4, long: micros * 1000n + 999n, text: `${micros}999` }) };
    await rig.sink('counted_nanos', { ...settings, 'timestamp.precision.mode': 'nanoseconds' }, [nanos]);
    await rig.waitRows('SELECT `long`, text FROM counted_nanos', [['2022-01-21 00:44:13.123456', '2022-01-21 00:44:13.123456']]);
  });

  test('days before 1582 in the calendar of old Java, unless told otherwise', async () => {
    const days = structs({ id: 'int32', da: 'date' });
    const records = [{ value: days({ id: 1, da: -719_162 }) }, { value: days({ id: 2, da: -141_427 }) }];
    await rig.sink('legacy', { 'auto.create': 'true' }, records);
    await rig.waitRows('SELECT da FROM legacy ORDER BY id', [['0001-01-03'], ['1582-10-15']]);
    await rig.sink('proleptic', { 'auto.create': 'true', 'date.calendar.system': 'PROLEPTIC_GREGORIAN' }, records);
    await rig.waitRows('SELECT da FROM proleptic ORDER BY id', [['0001-01-01'], ['1582-10-15']]);
  });

  test('nulls become defaults, or stay null', async () => {
    const defaulted = structs({ id: 'int32', d: { type: 'int32', optional: true, default: 7 } });
    const converter = {
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.replace.null.with.default': 'false',
    };
    const record = { value: defaulted({ id: 1, d: null }) };
    await rig.sink('defaulted', { 'auto.create': 'true', ...converter }, [record]);
    await rig.waitRows('SELECT id, d FROM defaulted', [['1', '7']]);
    await rig.sink('undefaulted', { 'auto.create': 'true', 'replace.null.with.default': 'false', ...converter }, [record]);
    await rig.waitRows('SELECT id, d FROM undefaulted', [['1', null]]);
  });

  test('texts instead of structs go to a column of their own', async () => {
    const text = (payload: string) => ({ value: JSON.stringify({ schema: { type: 'string', optional: false }, payload }) });
    await rig.sink('texts', { 'auto.create': 'true', 'string.output.value.column.name': 'line' }, [text('첫 줄'), text('')]);
    await rig.waitRows('SELECT line FROM texts', [['첫 줄'], ['']]);
  });
});
