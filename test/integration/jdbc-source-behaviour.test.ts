/** What a JDBC source reads and when: several timestamps, delays, starts, microseconds, names, queries, changes of a table while it runs, pauses. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { parseJdbcUrl } from '../../src/mysql/jdbc-url.ts';
import { openConnection } from '../../src/mysql/open-connection.ts';
import { type JdbcSourceRig, schemaOf, startJdbcSourceRig } from '../helpers/jdbc-source-rig.ts';
import type { StatementRecord } from '../helpers/mariadb.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let rig: JdbcSourceRig;
let log: StatementRecord;
beforeAll(async () => {
  rig = await startJdbcSourceRig('srcbehave', { tables: ['products', 'customers'] });
  log = await rig.database.recordStatements();
}, 120_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

const byId = { mode: 'incrementing', 'incrementing.column.name': 'id' };
const idsIn = (payloads: readonly string[], field = 'id') =>
  payloads.map((payload) => (JSON.parse(payload) as Record<string, number>)[field]);

describe('timestamps', () => {
  test('of two columns the first that is not NULL counts', async () => {
    await rig.database.run(
      'CREATE TABLE two_times (id INT PRIMARY KEY, m DATETIME NULL, c DATETIME NOT NULL)',
      "INSERT INTO two_times VALUES (1,NULL,'2022-01-05'),(2,'2022-01-03','2022-01-01'),(3,NULL,'2022-01-02')",
    );
    const source = await rig.source('two', { 'table.whitelist': 'two_times', mode: 'timestamp', 'timestamp.column.name': 'M,c' });
    const topic = `${source.prefix}two_times`;
    expect(idsIn(await rig.payloads(topic, 3))).toEqual([3, 2, 1]);
    await rig.database.run("UPDATE two_times SET m='2022-02-01' WHERE id=3");
    expect(idsIn(await rig.payloads(topic, 4))).toEqual([3, 2, 1, 3]);
    const table = `\`${rig.database.name}\`.\`two_times\``;
    expect(
      log
        .statements()
        .some((sql) => sql.startsWith(`SELECT * FROM ${table} WHERE COALESCE(${table}.\`m\`,${table}.\`c\`) > '2022-01-05 00:00:00'`)),
    ).toBe(true);
    await rig.remove(source);
  });

  test('microseconds live in the offset: no row twice, none skipped, over a restart', async () => {
    await rig.database.run(
      'CREATE TABLE micros (id INT PRIMARY KEY, ts DATETIME(6) NOT NULL)',
      "INSERT INTO micros VALUES (1,'2022-01-01 00:00:00.123456'),(2,'2022-01-01 00:00:00.123457'),(3,'2022-01-01 00:00:00.123999')",
    );
    const source = await rig.source('micros', { 'table.whitelist': 'micros', mode: 'timestamp', 'timestamp.column.name': 'ts' });
    const partition = { protocol: '1', table: `${rig.database.name}.micros` };
    await rig.payloads(`${source.prefix}micros`, 3);
    await rig.waitOffsets(source, [{ partition, offset: { timestamp_nanos: 123_999_000, timestamp: 1_640_995_200_123 } }]);
    await rig.restart(() => rig.database.run("INSERT INTO micros VALUES (4,'2022-01-01 00:00:00.123998'),(5,'2022-01-01 00:00:00.124')"));
    await rig.waitOffsets(source, [{ partition, offset: { timestamp_nanos: 124_000_000, timestamp: 1_640_995_200_124 } }]);
    expect(idsIn(await rig.payloads(`${source.prefix}micros`, 4))).toEqual([1, 2, 3, 5]);
    await rig.remove(source);
  });

  test('a row of now is held back for the delay, and one that is committed late meanwhile is not lost', async () => {
    const config = {
      'table.whitelist': 'products',
      mode: 'timestamp',
      'timestamp.column.name': 'modified',
      'timestamp.delay.interval.ms': '4000',
    };
    const source = await rig.source('delay', config);
    const readings = async () => Number((await rig.figures(source)).readings_total);
    await waitUntil('it has read once', async () => (await readings()) > 0);
    const late = await openConnection(parseJdbcUrl(rig.database.url), { clock: systemClock });
    await late.begin();
    await late.execute("INSERT INTO products(name, modified) VALUES ('late', NOW() - INTERVAL 1 SECOND)");
    await rig.database.run('SET timestamp=DEFAULT', "INSERT INTO products(name) VALUES ('early')");
    const before = await readings();
    await waitUntil('it reads once more while the row is not committed', async () => (await readings()) > before);
    await late.commit();
    await late.close();
    const { rows } = await rig.database.root.query('SELECT UNIX_TIMESTAMP()');
    const payloads = await rig.payloads(`${source.prefix}products`, 2);
    expect(payloads.map((payload) => (JSON.parse(payload) as { name: string }).name)).toEqual(['late', 'early']);
    const { rows: after } = await rig.database.root.query('SELECT UNIX_TIMESTAMP()');
    expect(Number(after[0]![0]) - Number(rows[0]![0])).toBeGreaterThanOrEqual(4);
    await rig.remove(source);
  });

  test('timestamp.initial: from a moment on, or from now', async () => {
    await rig.database.run(
      'CREATE TABLE initial (id INT PRIMARY KEY, ts DATETIME NOT NULL)',
      "INSERT INTO initial VALUES (1,'2022-05-31 23:59:59'),(2,'2022-06-01 00:00:00'),(3,'2022-06-01 00:00:01')",
    );
    const config = { 'table.whitelist': 'initial', mode: 'timestamp', 'timestamp.column.name': 'ts' };
    const moment = await rig.source('initial', { ...config, 'timestamp.initial': '1654041600000' });
    const now = await rig.source('initial-now', { ...config, 'timestamp.initial': '-1' });
    expect(idsIn(await rig.payloads(`${moment.prefix}initial`, 1))).toEqual([3]);
    await waitUntil('the second one has read', async () => Number((await rig.figures(now)).readings_total) > 0);
    await rig.database.run('INSERT INTO initial VALUES (4, NOW() + INTERVAL 1 SECOND)');
    expect(idsIn(await rig.payloads(`${now.prefix}initial`, 1))).toEqual([4]);
    expect(idsIn(await rig.payloads(`${moment.prefix}initial`, 2))).toEqual([3, 4]);
    await rig.remove(moment);
    await rig.remove(now);
  });

  test('rows of one time come together, also where the batch is smaller', async () => {
    await rig.database.run(
      'CREATE TABLE same (id INT PRIMARY KEY, ts DATETIME NOT NULL, KEY (ts))',
      "INSERT INTO same SELECT seq, '2022-01-23 02:00:00' + INTERVAL (seq DIV 7) SECOND FROM seq_1_to_40",
    );
    const config = { 'table.whitelist': 'same', mode: 'timestamp', 'timestamp.column.name': 'ts', 'batch.max.rows': '2' };
    const source = await rig.source('same', config);
    const all = Array.from({ length: 40 }, (_, i) => i + 1);
    expect(idsIn(await rig.payloads(`${source.prefix}same`, 40))).toEqual(all);
    await rig.restart(() => rig.database.run("INSERT INTO same VALUES (41, '2022-01-23 03:00:00')"));
    expect(idsIn(await rig.payloads(`${source.prefix}same`, 41))).toEqual([...all, 41]);
    await rig.remove(source);
  });
});

test('ids: the AUTO_INCREMENT column by itself, beyond 2^53, none below 0', async () => {
  await rig.database.run(
    'CREATE TABLE auto_id (v VARCHAR(5), k BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY)',
    "INSERT INTO auto_id VALUES ('n',-5),('a',1),('b',9007199254740993)",
  );
  const source = await rig.source('auto', { 'table.whitelist': 'auto_id', mode: 'incrementing' });
  expect(await rig.payloads(`${source.prefix}auto_id`, 2)).toEqual(['{"v":"a","k":1}', '{"v":"b","k":9007199254740993}']);
  const partition = { protocol: '1', table: `${rig.database.name}.auto_id` };
  await waitUntil('the offset is whole', async () => {
    const { text } = await rig.worker.rest('GET', `/connectors/${source.name}/offsets`);
    return text === `{"offsets":[{"partition":${JSON.stringify(partition)},"offset":{"incrementing":9007199254740993}}]}` ? true : text;
  });
  await rig.remove(source);
});

test('names without quotes, a suffix, names that want quotes', async () => {
  await rig.database.run(
    'CREATE TABLE plain (id INT PRIMARY KEY)',
    'INSERT INTO plain VALUES (1),(2),(3)',
    'CREATE TABLE `주문 "x`` y` (`select` INT PRIMARY KEY)',
    'INSERT INTO `주문 "x`` y` VALUES (7)',
  );
  const source = await rig.source('never', {
    ...byId,
    'table.whitelist': 'plain',
    'quote.sql.identifiers': 'never',
    'query.suffix': 'LIMIT 1',
  });
  expect(idsIn(await rig.payloads(`${source.prefix}plain`, 3))).toEqual([1, 2, 3]);
  const { name } = rig.database;
  expect(log.statements()).toContain(`SELECT * FROM ${name}.plain WHERE ${name}.plain.id > 1 ORDER BY ${name}.plain.id ASC LIMIT 1`);
  await rig.remove(source);
  // No topic can have such a name: a transform gives it one.
  const strange = await rig.source('strange', {
    ...{ mode: 'incrementing', 'incrementing.column.name': 'select', 'table.include.list': '', 'table.whitelist': '주문 "x` y' },
    ...{ transforms: 'r', 'transforms.r.type': 'org.apache.kafka.connect.transforms.RegexRouter' },
    ...{ 'transforms.r.regex': '.*', 'transforms.r.replacement': `${name}-strange` },
  });
  expect(await rig.payloads(`${name}-strange`, 1)).toEqual(['{"select":7}']);
  await rig.remove(strange);
});

test('queries: topic is the prefix, schema without a name, one partition of offsets; one that is not to be seen is seen nowhere', async () => {
  await rig.database.run('CREATE TABLE q (id INT NOT NULL PRIMARY KEY, v VARCHAR(10))', "INSERT INTO q VALUES (1,'a'),(2,'b'),(3,'c')");
  const query = 'SELECT * FROM (SELECT id, v AS secret_word FROM q WHERE id < 3) o';
  const source = await rig.source('query', { ...byId, query, 'catalog.pattern': '' });
  const records = await rig.records(source.prefix, 2);
  expect(idsIn(await rig.payloads(source.prefix, 2))).toEqual([1, 2]);
  expect(schemaOf(records[0]!)).not.toHaveProperty('name');
  await rig.waitOffsets(source, [{ partition: { query: 'query' }, offset: { incrementing: 2 } }]);
  expect(log.statements()).toContain(`${query} WHERE \`id\` > 2 ORDER BY \`id\` ASC`);
  await rig.remove(source);
  const masked = await rig.source('masked', { ...byId, 'query.masked': query.replace('secret_word', 'top_secret'), 'catalog.pattern': '' });
  expect(idsIn(await rig.payloads(masked.prefix, 2))).toEqual([1, 2]);
  const { sql } = await rig.figures(masked);
  expect(sql).toBe('[hidden] WHERE `id` > ? ORDER BY `id` ASC');
  await rig.database.run('RENAME TABLE q TO q_away');
  const trace = await rig.failure(masked);
  expect(trace).toContain('The query of query.masked failed: error 1146, SQLState 42S02.');
  expect(trace + rig.worker.log()).not.toContain('top_secret');
  await rig.remove(masked);
});

test('a column that comes while it runs is in the records behind it', async () => {
  await rig.database.run('CREATE TABLE evolving (id INT PRIMARY KEY)', 'INSERT INTO evolving VALUES (1)');
  const source = await rig.source('evolving', { ...byId, 'table.whitelist': 'evolving' });
  const topic = `${source.prefix}evolving`;
  await rig.payloads(topic, 1);
  await rig.database.run(
    "ALTER TABLE evolving ADD COLUMN v VARCHAR(5) NOT NULL DEFAULT 'x', MODIFY id BIGINT",
    "INSERT INTO evolving VALUES (2,'y')",
  );
  const records = await rig.records(topic, 2);
  expect(await rig.payloads(topic, 2)).toEqual(['{"id":1}', '{"id":2,"v":"y"}']);
  expect(JSON.stringify(records.map((record) => (schemaOf(record) as { fields: { type: string }[] }).fields.map(({ type }) => type)))).toBe(
    '[["int32"],["int64","string"]]',
  );
  await rig.remove(source);
});

test('a pause: nothing comes; after it all comes', async () => {
  await rig.database.run('CREATE TABLE pausing (id INT PRIMARY KEY)', 'INSERT INTO pausing VALUES (1)');
  const source = await rig.source('pausing', { ...byId, 'table.whitelist': 'pausing' });
  const topic = `${source.prefix}pausing`;
  await rig.payloads(topic, 1);
  await rig.worker.rest('PUT', `/connectors/${source.name}/pause`);
  await waitUntil('it is paused', async () => (await rig.worker.states(source.name)).every((state) => state === 'PAUSED'));
  const readings = async () => (await rig.figures(source)).readings_total;
  const before = await readings();
  await rig.database.run('INSERT INTO pausing VALUES (2)');
  // Another connector reads meanwhile: time has passed.
  await rig.database.run('CREATE TABLE meanwhile (id INT PRIMARY KEY)', 'INSERT INTO meanwhile VALUES (1)');
  const other = await rig.source('meanwhile', { ...byId, 'table.whitelist': 'meanwhile' });
  await waitUntil('the other one has read several times', async () => Number((await rig.figures(other)).readings_total) > 3);
  expect([await readings(), await rig.count(topic)]).toEqual([before, 1]);
  await rig.worker.rest('PUT', `/connectors/${source.name}/resume`);
  expect(idsIn(await rig.payloads(topic, 2))).toEqual([1, 2]);
  await rig.remove(source);
  await rig.remove(other);
});

test('one task, a big table and a small one: neither waits for ever; figures of both', async () => {
  await rig.database.run(
    'CREATE TABLE fair_big (id INT PRIMARY KEY)',
    'INSERT INTO fair_big SELECT seq FROM seq_1_to_5000',
    'CREATE TABLE fair_small (id INT PRIMARY KEY)',
    'INSERT INTO fair_small VALUES (1)',
  );
  const source = await rig.source('fair', { ...byId, 'table.whitelist': 'fair_big,fair_small', 'tasks.max': '1' });
  expect(idsIn(await rig.payloads(`${source.prefix}fair_big`, 5000))).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  await rig.payloads(`${source.prefix}fair_small`, 1);
  await rig.database.run('INSERT INTO fair_small VALUES (2)');
  await rig.payloads(`${source.prefix}fair_small`, 2);
  const big = `\`${rig.database.name}\`.\`fair_big\``;
  const figures = await rig.figures(source, big);
  expect(figures).toMatchObject({
    rows_total: '5000',
    errors_total: '0',
    retries: '0',
    offset_incrementing: '5000',
    offset: '{"incrementing":5000}',
    parameters: '["5000"]',
    sql: `SELECT * FROM ${big} WHERE ${big}.\`id\` > ? ORDER BY ${big}.\`id\` ASC`,
  });
  expect(Number(figures.lag_ms)).toBeGreaterThanOrEqual(0);
  await rig.remove(source);
});

test('columns that cannot be tracked are refused by name, unless that is allowed', async () => {
  await rig.database.run(
    'CREATE TABLE maybe (id INT NULL, ts DATETIME NULL, v INT NOT NULL)',
    "INSERT INTO maybe VALUES (1,NULL,1),(NULL,'2022-01-01',2),(3,'2022-01-02',3)",
  );
  const table = `\`${rig.database.name}\`.\`maybe\``;
  const byTime = { mode: 'timestamp', 'timestamp.column.name': 'ts' };
  const refused = async (config: Readonly<Record<string, string>>, said: string) => {
    const source = await rig.source('maybe', { 'table.whitelist': 'maybe', ...config }, { waits: false });
    expect(await rig.failure(source)).toContain(said);
    await rig.remove(source);
  };
  await refused(byId, `Cannot make incremental queries using incrementing column id on ${table} because this column is nullable.`);
  await refused(
    byTime,
    `Cannot make incremental queries using timestamp columns ts on ${table} because all of these columns are nullable.`,
  );
  await refused({ ...byId, 'incrementing.column.name': 'nope' }, `Incrementing column: nope does not exist in table '${table}'`);
  await refused({ ...byTime, 'timestamp.column.name': 'nope' }, `Timestamp columns: nope do not exist in table '${table}'`);
  const ids = await rig.source('maybe', { 'table.whitelist': 'maybe', ...byId, 'validate.non.null': 'false' });
  expect(idsIn(await rig.payloads(`${ids.prefix}maybe`, 2))).toEqual([1, 3]);
  const times = await rig.source('maybe', { 'table.whitelist': 'maybe', ...byTime, 'validate.non.null': 'false' });
  expect(idsIn(await rig.payloads(`${times.prefix}maybe`, 2), 'v')).toEqual([2, 3]);
  await rig.remove(ids);
  await rig.remove(times);
});
