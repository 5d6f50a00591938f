/** What a sink does when the database says no: retries, dead letters, the words it leaves behind. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { primitive, structs } from '../helpers/jdbc-envelopes.ts';
import { jdbcScenario } from '../helpers/jdbc-golden.ts';
import { type JdbcSinkRig, startJdbcSinkRig, type TestSink } from '../helpers/jdbc-sink-rig.ts';
import { readTopic } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';

let rig: JdbcSinkRig;
beforeAll(async () => {
  rig = await startJdbcSinkRig('sinkerrors');
}, 120_000);
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

const row = structs({ id: 'int32', name: 'string?', n: 'int64?' });
const QUICK = { 'max.retries': '1', 'retry.backoff.ms': '50' };

interface Letter {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

async function letters(topic: string): Promise<Letter[]> {
  const found: Letter[] = [];
  await readTopic(rig.kafka, topic, ({ key, value, headers }) => {
    const all = (headers ?? []).map(({ key: name, value: bytes }) => [name, String(bytes)]);
    found.push({ key: key?.toString() ?? null, value: value?.toString() ?? null, headers: Object.fromEntries(all) });
  });
  return found;
}

const tolerant = (queue: string) => ({
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': queue,
  'errors.deadletterqueue.topic.replication.factor': '1',
  'errors.deadletterqueue.context.headers.enable': 'true',
});

/** The sink's log lines, without the worker's others. */
const logOf = ({ name }: TestSink) =>
  rig.worker
    .log()
    .split('\n')
    .filter((line) => line.includes(`[${name}|`));

