/** Sinks under load whose worker or database dies, on a MariaDB of this file's own: nothing is lost, and with upsert nothing is doubled. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MariaDb, removeMariaDb, startMariaDb } from '../../src/demo/mariadb.ts';
import { structs } from '../helpers/jdbc-envelopes.ts';
import { type JdbcSinkRig, startJdbcSinkRig } from '../helpers/jdbc-sink-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess } from '../helpers/worker-process.ts';

/** What a statement may be long: much less than usual, for records of Kafka's usual size. */
const PACKET_BYTES = 65_536;
const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-sinkfaults-'));

let server: MariaDb;
let rig: JdbcSinkRig;
beforeAll(async () => {
  server = await startMariaDb({
    folder,
    firstStatements: ["CREATE USER kafka@'%' IDENTIFIED BY 'kafka123'", "GRANT ALL ON *.* TO kafka@'%'"],
    options: { 'max-allowed-packet': String(PACKET_BYTES) },
  });
  const workerFolder = mkdtempSync(path.join(folder, 'worker-'));
  rig = await startJdbcSinkRig('sinkfaults', { server: `mysql://root@${server.host}:${server.port}`, folder: workerFolder });
}, 180_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await server?.stop();
  removeMariaDb(folder);
});

const row = structs({ id: 'int32', name: 'string?', n: 'int64?' });
const UPSERT = { 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': 'id' };
const COUNT = 20_000;
/** Each id twice: what came last is what counts. */
const load = () => Array.from({ length: COUNT }, (_, i) => ({ value: row({ id: i % (COUNT / 2), name: 'x'.repeat(50), n: i }) }));
const END = [[String(COUNT / 2), String((COUNT / 2) * (COUNT / 2) + ((COUNT / 2) * (COUNT / 2 - 1)) / 2)]];
const makeTable = (table: string) => rig.rows(`CREATE TABLE ${table} (id INT PRIMARY KEY, name TEXT, n BIGINT)`);
const countOf = async (table: string) => Number((await rig.rows(`SELECT COUNT(*) FROM ${table}`))[0]![0]);

describe('the database', () => {
  test('is killed and started again under load: all rows are there, none twice, and the task was never FAILED', async () => {
    await makeTable('restarted');
    const patient = { 'max.retries': '1000', 'retry.backoff.ms': '100', 'connection.attempts': '1000', 'connection.backoff.ms': '100' };
    const sink = await rig.sink('restarted', { ...UPSERT, ...patient }, load());
    await waitUntil('some rows are there', async () => (await countOf('restarted')) > 0);
    await server.kill();
    await server.start();
    await rig.waitDone(sink, 120_000);
    expect(await rig.rows('SELECT COUNT(*), SUM(n) FROM restarted')).toEqual(END);
    expect(await rig.worker.states(sink.name)).toEqual(['RUNNING', 'RUNNING']);
  });

  test('stays away: the task fails after connection.attempts, and goes on from there when it is started again', async () => {
    await makeTable('away');
    const settings = { ...UPSERT, 'max.retries': '2', 'retry.backoff.ms': '50', 'connection.attempts': '2', 'connection.backoff.ms': '50' };
    const sink = await rig.sink('away', settings, [{ value: row({ id: 1, name: 'before', n: 1 }) }]);
    await rig.waitRows('SELECT id FROM away', [['1']]);
    await server.kill();
    await rig.send(sink.topic, [{ value: row({ id: 2, name: 'meanwhile', n: 2 }) }]);
    expect(await rig.failure(sink)).toMatch(
      /Connecting to 127\.0\.0\.1:\d+\/\w+ failed: .*ECONNREFUSED.* This was attempt 2 of 2 \(connection\.attempts\)/,
    );
    await server.start();
    await rig.worker.rest('POST', `/connectors/${sink.name}/restart?includeTasks=true&onlyFailed=true`);
    await rig.waitRows('SELECT id, name FROM away ORDER BY id', [
      ['1', 'before'],
      ['2', 'meanwhile'],
    ]);
  });
});

describe('the worker', () => {
  test('is killed under load again and again: nothing is lost, nothing doubled', async () => {
    await makeTable('killed');
    const topicSink = await rig.sink('unused', { 'auto.create': 'true' }, load());
    const name = `${topicSink.name}-killed`;
    const connector = {
      name,
      'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector',
      topics: topicSink.topic,
      'connection.url': rig.database.url,
      'table.name.format': 'killed',
      'consumer.override.auto.offset.reset': 'earliest',
      'consumer.override.max.poll.records': '100',
      'consumer.override.session.timeout.ms': '6000',
      'consumer.override.heartbeat.interval.ms': '1000',
      ...UPSERT,
    };
    for (let kill = 1; kill <= 3; kill++) {
      await using worker = await startWorkerProcess({ connectors: [connector], properties: { 'offset.flush.interval.ms': '200' } });
      const before = await countOf('killed');
      await waitUntil('more rows are there', async () => (await countOf('killed')) >= Math.min(before + 500, COUNT / 2));
      await worker.end('SIGKILL');
    }
    await using worker = await startWorkerProcess({ connectors: [connector] });
    await waitUntil(
      'every row is there as it came last',
      async () => {
        const now = await rig.rows('SELECT COUNT(*), SUM(n) FROM killed');
        return JSON.stringify(now) === JSON.stringify(END) ? true : now;
      },
      120_000,
    );
    expect(await worker.states(name)).toEqual(['RUNNING', 'RUNNING']);
  });
});

describe('the packet limit', () => {
  const text = structs({ id: 'int32', name: 'string?' });
  /** Of a row whose statement is as long as that. */
  const lengthFor = (table: string, bytes: number) =>
    bytes - `INSERT INTO \`${rig.database.name}\`.\`${table}\`(\`id\`,\`name\`) VALUES(1,'')`.length;

  test('many rows make several statements; one as long as the limit allows goes alone', async () => {
    await rig.sink('near', { 'auto.create': 'true' }, [
      ...Array.from({ length: 30 }, (_, id) => ({ value: text({ id, name: '가'.repeat(3_000) }) })),
      { value: text({ id: 9, name: 'x'.repeat(lengthFor('near', PACKET_BYTES - 8)) }) },
      ...Array.from({ length: 30 }, (_, id) => ({ value: text({ id: 100 + id, name: "\\'".repeat(6_000) }) })),
    ]);
    await rig.waitRows(
      "SELECT COUNT(*), SUM(LENGTH(name)), MAX(name = REPEAT('가', 3000)), MAX(name = REPEAT(CONCAT(CHAR(92), CHAR(39)), 6000)) FROM near",
      [['61', String(30 * 9_000 + lengthFor('near', PACKET_BYTES - 8) + 30 * 12_000), '1', '1']],
    );
  });

  test('a row beyond it is told with its size, at once, and is no reason to lose the others', async () => {
    const long = { value: text({ id: 1, name: 'x'.repeat(lengthFor('beyond', PACKET_BYTES - 7)) }) };
    const others = [{ value: text({ id: 2, name: 'a' }) }, { value: text({ id: 3, name: 'b' }) }];
    await rig.sink('beyond', { 'auto.create': 'true' }, []);
    const failing = await rig.sink('beyond', { 'auto.create': 'true' }, [others[0]!, long, others[1]!], { waits: false });
    expect(await rig.failure(failing)).toContain(
      `Record ${failing.topic}-0 at offset 1: The row takes a statement of ${PACKET_BYTES - 7} bytes, and the server takes less than ${PACKET_BYTES} (max_allowed_packet).`,
    );
    expect(await rig.rows('SELECT id FROM beyond')).toEqual([]);
    const queue = {
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': `${failing.topic}-dlq`,
      'errors.deadletterqueue.topic.replication.factor': '1',
    };
    await rig.sink('beyond', queue, [others[0]!, long, others[1]!]);
    await rig.waitRows('SELECT id FROM beyond ORDER BY id', [['2'], ['3']]);
  });
});

describe('modes of the session', () => {
  const MODES = [
    '',
    'NO_BACKSLASH_ESCAPES',
    'ANSI_QUOTES',
    'ANSI_QUOTES,NO_BACKSLASH_ESCAPES',
    'PIPES_AS_CONCAT',
    'IGNORE_SPACE',
    'NO_ZERO_DATE,NO_ZERO_IN_DATE',
    'TRADITIONAL',
    'ORACLE',
    'EMPTY_STRING_IS_NULL',
  ];
  const TEXTS = [
    "'",
    "''",
    "\\'",
    "\\\\'",
    '\\',
    '\\\\',
    '"',
    '\\"',
    '`',
    "'); DELETE FROM witness; -- ",
    "\\'); DELETE FROM witness; -- ",
    "\\\\'); DELETE FROM witness; -- ",
    "한'글",
    '\\한',
    '\0\n\r\x1a\t',
    '/*',
    '-- ',
    '#',
    '?',
    ':a',
    "\u00bf'",
    '%_\\%\\_',
  ];

  test.each(MODES)('%s: texts arrive as they are, whatever they hold', async (mode) => {
    const table = `modes_${MODES.indexOf(mode)}`;
    const witness = `witness_${MODES.indexOf(mode)}`;
    await rig.run(
      `CREATE TABLE ${table} (id INT PRIMARY KEY, name TEXT, n BIGINT)`,
      `CREATE TABLE ${witness} (id INT)`,
      `INSERT INTO ${witness} VALUES (1)`,
    );
    const url = `${rig.database.url}&sessionVariables=${encodeURIComponent(`sql_mode='${mode}'`)}`;
    const records = TEXTS.map((name, id) => ({ value: row({ id, name: name.replaceAll('witness', witness), n: id }) }));
    await rig.sink(table, { ...UPSERT, 'connection.url': url }, records);
    await rig.waitRows(
      `SELECT HEX(name) FROM ${table} ORDER BY id`,
      TEXTS.map((name) => [Buffer.from(name.replaceAll('witness', witness)).toString('hex').toUpperCase()]),
    );
    expect(await rig.rows(`SELECT COUNT(*) FROM ${witness}`)).toEqual([['1']]);
  });

  test('one that is not strict is made strict: a value is never cut', async () => {
    await rig.run(
      'CREATE TABLE loose (id INT, name VARCHAR(3), n BIGINT)',
      'CREATE TABLE loose_myisam (id INT, name VARCHAR(3), n BIGINT) ENGINE=MyISAM',
    );
    const url = `${rig.database.url}&sessionVariables=${encodeURIComponent("sql_mode=''")}`;
    const records = [{ value: row({ id: 1, name: 'abc' }) }, { value: row({ id: 2, name: 'abcdef' }) }];
    for (const table of ['loose', 'loose_myisam']) {
      const sink = await rig.sink(table, { 'connection.url': url, 'max.retries': '0' }, records, { waits: false });
      expect(await rig.failure(sink)).toContain("Data too long for column 'name' at row");
    }
    expect(await rig.rows('SELECT id FROM loose')).toEqual([]);
  });
});
