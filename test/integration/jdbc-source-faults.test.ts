/** What goes wrong around a JDBC source: the worker, the database and the way between them die; statements are refused; a stop comes in the midst of a result. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { removeMariaDb, startMariaDb } from '../../src/demo/mariadb.ts';
import { parseJdbcUrl } from '../../src/mysql/jdbc-url.ts';
import { openConnection } from '../../src/mysql/open-connection.ts';
import { type JdbcSourceRig, startJdbcSourceRig } from '../helpers/jdbc-source-rig.ts';
import { readTopic } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let rig: JdbcSourceRig;
beforeAll(async () => {
  rig = await startJdbcSourceRig('srcfaults');
}, 120_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

const byId = { mode: 'incrementing', 'incrementing.column.name': 'id' };
const idsIn = (payloads: readonly string[]) => payloads.map((payload) => (JSON.parse(payload) as { id: number }).id);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Nothing is missing, and what comes again is a piece of what was there: after each step back the order goes on without a gap. */
function expectAtLeastOnce(ids: readonly number[], count: number): void {
  expect([...new Set(ids)].sort((a, b) => a - b)).toEqual(upTo(count));
  const gaps = ids.filter((id, i) => i > 0 && id > ids[i - 1]! + 1);
  expect(gaps).toEqual([]);
}

async function fill(table: string, rows: number, width = 200): Promise<void> {
  await rig.database.run(
    `CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY, v VARCHAR(200) NOT NULL)`,
    `INSERT INTO ${table} SELECT seq, REPEAT('x', ${width}) FROM seq_1_to_${rows}`,
  );
}

describe('the worker', () => {
  test('is killed in the midst of a table: nothing is lost', async () => {
    await fill('killed', 40_000);
    const source = await rig.source('killed', { ...byId, 'table.whitelist': 'killed' }, { waits: false });
    const topic = `${source.prefix}killed`;
    await waitUntil('some are there', async () => (await rig.count(topic)) > 1000);
    await rig.restart(undefined, 'SIGKILL');
    await rig.waitOffsets(source, [
      { partition: { protocol: '1', table: `${rig.database.name}.killed` }, offset: { incrementing: 40_000 } },
    ]);
    expectAtLeastOnce(idsIn(await rig.payloads(topic, 40_000)), 40_000);
    await rig.remove(source);
  });

  test('is killed while rows of few timestamps are read: nothing is lost', async () => {
    await rig.database.run(
      'CREATE TABLE killed_times (id INT NOT NULL PRIMARY KEY, ts DATETIME NOT NULL)',
      "INSERT INTO killed_times SELECT seq, '2022-01-01' + INTERVAL (seq DIV 500) SECOND FROM seq_1_to_20000",
    );
    const config = { mode: 'timestamp', 'timestamp.column.name': 'ts', 'batch.max.rows': '50', 'table.whitelist': 'killed_times' };
    const source = await rig.source('killed-times', config, { waits: false });
    const topic = `${source.prefix}killed_times`;
    await waitUntil('some are there', async () => (await rig.count(topic)) > 500);
    await rig.restart(undefined, 'SIGKILL');
    const partition = { protocol: '1', table: `${rig.database.name}.killed_times` };
    await rig.waitOffsets(source, [{ partition, offset: { timestamp_nanos: 0, timestamp: Date.UTC(2022, 0, 1) + 40_000 } }]);
    expect(new Set(idsIn(await rig.payloads(topic, 20_000)))).toEqual(new Set(upTo(20_000)));
    await rig.remove(source);
  });

  test('is stopped in order in the midst of a table: nothing is lost and nothing doubled', async () => {
    await fill('stopped', 40_000);
    const source = await rig.source('stopped', { ...byId, 'table.whitelist': 'stopped' }, { waits: false });
    const topic = `${source.prefix}stopped`;
    await waitUntil('some are there', async () => (await rig.count(topic)) > 1000);
    await rig.restart();
    await rig.waitOffsets(source, [
      { partition: { protocol: '1', table: `${rig.database.name}.stopped` }, offset: { incrementing: 40_000 } },
    ]);
    expect(idsIn(await rig.payloads(topic, 40_000))).toEqual(upTo(40_000));
    await rig.remove(source);
  });
});

