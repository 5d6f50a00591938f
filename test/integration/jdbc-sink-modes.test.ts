/** Every insert.mode with every pk.mode, deletes, names, on a real MariaDB behind a real worker: what is in the tables then. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { primitive, structs } from '../helpers/jdbc-envelopes.ts';
import { type JdbcSinkRig, startJdbcSinkRig } from '../helpers/jdbc-sink-rig.ts';

let rig: JdbcSinkRig;
beforeAll(async () => {
  rig = await startJdbcSinkRig('sinkmodes');
});
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder of table.name.format
const TOPIC = '${topic}';
const value = structs({ id: 'int32', name: 'string?', n: 'int64?' });
const key = structs({ x: 'int32', y: 'int32' });
const keyOf = (id: number) => primitive('int32', id);
const FIRST = [
  { key: keyOf(7), value: value({ id: 1, name: 'a', n: 1 }) },
  { key: keyOf(8), value: value({ id: 2, name: '둘 😀', n: null }) },
];
/** The key that is there already, and a new one. */
const SECOND = [
  { key: keyOf(7), value: value({ id: 1, name: 'again', n: 9_007_199_254_740_993n }) },
  { key: keyOf(9), value: value({ id: 3, name: null, n: 3 }) },
];

describe('insert', () => {
  test('without a key: each record a row', async () => {
    await rig.sink('insert_none', { 'auto.create': 'true' }, [...FIRST, ...SECOND]);
    await rig.waitRows('SELECT id, name, n FROM insert_none ORDER BY id, n', [
      ['1', 'a', '1'],
      ['1', 'again', '9007199254740993'],
      ['2', '둘 😀', null],
      ['3', null, '3'],
    ]);
  });

  test('with the coordinates in Kafka as key', async () => {
    await rig.database.run(
      'CREATE TABLE insert_kafka (t VARCHAR(249), p INT, o BIGINT, id INT, name TEXT, n BIGINT, PRIMARY KEY (t, p, o))',
    );
    const { topic } = await rig.sink('insert_kafka', { 'pk.mode': 'kafka', 'pk.fields': 't,p,o' }, [...FIRST, ...SECOND]);
    await rig.waitRows('SELECT t, p, o, id FROM insert_kafka ORDER BY o', [
      [topic, '0', '0', '1'],
      [topic, '0', '1', '2'],
      [topic, '0', '2', '1'],
      [topic, '0', '3', '3'],
    ]);
  });

  test.each([
    ['record_key', 'k'],
    ['record_value', 'id'],
  ])('with %s: a second record of a key fails, nothing of its batch is written', async (mode, field) => {
    const table = `insert_${mode}`;
    const settings = { 'auto.create': 'true', 'pk.mode': mode, 'pk.fields': field, 'max.retries': '1', 'retry.backoff.ms': '50' };
    const sink = await rig.sink(table, settings, FIRST);
    await rig.waitRows(`SELECT COUNT(*) FROM ${table}`, [['2']]);
    await rig.send(sink.topic, SECOND);
    expect(await rig.failure(sink)).toMatch(/java\.sql\.SQLException: Exception chain:\n.*Duplicate entry '(7|1)' for key 'PRIMARY'/);
    expect(await rig.rows(`SELECT id, name FROM ${table} ORDER BY id`)).toEqual([
      ['1', 'a'],
      ['2', '둘 😀'],
    ]);
  });
});

