/**
 * The JDBC sources of the user's document, as printed: three on one command line, two tables as two tasks, the REST calls. Only the name of the
 * database, the address and the user differ; the user sees this one database, as in the document.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Kafka } from '../../src/kafka/contract.ts';
import { createDatabase, type TestDatabase } from '../helpers/mariadb.ts';
import { countOf, testKafka, valuesOf } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { type Properties, startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const run = `seed-jdbc-${process.pid}-`;
let database: TestDatabase;
let kafka: Kafka;
let worker: WorkerProcess;
let url: string;
let user: string;

function seed(name: string, more: Properties): Properties {
  return {
    name,
    'connector.class': 'io.confluent.connect.jdbc.JdbcSourceConnector',
    'tasks.max': '10',
    'connection.url': url,
    ...more,
    'topic.prefix': run,
  };
}

beforeAll(async () => {
  database = await createDatabase('seedb', ['customers', 'products', 'orders']);
  user = `u_${database.name.slice(-8)}`;
  await database.run(
    `CREATE USER ${user} IDENTIFIED BY 'kafka123'`,
    `GRANT ALL ON \`${database.name}\`.* TO ${user}`,
    'CREATE TABLE multitab1 (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20))',
    'CREATE TABLE multitab2 (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20))',
    'SET timestamp=1642725853',
    "INSERT INTO customers(name, email) values('jyp','ypjeong@kafka.com')",
    "INSERT INTO customers(name, email) values('jyh','yhjeon@kafka.com')",
    "INSERT INTO products(name) values('computer'), ('mouse')",
    'SET timestamp=DEFAULT',
    "INSERT INTO orders(name, product) values('jyp', 'computer'), ('jyp', 'mouse'), ('jyp', 'keyboard')",
    "INSERT INTO multitab1(v) VALUES ('1-1'), ('1-2')",
    "INSERT INTO multitab2(v) VALUES ('2-1')",
  );
  url = `jdbc:mysql://${database.host}:${database.port}/${database.name}?user=${user}&password=kafka123`;
  kafka = testKafka();
  worker = await startWorkerProcess({
    connectors: [
      seed('mysql-timestamp-source', {
        'table.whitelist': 'customers',
        mode: 'timestamp+incrementing',
        'timestamp.column.name': 'modified',
        'incrementing.column.name': 'id',
      }),
      seed('mysql-time-source', { 'table.whitelist': 'products', mode: 'timestamp', 'timestamp.column.name': 'modified' }),
      seed('mysql-incre-source', { 'table.whitelist': 'orders', mode: 'incrementing', 'incrementing.column.name': 'seq' }),
    ],
  });
});
afterAll(async () => {
  await worker?.[Symbol.asyncDispose]();
  await kafka?.close();
  await database?.run(`DROP USER IF EXISTS ${user}`);
  await database?.drop();
});

async function records(table: string, count: number): Promise<(string | null)[]> {
  await waitUntil(`${count} records of ${table}`, async () => {
    const now = await countOf(kafka, `${run}${table}`);
    return now === count ? true : now;
  });
  return valuesOf(kafka, `${run}${table}`);
}

async function get(at: string): Promise<unknown> {
  const { status, text } = await worker.rest('GET', at);
  expect(status).toBe(200);
  return JSON.parse(text);
}

test('three connectors on one command line: the records as printed', async () => {
  const [jyp] = await records('customers', 2);
  expect(jyp).toBe(
    '{"schema":{"type":"struct","fields":[{"type":"int32","optional":false,"field":"id"},{"type":"string","optional":false,"field":"name"},{"type":"string","optional":false,"field":"email"},{"type":"int64","optional":false,"name":"org.apache.kafka.connect.data.Timestamp","version":1,"field":"created"},{"type":"int64","optional":false,"name":"org.apache.kafka.connect.data.Timestamp","version":1,"field":"modified"}],"optional":false,"name":"customers"},"payload":{"id":1,"name":"jyp","email":"ypjeong@kafka.com","created":1642725853000,"modified":1642725853000}}',
  );
  const payloads = async (table: string, count: number) =>
    (await records(table, count)).map((text) => text?.replace(/^.*"payload":/, '').slice(0, -1));
  expect(await payloads('products', 2)).toEqual([
    '{"seq":1,"name":"computer","created":1642725853000,"modified":1642725853000}',
    '{"seq":2,"name":"mouse","created":1642725853000,"modified":1642725853000}',
  ]);
  expect(await payloads('orders', 3)).toEqual([
    '{"seq":1,"name":"jyp","product":"computer"}',
    '{"seq":2,"name":"jyp","product":"mouse"}',
    '{"seq":3,"name":"jyp","product":"keyboard"}',
  ]);
});

test('the SQL in the log of the worker is the printed one, each with its connector and task', () => {
  const lines = worker
    .log()
    .replaceAll(database.name, 'kafkadb')
    .split('\n')
    .filter((line) => line.includes('Begin using SQL query'));
  const sql = lines.map((line) => line.replace(/^.*(\[[^\]]+\|task-0\]) .*Begin using SQL query: (.*?)(?: \(\S+\))?$/, '$1 $2')).sort();
  expect(sql).toEqual([
    '[mysql-incre-source|task-0] SELECT * FROM `kafkadb`.`orders` WHERE `kafkadb`.`orders`.`seq` > ? ORDER BY `kafkadb`.`orders`.`seq` ASC',
    '[mysql-time-source|task-0] SELECT * FROM `kafkadb`.`products` WHERE `kafkadb`.`products`.`modified` > ? AND `kafkadb`.`products`.`modified` < ? ORDER BY `kafkadb`.`products`.`modified` ASC',
    '[mysql-timestamp-source|task-0] SELECT * FROM `kafkadb`.`customers` WHERE `kafkadb`.`customers`.`modified` < ? AND ((`kafkadb`.`customers`.`modified` = ? AND `kafkadb`.`customers`.`id` > ?) OR `kafkadb`.`customers`.`modified` > ?) ORDER BY `kafkadb`.`customers`.`modified`,`kafkadb`.`customers`.`id` ASC',
  ]);
});

test('the REST calls of the document: what is there', async () => {
  const name = 'mysql-timestamp-source';
  const config = seed(name, {
    'table.whitelist': 'customers',
    mode: 'timestamp+incrementing',
    'timestamp.column.name': 'modified',
    'incrementing.column.name': 'id',
  });
  expect(((await get('/connectors')) as string[]).sort()).toEqual(['mysql-incre-source', 'mysql-time-source', name]);
  expect(await get('/connector-plugins')).toContainEqual({
    class: 'io.confluent.connect.jdbc.JdbcSourceConnector',
    type: 'source',
    version: '10.3.x',
  });
  expect(await get(`/connectors/${name}/config`)).toEqual(config);
  expect(await get(`/connectors/${name}`)).toEqual({ name, config, tasks: [{ connector: name, task: 0 }], type: 'source' });
  expect(await get(`/connectors/${name}/tasks`)).toEqual([
    {
      id: { connector: name, task: 0 },
      config: { ...config, tables: `\`${database.name}\`.\`customers\``, 'task.class': 'io.confluent.connect.jdbc.source.JdbcSourceTask' },
    },
  ]);
  const { connector, tasks } = (await get(`/connectors/${name}/status`)) as {
    connector: { state: string; version: string };
    tasks: { id: number; state: string }[];
  };
  expect([connector.state, connector.version, tasks.map(({ id, state }) => [id, state])]).toEqual(['RUNNING', '10.3.x', [[0, 'RUNNING']]]);
  expect(await get(`/connectors/${name}/topics`)).toEqual({ [name]: { topics: [`${run}customers`] } });
  await waitUntil('the offset of the last record is stored', async () => {
    const { text } = await worker.rest('GET', `/connectors/${name}/offsets`);
    const wanted = { protocol: '1', table: `${database.name}.customers` };
    return text ===
      JSON.stringify({ offsets: [{ partition: wanted, offset: { timestamp_nanos: 0, incrementing: 2, timestamp: 1642725853000 } }] })
      ? true
      : text;
  });
});

test('the REST calls of the document: what changes something, and nothing is lost or doubled by it', async () => {
  const call = async (method: string, at: string) => (await worker.rest(method, `/connectors/mysql-timestamp-source${at}`)).status;
  expect(await call('POST', '/restart')).toBe(204);
  expect(await call('POST', '/tasks/0/restart')).toBe(204);
  expect(await call('PUT', '/pause')).toBe(202);
  await waitUntil('it is paused', async () => String(await worker.states('mysql-timestamp-source')) === 'PAUSED,PAUSED');
  await database.run(
    "INSERT INTO customers(name, email, created, modified) values('kky','kykim@kafka.com','2022-01-21 00:44:20','2022-01-21 00:44:20')",
  );
  expect(await call('PUT', '/resume')).toBe(202);
  await waitUntil('it runs', async () => String(await worker.states('mysql-timestamp-source')) === 'RUNNING,RUNNING');
  expect((await records('customers', 3)).at(-1)).toContain(
    '"payload":{"id":3,"name":"kky","email":"kykim@kafka.com","created":1642725860000,',
  );
  expect(await call('DELETE', '')).toBe(204);
  expect(await get('/connectors')).not.toContain('mysql-timestamp-source');
});

test('two tables with a column of one name are two tasks', async () => {
  const name = 'mysql-multi-incre-source';
  const config = seed(name, { 'table.whitelist': 'multitab1,multitab2', mode: 'incrementing', 'incrementing.column.name': 'id' });
  expect((await worker.rest('POST', '/connectors', { name, config })).status).toBe(201);
  await waitUntil('both tasks run', async () => String(await worker.states(name)) === 'RUNNING,RUNNING,RUNNING');
  await records('multitab1', 2);
  await records('multitab2', 1);
  const tasks = (await get(`/connectors/${name}/tasks`)) as { config: Properties }[];
  expect(tasks.map((task) => task.config.tables)).toEqual([1, 2].map((n) => `\`${database.name}\`.\`multitab${n}\``));
  const log = worker.log().replaceAll(database.name, 'kafkadb');
  for (const task of [0, 1]) {
    expect(log).toMatch(
      new RegExp(`\\[${name}\\|task-${task}\\].*Begin using SQL query: SELECT \\* FROM \`kafkadb\`\\.\`multitab${task + 1}\` WHERE`),
    );
  }
});

test('the offset file keeps what the document shows, and the log of a restart tells it', async () => {
  expect(await worker.end()).toBe(0);
  const file = readFileSync(path.join(worker.folder, 'connect.offsets'), 'latin1');
  expect(file).toContain(`["mysql-time-source",{"protocol":"1","table":"${database.name}.products"}]`);
  expect(file).toContain('{"timestamp_nanos":0,"timestamp":1642725853000}');
  await using again = await startWorkerProcess({
    folder: worker.folder,
    connectors: [seed('mysql-time-source', { 'table.whitelist': 'products', mode: 'timestamp', 'timestamp.column.name': 'modified' })],
  });
  const table = `${database.name}.products`;
  // Which of the two stands first is a matter of hashes, and so of the database's name.
  const found = `{protocol=1, table=${table}}={timestamp_nanos=0, timestamp=1642725853000}`;
  await waitUntil('the offset is found', () =>
    [`{table=products}=null, ${found}`, `${found}, {table=products}=null`].some((offsets) =>
      again.log().includes(`Found offset {${offsets}} for partition {protocol=1, table=${table}}`),
    ),
  );
  await database.run("INSERT INTO products(name, modified) values('later', '2022-01-23 02:26:26')");
  expect((await records('products', 3)).at(-1)).toContain('"name":"later"');
  expect(await again.end()).toBe(0);
});
