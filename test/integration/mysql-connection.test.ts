/** The database client against a real MariaDB. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { ConnectError } from '../../src/base/errors.ts';
import { LogHub } from '../../src/base/log.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { COLUMN_TYPE, hasFlag } from '../../src/mysql/column.ts';
import type { DatabaseConnection } from '../../src/mysql/connection.ts';
import { quoteName } from '../../src/mysql/dialect.ts';
import { parseJdbcUrl } from '../../src/mysql/jdbc-url.ts';
import { connectWithAttempts, openConnection } from '../../src/mysql/open-connection.ts';
import { SqlError } from '../../src/mysql/sql-errors.ts';
import { SqlNumber } from '../../src/mysql/sql-literal.ts';
import { createDatabase, type TestDatabase } from '../helpers/mariadb.ts';
import { createTestClock } from '../helpers/test-clock.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let database: TestDatabase;
let connection: DatabaseConnection;
const opened: DatabaseConnection[] = [];

async function open(parameters = ''): Promise<DatabaseConnection> {
  const one = await openConnection(parseJdbcUrl(`${database.url}${parameters}`), { clock: systemClock });
  opened.push(one);
  return one;
}

const failureOf = (work: Promise<unknown>): Promise<SqlError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  );

beforeAll(async () => {
  database = await createDatabase('client', ['customers']);
  connection = await open();
});

afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await database.drop();
});

const TYPES: ReadonlyArray<readonly [definition: string, literals: readonly string[], values: readonly unknown[]]> = [
  ['TINYINT', ['-128', '127'], [-128, 127]],
  ['SMALLINT UNSIGNED', ['0', '65535'], [0, 65535]],
  ['MEDIUMINT', ['-8388608', '8388607'], [-8388608, 8388607]],
  ['INT', ['-2147483648', '2147483647'], [-2147483648, 2147483647]],
  ['INT UNSIGNED ZEROFILL', ['7', '4294967295'], [7, 4294967295]],
  ['BIGINT', ['-9223372036854775808', '9223372036854775807'], [-9223372036854775808n, 9223372036854775807n]],
  ['BIGINT UNSIGNED', ['0', '18446744073709551615'], [0n, 18446744073709551615n]],
  ['FLOAT', ['-1.5', '3.40282e38'], [-1.5, 3.40282e38]],
  ['DOUBLE', ['-1.7976931348623157e308', '5e-324'], [-1.7976931348623157e308, 5e-324]],
  [
    'DECIMAL(65,30)',
    ['-12345678901234567890123456789012345.000000000000000000000000000001'],
    ['-12345678901234567890123456789012345.000000000000000000000000000001'],
  ],
  ['DECIMAL(4,2)', ['1.1'], ['1.10']],
  ['BIT(1)', ["b'1'"], [Buffer.from([1])]],
  ['BIT(64)', ["b'1000000000000000000000000000000000000000000000000000000000000001'"], [Buffer.from('8000000000000001', 'hex')]],
  ['CHAR(3)', ["'a '", "'한글😀'"], ['a', '한글😀']],
  ['VARCHAR(255)', ["''", "'탭\\t'"], ['', '탭\t']],
  ['VARCHAR(20) CHARACTER SET latin1', ["'äöü'"], ['äöü']],
  ['VARCHAR(20) CHARACTER SET euckr', ["'한글'"], ['한글']],
  ['LONGTEXT', ["REPEAT('가', 30000)"], ['가'.repeat(30_000)]],
  ["ENUM('a','b,c','한')", ["'b,c'", "'한'"], ['b,c', '한']],
  ["SET('a','b')", ["'a,b'", "''"], ['a,b', '']],
  ['JSON', ['\'{"b": 1.10, "a": 12345678901234567890}\''], ['{"b": 1.10, "a": 12345678901234567890}']],
  ['BINARY(4)', ["x'01'"], [Buffer.from([1, 0, 0, 0])]],
  ['VARBINARY(10)', ["x'00ff27'"], [Buffer.from([0, 255, 0x27])]],
  ['LONGBLOB', ["REPEAT(x'ff', 70000)"], [Buffer.alloc(70_000, 0xff)]],
  ['DATE', ["'1000-01-01'", "'9999-12-31'"], ['1000-01-01', '9999-12-31']],
  ['TIME(6)', ["'-838:59:59'", "'00:00:00.000001'"], ['-838:59:59.000000', '00:00:00.000001']],
  ['DATETIME', ["'9999-12-31 23:59:59'"], ['9999-12-31 23:59:59']],
  ['DATETIME(6)', ["'1000-01-01 00:00:00.123456'"], ['1000-01-01 00:00:00.123456']],
  ['TIMESTAMP(6)', ["'2038-01-19 03:14:07.999999'"], ['2038-01-19 03:14:07.999999']],
  ['YEAR', ['1901', '2155'], [1901, 2155]],
  ['UUID', ["'123e4567-e89b-12d3-a456-426655440000'"], ['123e4567-e89b-12d3-a456-426655440000']],
  ['INET6', ["'2001:db8::1'"], ['2001:db8::1']],
  ['POINT', ['ST_GeomFromText("POINT(1 2)", 4326)'], [Buffer.from('e61000000101000000000000000000f03f0000000000000040', 'hex')]],
];

describe('values', () => {
  test.each(TYPES.map((row, i) => [row[0], i] as const))('%s keeps its limits, and NULL', async (definition, i) => {
    const [, literals, values] = TYPES[i]!;
    await database.run(
      `CREATE TABLE types_${i} (id INT AUTO_INCREMENT PRIMARY KEY, v ${definition} NULL)`,
      `INSERT INTO types_${i}(v) VALUES ${[...literals, 'NULL'].map((literal) => `(${literal})`).join(',')}`,
    );
    const { rows } = await connection.query(`SELECT v FROM types_${i} ORDER BY id`);
    expect(rows.map(([value]) => value)).toEqual([...values, null]);
  });

  test('zero dates come as they are', async () => {
    const { rows } = await connection.query("SELECT CAST('0000-00-00' AS DATE), CAST('2022-00-00 00:00:00' AS DATETIME)");
    expect(rows[0]?.map((value) => String(value).slice(0, 10))).toEqual(['0000-00-00', '2022-00-00']);
  });

  test('columns tell their exact types', async () => {
    await database.run(
      'CREATE TABLE facts (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, d DECIMAL(10,3) NOT NULL, t DATETIME(6) NULL, n TINYINT(1), u VARCHAR(7))',
    );
    const { columns } = await connection.query('SELECT id, d, t, n, u AS label, 1+1 AS two FROM facts f');
    expect(columns.map(({ name, ownName, database: from, table, ownTable }) => [name, ownName, from, table, ownTable])).toEqual([
      ['id', 'id', database.name, 'f', 'facts'],
      ['d', 'd', database.name, 'f', 'facts'],
      ['t', 't', database.name, 'f', 'facts'],
      ['n', 'n', database.name, 'f', 'facts'],
      ['label', 'u', database.name, 'f', 'facts'],
      ['two', '', '', '', ''],
    ]);
    expect(columns.map((column) => [column.type, column.length, column.decimals, hasFlag(column, 'notNull')])).toEqual([
      [COLUMN_TYPE.longlong, 20, 0, true],
      [COLUMN_TYPE.newdecimal, 12, 3, true],
      [COLUMN_TYPE.datetime, 26, 6, false],
      [COLUMN_TYPE.tiny, 1, 0, false],
      [COLUMN_TYPE.varString, 28, expect.any(Number), false],
      [COLUMN_TYPE.long, 3, 0, true],
    ]);
    const [id] = columns;
    expect([hasFlag(id!, 'autoIncrement'), hasFlag(id!, 'primaryKey'), hasFlag(id!, 'unsigned')]).toEqual([true, true, true]);
  });

  test.each([
    ['it\'s \\ " \n\r\0\x1a ? -- # /* 한글 😀', ''],
    ["it's \\ ? \\'", "&sessionVariables=sql_mode='NO_BACKSLASH_ESCAPES'"],
    ['"quoted"', "&sessionVariables=sql_mode='ANSI_QUOTES'"],
  ])('%j goes there and back %s', async (text, parameters) => {
    const one = await open(parameters);
    const bytes = Buffer.from(text);
    const { rows } = await one.query("SELECT '?', ?, ?, ?, ? = 1.10", [text, bytes, 9007199254740993n, new SqlNumber('1.1')]);
    expect(rows).toEqual([['?', text, bytes, 9007199254740993n, 1]]);
  });

  test('hostile names', async () => {
    for (const name of ['sel`ect', 'a.b', '주문 "목록"', 'drop table x; --', "it's", 'where']) {
      await database.run(`CREATE TABLE ${quoteName(name)} (${quoteName(name)} INT)`);
      const { columns } = await connection.query(`SELECT ${quoteName(name)} FROM ${quoteName(name)}`);
      expect([columns[0]?.name, columns[0]?.ownTable]).toEqual([name, name]);
    }
  });
});

describe('streams', () => {
  test('a million rows take no more memory than some, and none is lost', { timeout: 300_000 }, async () => {
    /** Few at a time, and slower than the server: the queue is never empty. */
    const read = async (rows: number) => {
      const stream = await connection.stream(`SELECT seq, REPEAT('x', 90) FROM seq_1_to_${rows}`);
      let sum = 0n;
      let most = 0;
      let taken = 0;
      for (let batch = await stream.next(100); batch !== null; batch = await stream.next(100)) {
        if (batch.length > 100) throw new Error('more than asked for');
        for (const [seq] of batch) sum += seq as bigint;
        if (++taken % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
        most = Math.max(most, process.memoryUsage.rss());
      }
      return { sum, most };
    };
    await read(50_000);
    const few = await read(50_000);
    const many = await read(1_000_000);
    expect(many.sum).toBe((1_000_000n * 1_000_001n) / 2n);
    expect(many.most - few.most).toBeLessThan(100 * 1024 * 1024);
  });

  test('a reader who rests stops the server, and goes on where it was', async () => {
    const reading = await open();
    const stream = await reading.stream("SELECT seq, REPEAT('x', 1000) FROM seq_1_to_100000");
    const first = await stream.next(10);
    await waitUntil('the server waits for the reader', async () => {
      const { rows } = await database.root.query('SELECT COUNT(*) FROM information_schema.processlist WHERE db = ? AND state LIKE ?', [
        database.name,
        '%riting to net%',
      ]);
      return rows[0]?.[0] === 1n;
    });
    let last = first?.at(-1);
    let count = first!.length;
    for (let batch = await stream.next(1_000); batch !== null; batch = await stream.next(1_000)) {
      count += batch.length;
      last = batch.at(-1);
    }
    expect([count, last?.[0]]).toEqual([100_000, 100_000n]);
    expect(await reading.isUsable()).toBe(true);
  });

  test('one statement at a time', async () => {
    const one = await open();
    const stream = await one.stream('SELECT seq FROM seq_1_to_100000');
    await expect(one.query('SELECT 1')).rejects.toThrow('The rows of the statement before were not all read.');
    stream.close();
    expect(await one.isUsable()).toBe(false);
  });

  test('what a reader throws is the caller’s own error, and the connection goes with it', async () => {
    const one = await open();
    const refuse = () => {
      throw new RangeError('no such thing');
    };
    const stream = await one.stream('SELECT seq FROM seq_1_to_100000', [], { readerOf: () => refuse });
    await expect(stream.next(1)).rejects.toThrow(new RangeError('no such thing'));
    expect(await one.isUsable()).toBe(false);
  });

  test('a killed query fails; a killed connection too, and is known to be lost', async () => {
    const { rows } = await connection.query('SELECT CONNECTION_ID()');
    const failing = failureOf(connection.query('SELECT SLEEP(600)'));
    await waitUntil('it sleeps', async () => {
      const answer = await database.root.query('SELECT COUNT(*) FROM information_schema.processlist WHERE id = ? AND info LIKE ?', [
        rows[0]![0] as bigint,
        'SELECT SLEEP%',
      ]);
      return answer.rows[0]?.[0] === 1n;
    });
    await database.root.execute(`KILL QUERY ${rows[0]![0]}`);
    expect(await failing).toMatchObject({ sqlState: '70100', isRetriable: false });
    expect(await connection.isUsable()).toBe(true);

    const one = await open();
    const id = (await one.query('SELECT CONNECTION_ID()')).rows[0]![0];
    await database.root.execute(`KILL ${id}`);
    await waitUntil('the loss is known', async () => !(await one.isUsable()));
    expect(await failureOf(one.query('SELECT 1'))).toMatchObject({ sqlState: '08S01', isConnectionLost: true, isRetriable: true });
  });

  test('a server that says nothing for too long', async () => {
    // Signing in has to be through by then.
    const one = await open('&socketTimeout=5000');
    const error = await failureOf(one.query('SELECT SLEEP(600)'));
    expect(error).toMatchObject({ isConnectionLost: true, message: expect.stringContaining('nothing came for 5000 ms (socketTimeout)') });
  });
});