describe('dead letters', () => {
  test('the bad record of a batch, with the headers of the original; the others are written', async () => {
    const scenario = jdbcScenario('sink', 'sink_dlq');
    await rig.database.run('CREATE TABLE dlq (id INT PRIMARY KEY, name VARCHAR(5), n BIGINT)');
    const queue = `${rig.database.name}-dlq`;
    const sink = await rig.sink('dlq', { ...tolerant(queue), ...QUICK }, scenario.bytes.get('db-a')!);
    await rig.waitRows('SELECT * FROM dlq ORDER BY id', scenario.afterwards.get('rows') as string[][]);
    await rig.waitDone(sink);
    const [letter, ...more] = await letters(queue);
    expect(more).toEqual([]);
    // As it lay in the topic, byte for byte.
    expect([letter!.key, letter!.value]).toEqual(Object.values(scenario.bytes.get('db-a')![2]!));
    expect(Object.keys(letter!.headers).sort()).toEqual(scenario.afterwards.get('header names'));
    const golden = scenario.afterwards.get('headers') as Record<string, string>;
    expect(letter!.headers).toMatchObject({
      ...golden,
      '__connect.errors.topic': sink.topic,
      '__connect.errors.connector.name': sink.name,
      '__connect.errors.exception.class.name': 'java.sql.SQLException',
    });
    expect(letter!.headers['__connect.errors.exception.message']).toMatch(
      /^Exception chain:\njava\.sql\.SQLDataException: Record \S+-0 at offset 2: .*Data too long for column 'name' at row 1/,
    );
  });

  test('many bad ones of every kind, wherever they stand in a batch; rows are in order and none is there twice', async () => {
    await rig.database.run('CREATE TABLE many (id INT, name VARCHAR(5) NOT NULL, n DOUBLE, UNIQUE KEY (id))');
    const fields = structs({ id: 'int32', name: 'string?', n: 'double?' });
    const bad = new Map<number, { name: string | null; n: string } | number>([
      [0, { name: 'much too long', n: '1' }],
      [57, { name: null, n: '1' }],
      [58, { name: 'x', n: '1e999' }],
      [200, 3],
      [499, { name: 'much too long', n: '1' }],
    ]);
    const records = Array.from({ length: 500 }, (_, id) => {
      const fault = bad.get(id);
      if (fault === undefined) return { value: fields({ id, name: 'ok', n: id }) };
      if (typeof fault === 'number') return { value: fields({ id: fault, name: 'again', n: id }) };
      return { value: fields({ id, name: fault.name, n: 0 }).replace(/0\}\}$/, `${fault.n}}}`) };
    });
    const queue = `${rig.database.name}-many`;
    const sink = await rig.sink('many', { ...tolerant(queue), ...QUICK }, records);
    await rig.waitDone(sink);
    const wanted = Array.from({ length: 500 }, (_, id) => id).filter((id) => !bad.has(id));
    expect((await rig.rows('SELECT id FROM many ORDER BY id')).map(([id]) => Number(id))).toEqual(wanted);
    expect((await letters(queue)).map(({ headers }) => Number(headers['__connect.errors.offset']))).toEqual([...bad.keys()]);
    expect(await rig.worker.states(sink.name)).toEqual(['RUNNING', 'RUNNING']);
  });

  test('records whose table cannot be, at once and without retries', async () => {
    const queue = `${rig.database.name}-notable`;
    const sink = await rig.sink('no_such_table', tolerant(queue), [{ value: row({ id: 1 }) }, { value: row({ id: 2 }) }]);
    await rig.waitDone(sink);
    const found = await letters(queue);
    expect(found.map(({ headers }) => headers['__connect.errors.exception.class.name'])).toEqual(
      new Array(2).fill('io.confluent.connect.jdbc.sink.TableAlterOrCreateException'),
    );
    expect(logOf(sink).filter((line) => line.includes('remainingRetries'))).toEqual([]);
  });

  test('no record goes there when nothing is wrong with it: a right is missing', async () => {
    const { name } = rig.database;
    await rig.database.run(
      'CREATE TABLE guarded (id INT, name TEXT, n BIGINT)',
      `CREATE USER IF NOT EXISTS reader IDENTIFIED BY 'Geheim!9'`,
      `GRANT SELECT ON ${name}.* TO reader`,
    );
    const queue = `${name}-guarded`;
    const user = { 'connection.url': rig.database.url.replace(/\?.*/, ''), 'connection.user': 'reader', 'connection.password': 'Geheim!9' };
    const sink = await rig.sink('guarded', { ...tolerant(queue), ...QUICK, ...user }, [{ value: row({ id: 1 }) }], { waits: false });
    expect(await rig.failure(sink)).toMatch(/INSERT command denied to user 'reader'/);
    expect(await letters(queue)).toEqual([]);
    await rig.database.run(`GRANT INSERT ON ${name}.* TO reader`);
    await rig.worker.rest('POST', `/connectors/${sink.name}/restart?includeTasks=true&onlyFailed=true`);
    await rig.waitRows('SELECT id FROM guarded', [['1']]);
  });

  test('errors.log.enable alone tolerates nothing: the task fails, and none of the batch is written', async () => {
    await rig.database.run('CREATE TABLE logged (id INT PRIMARY KEY, name VARCHAR(5), n BIGINT)');
    const records = [{ value: row({ id: 1, name: 'ok' }) }, { value: row({ id: 2, name: 'much too long' }) }];
    const sink = await rig.sink('logged', { 'errors.log.enable': 'true', ...QUICK }, records, { waits: false });
    expect(await rig.failure(sink)).toContain('Tolerance exceeded in error handler');
    expect(await rig.rows('SELECT * FROM logged')).toEqual([]);
  });
});

