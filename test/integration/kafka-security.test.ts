import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { type LogEvent, LogHub } from '../../src/base/log.ts';
import type { CheckStep } from '../../src/base/reach.ts';
import { readPkcs12 } from '../../src/base/tls/pkcs12.ts';
import { createAdmin } from '../../src/kafka/admin.ts';
import { checkKafka } from '../../src/kafka/check.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import { createClusterLink } from '../../src/kafka/cluster-link.ts';
import { createFetcher } from '../../src/kafka/fetcher.ts';
import { MetadataCache } from '../../src/kafka/metadata.ts';
import { createProducer } from '../../src/kafka/producer.ts';
import { metadataMessage } from '../../src/kafka/wire/messages/metadata.ts';
import { ALICE_PASSWORD, REAUTHENTICATION_MS, type SecureBroker, STORE_PASSWORD, startSecureBroker } from '../helpers/secure-broker.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { MAIN, writeProperties } from '../helpers/worker-process.ts';

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule';
const OAUTH = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';

const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-security-'));
const events: LogEvent[] = [];
const hub = new LogHub(() => Date.now());
hub.attach((event) => events.push(event));
hub.setLevel('root', 'DEBUG');
const log = hub.log('test');

let broker: SecureBroker;
let tokens: Server | undefined;
let tokenUrl = '';
const tokenRequests: string[] = [];

const bySecret = (text: string) =>
  [ALICE_PASSWORD, 'scram-secret', 'client-secret', STORE_PASSWORD].filter((secret) => text.includes(secret));

