import { expect, test } from 'vitest';
import { ConfigError } from '../../../src/base/errors.ts';
import { type LogEvent, LogHub } from '../../../src/base/log.ts';
import { type ClientRole, isClientKey, parseClientProperties } from '../../../src/kafka/client-properties.ts';

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule';
const OAUTH = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';

function parse(properties: Record<string, string>, role: ClientRole = 'producer') {
  const events: LogEvent[] = [];
  const hub = new LogHub(() => 0);
  hub.attach((event) => events.push(event));
  const options = parseClientProperties({ 'bootstrap.servers': 'localhost:9092', ...properties }, role, hub.log('test'));
  return { options, warnings: events.filter((event) => event.level === 'WARN').map((event) => event.message) };
}

test('defaults of Kafka 4.3', () => {
  const { options, warnings } = parse({});
  expect(warnings).toEqual([]);
  expect(options).toEqual({
    bootstrapServers: ['localhost:9092'],
    clientId: 'kconsole-producer',
    tls: null,
    sasl: null,
    requestTimeoutMs: 30_000,
    connectionTimeoutMs: 10_000,
    connectionsMaxIdleMs: 540_000,
    reconnectBackoffMs: 50,
    reconnectBackoffMaxMs: 1000,
    retryBackoffMs: 100,
    retryBackoffMaxMs: 1000,
    metadataMaxAgeMs: 300_000,
    defaultApiTimeoutMs: 60_000,
    producer: {
      acks: -1,
      isIdempotent: true,
      lingerMs: 5,
      batchSizeBytes: 16_384,
      compression: 'none',
      maxRequestSizeBytes: 1_048_576,
      bufferMemoryBytes: 33_554_432,
      deliveryTimeoutMs: 120_000,
      requestTimeoutMs: 30_000,
      maxInFlightPerConnection: 5,
      transactionTimeoutMs: 60_000,
    },
    fetcher: {
      minBytes: 1,
      maxBytes: 52_428_800,
      maxWaitMs: 5_000,
      maxPartitionBytes: 1_048_576,
      maxPollRecords: 500,
      isolationLevel: 'read_uncommitted',
      autoOffsetReset: 'latest',
      requestTimeoutMs: 30_000,
      isRaw: false,
    },
    group: { groupId: null, groupInstanceId: null, sessionTimeoutMs: 45_000, heartbeatIntervalMs: 3000, maxPollIntervalMs: 300_000 },
  });
});

test.each([
  [{ 'fetch.max.wait.ms': '700' }, 700],
  [{ 'fetch.max.wait.ms': '500' }, 500],
  [{ 'fetch.min.bytes': '100' }, 500],
  [{ 'fetch.min.bytes': '1' }, 5_000],
])('a broker waits with nothing to send as it was said: %j', (given, waitMs) => {
  expect(parse(given, 'consumer').options.fetcher.maxWaitMs).toBe(waitMs);
});

test('what Connect sets for its producers', () => {
  const { options, warnings } = parse({
    'key.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
    'max.block.ms': '9223372036854775807',
    'enable.idempotence': 'false',
    acks: 'all',
    'max.in.flight.requests.per.connection': '1',
    'delivery.timeout.ms': '2147483647',
    'client.id': 'connector-producer-c-0',
    'compression.type': 'ZSTD',
  });
  expect(warnings).toEqual([]);
  expect(options.producer).toMatchObject({
    acks: -1,
    isIdempotent: false,
    maxInFlightPerConnection: 1,
    deliveryTimeoutMs: 2 ** 31 - 1,
    compression: 'zstd',
  });
});

test('what Connect sets for its consumers', () => {
  const { options, warnings } = parse(
    {
      'group.id': 'connect-x',
      'enable.auto.commit': 'false',
      'auto.offset.reset': 'earliest',
      'key.deserializer': 'x',
      'connections.max.idle.ms': '-1',
      'isolation.level': 'read_committed',
    },
    'consumer',
  );
  expect(warnings).toEqual([]);
  expect(options).toMatchObject({
    connectionsMaxIdleMs: 2 ** 31 - 1,
    fetcher: { autoOffsetReset: 'earliest', isolationLevel: 'read_committed' },
    group: { groupId: 'connect-x' },
  });
});

test('the admin client’s own default', () => {
  expect(parse({}, 'admin').options.connectionsMaxIdleMs).toBe(300_000);
  expect(parse({ 'connections.max.idle.ms': '5' }, 'admin').options.connectionsMaxIdleMs).toBe(5);
});

test('bootstrap servers', () => {
  expect(parse({ 'bootstrap.servers': ' a:1 , SASL_SSL://b.example.com:9093,[::1]:9092,' }).options.bootstrapServers).toEqual([
    'a:1',
    'b.example.com:9093',
    '[::1]:9092',
  ]);
});

test('idempotence is given up for acks=1, and refused when both were asked for', () => {
  expect(parse({ acks: '1' }).options.producer).toMatchObject({ acks: 1, isIdempotent: false });
  expect(() => parse({ acks: '0', 'enable.idempotence': 'true' })).toThrow(/Must set acks to all/);
  expect(() => parse({ 'max.in.flight.requests.per.connection': '6', 'enable.idempotence': 'true' })).toThrow(/at most 5/);
});