describe('retries', () => {
  test('as many as configured, then the task fails; the words of the original', async () => {
    await rig.database.run('CREATE TABLE tried (id INT PRIMARY KEY, name VARCHAR(5), n BIGINT)');
    const settings = { 'max.retries': '2', 'retry.backoff.ms': '50' };
    const sink = await rig.sink('tried', settings, [{ value: row({ id: 1, name: 'much too long' }) }], { waits: false });
    const trace = await rig.failure(sink);
    expect(trace).toContain('org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.');
    expect(trace).toMatch(/Caused by: org\.apache\.kafka\.connect\.errors\.ConnectException: java\.sql\.SQLException: Exception chain:\n/);
    expect(logOf(sink).flatMap((line) => /Write of (1 records failed, remainingRetries=\d)/.exec(line)?.[1] ?? [])).toEqual([
      '1 records failed, remainingRetries=2',
      '1 records failed, remainingRetries=1',
    ]);
  });

  test('a lock that others hold is waited for, and the batch is written once', async () => {
    await rig.database.run('CREATE TABLE locked (id INT PRIMARY KEY, name TEXT, n BIGINT)', "INSERT INTO locked VALUES (1, 'old', 0)");
    await rig.database.run('BEGIN', 'SELECT * FROM locked WHERE id = 1 FOR UPDATE');
    const settings = {
      'insert.mode': 'upsert',
      'pk.mode': 'record_value',
      'pk.fields': 'id',
      'max.retries': '1000',
      'retry.backoff.ms': '50',
    };
    const url = { 'connection.url': `${rig.database.url}&sessionVariables=innodb_lock_wait_timeout=1` };
    const sink = await rig.sink('locked', { ...settings, ...url }, [{ value: row({ id: 1, name: 'new' }) }]);
    await waitUntil('the sink was refused once', () => logOf(sink).some((line) => line.includes('remainingRetries=1000')));
    await rig.worker.says('Lock wait timeout exceeded');
    expect(await rig.worker.states(sink.name)).toEqual(['RUNNING', 'RUNNING']);
    await rig.database.run('COMMIT');
    await rig.waitRows('SELECT * FROM locked', [['1', 'new', null]]);
    await rig.waitDone(sink);
  });

  test('a connection that is ended from outside is made anew', async () => {
    const sink = await rig.sink('killed', { 'auto.create': 'true' }, [{ value: row({ id: 1 }) }]);
    await rig.waitRows('SELECT id FROM killed', [['1']]);
    await rig.database.run(
      `BEGIN NOT ATOMIC FOR one IN (SELECT id FROM information_schema.PROCESSLIST WHERE DB = '${rig.database.name}' AND USER = 'kafka') DO KILL one.id; END FOR; END`,
    );
    await rig.send(sink.topic, [{ value: row({ id: 2 }) }]);
    await rig.waitRows('SELECT id FROM killed ORDER BY id', [['1'], ['2']]);
  });

  test('a table that is dropped while the sink runs is made again', async () => {
    const sink = await rig.sink('dropped', { 'auto.create': 'true', 'retry.backoff.ms': '50' }, [{ value: row({ id: 1 }) }]);
    await rig.waitRows('SELECT id FROM dropped', [['1']]);
    await rig.database.run('DROP TABLE dropped');
    await rig.send(sink.topic, [{ value: row({ id: 2 }) }]);
    await rig.waitRows('SELECT id FROM dropped', [['2']]);
  });

  test('what two tasks write to one row crosswise ends well', async () => {
    await rig.database.run('CREATE TABLE crossed (id INT PRIMARY KEY, name VARCHAR(20), n BIGINT)');
    const settings = {
      'insert.mode': 'upsert',
      'pk.mode': 'record_value',
      'pk.fields': 'id',
      'max.retries': '1000',
      'retry.backoff.ms': '20',
    };
    const ids = Array.from({ length: 300 }, (_, id) => id);
    const records = (order: readonly number[], name: string) => [...order, ...order, ...order].map((id) => ({ value: row({ id, name }) }));
    const sinks = [
      await rig.sink('crossed', settings, records(ids, 'up')),
      await rig.sink('crossed', settings, records(ids.toReversed(), 'down')),
    ];
    for (const sink of sinks) await rig.waitDone(sink);
    expect(await rig.rows('SELECT COUNT(*) FROM crossed')).toEqual([['300']]);
  });
});