describe('upsert', () => {
  test('with the coordinates in Kafka as key', async () => {
    await rig.database.run(
      'CREATE TABLE upsert_kafka (__connect_topic VARCHAR(249), __connect_partition INT, __connect_offset BIGINT, id INT, name TEXT, n BIGINT, PRIMARY KEY (__connect_topic, __connect_partition, __connect_offset))',
    );
    await rig.sink('upsert_kafka', { 'insert.mode': 'upsert', 'pk.mode': 'kafka' }, FIRST);
    await rig.waitRows('SELECT __connect_offset, id, name FROM upsert_kafka ORDER BY 1', [
      ['0', '1', 'a'],
      ['1', '2', '둘 😀'],
    ]);
  });

  test('with a key that is no struct: the last record of a key wins', async () => {
    await rig.sink('upsert_key', { 'insert.mode': 'upsert', 'pk.mode': 'record_key', 'pk.fields': 'k', 'auto.create': 'true' }, [
      ...FIRST,
      ...SECOND,
    ]);
    await rig.waitRows('SELECT k, id, name, n FROM upsert_key ORDER BY k', [
      ['7', '1', 'again', '9007199254740993'],
      ['8', '2', '둘 😀', null],
      ['9', '3', null, '3'],
    ]);
  });

  test('with a struct as key, all of its fields', async () => {
    const records = [
      { key: key({ x: 1, y: 1 }), value: value({ id: 1, name: 'a', n: 1 }) },
      { key: key({ x: 1, y: 2 }), value: value({ id: 2, name: 'b', n: 2 }) },
      { key: key({ x: 1, y: 1 }), value: value({ id: 3, name: 'c', n: 3 }) },
    ];
    await rig.sink('upsert_struct', { 'insert.mode': 'upsert', 'pk.mode': 'record_key', 'auto.create': 'true' }, records);
    await rig.waitRows('SELECT x, y, id, name FROM upsert_struct ORDER BY x, y', [
      ['1', '1', '3', 'c'],
      ['1', '2', '2', 'b'],
    ]);
  });

  test('with fields of the value, and with nothing but these', async () => {
    const settings = { 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'auto.create': 'true' };
    await rig.sink('upsert_value', { ...settings, 'pk.fields': 'id' }, [...FIRST, ...SECOND]);
    const ids = structs({ id: 'int32' });
    await rig.sink('upsert_only', settings, [{ value: ids({ id: 1 }) }, { value: ids({ id: 2 }) }, { value: ids({ id: 1 }) }]);
    await rig.waitRows('SELECT id, name, n FROM upsert_value ORDER BY id', [
      ['1', 'again', '9007199254740993'],
      ['2', '둘 😀', null],
      ['3', null, '3'],
    ]);
    await rig.waitRows('SELECT id FROM upsert_only ORDER BY id', [['1'], ['2']]);
  });

  test('a column that is not of the record keeps its value, and so do fields that are left out', async () => {
    await rig.database.run(
      "CREATE TABLE upsert_some (id INT PRIMARY KEY, name TEXT, n BIGINT, own VARCHAR(9) DEFAULT 'mine')",
      "INSERT INTO upsert_some VALUES (1, 'old', 5, 'ours')",
    );
    const settings = { 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': 'id', 'fields.whitelist': 'name' };
    await rig.sink('upsert_some', settings, FIRST);
    await rig.waitRows('SELECT id, name, n, own FROM upsert_some ORDER BY id', [
      ['1', 'a', '5', 'ours'],
      ['2', '둘 😀', null, 'mine'],
    ]);
  });

  test('without key fields it is refused', async () => {
    const sink = await rig.sink('upsert_none', { 'insert.mode': 'upsert', 'auto.create': 'true' }, FIRST, { waits: false });
    expect(await rig.failure(sink)).toContain(
      "Write to table 'upsert_none' in UPSERT mode requires key field names to be known, check the primary key configuration",
    );
  });
});

describe('update', () => {
  const prepare = (table: string) =>
    rig.database.run(
      `CREATE TABLE ${table} (k INT, id INT, name TEXT, n BIGINT)`,
      `INSERT INTO ${table} VALUES (7, 1, 'old', 0), (8, 2, 'old', 0)`,
    );

  test.each([
    ['record_key', 'k'],
    ['record_value', 'id'],
  ])('with %s: rows that are there change, no others come', async (mode, field) => {
    const table = `update_${mode}`;
    await prepare(table);
    const sink = await rig.sink(table, { 'insert.mode': 'update', 'pk.mode': mode, 'pk.fields': field }, [...FIRST, ...SECOND]);
    await rig.waitDone(sink);
    expect(await rig.rows(`SELECT k, id, name, n FROM ${table} ORDER BY k`)).toEqual([
      ['7', '1', 'again', '9007199254740993'],
      ['8', '2', '둘 😀', null],
    ]);
  });

  test('with the coordinates in Kafka as key', async () => {
    await rig.database.run('CREATE TABLE update_kafka (t VARCHAR(249), p INT, o BIGINT, id INT, name TEXT, n BIGINT)');
    const settings = { 'insert.mode': 'update', 'pk.mode': 'kafka', 'pk.fields': 't,p,o' };
    const sink = await rig.sink('update_kafka', settings, FIRST);
    await rig.waitDone(sink);
    expect(await rig.rows('SELECT * FROM update_kafka')).toEqual([]);
    await rig.database.run(`INSERT INTO update_kafka VALUES ('${sink.topic}', 0, 2, 0, 'old', 0)`);
    await rig.send(sink.topic, SECOND);
    await rig.waitRows('SELECT o, id, name FROM update_kafka', [['2', '1', 'again']]);
  });

  test('without a key it is refused: it would change every row', async () => {
    await prepare('update_none');
    const sink = await rig.sink('update_none', { 'insert.mode': 'update' }, FIRST, { waits: false });
    expect(await rig.failure(sink)).toContain("Write to table 'update_none' in UPDATE mode requires key field names to be known");
    expect(await rig.rows('SELECT DISTINCT name FROM update_none')).toEqual([['old']]);
  });
});

describe('deletes', () => {
  const settings = { 'insert.mode': 'upsert', 'pk.mode': 'record_key', 'delete.enabled': 'true', 'auto.create': 'true' };

  test('tombstones delete, in the order of the records', async () => {
    await rig.sink('deletes', { ...settings, 'pk.fields': 'k' }, [
      // There is no table yet.
      { key: keyOf(50), value: null },
      ...FIRST,
      { key: keyOf(7), value: null },
      { key: keyOf(3), value: value({ id: 3, name: 'c', n: null }) },
      { key: keyOf(3), value: null },
      { key: keyOf(3), value: value({ id: 4, name: 'again', n: null }) },
      { key: keyOf(50), value: null },
      { key: keyOf(51), value: null },
      { key: keyOf(99), value: value({ id: 99, name: 'end', n: null }) },
    ]);
    await rig.waitRows('SELECT k, id, name FROM deletes ORDER BY k', [
      ['3', '4', 'again'],
      ['8', '2', '둘 😀'],
      ['99', '99', 'end'],
    ]);
  });

  test('by several fields', async () => {
    const row = (x: number, y: number) => ({ key: key({ x, y }), value: value({ id: x * 10 + y, name: null, n: null }) });
    await rig.sink('deletes_struct', settings, [
      ...[row(1, 1), row(1, 2), row(2, 1), row(2, 2)],
      { key: key({ x: 1, y: 2 }), value: null },
      { key: key({ x: 2, y: 1 }), value: null },
      row(3, 3),
    ]);
    await rig.waitRows('SELECT id FROM deletes_struct ORDER BY id', [['11'], ['22'], ['33']]);
  });

  test('switched off, a tombstone fails the task with the sentence of the original', async () => {
    const sink = await rig.sink(
      'deletes_off',
      { 'pk.mode': 'record_key', 'pk.fields': 'k', 'auto.create': 'true' },
      [{ key: keyOf(1), value: null }],
      {
        waits: false,
      },
    );
    expect(await rig.failure(sink)).toContain(
      `Sink connector '${sink.name}' is configured with 'delete.enabled=false' and 'pk.mode=record_key' and therefore requires records with a non-null Struct or String value and non-null Struct or String schema, but found record at (topic='${sink.topic}',partition=0,offset=0,`,
    );
  });
});

describe('names', () => {
  test('each topic its table, and several topics one table', async () => {
    const first = await rig.sink(`pre_${TOPIC}`, { 'auto.create': 'true' }, FIRST);
    await rig.waitRows(`SELECT id FROM \`pre_${first.topic}\` ORDER BY id`, [['1'], ['2']]);
    const second = await rig.sink('one_table', { 'auto.create': 'true', topics: `${first.topic},${first.name}-none` }, []);
    await rig.waitRows('SELECT id FROM one_table ORDER BY id', [['1'], ['2']]);
    expect(second.name).not.toBe(first.name);
  });

  test('a database of its own, and a table with points in its name', async () => {
    const { name } = rig.database;
    await rig.sink(`${name}.qualified`, { 'auto.create': 'true' }, FIRST);
    await rig.sink('`a.b`', { 'auto.create': 'true' }, FIRST);
    await rig.waitRows('SELECT id FROM qualified ORDER BY id', [['1'], ['2']]);
    await rig.waitRows('SELECT id FROM `a.b` ORDER BY id', [['1'], ['2']]);
  });

  test('hostile ones are names, and nothing else', async () => {
    const names = ['select', '한글 열', "a'b", 'a"b', 'a`b', 'a); DROP TABLE witness; --', TOPIC, 'a\\', '?', 'a.b', 'A b\tc'];
    const hostile = structs(Object.fromEntries([['id', 'int32'], ...names.map((name) => [name, 'string?'])]), 'h; DROP TABLE witness');
    const values = ["'", "\\'; DROP TABLE witness; --", '\\', '"', '`', "''", '?', ':x', '\0', '\x1a', '\u00a5'];
    await rig.database.run('CREATE TABLE witness (id INT)');
    const table = '`q"uo\'te; DROP TABLE witness; -- 표`';
    await rig.sink(table, { 'auto.create': 'true', 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': 'id' }, [
      { value: hostile({ id: 1, ...Object.fromEntries(names.map((name, i) => [name, values[i]])) }) },
      { value: hostile({ id: 2, ...Object.fromEntries(names.map((name, i) => [name, `${values[i]}${values[i]}'`])) }) },
    ]);
    const columns = names.map((name) => `\`${name.replaceAll('`', '``')}\``).join(', ');
    await rig.waitRows(`SELECT ${columns} FROM ${table} ORDER BY id`, [values, values.map((text) => `${text}${text}'`)]);
    expect(await rig.rows('SELECT * FROM witness')).toEqual([]);
  });

  test('without quotes, a name that needs them is refused', async () => {
    const hostile = structs({ id: 'int32', 'id) SELECT 1 -- ': 'string?' });
    const sink = await rig.sink('bare', { 'auto.create': 'true', 'quote.sql.identifiers': 'never' }, [{ value: hostile({ id: 1 }) }], {
      waits: false,
    });
    expect(await rig.failure(sink)).toContain(
      'The name "id) SELECT 1 -- " cannot stand in SQL without quotes: set quote.sql.identifiers=always.',
    );
  });
});