test('delivery.timeout.ms follows a longer request timeout, unless it was given', () => {
  expect(parse({ 'request.timeout.ms': '200000' }).options.producer.deliveryTimeoutMs).toBe(200_005);
  expect(() => parse({ 'request.timeout.ms': '200000', 'delivery.timeout.ms': '1000' })).toThrow(/equal to or larger than/);
});

test('warnings name the key', () => {
  expect(
    parse({ 'linger.msec': '5', 'interceptor.classes': 'com.x.Y', 'group.id': 'g', 'metrics.num.samples': '2', 'max.poll.records': '10' })
      .warnings,
  ).toEqual([
    'Kafka producer setting linger.msec is unknown and ignored. Check its spelling.',
    'Kafka producer setting interceptor.classes is ignored: Java classes cannot be loaded.',
  ]);
});

test('logins', () => {
  const sasl = (properties: Record<string, string>) => parse({ 'security.protocol': 'SASL_PLAINTEXT', ...properties }).options.sasl;
  expect(sasl({ 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': `${PLAIN} required username="u" password="p";` })).toEqual({
    mechanism: 'plain',
    username: 'u',
    password: 'p',
  });
  expect(
    sasl({ 'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.jaas.config': `${SCRAM} required username="u" password="p" tokenauth="true";` }),
  ).toEqual({
    mechanism: 'scram-sha-512',
    username: 'u',
    password: 'p',
    isTokenAuth: true,
  });
  expect(parse({ 'security.protocol': 'ssl' }).options.tls).toMatchObject({ rejectUnauthorized: true });
});

test('an unsecured OAUTHBEARER token with extensions', async () => {
  const { options } = parse({
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.jaas.config': `${OAUTH} required unsecuredLoginStringClaim_sub="alice" unsecuredLoginListClaim_scope="|a|b" unsecuredLoginNumberClaim_n="3" extension_logicalCluster="lkc";`,
  });
  if (options.sasl?.mechanism !== 'oauthbearer') throw new Error('oauthbearer expected');
  const token = await options.sasl.token();
  expect(token.extensions).toEqual({ logicalCluster: 'lkc' });
  const [head = '', claims = '', signature] = token.value.split('.');
  expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'none' });
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ sub: 'alice', scope: ['a', 'b'], n: 3 });
  expect(signature).toBe('');
  expect(token.lifetimeMs).toBeGreaterThan(Date.now());
});

test('what may be passed on', () => {
  expect(isClientKey('ssl.truststore.location', 'admin')).toBe(true);
  expect(isClientKey('metric.reporters', 'admin')).toBe(true);
  expect(isClientKey('key.converter', 'admin')).toBe(false);
});

test.each([
  [{ 'bootstrap.servers': '' }, 'No bootstrap urls given in bootstrap.servers'],
  [{ 'bootstrap.servers': 'localhost' }, 'Invalid url in bootstrap.servers: localhost'],
  [{ 'bootstrap.servers': 'localhost:99999' }, 'Invalid url in bootstrap.servers: localhost:99999'],
  [{ acks: '2' }, 'Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1'],
  [{ 'batch.size': 'big' }, 'Invalid value big for configuration batch.size: Not a number of type INT'],
  [
    { 'compression.type': 'brotli' },
    'Invalid value brotli for configuration compression.type: String must be one of: none, gzip, snappy, lz4, zstd',
  ],
  [{ 'transactional.id': 'x' }, 'transactional.id is set, but transactional ids are given by the worker'],
  [{ 'security.protocol': 'TLS' }, 'String must be one of (case insensitive): PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL'],
  [
    { 'security.protocol': 'SASL_SSL' },
    "Kafka's default GSSAPI (Kerberos) is not supported. Set it to PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.",
  ],
  [
    { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'GSSAPI' },
    'sasl.mechanism = GSSAPI (Kerberos) is not supported. Supported are PLAIN, SCRAM-SHA-256',
  ],
  [{ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'AWS_MSK_IAM' }, 'sasl.mechanism = "AWS_MSK_IAM" is not supported'],
  [{ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN' }, 'sasl.mechanism = PLAIN needs sasl.jaas.config'],
  [
    {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': `${SCRAM} required username="u" password="hunter2";`,
    },
    'names the login module of another mechanism',
  ],
  [
    { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': `${PLAIN} required password="hunter2";` },
    'username is missing',
  ],
  [
    { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'OAUTHBEARER', 'sasl.jaas.config': `${OAUTH} required;` },
    'needs unsecuredLoginStringClaim_sub',
  ],
  [
    {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.jaas.config': `${OAUTH} required;`,
      'sasl.login.callback.handler.class': 'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
    },
    'is not supported: Java classes cannot be loaded',
  ],
])('refused: %j', (properties: Record<string, string>, message) => {
  let error: unknown = null;
  try {
    parse(properties);
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain('hunter2');
});

test.each([
  [{ 'heartbeat.interval.ms': '45000' }, 'must be less than session.timeout.ms'],
  [{ 'auto.offset.reset': 'by_duration:PT1H' }, 'String must be one of: earliest, latest, none'],
  [{ 'group.protocol': 'consumer' }, 'String must be one of: classic'],
])('refused for a consumer: %j', (properties: Record<string, string>, message) => {
  expect(() => parse(properties, 'consumer')).toThrow(message);
});