describe('words', () => {
  test('a wrong password is refused at once, and stands nowhere', async () => {
    const config = {
      'connector.class': 'JdbcSink',
      topics: 'any',
      'connection.url': `${rig.database.url.replace('kafka123', 'wrong-1234')}`,
    };
    const { status, text } = await rig.worker.rest('PUT', '/connectors/wrong/config', config);
    expect(status).toBe(400);
    expect(text).toMatch(/Could not connect to database\. .*Access denied for user 'kafka'/);
    expect(text).not.toContain('wrong-1234');
    const separate = {
      ...config,
      'connection.url': rig.database.url.replace(/\?.*/, ''),
      'connection.user': 'kafka',
      'connection.password': 'wrong-5678',
    };
    const second = await rig.worker.rest('PUT', '/connector-plugins/JdbcSink/config/validate', separate);
    expect(second.text).toMatch(/Could not connect to database\. .*Access denied for user 'kafka'/);
    expect(second.text).not.toContain('wrong-5678');
    expect(rig.worker.log()).not.toMatch(/wrong-1234|wrong-5678|kafka123/);
  });

  test('what is done to a table is told, and what is wrong with it', async () => {
    await rig.database.run('CREATE TABLE told (id INT, name TEXT, n BIGINT, at DATETIME)');
    const settings = { 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': 'id' };
    const sink = await rig.sink('told', settings, [{ value: row({ id: 1 }) }, { value: row({ id: 1 }) }]);
    await rig.waitDone(sink);
    expect(
      logOf(sink).filter((line) => line.includes('No unique key is made of (id): insert.mode=upsert adds a row for every record.')),
    ).toHaveLength(1);
    const { text } = await rig.worker.rest('GET', '/metrics');
    const figures = text.split('\n').filter((line) => line.includes(`connector="${sink.name}"`) && line.includes('told'));
    expect(figures.find((line) => line.includes('records_written_total'))).toMatch(/ 2$/);
    expect(figures.find((line) => line.includes('errors_total'))).toMatch(/ 0$/);
  });

  test('values of records stand in no error of ours', async () => {
    await rig.database.run('CREATE TABLE quiet (id INT PRIMARY KEY, name VARCHAR(60), n BIGINT NOT NULL)');
    const sink = await rig.sink('quiet', { 'max.retries': '0' }, [{ value: row({ id: 1, name: '주민번호 900101-1234567' }) }], {
      waits: false,
    });
    expect(await rig.failure(sink)).toContain("Column 'n' cannot be null");
    expect(rig.worker.log()).not.toContain('900101');
  });

  test('trim.sensitive.log leaves out what the database says of values', async () => {
    await rig.database.run('CREATE TABLE trimmed (id VARCHAR(60) PRIMARY KEY)');
    const secret = { value: structs({ id: 'string' })({ id: '900101-7654321' }) };
    const settings = { 'max.retries': '0', 'trim.sensitive.log': 'true' };
    const sink = await rig.sink('trimmed', settings, [secret, secret], { waits: false });
    const trace = await rig.failure(sink);
    expect(trace).toContain(
      `java.sql.SQLIntegrityConstraintViolationException: Record ${sink.topic}-0 at offset 1, SQLState 23000, error 1062`,
    );
    expect(trace).not.toContain('900101-7654321');
    expect(rig.worker.log()).not.toContain('900101-7654321');
  });

  test('records without a schema, or of a kind that has no columns, are refused with the sentence of the original', async () => {
    const plain = await rig.sink('plain', {}, [{ value: '{"schema":null,"payload":{"id":1}}' }], { waits: false });
    expect(await rig.failure(plain)).toMatch(
      new RegExp(
        `Sink connector '${plain.name}' is configured with 'delete\\.enabled=false' and 'pk\\.mode=none' and therefore requires records with a non-null Struct or String value and non-null Struct or String schema, but found record at \\(topic='${plain.topic}',partition=0,offset=0,timestamp=\\d+\\) with a HashMap value and null value schema\\.`,
      ),
    );
    const number = await rig.sink('plain', {}, [{ value: primitive('int32', 5) }], { waits: false });
    expect(await rig.failure(number)).toContain('with a Integer value and int32 value schema.');
  });
});
