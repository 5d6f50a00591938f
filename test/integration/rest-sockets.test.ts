/** The REST API of the built worker over real sockets: TLS, hosts, sizes, broken and slow callers, and what it answers while they hang. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/demo/free-port.ts';
import { LOCAL_NAMES, makeCertificates } from '../helpers/certificates.ts';
import { uniqueName } from '../helpers/standalone-rig.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-sockets-'));
const file = (name: string) => path.join(folder, name);
const PASSWORD = 'changeit';
const source = uniqueName('source');
let worker: WorkerProcess;
/** https from PEM, which wants a certificate of the caller, and http, on the same worker. */
let mutual: WorkerProcess;
/** https from PKCS12. */
let pkcs12: WorkerProcess;
let [mutualPort, pkcs12Port] = [0, 0];

beforeAll(async () => {
  makeCertificates(folder, { server: LOCAL_NAMES, client: LOCAL_NAMES });
  const toPkcs12 = ['pkcs12', '-export', '-in', 'server.pem', '-inkey', 'server.key', '-out', 'server.p12', '-passout', `pass:${PASSWORD}`];
  execFileSync('openssl', toPkcs12, { cwd: folder, stdio: 'ignore' });
  [mutualPort, pkcs12Port] = [await freePort(), await freePort()];
  const [mutualHttp, pkcs12Http] = [await freePort(), await freePort()];
  const both = (httpPort: number, httpsPort: number) => `http://127.0.0.1:${httpPort},https://127.0.0.1:${httpsPort}`;
  const tls = (settings: Record<string, string>) =>
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [`listeners.https.ssl.${key}`, value]));
  [worker, mutual, pkcs12] = await Promise.all([
    startWorkerProcess(),
    startWorkerProcess({
      port: mutualHttp,
      properties: {
        listeners: both(mutualHttp, mutualPort),
        ...tls({
          'keystore.type': 'PEM',
          'keystore.location': file('server-both.pem'),
          'truststore.type': 'PEM',
          'truststore.location': file('ca.pem'),
          'client.auth': 'required',
        }),
      },
    }),
    startWorkerProcess({
      port: pkcs12Http,
      properties: {
        listeners: both(pkcs12Http, pkcs12Port),
        ...tls({ 'keystore.type': 'PKCS12', 'keystore.location': file('server.p12'), 'keystore.password': PASSWORD }),
      },
    }),
  ]);
  const config = { 'connector.class': 'FileStreamSource', file: file('ca.pem'), topic: source };
  await worker.rest('POST', '/connectors', { name: source, config });
  await worker.waitRunning(source);
});
afterAll(async () => {
  await Promise.all([worker, mutual, pkcs12].map((each) => each?.[Symbol.asyncDispose]()));
  rmSync(folder, { recursive: true, force: true });
});

function getHttps(port: number, options: https.RequestOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(file('ca.pem'));
    https
      .get({ host: '127.0.0.1', port, path: '/connectors', ca, agent: false, ...options }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () => resolve(`${answer.statusCode} ${text}`));
      })
      .on('error', reject);
  });
}

const credentials = (name: string) => ({ cert: readFileSync(file(`${name}.pem`)), key: readFileSync(file(`${name}.key`)) });

describe('https and http together', () => {
  test('from PKCS12: a caller that knows the CA, and one that does not', async () => {
    expect(await getHttps(pkcs12Port)).toBe('200 []');
    await expect(getHttps(pkcs12Port, { ca: readFileSync(file('stranger.pem')) })).rejects.toThrow(/verify|self-signed|issuer/);
    expect((await pkcs12.rest('GET', '/connectors')).text).toBe('[]');
  });

  test('from PEM, with certificates of callers: signed by the CA, by somebody else, none', async () => {
    expect(await getHttps(mutualPort, credentials('client'))).toBe('200 []');
    await expect(getHttps(mutualPort, credentials('stranger'))).rejects.toThrow();
    await expect(getHttps(mutualPort)).rejects.toThrow();
    expect(await getHttps(mutualPort, credentials('client'))).toBe('200 []');
    expect((await mutual.rest('GET', '/connectors')).text).toBe('[]');
  });

  test('one protocol at the other one’s port does no harm', async () => {
    expect(await talk(mutualPort, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')).not.toContain('200 OK');
    await expect(getHttps(worker.port)).rejects.toThrow();
    expect((await worker.rest('GET', '/health')).status).toBe(200);
  });
});

/** Everything that comes until the other side closes. */
function talk(port: number, ...texts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = net.connect(port, '127.0.0.1', () => {
      for (const text of texts) socket.write(text);
    });
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said));
  });
}