describe('statements', () => {
  test('many rows in one, more than a packet holds in several', async () => {
    await database.run('CREATE TABLE many (id INT PRIMARY KEY, v LONGTEXT)');
    const record = await database.recordStatements();
    const one = await open();
    const insert = { head: 'INSERT INTO many(id,v) VALUES', row: '(?,?)', tail: ' on duplicate key update v=values(v)' };
    const big = 'x'.repeat(3_000_000);
    expect(
      await one.executeRows(
        insert,
        Array.from({ length: 12 }, (_, i) => [i, big]),
      ),
    ).toBe(12);
    expect(
      await one.executeRows(insert, [
        [1, 'y'],
        [99, null],
      ]),
    ).toBe(3);
    const { rows } = await one.query('SELECT COUNT(*), SUM(LENGTH(v)) FROM many');
    expect(rows).toEqual([[13n, String(11 * 3_000_000 + 1)]]);
    const inserts = record.statements().filter((text) => text.startsWith('INSERT INTO many'));
    expect(inserts.map((text) => text.match(/\(\d+,/g)?.length)).toEqual([5, 5, 2, 2]);
  });

  test('a transaction is taken back whole', async () => {
    await database.run('CREATE TABLE kept (id INT PRIMARY KEY)');
    await connection.begin();
    await connection.execute('INSERT INTO kept VALUES (1)');
    await connection.rollback();
    await connection.begin();
    expect(await connection.execute('INSERT INTO kept VALUES (2),(3)')).toEqual({ affectedRows: 2, insertId: 0n, warnings: 0 });
    await connection.commit();
    expect((await database.root.query('SELECT id FROM kept ORDER BY id')).rows).toEqual([[2], [3]]);
  });

  test('an update that changes nothing has found its row', async () => {
    await database.run('CREATE TABLE same (id INT AUTO_INCREMENT PRIMARY KEY, v INT)');
    expect((await connection.execute('INSERT INTO same(v) VALUES (1)')).insertId).toBe(1n);
    expect((await connection.execute('UPDATE same SET v = 1')).affectedRows).toBe(1);
  });

  test.each([
    ['SELECT * FROM nope', 1146, '42S02', false],
    ['SELECT nope FROM customers', 1054, '42S22', false],
    ['SELEC 1', 1064, '42000', false],
    ['SELECT 1; DROP TABLE customers', 1064, '42000', false],
    ["INSERT INTO customers(name,email) VALUES(REPEAT('x',300),'e')", 1406, '22001', false],
    ["INSERT INTO customers(id,name,email) VALUES(99999999999,'n','e')", 1264, '22003', false],
    ["INSERT INTO customers(name,email) VALUES(NULL,'e')", 1048, '23000', false],
    ["INSERT INTO customers(name,email) VALUES('n','e'),('n','e')", 1062, '23000', false],
    ["SIGNAL SQLSTATE '40001'", 1644, '40001', true],
    ["SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT='own'", 1644, '45000', true],
  ])('%s fails with %i %s', async (sql, errno, sqlState, isRetriable) => {
    const error = await failureOf(connection.execute(sql));
    expect(error).toBeInstanceOf(SqlError);
    expect(error).toMatchObject({ errno, sqlState, isRetriable });
    expect(error.message).toContain(`(error ${errno}, SQLState ${sqlState})`);
    expect(await connection.isUsable()).toBe(true);
  });

  test('values that do not fit are refused also where the server is not strict', async () => {
    const one = await open("&sessionVariables=sql_mode=''");
    const error = await failureOf(one.execute("INSERT INTO customers(name,email) VALUES(REPEAT('x',300),'e2')"));
    expect(error.errno).toBe(1406);
  });

  test('no file of this machine is sent to the server', async () => {
    const error = await failureOf(connection.execute("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE customers"));
    expect(error.message).toMatch(/local infile/i);
  });

  test('deadlocks may be tried again', async () => {
    await database.run('CREATE TABLE locked (id INT PRIMARY KEY, v INT)', 'INSERT INTO locked VALUES (1,0),(2,0)');
    const [a, b] = [await open(), await open()];
    await a.begin();
    await b.begin();
    await a.execute('UPDATE locked SET v = 1 WHERE id = 1');
    await b.execute('UPDATE locked SET v = 1 WHERE id = 2');
    const both = await Promise.allSettled([
      a.execute('UPDATE locked SET v = 2 WHERE id = 2'),
      b.execute('UPDATE locked SET v = 2 WHERE id = 1'),
    ]);
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toEqual([expect.objectContaining({ errno: 1213, sqlState: '40001', isRetriable: true })]);
  });

  test('the database’s clock and zone', async () => {
    const seoul = await open('&connectionTimeZone=%2B09:00&forceConnectionTimeZoneToSession=true');
    expect([connection.server.timeZone, seoul.server.timeZone]).toEqual(['+00:00', '+09:00']);
    const [utc, korean] = [await connection.currentTimestamp(), await seoul.currentTimestamp()];
    expect(utc).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const hours = (Date.parse(`${korean}Z`) - Date.parse(`${utc}Z`)) / 3_600_000;
    expect(Math.round(hours)).toBe(9);
  });
});

describe('connecting', () => {
  const openUrl = (url: string, signal?: AbortSignal) =>
    openConnection(parseJdbcUrl(url), { clock: systemClock, ...(signal ? { signal } : {}) });
  const base = () => `jdbc:mysql://${database.host}:${database.port}`;

  test('a wrong password, an unknown database, nobody there', async () => {
    const denied = await failureOf(openUrl(`${base()}/${database.name}?user=kafka&password=hunter2`));
    expect(denied).toMatchObject({ errno: 1045, sqlState: '28000', isRetriable: false });
    expect(denied.message).toContain('Check connection.user and connection.password');
    expect(denied.message).not.toContain('hunter2');
    expect(await failureOf(openUrl(`${base()}/nope_${database.name}?user=kafka&password=kafka123`))).toMatchObject({ errno: 1049 });
    const port = await freePort();
    const nobody = await failureOf(openUrl(`jdbc:mysql://127.0.0.1:${port}/x`));
    expect(nobody).toMatchObject({ sqlState: '08S01', isRetriable: true });
    expect(nobody.message).toContain(`Connecting to 127.0.0.1:${port}/x failed: connect ECONNREFUSED`);
  });

  test('attempts and waits are as configured', async () => {
    const clock = createTestClock();
    const said: string[] = [];
    const hub = new LogHub(() => 0);
    hub.attach(({ message }) => said.push(message));
    const port = await freePort();
    const connecting = failureOf(
      connectWithAttempts(parseJdbcUrl(`jdbc:mysql://127.0.0.1:${port}/x`), { clock, attempts: 3, backoffMs: 10_000, log: hub.log('x') }),
    );
    for (const attempt of [1, 2]) {
      await waitUntil(`attempt ${attempt} is over`, () => said.length === attempt && clock.sleepers === 1);
      await clock.advance(10_000);
    }
    const error = await connecting;
    expect(error).toBeInstanceOf(ConnectError);
    expect([error.isRetriable, error.message]).toEqual([false, expect.stringContaining('This was attempt 3 of 3 (connection.attempts).')]);
    expect(said[0]).toMatch(
      /^Unable to connect to database on attempt 1 of 3\. Will retry in 10000 ms\. Connecting to 127\.0\.0\.1:\d+\/x failed/,
    );
  });

  test('a stop ends an attempt that hangs', async () => {
    const { createServer } = await import('node:net');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const stop = new AbortController();
    const connecting = openUrl(`jdbc:mysql://127.0.0.1:${port}/x`, stop.signal);
    const reason = new Error('stopped');
    setImmediate(() => stop.abort(reason));
    await expect(connecting).rejects.toBe(reason);
    const late = await failureOf(openUrl(`jdbc:mysql://127.0.0.1:${port}/x?connectTimeout=200`));
    expect(late.message).toContain('connect ETIMEDOUT');
    silent.close();
  });

  test('after the goodbye nothing runs', async () => {
    const one = await open();
    await one.close();
    await one.close();
    expect(await one.isUsable()).toBe(false);
    expect((await failureOf(one.query('SELECT 1'))).message).toContain('it was closed here');
  });
});
