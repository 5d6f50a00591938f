/**
 * The user's own scenarios, as printed: standalone worker with file source and sink, nginx access log, two workers on one host, the REST lines.
 * Only folders and addresses differ (each test has its own).
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-seed-'));
const run = `seed-${process.pid}`;
const file = (name: string) => path.join(folder, name);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first `count` lines that Apache Kafka's console consumer prints of the topic. */
function consume(topic: string, count: number): string {
  const consumer = [
    ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx128m', '-cp', path.join(process.env.KCONSOLE_TEST_KAFKA_LIBS!, '*')],
    'org.apache.kafka.tools.consumer.ConsoleConsumer',
    ...['--bootstrap-server', process.env.KCONSOLE_TEST_BOOTSTRAP!, '--topic', topic],
    ...['--from-beginning', '--max-messages', String(count)],
  ];
  return execFileSync('java', consumer, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('file source and file sink', () => {
  test('the lines of test.txt arrive as printed, in the topic and in the sink file', async () => {
    const topic = `${run}-connect-test`;
    writeFileSync(file('test.txt'), 'first message\nseconde line\n세번째 메시지\n');
    await using worker = await startWorkerProcess({
      connectors: [
        { name: 'local-file-source', 'connector.class': 'FileStreamSource', 'tasks.max': '1', file: file('test.txt'), topic },
        {
          name: `${run}-local-file-sink`,
          'connector.class': 'FileStreamSink',
          'tasks.max': '1',
          file: file('test.sink.txt'),
          topics: topic,
        },
      ],
    });
    await waitUntil(
      'three lines in the sink file',
      () => existsSync(file('test.sink.txt')) && readFileSync(file('test.sink.txt'), 'utf8').split('\n').length === 4,
    );
    expect(consume(topic, 3)).toBe(
      '{"schema":{"type":"string","optional":false},"payload":"first message"}\n' +
        '{"schema":{"type":"string","optional":false},"payload":"seconde line"}\n' +
        '{"schema":{"type":"string","optional":false},"payload":"세번째 메시지"}\n',
    );
    expect(readFileSync(file('test.sink.txt'), 'utf8')).toBe('first message\nseconde line\n세번째 메시지\n');
    appendFileSync(file('test.txt'), 'added later\n');
    await waitUntil('the added line in the sink file', () => readFileSync(file('test.sink.txt'), 'utf8').endsWith('added later\n'));
    expect(await worker.end()).toBe(0);
  });
});

describe('two workers on one host', () => {
  test('a second worker on the same port says so and ends; with listeners=HTTP://:PORT of its own it runs', async () => {
    const connector = {
      name: 'local-file-source',
      'connector.class': 'FileStreamSource',
      'tasks.max': '1',
      file: file('two.txt'),
      topic: `${run}-two`,
    };
    writeFileSync(file('two.txt'), 'x\n');
    await using first = await startWorkerProcess({ connectors: [connector] });
    await using second = await startWorkerProcess({ isStartOnly: true, port: first.port });
    expect(await second.exited()).not.toBe(0);
    await second.says(String(first.port));
    await second.says('in use');
    const port = await freePort();
    await using third = await startWorkerProcess({ port, properties: { listeners: `HTTP://:${port}` } });
    expect((await third.rest('GET', '/connectors')).text).toBe('[]');
    expect(await first.states('local-file-source')).toEqual(['RUNNING', 'RUNNING']);
  });
});

describe('nginx access log', () => {
  test('each request line of the access log reaches the topic and the copy of the log', async () => {
    const topic = `${run}-nginx-accesslog`;
    writeFileSync(file('access.log'), '');
    await using worker = await startWorkerProcess({
      connectors: [
        { name: 'nginx-accesslog-source', 'connector.class': 'FileStreamSource', 'tasks.max': '1', file: file('access.log'), topic },
        {
          name: `${run}-nginx-accesslog-sink`,
          'connector.class': 'FileStreamSink',
          'tasks.max': '1',
          file: file('access.log.sink'),
          topics: topic,
        },
      ],
    });
    const lines = Array.from(
      { length: 50 },
      (_, i) => `127.0.0.1 - - [24/Nov/2026:19:00:0${i % 10} +0000] "GET / HTTP/1.1" 200 612 "-" "Mozilla/5.0"\n`,
    );
    for (const line of lines) appendFileSync(file('access.log'), line);
    await waitUntil(
      'the copy equals the log',
      () => existsSync(file('access.log.sink')) && readFileSync(file('access.log.sink'), 'utf8') === lines.join(''),
    );
    expect(consume(topic, 1).split('\n')[0]).toBe(
      `{"schema":{"type":"string","optional":false},"payload":${JSON.stringify(lines[0]!.trim())}}`,
    );
    expect(await worker.states('nginx-accesslog-source')).toEqual(['RUNNING', 'RUNNING']);
  });
});

describe('the REST lines', () => {
  let worker: WorkerProcess;
  const name = 'mysql-timestamp-source';

  beforeAll(async () => {
    writeFileSync(file('rest.txt'), 'a\nb\n');
    worker = await startWorkerProcess({
      connectors: [{ name, 'connector.class': 'FileStreamSource', 'tasks.max': '1', file: file('rest.txt'), topic: `${run}-rest` }],
    });
  });
  afterAll(() => worker[Symbol.asyncDispose]());

  /** With the tool that the document uses. */
  const curl = (...args: string[]) =>
    execFileSync('curl', ['-s', '-w', '\n%{http_code}', ...args.map((a) => a.replace('localhost:8083', `localhost:${worker.port}`))], {
      encoding: 'utf8',
    });

  test.each([
    ['curl -X GET http://localhost:8083/connectors/', 200],
    ['curl -X GET http://localhost:8083/connectors?expand=status&expand=info', 200],
    [`curl -X GET http://localhost:8083/connectors/${name}/config`, 200],
    [`curl -X GET http://localhost:8083/connectors/${name}/status`, 200],
    [`curl -X POST http://localhost:8083/connectors/${name}/restart`, 204],
    [`curl -X PUT http://localhost:8083/connectors/${name}/pause`, 202],
    [`curl -X PUT http://localhost:8083/connectors/${name}/resume`, 202],
    [`curl -X GET http://localhost:8083/connectors/${name}/tasks`, 200],
    [`curl -X GET http://localhost:8083/connectors/${name}/tasks/0/status`, 200],
    [`curl -X POST http://localhost:8083/connectors/${name}/tasks/0/restart`, 204],
    [`curl -X GET http://localhost:8083/connectors/${name}/topics`, 200],
    [`curl -X PUT http://localhost:8083/connectors/${name}/topics/reset`, 202],
    ['curl -X GET http://localhost:8083/connector-plugins', 200],
    ['curl localhost:8083', 200],
    ['curl localhost:8083/connectors', 200],
    [`curl -X DELETE localhost:8083/connectors/${name}`, 204],
  ])('%s → %i', async (line, status) => {
    await waitUntil('the connector has settled', async () => (await worker.rest('GET', '/health')).status === 200);
    const answer = curl(...line.split(' ').slice(1));
    expect(Number(answer.split('\n').at(-1))).toBe(status);
  });

  test('validate of the sink for test-topic, sent as JSON', async () => {
    const body = { 'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector', 'tasks.max': '1', topics: 'test-topic' };
    const answer = await worker.rest('PUT', '/connector-plugins/FileStreamSinkConnector/config/validate', body);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text).error_count).toBe(1);
  });

  test('GET / gives version, commit and cluster id', async () => {
    const answer = JSON.parse((await worker.rest('GET', '/')).text) as Record<string, string>;
    expect(Object.keys(answer)).toEqual(['version', 'commit', 'kafka_cluster_id']);
  });
});