beforeAll(async () => {
  broker = await startSecureBroker(folder);
  await broker.addScramUser('bob', 'scram-secret');
  tokens = createServer((request, response) => {
    tokenRequests.push(request.headers.authorization ?? '');
    if (request.headers.authorization !== `Basic ${Buffer.from('id:client-secret').toString('base64')}`) {
      response.writeHead(401).end('{"error":"client-secret is wrong"}');
      return;
    }
    const nowS = Math.floor(Date.now() / 1000);
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    response.end(JSON.stringify({ access_token: `${encode({ alg: 'none' })}.${encode({ sub: 'carol', iat: nowS, exp: nowS + 60 })}.` }));
  });
  await new Promise<void>((resolve) => tokens?.listen(0, '127.0.0.1', resolve));
  tokenUrl = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}/token`;
});

afterAll(async () => {
  tokens?.close();
  await broker?.cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

function open(properties: Record<string, string>) {
  const surroundings = { clock: systemClock, allowedTokenUrls: [tokenUrl] };
  const quick = { 'default.api.timeout.ms': '5000', 'request.timeout.ms': '5000', 'socket.connection.setup.timeout.ms': '5000' };
  return createClusterLink(parseClientProperties({ ...quick, ...properties }, 'admin', log, surroundings), log);
}

/** Id of the broker as Metadata says: encryption and login have worked then. */
async function brokerIds(properties: Record<string, string>): Promise<number[]> {
  const link = open(properties);
  try {
    return (await link.brokers()).map(({ id }) => id);
  } finally {
    await link.close();
  }
}

/** The error of a connection that must not come about. */
async function refusal(properties: Record<string, string>): Promise<string> {
  try {
    await brokerIds(properties);
  } catch (error) {
    const text = `${String(error)} ${error instanceof Error ? (error.stack ?? '') : ''}`;
    expect(bySecret(text)).toEqual([]);
    return String(error);
  }
  throw new Error('the connection was not refused');
}

const jaasText = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
const sasl = (mechanism: string, jaas: string) => ({
  'bootstrap.servers': broker.addresses.sasl,
  'security.protocol': 'SASL_PLAINTEXT',
  'sasl.mechanism': mechanism,
  'sasl.jaas.config': jaas,
});
const trustP12 = () => ({
  'ssl.truststore.type': 'PKCS12',
  'ssl.truststore.location': broker.file('trust.p12'),
  'ssl.truststore.password': STORE_PASSWORD,
});

describe('SASL_PLAINTEXT', () => {
  test('PLAIN, with a password full of quotes', async () => {
    expect(await brokerIds(sasl('PLAIN', `${PLAIN} required username="alice" password="${jaasText(ALICE_PASSWORD)}";`))).toEqual([1]);
  });

  test.each(['SCRAM-SHA-256', 'SCRAM-SHA-512'])('%s', async (mechanism) => {
    expect(await brokerIds(sasl(mechanism, `${SCRAM} required username="bob" password="scram-secret";`))).toEqual([1]);
  });

  test.each([
    ['PLAIN', () => `${PLAIN} required username="alice" password="${jaasText(ALICE_PASSWORD)}";`],
    ['SCRAM-SHA-512', () => `${SCRAM} required username="bob" password="scram-secret";`],
    ['OAUTHBEARER', () => `${OAUTH} required unsecuredLoginStringClaim_sub="carol";`],
  ])('%s as the program is bundled', async (mechanism, jaas) => {
    const { 'bootstrap.servers': address, ...settings } = sasl(mechanism, jaas());
    const file = path.join(folder, `${mechanism}.properties`);
    writeProperties(file, settings);
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'topics', '-b', address, '--command-config', file, '-o', 'json']);
    expect(JSON.parse(stdout)).toBeInstanceOf(Array);
  });

  test('OAUTHBEARER with an unsecured token', async () => {
    expect(await brokerIds(sasl('OAUTHBEARER', `${OAUTH} required unsecuredLoginStringClaim_sub="carol";`))).toEqual([1]);
  });

  test('OAUTHBEARER with client credentials', async () => {
    const settings = {
      ...sasl('OAUTHBEARER', `${OAUTH} required clientId="id" clientSecret="client-secret";`),
      'sasl.login.callback.handler.class': 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler',
      'sasl.oauthbearer.token.endpoint.url': tokenUrl,
    };
    tokenRequests.length = 0;
    expect(await brokerIds(settings)).toEqual([1]);
    expect(tokenRequests.length).toBe(1);
    expect(await refusal({ ...settings, 'sasl.jaas.config': `${OAUTH} required clientId="id" clientSecret="other";` })).toContain(
      'HTTP status 401',
    );
  });

  test('a login is renewed before the broker’s limit', async () => {
    const link = open(sasl('OAUTHBEARER', `${OAUTH} required unsecuredLoginStringClaim_sub="carol";`));
    try {
      const startMs = performance.now();
      const failures: unknown[] = [];
      await waitUntil('requests have gone on past the limit', async () => {
        const ask = link.send('any', metadataMessage, { topics: [], allowAutoTopicCreation: false });
        await ask.catch((error: unknown) => failures.push(error));
        return performance.now() - startMs > REAUTHENTICATION_MS * 2.2;
      });
      expect(failures).toEqual([]);
    } finally {
      await link.close();
    }
  });

  test.each([
    ['PLAIN', `${PLAIN} required username="alice" password="nope";`],
    ['SCRAM-SHA-256', `${SCRAM} required username="bob" password="nope";`],
    ['SCRAM-SHA-512', `${SCRAM} required username="nobody" password="nope";`],
  ])('%s with a wrong password is refused soon, and says so', async (mechanism, jaas) => {
    const startMs = performance.now();
    expect(await refusal(sasl(mechanism, jaas))).toMatch(/auth/i);
    expect(performance.now() - startMs).toBeLessThan(8000);
  });
});

describe('TLS', () => {
  test('SASL_SSL with a PKCS12 truststore', async () => {
    const settings = sasl('SCRAM-SHA-512', `${SCRAM} required username="bob" password="scram-secret";`);
    expect(
      await brokerIds({ ...settings, ...trustP12(), 'bootstrap.servers': broker.addresses.saslTls, 'security.protocol': 'SASL_SSL' }),
    ).toEqual([1]);
  });

  test('SASL_SSL with a PEM truststore, by host name', async () => {
    const settings = sasl('PLAIN', `${PLAIN} required username="alice" password="${jaasText(ALICE_PASSWORD)}";`);
    const servers = broker.addresses.saslTls.replace('127.0.0.1', 'localhost');
    const trust = { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': broker.file('ca.pem') };
    expect(await brokerIds({ ...settings, ...trust, 'bootstrap.servers': servers, 'security.protocol': 'SASL_SSL' })).toEqual([1]);
  });

  const mtls = () => ({ 'bootstrap.servers': broker.addresses.mtls, 'security.protocol': 'SSL', ...trustP12() });
  const keystore = (name: string) => ({
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': broker.file(name),
    'ssl.keystore.password': STORE_PASSWORD,
  });

  test('client certificate from a PKCS12 keystore', async () => {
    expect(await brokerIds({ ...mtls(), ...keystore('client.p12') })).toEqual([1]);
  });

  test('client certificate as PEM text, TLS 1.3 only', async () => {
    const { certificates, privateKeys } = readPkcs12(readFileSync(broker.file('client.p12')), STORE_PASSWORD);
    const pem = {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.key': String(privateKeys[0]?.export({ format: 'pem', type: 'pkcs8' })).replaceAll('\n', ' '),
      'ssl.keystore.certificate.chain': certificates.map(String).join(''),
    };
    expect(await brokerIds({ ...mtls(), ...pem, 'ssl.enabled.protocols': 'TLSv1.3' })).toEqual([1]);
  });

  test('without a certificate, or with a stranger’s, the broker refuses', async () => {
    expect(await refusal(mtls())).toMatch(/certificate|alert|DISCONNECTED|disconnected|closed/i);
    expect(await refusal({ ...mtls(), ...keystore('stranger.p12') })).toMatch(/certificate|alert|DISCONNECTED|disconnected|closed/i);
  });

  test('a certificate that nobody here trusts is refused', async () => {
    expect(await refusal({ 'bootstrap.servers': broker.addresses.mtls, 'security.protocol': 'SSL' })).toMatch(/certificate/i);
  });

  test('a certificate of another host is refused, unless names are not to be checked', async () => {
    const settings = { 'bootstrap.servers': broker.addresses.wrongName, 'security.protocol': 'SSL', ...trustP12() };
    expect(await refusal(settings)).toMatch(/altnames|Hostname|IP/i);
    expect(await brokerIds({ ...settings, 'ssl.endpoint.identification.algorithm': '' })).toEqual([1]);
  });

  test('TLS to a plaintext port fails with a reason', async () => {
    const text = await refusal({ 'bootstrap.servers': broker.addresses.plaintext, 'security.protocol': 'SSL', ...trustP12() });
    expect(text).toContain(broker.addresses.plaintext);
  });
});

describe('a check of the connection tells the causes apart', () => {
  const told = async (properties: Record<string, string>) => {
    const steps: CheckStep[] = [];
    for await (const step of checkKafka(parseClientProperties(properties, 'admin', log), log)) steps.push(step);
    expect(bySecret(JSON.stringify(steps))).toEqual([]);
    const last = steps.at(-1)!;
    return `${last.outcome}: ${last.answer} → ${last.advice}`;
  };
  const plain = (password: string) => `${PLAIN} required username="alice" password="${jaasText(password)}";`;
  const tlsTo = (address: string, more: Record<string, string> = {}) => ({
    'bootstrap.servers': address,
    'security.protocol': 'SSL',
    ...more,
  });

  test('it can be used', async () => {
    expect(await told(sasl('PLAIN', plain(ALICE_PASSWORD)))).toBe('ok: topics, groups, broker settings and disks may be read → null');
  });

  test('a wrong password, a mechanism that is not there, a login where there is none, none where there is one', async () => {
    expect(await told(sasl('PLAIN', plain('wrong')))).toMatch(
      /^failed: the broker refuses the login: .*→ check user and password in sasl\.jaas\.config$/,
    );
    const gone = { ...sasl('PLAIN', plain(ALICE_PASSWORD)), 'bootstrap.servers': broker.addresses.plaintext };
    expect(await told(gone)).toMatch(/^failed: .*(login fails|does not take PLAIN here).*/);
    expect(await told({ 'bootstrap.servers': broker.addresses.sasl })).toMatch(
      /this listener wants a login → set security\.protocol=SASL_/,
    );
  });

  test('TLS and none confused, either way', async () => {
    expect(await told(tlsTo(broker.addresses.plaintext, trustP12()))).toMatch(/^failed: this port speaks Kafka without TLS →/);
    expect(await told({ 'bootstrap.servers': broker.addresses.wrongName })).toMatch(
      /^failed: this port speaks TLS → set security\.protocol=SSL/,
    );
  });

  test('certificates: of nobody known, of another name, and the one that is wanted from us', async () => {
    expect(await told(tlsTo(broker.addresses.wrongName))).toMatch(
      /signed by nobody who is trusted here .*→ name its CA: ssl\.truststore\.location/,
    );
    expect(await told(tlsTo(broker.addresses.wrongName, trustP12()))).toMatch(
      /its certificate is for another name than 127\.0\.0\.1: .*→ use a name/,
    );
    expect(await told(tlsTo(broker.addresses.mtls, trustP12()))).toMatch(/→ set ssl\.keystore\.location/);
  });
});

test('records go out and come back over SASL_SSL, with options from properties', async () => {
  const link = open({
    ...sasl('SCRAM-SHA-256', `${SCRAM} required username="bob" password="scram-secret";`),
    ...trustP12(),
    'bootstrap.servers': broker.addresses.saslTls,
    'security.protocol': 'SASL_SSL',
  });
  const metadata = new MetadataCache(link);
  const producer = createProducer(link, metadata, link.options.producer);
  const fetcher = createFetcher(link, metadata, link.options.fetcher);
  try {
    await createAdmin(link, metadata).createTopics([{ name: 'security-records', partitions: 1, replicationFactor: 1 }]);
    await producer.ready('security-records');
    const offsets = Array.from(
      { length: 100 },
      (_, i) =>
        new Promise<bigint>((resolve, reject) => {
          const isTaken = producer.send('security-records', 0, null, `값 ${i}`, null, null, (error, _partition, offset) =>
            error ? reject(error) : resolve(offset),
          );
          if (!isTaken) reject(new Error(`record ${i} was not taken`));
        }),
    );
    await producer.flush();
    expect((await Promise.all(offsets)).at(-1)).toBe(99n);
    fetcher.assign([{ topic: 'security-records', partition: 0, offset: 'earliest' }]);
    const values: string[] = [];
    await waitUntil('100 records are back', async () => {
      for (const { value } of await fetcher.poll(500)) values.push(String(value));
      return values.length >= 100;
    });
    expect(values).toEqual(Array.from({ length: 100 }, (_, i) => `값 ${i}`));
  } finally {
    await fetcher.close();
    await producer.close(1000);
    await link.close();
  }
});

test('no secret is in the log', () => {
  expect(events.flatMap((event) => bySecret(`${event.message} ${event.trace ?? ''}`))).toEqual([]);
});