/** One request whose connection ends with its answer. */
const ask = (head: string, body: string | Buffer = '') =>
  talk(worker.port, `${head}\r\n${/^host:/im.test(head) ? '' : 'Host: localhost\r\n'}Connection: close\r\n\r\n`, body);
const statusIn = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const errorIn = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { error_code: number; message: string };

describe('methods and paths', () => {
  test('HEAD has the head of GET and no body', async () => {
    const [get, head] = await Promise.all([ask('GET /connectors HTTP/1.1'), ask('HEAD /connectors HTTP/1.1')]);
    const withoutDate = (text: string) => text.replace(/^date: .*\r\n/im, '');
    expect(withoutDate(get)).toBe(`${withoutDate(head)}["${source}"]`);
  });

  test.each([
    ['GET /nosuch', 404, 'HTTP 404 Not Found'],
    ['DELETE /connectors', 405, 'HTTP 405 Method Not Allowed'],
    ['PATCH /', 405, 'HTTP 405 Method Not Allowed'],
    ['GET /connectors/nope', 404, 'Connector nope not found'],
    ['GET /connectors/100%25', 404, 'Connector 100% not found'],
  ])('%s', async (line, status, message) => {
    const answer = await ask(`${line} HTTP/1.1`);
    expect([statusIn(answer), errorIn(answer)]).toEqual([status, { error_code: status, message }]);
  });

  test.each(['%', '%ZZ', '%E0%A4%A', '%C0%AF', 'a%'])('the path /connectors/%j is 400 with the shape of errors', async (name) => {
    const answer = await ask(`GET /connectors/${name} HTTP/1.1`);
    expect([statusIn(answer), errorIn(answer).error_code]).toEqual([400, 400]);
  });

  test('a path beyond all measure is 431', async () => {
    const answer = await ask(`GET /connectors/${'x'.repeat(20_000)} HTTP/1.1`);
    expect([statusIn(answer), errorIn(answer).error_code]).toEqual([431, 431]);
  });

  test('a name of a thousand Korean characters is a name', async () => {
    const answer = await ask(`GET /connectors/${encodeURIComponent('주'.repeat(1000))} HTTP/1.1`);
    expect([statusIn(answer), errorIn(answer).message]).toEqual([404, `Connector ${'주'.repeat(1000)} not found`]);
  });

  test('OPTIONS names the methods', async () => {
    const answer = await ask('OPTIONS /connectors HTTP/1.1');
    expect([statusIn(answer), /^allow: (.*)\r$/im.exec(answer)?.[1]]).toEqual([200, 'HEAD,GET,POST,OPTIONS']);
  });
});

