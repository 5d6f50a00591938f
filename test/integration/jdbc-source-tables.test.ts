/** JDBC sources in a worker, on a real MariaDB and real brokers: tables that come and go, names that want care, a database that is away or refuses. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { JDBC_SOURCE, type JdbcSourceRig, startJdbcSourceRig } from '../helpers/jdbc-source-rig.ts';
import { createDatabase } from '../helpers/mariadb.ts';
import { uniqueName } from '../helpers/standalone-rig.ts';
import { openTcpGate } from '../helpers/tcp-gate.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let rig: JdbcSourceRig;

beforeAll(async () => {
  rig = await startJdbcSourceRig('src_tables');
});
afterAll(() => rig?.[Symbol.asyncDispose]());

const COUNTED = 'id INT NOT NULL AUTO_INCREMENT PRIMARY KEY';
const INCREMENTING = { mode: 'incrementing', 'incrementing.column.name': 'id', 'table.poll.interval.ms': '200' };

async function statusOf(
  name: string,
): Promise<{ connector: { state: string; trace?: string }; tasks: { state: string; trace?: string }[] }> {
  return JSON.parse((await rig.worker.rest('GET', `/connectors/${name}/status`)).text);
}

async function tablesOf(name: string): Promise<string[]> {
  const tasks = JSON.parse((await rig.worker.rest('GET', `/connectors/${name}/tasks`)).text) as { config: { tables: string } }[];
  return tasks.map(({ config }) => config.tables.replaceAll(`\`${rig.database.name}\`.`, ''));
}

test('a table that comes is copied from its first row; one that goes is let go; the others miss nothing', async () => {
  await rig.database.run(`CREATE TABLE a (${COUNTED})`, 'INSERT INTO a VALUES (), ()');
  const source = await rig.source('live', { ...INCREMENTING, 'tasks.max': '2' });
  expect(await rig.payloads(`${source.prefix}a`, 2)).toEqual(['{"id":1}', '{"id":2}']);
  await rig.database.run(
    `CREATE TABLE b (${COUNTED})`,
    'INSERT INTO b VALUES (), ()',
    'INSERT INTO a VALUES ()',
    `CREATE TABLE c (${COUNTED})`,
    'INSERT INTO c VALUES ()',
  );
  await waitUntil('three tables over two tasks', async () => String(await tablesOf(source.name)) === '`a`,`b`,`c`');
  await rig.worker.waitRunning(source.name);
  expect(await rig.payloads(`${source.prefix}b`, 2)).toEqual(['{"id":1}', '{"id":2}']);
  await rig.payloads(`${source.prefix}c`, 1);
  expect(await rig.payloads(`${source.prefix}a`, 3)).toEqual(['{"id":1}', '{"id":2}', '{"id":3}']);
  await rig.database.run('DROP TABLE a', 'INSERT INTO b VALUES ()');
  await waitUntil('two tables are left', async () => String(await tablesOf(source.name)) === '`b`,`c`');
  expect(await rig.payloads(`${source.prefix}b`, 3)).toEqual(['{"id":1}', '{"id":2}', '{"id":3}']);
  await waitUntil('all runs', async () => String(await rig.worker.states(source.name)) === 'RUNNING,RUNNING,RUNNING');
  await rig.remove(source);
  await rig.database.run('DROP TABLE b, c');
});

test('no table: a task fails and says what to do; the table comes and all is well without a hand', async () => {
  const source = await rig.source('none', { ...INCREMENTING, 'table.whitelist': 'to_come' }, { waits: false });
  const trace = await rig.failure(source);
  expect(trace).toContain('ConfigException: Task is being killed because it was not assigned a table nor a query to execute.');
  await rig.database.run(`CREATE TABLE to_come (${COUNTED})`, 'INSERT INTO to_come VALUES ()');
  await rig.worker.waitRunning(source.name);
  expect(await rig.payloads(`${source.prefix}to_come`, 1)).toEqual(['{"id":1}']);
  await rig.remove(source);
});

test('a table of the same name in another database ends the connector, which says which; restarted with one of them it goes on', async () => {
  const other = await createDatabase('src_tables_too');
  const databases = `(${rig.database.name}|${other.name})[.]twin`;
  try {
    await rig.database.run(`CREATE TABLE twin (${COUNTED})`, 'INSERT INTO twin VALUES ()');
    const { name } = await rig.source('twin', {
      'connection.url': rig.database.url,
      mode: 'incrementing',
      'table.poll.interval.ms': '200',
      'table.include.list': databases,
      'incrementing.column.mapping': '.*:id',
      'catalog.pattern': rig.database.name,
    });
    const config = JSON.parse((await rig.worker.rest('GET', `/connectors/${name}/config`)).text) as Record<string, string>;
    const { 'catalog.pattern': _, ...everywhere } = config;
    expect((await rig.worker.rest('PUT', `/connectors/${name}/config`, everywhere)).status).toBe(200);
    await rig.worker.waitRunning(name);
    await other.run(`CREATE TABLE twin (${COUNTED})`);
    await waitUntil('the connector has failed', async () => (await statusOf(name)).connector.state === 'FAILED');
    const { connector } = await statusOf(name);
    expect(connector.trace).toContain(
      'ConnectException: The connector uses the unqualified table name as the topic name and has detected duplicate unqualified table names.',
    );
    expect(connector.trace).toContain(`[[\`${rig.database.name}\`.\`twin\`, \`${other.name}\`.\`twin\`]]`);
    expect((await rig.worker.rest('PUT', `/connectors/${name}/config`, config)).status).toBe(200);
    await rig.worker.waitRunning(name);
    await rig.remove({ name, prefix: '' });
  } finally {
    await other.drop();
    await rig.database.run('DROP TABLE IF EXISTS twin');
  }
});

const HOSTILE = ['select', 'a.b', 'with`tick', '고객', "it's", 'a,b', 'semi;colon', '"quoted"', 'question?', 'blank space', 'back\\slash'];

test('names of tables and columns that want care are read, and stored in offsets as they are', async () => {
  const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
  for (const [i, table] of HOSTILE.entries()) {
    await rig.database.run(
      `CREATE TABLE ${quoted(table)} (\`the \`\`id\`\`?\` INT NOT NULL PRIMARY KEY, 값 VARCHAR(9))`,
      `INSERT INTO ${quoted(table)} VALUES (${i}, 'x')`,
    );
  }
  const topic = uniqueName('hostile');
  const source = await rig.source('hostile', {
    mode: 'incrementing',
    'incrementing.column.name': 'the `id`?',
    'table.blacklist': 'to_come',
    'tasks.max': '3',
    transforms: 'name',
    'transforms.name.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.name.regex': '(?s).*',
    'transforms.name.replacement': topic,
  });
  const payloads = await rig.payloads(topic, HOSTILE.length);
  expect(payloads.sort()).toEqual(HOSTILE.map((_, i) => `{"the \`id\`?":${i},"값":"x"}`).sort());
  await waitUntil('an offset for each table', async () => {
    const { text } = await rig.worker.rest('GET', `/connectors/${source.name}/offsets`);
    const { offsets } = JSON.parse(text) as { offsets: { partition: { table: string } }[] };
    const names = offsets.map(({ partition }) => partition.table.slice(rig.database.name.length + 1));
    return String(names.sort()) === String([...HOSTILE].sort()) ? true : names;
  });
  await rig.remove(source);
  await rig.database.run(`DROP TABLE ${HOSTILE.map(quoted).join(', ')}`);
});

test('the database is away: a start is refused with the key that is wrong, a restart fails after its attempts; it comes back', async () => {
  const gate = await openTcpGate(rig.database.host, rig.database.port);
  const url = `jdbc:mysql://127.0.0.1:${gate.port}/${rig.database.name}?user=kafka&password=kafka123`;
  const attempts = { 'connection.attempts': '2', 'connection.backoff.ms': '100' };
  await rig.database.run(`CREATE TABLE away (${COUNTED})`, 'INSERT INTO away VALUES ()');
  const source = await rig.source('away', { ...INCREMENTING, ...attempts, 'connection.url': url, 'table.whitelist': 'away' });
  await rig.payloads(`${source.prefix}away`, 1);
  await gate.shut();
  const refused = await rig.worker.rest('POST', '/connectors', {
    name: 'never',
    config: { 'connector.class': JDBC_SOURCE, 'connection.url': url, mode: 'bulk', 'topic.prefix': 'x' },
  });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('Connector configuration is invalid and contains the following 1 error(s):');
  expect(refused.text).toContain(`Could not connect to database. Connecting to 127.0.0.1:${gate.port}/${rig.database.name} failed`);
  await waitUntil('the task has failed as well', async () => (await statusOf(source.name)).tasks[0]?.state === 'FAILED');
  const restart = await rig.worker.rest('POST', `/connectors/${source.name}/restart`);
  expect(restart.status).toBe(500);
  expect(restart.text).toContain('This was attempt 2 of 2 (connection.attempts).');
  const { connector } = await statusOf(source.name);
  expect([connector.state, connector.trace]).toEqual(['FAILED', expect.stringContaining('attempt 2 of 2 (connection.attempts)')]);
  await rig.database.run('INSERT INTO away VALUES ()');
  await gate.open();
  expect((await rig.worker.rest('POST', `/connectors/${source.name}/restart?includeTasks=true&onlyFailed=true`)).status).toBe(202);
  await rig.worker.waitRunning(source.name);
  expect(await rig.payloads(`${source.prefix}away`, 2)).toEqual(['{"id":1}', '{"id":2}']);
  await rig.remove(source);
  await gate.shut();
});

test('the list of tables lives through a time without the database', async () => {
  const gate = await openTcpGate(rig.database.host, rig.database.port);
  const url = `jdbc:mysql://127.0.0.1:${gate.port}/${rig.database.name}?user=kafka&password=kafka123`;
  const source = await rig.source('list', {
    ...INCREMENTING,
    'connection.url': url,
    'table.whitelist': 'away,later',
    'connection.attempts': '1000',
    'connection.backoff.ms': '50',
  });
  await gate.shut();
  await waitUntil('the list cannot be read', () => rig.worker.log().includes('The list of tables could not be read'));
  await rig.database.run(`CREATE TABLE later (${COUNTED})`, 'INSERT INTO later VALUES ()');
  expect((await statusOf(source.name)).connector.state).toBe('RUNNING');
  await gate.open();
  expect(await rig.payloads(`${source.prefix}later`, 1)).toEqual(['{"id":1}']);
  expect(String(await rig.worker.states(source.name))).toBe('RUNNING,RUNNING,RUNNING');
  await rig.remove(source);
  await gate.shut();
});

test('a wrong password: refused, and in no answer and no line of the log', async () => {
  const secret = 'hush-hush-4711';
  for (const config of [{ 'connection.password': secret }, { 'connection.url': rig.database.url.replace('kafka123', secret) }]) {
    const full = { 'connector.class': JDBC_SOURCE, 'connection.url': rig.database.url, mode: 'bulk', 'topic.prefix': 'x', ...config };
    const { status, text } = await rig.worker.rest('POST', '/connectors', { name: 'never', config: full });
    expect(status).toBe(400);
    expect(text).toMatch(/Could not connect to database\. .*Access denied for user 'kafka'@/);
    expect(text).not.toContain(secret);
  }
  expect(rig.worker.log()).not.toContain(secret);
});

test('offsets are altered and reset by REST in the original words; those that no task would find are refused', async () => {
  await rig.database.run(`CREATE TABLE kept (${COUNTED})`, 'INSERT INTO kept VALUES (), (), (), ()');
  const source = await rig.source('kept', { ...INCREMENTING, 'table.whitelist': 'kept' });
  await rig.payloads(`${source.prefix}kept`, 4);
  const at = `/connectors/${source.name}`;
  const partition = { protocol: '1', table: `${rig.database.name}.kept` };
  await rig.waitOffsets(source, [{ partition, offset: { incrementing: 4 } }]);
  expect((await rig.worker.rest('PUT', `${at}/stop`)).status).toBe(204);
  const alter = (offsets: unknown[]) => rig.worker.rest('PATCH', `${at}/offsets`, { offsets });
  await waitUntil('it has stopped', async () => String(await rig.worker.states(source.name)) === 'STOPPED');
  const wrong = await alter([{ partition: { table: partition.table, protocol: '1' }, offset: { incrementing: 2 } }]);
  expect([wrong.status, wrong.text]).toEqual([expect.any(Number), expect.stringContaining('must stand before')]);
  expect(wrong.status).toBeGreaterThanOrEqual(400);
  expect((await alter([{ partition, offset: { position: 2 } }])).text).toContain('An offset has no');
  const { status, text } = await alter([{ partition, offset: { incrementing: 2 } }]);
  expect([status, JSON.parse(text)]).toEqual([
    200,
    {
      message:
        'The Connect framework-managed offsets for this connector have been altered successfully. However, if this connector manages offsets externally, they will need to be manually altered in the system that the connector uses.',
    },
  ]);
  expect((await rig.worker.rest('PUT', `${at}/resume`)).status).toBe(202);
  expect((await rig.payloads(`${source.prefix}kept`, 6)).slice(4)).toEqual(['{"id":3}', '{"id":4}']);
  await rig.waitOffsets(source, [{ partition, offset: { incrementing: 4 } }]);
  await rig.worker.rest('PUT', `${at}/stop`);
  await waitUntil('it has stopped', async () => String(await rig.worker.states(source.name)) === 'STOPPED');
  expect((await rig.worker.rest('DELETE', `${at}/offsets`)).status).toBe(200);
  await rig.waitOffsets(source, []);
  await rig.worker.rest('PUT', `${at}/resume`);
  expect((await rig.payloads(`${source.prefix}kept`, 10)).slice(6)).toEqual(['{"id":1}', '{"id":2}', '{"id":3}', '{"id":4}']);
  await rig.remove(source);
});

test('what is worth knowing of a table is told with its figures', async () => {
  await rig.database.run(
    'CREATE TABLE slow (id INT NOT NULL PRIMARY KEY, modified DATETIME NOT NULL)',
    "INSERT INTO slow VALUES (1, '2022-01-21 00:44:13')",
  );
  const source = await rig.source('slow', { mode: 'timestamp', 'timestamp.column.name': 'modified', 'table.whitelist': 'slow' });
  await rig.payloads(`${source.prefix}slow`, 1);
  const { warnings = '' } = await rig.figures(source);
  expect(JSON.parse(warnings)).toEqual([
    expect.stringMatching(/^No index begins with `modified`: each poll reads the whole table \(about \d rows\)\. CREATE INDEX/),
    expect.stringContaining('`modified` has whole seconds (datetime)'),
  ]);
  await rig.remove(source);
});

interface GoldenAnswer {
  readonly groups: readonly string[];
  /** By what is wrong: the settings beside the good ones, and the start of each error by its key; empty: the driver's words. */
  readonly cases: Readonly<
    Record<
      string,
      { readonly settings: Readonly<Record<string, string | null>>; readonly errors: Readonly<Record<string, readonly string[]>> }
    >
  >;
}