test('a stop does not wait for a statement that takes long, and leaves none to the database', async () => {
  const query = 'SELECT SLEEP(600) AS id';
  const source = await rig.source('sleeping', { mode: 'bulk', query, 'catalog.pattern': '' });
  const running = async () => {
    const { rows } = await rig.database.root.query(
      "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(600)%'",
    );
    return Number(rows[0]![0]);
  };
  await waitUntil('the statement runs', async () => (await running()) === 1);
  const { status } = await rig.worker.rest('PUT', `/connectors/${source.name}/stop`);
  expect(status).toBe(204);
  await waitUntil('the task is gone', async () => (await rig.worker.states(source.name)).join() === 'STOPPED', 30_000);
  expect(rig.worker.log()).not.toContain('did not stop in time');
  await waitUntil('the database does not work for nobody', async () => (await running()) === 0);
  await rig.remove(source);
});

describe('the connection', () => {
  test('is killed by the server again and again: all rows, in order, and the task runs on', async () => {
    await fill('cut', 30_000);
    const source = await rig.source('cut', { ...byId, 'table.whitelist': 'cut' }, { waits: false });
    const topic = `${source.prefix}cut`;
    let cuts = 0;
    await waitUntil('all rows are there, and the connection was cut three times', async () => {
      const { rows } = await rig.database.root.query(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'kafka' AND DB = DATABASE()",
      );
      for (const [id] of rows) {
        if (cuts >= 3) break;
        await rig.database.root.execute(`KILL ${Number(id)}`).then(
          () => cuts++,
          () => undefined,
        );
      }
      const count = await rig.count(topic);
      return count >= 30_000 && cuts >= 3 ? true : { count, cuts };
    });
    expect(idsIn(await rig.payloads(topic, 30_000))).toEqual(upTo(30_000));
    expect(await rig.worker.states(source.name)).toEqual(['RUNNING', 'RUNNING']);
    await rig.remove(source);
  });

  test('the database dies and comes back: nothing is lost; it stays away: the task fails, and goes on when it is restarted', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-mariadb-'));
    const server = await startMariaDb({ folder });
    const url = (database: string) => `jdbc:mysql://${server.host}:${server.port}/${database}?user=root`;
    try {
      const root = await openConnection(parseJdbcUrl(url('')), { clock: systemClock });
      for (const statement of [
        'CREATE DATABASE mortal',
        'USE mortal',
        'CREATE TABLE mortal.t (id INT NOT NULL PRIMARY KEY, v VARCHAR(200) NOT NULL)',
        "INSERT INTO mortal.t SELECT seq, REPEAT('x', 200) FROM seq_1_to_30000",
      ])
        await root.execute(statement);
      await root.close();
      const config = {
        ...byId,
        'connection.url': url('mortal'),
        'catalog.pattern': 'mortal',
        'table.whitelist': 't',
        'connection.backoff.ms': '300',
      };
      const source = await rig.source('mortal', { ...config, 'connection.attempts': '200' }, { waits: false });
      const topic = `${source.prefix}t`;
      await waitUntil('some are there', async () => (await rig.count(topic)) > 500);
      await server.kill();
      await server.start();
      expectAtLeastOnce(idsIn(await rig.payloads(topic, 30_000)), 30_000);
      expect(await rig.worker.states(source.name)).toEqual(['RUNNING', 'RUNNING']);
      await rig.remove(source);

      const impatient = await rig.source('impatient', { ...config, 'connection.attempts': '2' });
      await rig.payloads(`${impatient.prefix}t`, 30_000);
      await server.kill();
      expect(await rig.failure(impatient)).toContain('This was attempt 2 of 2 (connection.attempts).');
      await server.start();
      const again = await openConnection(parseJdbcUrl(url('mortal')), { clock: systemClock });
      await again.execute("INSERT INTO t VALUES (30001, 'back')");
      await again.close();
      await rig.worker.rest('POST', `/connectors/${impatient.name}/restart?includeTasks=true&onlyFailed=false`);
      await waitUntil(
        'the new row is there',
        async () => (await rig.payloads(`${impatient.prefix}t`, 30_000)).at(-1) === '{"id":30001,"v":"back"}',
      );
      await rig.remove(impatient);
    } finally {
      await server.stop();
      removeMariaDb(folder);
    }
  }, 240_000);
});

