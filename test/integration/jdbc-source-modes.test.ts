/**
 * The seed document's connectors on the seed's tables: SQL to the letter as it reaches the database, records and offsets as the original's, restarts in
 * between, and the ways to begin again. Values: captured from kafka-connect-jdbc 10.10 on MariaDB 10.11.
 */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JdbcSourceRig, payloadOf, startJdbcSourceRig } from '../helpers/jdbc-source-rig.ts';
import { createDatabase, type StatementRecord } from '../helpers/mariadb.ts';
import { produceRecords, testKafka, uniqueName, valuesOf } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { groupTopics, startWorkerProcess } from '../helpers/worker-process.ts';

let rig: JdbcSourceRig;
let log: StatementRecord;
beforeAll(async () => {
  rig = await startJdbcSourceRig('srcmodes', { tables: ['customers', 'products', 'orders', 'bulk_tab'] });
  log = await rig.database.recordStatements();
}, 120_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

const time = (field: string) =>
  `{"type":"int64","optional":false,"name":"org.apache.kafka.connect.data.Timestamp","version":1,"field":"${field}"}`;
const simple = (type: string, field: string, optional = false) => `{"type":"${type}","optional":${optional},"field":"${field}"}`;
const head = (name: string, ...fields: string[]) =>
  `{"schema":{"type":"struct","fields":[${fields.join(',')}],"optional":false,"name":"${name}"},"payload":`;

const CUSTOMERS = head(
  'customers',
  simple('int32', 'id'),
  simple('string', 'name'),
  simple('string', 'email'),
  time('created'),
  time('modified'),
);
const PRODUCTS = head('products', simple('int32', 'seq'), simple('string', 'name'), time('created'), time('modified'));
const ORDERS = head('orders', simple('int32', 'seq'), simple('string', 'name'), simple('string', 'product'));
const BULK = head('bulk_tab', simple('string', 'name', true), simple('string', 'log', true));

/** Whole records: envelope and all. */
const whole = (envelope: string, ...payloads: string[]) => payloads.map((payload) => `${envelope}${payload}}`);

/** Statements on a table, with the end of the time that was asked for as `<now>`. */
function statementsOn(table: string): string[] {
  const name = rig.database.name;
  return log
    .statements()
    .filter((sql) => sql.startsWith(`SELECT * FROM \`${name}\`.\`${table}\``))
    .map((sql) => sql.replaceAll(name, 'kafkadb').replace(/< '2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d'/, "< '<now>'"));
}

const partition = (table: string) => ({ protocol: '1', table: `${rig.database.name}.${table}` });

test('timestamp+incrementing: new rows and changed ones, each with a place of its own', async () => {
  const { run } = rig.database;
  await run(
    'SET timestamp=1642725853',
    "INSERT INTO customers(name, email) values('jyp','ypjeong@kafka.com')",
    "INSERT INTO customers(name, email) values('jyh','yhjeon@kafka.com')",
    'SET timestamp=1642725860.25',
    "INSERT INTO customers(name, email) values('kky','kykim@kafka.com')",
  );
  const source = await rig.source('ti', {
    'table.whitelist': 'customers',
    mode: 'timestamp+incrementing',
    'timestamp.column.name': 'modified',
    'incrementing.column.name': 'id',
  });
  const topic = `${source.prefix}customers`;
  const first = whole(
    CUSTOMERS,
    '{"id":1,"name":"jyp","email":"ypjeong@kafka.com","created":1642725853000,"modified":1642725853000}',
    '{"id":2,"name":"jyh","email":"yhjeon@kafka.com","created":1642725853000,"modified":1642725853000}',
    '{"id":3,"name":"kky","email":"kykim@kafka.com","created":1642725860000,"modified":1642725860000}',
  );
  expect(await rig.records(topic, 3)).toEqual(first);
  await rig.waitOffsets(source, [
    { partition: partition('customers'), offset: { timestamp_nanos: 0, incrementing: 3, timestamp: 1_642_725_860_000 } },
  ]);
  // The second row is committed late, with a time that is read already: never seen.
  await run(
    'SET timestamp=1642725900',
    "UPDATE customers SET name='전용필' WHERE id=1",
    "INSERT INTO customers(name,email,modified) VALUES('late','late@kafka.com','2022-01-21 00:44:13')",
  );
  await rig.records(topic, 4);
  await rig.waitOffsets(source, [
    { partition: partition('customers'), offset: { timestamp_nanos: 0, incrementing: 1, timestamp: 1_642_725_900_000 } },
  ]);
  await rig.restart(async () => {
    await run('SET timestamp=1642726000', "INSERT INTO customers(name,email) VALUES('after','after@kafka.com')");
  });
  expect(await rig.records(topic, 5)).toEqual([
    ...first,
    ...whole(
      CUSTOMERS,
      '{"id":1,"name":"전용필","email":"ypjeong@kafka.com","created":1642725853000,"modified":1642725900000}',
      '{"id":5,"name":"after","email":"after@kafka.com","created":1642726000000,"modified":1642726000000}',
    ),
  ]);
  const select = (begin: string, id: number) =>
    `SELECT * FROM \`kafkadb\`.\`customers\` WHERE \`kafkadb\`.\`customers\`.\`modified\` < '<now>' AND ((\`kafkadb\`.\`customers\`.\`modified\` = '${begin}' AND \`kafkadb\`.\`customers\`.\`id\` > ${id}) OR \`kafkadb\`.\`customers\`.\`modified\` > '${begin}') ORDER BY \`kafkadb\`.\`customers\`.\`modified\`,\`kafkadb\`.\`customers\`.\`id\` ASC`;
  expect([...new Set(statementsOn('customers'))].slice(0, 3)).toEqual([
    select('1970-01-01 00:00:00', -1),
    select('2022-01-21 00:44:20', 3),
    select('2022-01-21 00:45:00', 1),
  ]);
  await rig.remove(source);
});

test('timestamp: rows of one time, one that is late, one in the future', async () => {
  const { run } = rig.database;
  await run(
    'SET timestamp=1642904780',
    "INSERT INTO products(name) values('computer')",
    'SET timestamp=1642904785',
    "INSERT INTO products(name) values('mouse')",
  );
  const source = await rig.source('t', { 'table.whitelist': 'products', mode: 'timestamp', 'timestamp.column.name': 'modified' });
  const topic = `${source.prefix}products`;
  await rig.records(topic, 2);
  await rig.waitOffsets(source, [{ partition: partition('products'), offset: { timestamp_nanos: 0, timestamp: 1_642_904_785_000 } }]);
  await rig.restart(() =>
    run(
      'SET timestamp=1642904999',
      "INSERT INTO products(name,modified) values('equal','2022-01-23 02:26:25'),('later','2022-01-23 02:26:26'),('future','2037-01-01 00:00:00')",
    ),
  );
  expect(await rig.records(topic, 3)).toEqual(
    whole(
      PRODUCTS,
      '{"seq":1,"name":"computer","created":1642904780000,"modified":1642904780000}',
      '{"seq":2,"name":"mouse","created":1642904785000,"modified":1642904785000}',
      '{"seq":4,"name":"later","created":1642904999000,"modified":1642904786000}',
    ),
  );
  await rig.waitOffsets(source, [{ partition: partition('products'), offset: { timestamp_nanos: 0, timestamp: 1_642_904_786_000 } }]);
  const select = (begin: string) =>
    `SELECT * FROM \`kafkadb\`.\`products\` WHERE \`kafkadb\`.\`products\`.\`modified\` > '${begin}' AND \`kafkadb\`.\`products\`.\`modified\` < '<now>' ORDER BY \`kafkadb\`.\`products\`.\`modified\` ASC`;
  expect([...new Set(statementsOn('products'))].slice(0, 3)).toEqual([
    select('1970-01-01 00:00:00'),
    select('2022-01-23 02:26:25'),
    select('2022-01-23 02:26:26'),
  ]);
  await rig.remove(source);
});

test('incrementing: ids only; what the task says in its log', async () => {
  const { run, name } = rig.database;
  await run("INSERT INTO orders(name, product) values('jyp', 'computer'), ('jyp', 'mouse'), ('jyp', 'keyboard')");
  const source = await rig.source('i', { 'table.whitelist': 'orders', mode: 'incrementing', 'incrementing.column.name': 'seq' });
  const topic = `${source.prefix}orders`;
  await rig.records(topic, 3);
  await rig.waitOffsets(source, [{ partition: partition('orders'), offset: { incrementing: 3 } }]);
  const said = () =>
    rig.worker
      .log()
      .split('\n')
      .filter((line) => line.includes(`[${source.name}|task-0]`))
      .join('\n');
  expect(said()).toContain(`Partition offset for '\`${name}\`.\`orders\`' is null. Computing initial offset.`);
  expect(said()).toContain(
    `Begin using SQL query: SELECT * FROM \`${name}\`.\`orders\` WHERE \`${name}\`.\`orders\`.\`seq\` > ? ORDER BY \`${name}\`.\`orders\`.\`seq\` ASC`,
  );
  await rig.restart(() =>
    run(
      "INSERT INTO orders(name, product) values('정', '모니터')",
      'UPDATE orders SET name=1 WHERE seq=1',
      'DELETE FROM orders WHERE seq=2',
    ),
  );
  expect(await rig.records(topic, 4)).toEqual(
    whole(
      ORDERS,
      '{"seq":1,"name":"jyp","product":"computer"}',
      '{"seq":2,"name":"jyp","product":"mouse"}',
      '{"seq":3,"name":"jyp","product":"keyboard"}',
      '{"seq":4,"name":"정","product":"모니터"}',
    ),
  );
  expect(said()).toMatch(
    new RegExp(
      `Found offset \\{.*\\{protocol=1, table=${name}\\.orders\\}=\\{incrementing=3\\}.*\\} for partition \\{protocol=1, table=${name}\\.orders\\}`,
    ),
  );
  await rig.waitOffsets(source, [{ partition: partition('orders'), offset: { incrementing: 4 } }]);
  const { text } = await rig.worker.rest('GET', `/connectors/${source.name}/tasks`);
  expect((JSON.parse(text) as { config: Record<string, string> }[])[0]?.config).toMatchObject({
    'task.class': 'io.confluent.connect.jdbc.source.JdbcSourceTask',
    tables: `\`${name}\`.\`orders\``,
  });
  await rig.remove(source);
});

test('bulk: the whole table at each poll, no offsets, no place to go on from', async () => {
  await rig.database.run("INSERT INTO bulk_tab VALUES('a','one'),('b',NULL)");
  const source = await rig.source('b', { 'table.whitelist': 'bulk_tab', mode: 'bulk' });
  const topic = `${source.prefix}bulk_tab`;
  const both = whole(BULK, '{"name":"a","log":"one"}', '{"name":"b","log":null}');
  expect((await rig.records(topic, 4)).slice(0, 4)).toEqual([...both, ...both]);
  await rig.waitOffsets(source, []);
  await rig.database.run("INSERT INTO bulk_tab VALUES('c','three')");
  await waitUntil(
    'the new row is there, time and again',
    async () => (await rig.records(topic, 4)).filter((record) => record.includes('three')).length > 1,
  );
  expect(new Set(statementsOn('bulk_tab'))).toEqual(new Set(['SELECT * FROM `kafkadb`.`bulk_tab`']));
  await rig.remove(source);
});

describe('to begin again', () => {
  const config = { 'table.whitelist': 'orders', mode: 'incrementing', 'incrementing.column.name': 'seq' };
  const seqs = async (topic: string, count: number) =>
    (await rig.payloads(topic, count)).map((payload) => (JSON.parse(payload) as { seq: number }).seq);

  test('the file of offsets is deleted; the connector gets another name', async () => {
    const source = await rig.source('again', { ...config, 'topic.prefix': `${uniqueName('again')}-` });
    const topic = `${source.prefix}orders`;
    expect(await seqs(topic, 3)).toEqual([1, 3, 4]);
    await rig.waitOffsets(source, [{ partition: partition('orders'), offset: { incrementing: 4 } }]);
    const file = path.join(rig.worker.folder, 'connect.offsets');
    await rig.restart(async () => {
      expect(existsSync(file)).toBe(true);
      rmSync(file);
    });
    expect(await seqs(topic, 6)).toEqual([1, 3, 4, 1, 3, 4]);
    const renamed = await rig.source('again-new', { ...config, 'topic.prefix': source.prefix });
    expect(await seqs(topic, 9)).toEqual([1, 3, 4, 1, 3, 4, 1, 3, 4]);
    await rig.remove(source);
    await rig.remove(renamed);
  });

  test('by REST: offsets are reset, and set', async () => {
    const source = await rig.source('rest', config);
    const topic = `${source.prefix}orders`;
    await rig.waitOffsets(source, [{ partition: partition('orders'), offset: { incrementing: 4 } }]);
    const offsets = `/connectors/${source.name}/offsets`;
    const stop = () => rig.worker.rest('PUT', `/connectors/${source.name}/stop`);
    const resume = () => rig.worker.rest('PUT', `/connectors/${source.name}/resume`);
    await stop();
    await waitUntil('offsets are reset', async () => (await rig.worker.rest('DELETE', offsets)).status === 200);
    await resume();
    expect(await seqs(topic, 6)).toEqual([1, 3, 4, 1, 3, 4]);
    await stop();
    const body = { offsets: [{ partition: partition('orders'), offset: { incrementing: 3 } }] };
    await waitUntil('offsets are set', async () => (await rig.worker.rest('PATCH', offsets, body)).status === 200);
    await resume();
    expect(await seqs(topic, 7)).toEqual([1, 3, 4, 1, 3, 4, 4]);
    await rig.remove(source);
  });

  test('a tombstone for the key in the topic of offsets, while the connector is away', async () => {
    const group = uniqueName('jdbc');
    const name = uniqueName('dist');
    const kafka = testKafka();
    const worker = await startWorkerProcess({ group });
    const full = { ...config, 'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector', 'tasks.max': '1' };
    const put = () =>
      worker.rest('PUT', `/connectors/${name}/config`, {
        ...full,
        'connection.url': rig.database.url,
        'catalog.pattern': rig.database.name,
        'topic.prefix': `${name}-`,
        'poll.interval.ms': '200',
      });
    const key = `["${name}",{"protocol":"1","table":"${rig.database.name}.orders"}]`;
    const offsetsTopic = groupTopics(group)[1]!;
    try {
      expect((await put()).status).toBe(201);
      expect(await seqs(`${name}-orders`, 3)).toEqual([1, 3, 4]);
      await waitUntil('the offset is stored', async () => (await valuesOf(kafka, offsetsTopic)).includes('{"incrementing":4}'));
      expect((await worker.rest('DELETE', `/connectors/${name}`)).status).toBe(204);
      await produceRecords(kafka, offsetsTopic, [{ key, value: null }]);
      await waitUntil('the connector is there again', async () => (await put()).status === 201);
      expect(await seqs(`${name}-orders`, 6)).toEqual([1, 3, 4, 1, 3, 4]);
    } finally {
      await worker[Symbol.asyncDispose]();
      await kafka.admin().deleteTopics(groupTopics(group));
      await kafka.close();
    }
  });
});

test('three connectors on the command line, one table each, and two tables over two tasks', async () => {
  const database = await createDatabase('srcthree', ['customers', 'products', 'orders']);
  await database.run(
    'CREATE TABLE multitab1 (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20))',
    'CREATE TABLE multitab2 (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20))',
    'SET timestamp=1642725853',
    "INSERT INTO customers(name, email) values('jyp','ypjeong@kafka.com')",
    "INSERT INTO products(name) values('computer')",
    "INSERT INTO orders(name, product) values('jyp', 'computer')",
    "INSERT INTO multitab1(v) VALUES('1-1'),('1-2')",
    "INSERT INTO multitab2(v) VALUES('2-1')",
  );
  const prefix = `${uniqueName('three')}-`;
  const times = { 'timestamp.column.name': 'modified' };
  const connectors = Object.entries({
    'mysql-time-incre-source': {
      'table.whitelist': 'customers',
      mode: 'timestamp+incrementing',
      ...times,
      'incrementing.column.name': 'id',
    },
    'mysql-time-source': { 'table.whitelist': 'products', mode: 'timestamp', ...times },
    'mysql-incre-source': { 'table.whitelist': 'orders', mode: 'incrementing', 'incrementing.column.name': 'seq' },
    'mysql-multi-incre-source': { 'table.whitelist': 'multitab1,multitab2', mode: 'incrementing', 'incrementing.column.name': 'id' },
  }).map(([name, config]) => ({
    ...{ name, 'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector', 'tasks.max': '10' },
    ...{ 'connection.url': database.url, 'catalog.pattern': database.name, 'topic.prefix': prefix, ...config },
  }));
  const worker = await startWorkerProcess({ connectors });
  try {
    expect((await rig.records(`${prefix}customers`, 1)).map(payloadOf)).toEqual([
      '{"id":1,"name":"jyp","email":"ypjeong@kafka.com","created":1642725853000,"modified":1642725853000}',
    ]);
    expect(await rig.payloads(`${prefix}products`, 1)).toEqual([
      '{"seq":1,"name":"computer","created":1642725853000,"modified":1642725853000}',
    ]);
    expect(await rig.payloads(`${prefix}orders`, 1)).toEqual(['{"seq":1,"name":"jyp","product":"computer"}']);
    expect(await rig.payloads(`${prefix}multitab1`, 2)).toEqual(['{"id":1,"v":"1-1"}', '{"id":2,"v":"1-2"}']);
    expect(await rig.payloads(`${prefix}multitab2`, 1)).toEqual(['{"id":1,"v":"2-1"}']);
    expect(await worker.states('mysql-multi-incre-source')).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    for (const [task, table] of ['multitab1', 'multitab2'].entries())
      await worker.says(
        new RegExp(`\\[mysql-multi-incre-source\\|task-${task}\\] Begin using SQL query: SELECT \\* FROM \`\\w+\`\\.\`${table}\``),
      );
  } finally {
    await worker[Symbol.asyncDispose]();
    await database.drop();
  }
});