test('PUT …/config/validate answers as the original: groups, and which keys are wrong', async () => {
  const golden = JSON.parse(readFileSync(new URL('../golden/jdbc/source-validate.json', import.meta.url), 'utf8')) as GoldenAnswer;
  const good = {
    'connector.class': JDBC_SOURCE,
    name: 'v',
    'connection.url': rig.database.url,
    mode: 'timestamp+incrementing',
    'timestamp.column.name': 'modified',
    'incrementing.column.name': 'id',
    'topic.prefix': 'v-',
    'table.whitelist': 'customers',
  };
  for (const [what, { settings, errors }] of Object.entries(golden.cases)) {
    const config = Object.fromEntries(Object.entries({ ...good, ...settings }).filter(([, value]) => value !== null));
    const { status, text } = await rig.worker.rest('PUT', '/connector-plugins/JdbcSourceConnector/config/validate', config);
    expect(status, what).toBe(200);
    const answer = JSON.parse(text) as { groups: string[]; configs: { value: { name: string; errors: string[] } }[] };
    expect(answer.groups, what).toEqual(golden.groups);
    const found = Object.fromEntries(answer.configs.flatMap(({ value }) => (value.errors.length > 0 ? [[value.name, value.errors]] : [])));
    expect(Object.keys(found).sort(), what).toEqual(Object.keys(errors).sort());
    for (const [name, starts] of Object.entries(errors)) {
      expect(found[name]?.length, `${what}: ${name}`).toBe(starts.length);
      starts.forEach((start, i) => void expect(found[name]?.[i]?.startsWith(start), `${what}: ${found[name]?.[i]}`).toBe(true));
    }
  }
});