describe('hosts, media types, sizes', () => {
  test.each([
    ['localhost:1', 200],
    ['[::1]', 200],
    ['127.0.0.2', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
  ])('Host %s is %i', async (host, status) => {
    const answer = await ask(`GET /connectors HTTP/1.1\r\nHost: ${host}`);
    expect(statusIn(answer)).toBe(status);
    if (status === 403) expect(errorIn(answer).message).toContain(`Host "${host}" is refused`);
  });

  test('a body that is too large is 413 as soon as that is known; so is a chunked one', async () => {
    const head = 'POST /connectors HTTP/1.1\r\nContent-Type: application/json\r\n';
    const wanted = { error_code: 413, message: 'The body of the request is larger than 1048576 bytes.' };
    const told = await ask(`${head}Content-Length: 1048577`, '{');
    const chunk = `${(1024 * 1024).toString(16)}\r\n${' '.repeat(1024 * 1024)}\r\n`;
    const chunked = await ask(`${head}Transfer-Encoding: chunked`, `${chunk}${chunk}0\r\n\r\n`);
    for (const answer of [told, chunked]) expect([statusIn(answer), errorIn(answer)]).toEqual([413, wanted]);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])('%s is 415', async (type) => {
    const answer = await ask(`POST /connectors HTTP/1.1\r\nContent-Type: ${type}\r\nContent-Length: 2`, '{}');
    expect([statusIn(answer), errorIn(answer).message]).toEqual([415, 'HTTP 415 Unsupported Media Type']);
  });
});

test('metrics are Prometheus text with the names of Connect', async () => {
  const answer = await worker.rest('GET', '/metrics');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain; version=0\.0\.4/)]);
  const sample = /^[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (NaN|[+-]?Inf|[+-]?\d+(\.\d+)?(e[+-]?\d+)?)$/;
  const lines = answer.text.split('\n').filter((line) => line !== '');
  expect(lines.filter((line) => !sample.test(line) && !/^# (HELP|TYPE) [a-zA-Z_:][\w:]* ./.test(line))).toEqual([]);
  const typed = lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
  expect(typed).toEqual([...new Set(typed)]);
  const records = lines.find((line) => line.startsWith('kafka_connect_source_task_metrics_source_record_write_total{'));
  expect(records).toContain(`connector="${source}"`);
  for (const name of [
    'kafka_connect_connect_worker_metrics_connector_count',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_p99_seconds',
  ])
    expect(lines.map((line) => line.split(/[ {]/)[0])).toContain(name);
});

describe('connections', () => {
  test('are kept, and requests that come all at once are answered in order', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let i = 0; i < 3; i++) {
      await new Promise<void>((resolve, reject) => {
        const request = http.get({ port: worker.port, host: '127.0.0.1', path: '/', agent }, (answer) => {
          ports.add(request.socket?.localPort);
          answer.resume().on('end', resolve);
        });
        request.on('error', reject);
      });
    }
    agent.destroy();
    expect(ports.size).toBe(1);
    const get = (at: string, last = false) => `GET ${at} HTTP/1.1\r\nHost: localhost\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
    const said = await talk(worker.port, get('/connectors/a') + get('/connectors') + get('/connectors/b', true));
    expect([...said.matchAll(/\r\n\r\n(.*?)(?=HTTP\/1\.1|$)/gs)].map(([, body]) => body)).toEqual([
      '{"error_code":404,"message":"Connector a not found"}',
      `["${source}"]`,
      '{"error_code":404,"message":"Connector b not found"}',
    ]);
  });

  test('two requests in one by different lengths are refused', async () => {
    const smuggled = '5c\r\nGET /connectors HTTP/1.1\r\nHost: localhost\r\n\r\n0\r\n\r\n';
    const head = 'POST /connectors HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked';
    expect((await ask(head, smuggled)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
  });

  test('callers that stop in the middle hold up nobody, are cut off, and do not hold up the end', async () => {
    const halves = [
      'GET /conn',
      'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
      'POST /connectors HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name"',
      '',
    ];
    const startedMs = performance.now();
    const hanging = Array.from({ length: 200 }, (_, i) => talk(worker.port, halves[i % halves.length]!));
    const cut = Promise.all(hanging);
    for (let i = 0; i < 20; i++) expect((await worker.rest('GET', '/connectors')).text).toBe(`["${source}"]`);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    let isCut = false;
    void cut.then(() => {
      isCut = true;
    });
    const head = talk(worker.port, 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    expect(statusIn(await head)).toBe(408);
    expect(isCut).toBe(false);
    const endedMs = performance.now();
    expect(await worker.end()).toBe(0);
    expect(performance.now() - endedMs).toBeLessThan(6_000);
    await waitUntil('all are cut', () => isCut);
  });
});