describe('statements', () => {
  test('a table that goes while it runs fails the task, with the original’s class of error', async () => {
    await fill('gone', 1);
    const config = { ...byId, 'table.whitelist': 'gone', 'table.poll.interval.ms': '600000' };
    const source = await rig.source('gone', config);
    await rig.payloads(`${source.prefix}gone`, 1);
    await rig.database.run('DROP TABLE gone');
    const trace = await rig.failure(source);
    expect(trace).toContain('org.apache.kafka.connect.errors.ConnectException: Error while polling for records');
    expect(trace).toContain('Caused by: java.sql.SQLSyntaxErrorException');
    expect(trace).toContain(`Table '${rig.database.name}.gone' doesn't exist`);
    const figures = await rig.figures(source);
    expect([figures.errors_total, figures.last_error?.includes("doesn't exist")]).toEqual(['1', true]);
    await rig.remove(source);
  });

  test('an error that may pass is tried again, told with its number of times, and forgotten when it has passed', async () => {
    await rig.database.run(
      'CREATE TABLE switch_ (bad INT NOT NULL)',
      'INSERT INTO switch_ VALUES (1)',
      "CREATE FUNCTION guarded() RETURNS INT NOT DETERMINISTIC READS SQL DATA BEGIN IF (SELECT bad FROM switch_) = 1 THEN SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'not now'; END IF; RETURN 1; END",
    );
    const query = 'SELECT * FROM (SELECT guarded() AS id) o';
    const config = { ...byId, query, 'catalog.pattern': '', 'validate.non.null': 'false' };
    const source = await rig.source('passing', config);
    await waitUntil('it was tried again', async () => Number((await rig.figures(source)).retries) > 1);
    const { last_error } = await rig.figures(source);
    expect(last_error).toContain('not now');
    expect(await rig.worker.states(source.name)).toEqual(['RUNNING', 'RUNNING']);
    await rig.database.run('UPDATE switch_ SET bad = 0');
    expect(idsIn(await rig.payloads(source.prefix, 1))).toEqual([1]);
    await waitUntil('retries are over', async () => (await rig.figures(source)).retries === '0');
    await rig.remove(source);
    await rig.database.run('UPDATE switch_ SET bad = 1');
    const limited = await rig.source('limited', { ...config, 'query.retry.attempts': '2' }, { waits: false });
    const trace = await rig.failure(limited);
    expect(trace).toContain('Failed to query table after retries: query, 2 of them (query.retry.attempts).');
    await rig.remove(limited);
  });
});

test('a table of a million rows: all, once, in order, and the memory stays what it is', async () => {
  const rows = 1_000_000;
  await fill('big', rows, 20);
  const heap = { nodeArguments: ['--max-old-space-size=160'] };
  const small = await startJdbcSourceRig('srcbig', heap);
  try {
    const url = rig.database.url;
    const source = await small.source(
      'big',
      { ...byId, 'connection.url': url, 'catalog.pattern': rig.database.name, 'table.whitelist': 'big' },
      { waits: false },
    );
    const topic = `${source.prefix}big`;
    /** In MB, until half of the rows were there and after that. */
    const rss: { early: number; late: number } = { early: 0, late: 0 };
    await waitUntil(
      'all rows are there',
      async () => {
        const count = await small.count(topic);
        const { text } = await small.worker.rest('GET', '/metrics');
        const now = Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 1e6;
        const half = count < rows / 2 ? 'early' : 'late';
        rss[half] = Math.max(rss[half], now);
        return count >= rows ? true : count;
      },
      120_000,
    );
    let expected = 1;
    await readTopic(small.kafka, topic, ({ value }) => {
      const text = String(value);
      if (!text.includes(`"payload":{"id":${expected++},`)) throw new Error(`row ${expected - 1} is not where it should be: ${text}`);
    });
    expect(expected).toBe(rows + 1);
    // The table takes 60 MB on the wire and several times that as objects.
    expect(rss.early).toBeGreaterThan(0);
    expect(rss.late).toBeLessThan(300);
    expect(rss.late).toBeLessThan(rss.early * 1.25);
  } finally {
    await small[Symbol.asyncDispose]();
  }
}, 240_000);
