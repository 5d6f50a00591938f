/**
 * Kafka's client settings that mean something here, with the names and defaults of Apache Kafka 4.3's ProducerConfig, ConsumerConfig and
 * AdminClientConfig. `ignored-client-keys.ts` has the rest.
 */
import { defineSpec, extendSpec, key } from '../spec/define.ts';
import { allOf, atLeast, between, check, nonEmptyString, oneOf, oneOfIgnoreCase } from '../spec/validators.ts';

const MEDIUM = 'MEDIUM' as const;
const LOW = 'LOW' as const;
const HIGH = 'HIGH' as const;

export const connectionSpec = defineSpec({
  'bootstrap.servers': key.list({
    importance: HIGH,
    doc: 'Brokers to ask first, host:port each, separated by commas. The rest of the cluster is found through them.',
  }),
  'client.id': key.string({ default: '', importance: MEDIUM, doc: 'Name of this client in the brokers’ logs, quotas and metrics.' }),
  'request.timeout.ms': key.int({
    default: 30_000,
    validator: atLeast(0),
    importance: MEDIUM,
    doc: 'How long a broker may take to answer a request before it is tried again or fails.',
  }),
  'socket.connection.setup.timeout.ms': key.long({
    default: 10_000n,
    importance: MEDIUM,
    doc: 'How long building up a connection may take, TLS and SASL included.',
  }),
  'connections.max.idle.ms': key.long({
    default: 540_000n,
    importance: MEDIUM,
    doc: 'Connections without traffic for this long are closed; −1 keeps them.',
  }),
  'reconnect.backoff.ms': key.long({
    default: 50n,
    validator: atLeast(0),
    importance: LOW,
    doc: 'Pause before a broker is connected again after a failure; it doubles up to reconnect.backoff.max.ms.',
  }),
  'reconnect.backoff.max.ms': key.long({
    default: 1000n,
    validator: atLeast(0),
    importance: LOW,
    doc: 'Longest pause between two attempts to connect to a broker.',
  }),
  'retry.backoff.ms': key.long({
    default: 100n,
    validator: atLeast(0),
    importance: LOW,
    doc: 'Pause before a failed request is sent again; it doubles up to retry.backoff.max.ms.',
  }),
  'retry.backoff.max.ms': key.long({
    default: 1000n,
    validator: atLeast(0),
    importance: LOW,
    doc: 'Longest pause between two attempts of a request.',
  }),
  'metadata.max.age.ms': key.long({
    default: 300_000n,
    validator: atLeast(0),
    importance: LOW,
    doc: 'Brokers, topics and partitions are asked for anew after this time, even when nothing seems to have changed.',
  }),
  'default.api.timeout.ms': key.int({
    default: 60_000,
    validator: atLeast(0),
    importance: MEDIUM,
    doc: 'How long an operation may take in all, its retries included.',
  }),
});

export const securitySpec = defineSpec({
  'security.protocol': key.string({
    default: 'PLAINTEXT',
    validator: oneOfIgnoreCase('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'),
    importance: MEDIUM,
    doc: 'PLAINTEXT, SSL (TLS), SASL_PLAINTEXT (login without encryption) or SASL_SSL (login over TLS).',
  }),
  'sasl.mechanism': key.string({
    default: 'GSSAPI',
    importance: MEDIUM,
    doc: 'How to log in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.',
  }),
  'sasl.jaas.config': key.password({
    default: null,
    importance: MEDIUM,
    doc: 'Login data in JAAS syntax: <login module> required username="…" password="…"; Only Kafka’s own PlainLoginModule, ScramLoginModule and OAuthBearerLoginModule are known.',
  }),
  'sasl.login.callback.handler.class': key.string({
    default: null,
    importance: MEDIUM,
    doc: 'Only Kafka’s own OAuthBearerLoginCallbackHandler, for OAUTHBEARER.',
  }),
  'sasl.login.connect.timeout.ms': key.int({
    default: null,
    importance: LOW,
    doc: 'Part of the time that the token endpoint may take (OAUTHBEARER).',
  }),
  'sasl.login.read.timeout.ms': key.int({
    default: null,
    importance: LOW,
    doc: 'Part of the time that the token endpoint may take (OAUTHBEARER).',
  }),
  'sasl.login.retry.backoff.ms': key.long({
    default: 100n,
    validator: atLeast(1),
    importance: LOW,
    doc: 'First pause between two requests to the token endpoint; it doubles.',
  }),
  'sasl.login.retry.backoff.max.ms': key.long({
    default: 10_000n,
    validator: atLeast(0),
    importance: LOW,
    doc: 'The token endpoint is tried again for this long.',
  }),
  'sasl.login.refresh.window.factor': key.double({
    default: 0.8,
    validator: between(0.5, 1),
    importance: LOW,
    doc: 'Share of a token’s life after which a new one is fetched.',
  }),
  'sasl.oauthbearer.token.endpoint.url': key.string({
    default: null,
    importance: MEDIUM,
    doc: 'Where to get tokens with client credentials. It must be on the allow list of this process (KCONSOLE_SASL_OAUTHBEARER_ALLOWED_URLS).',
  }),
  'sasl.oauthbearer.client.credentials.client.id': key.string({
    default: null,
    importance: MEDIUM,
    doc: 'Client id for the token endpoint; else clientId in sasl.jaas.config.',
  }),
  'sasl.oauthbearer.client.credentials.client.secret': key.password({
    default: null,
    importance: MEDIUM,
    doc: 'Client secret for the token endpoint; else clientSecret in sasl.jaas.config.',
  }),
  'sasl.oauthbearer.scope': key.string({ default: null, importance: MEDIUM, doc: 'Scope to ask for; else scope in sasl.jaas.config.' }),
  'sasl.oauthbearer.header.urlencode': key.boolean({
    default: false,
    importance: LOW,
    doc: 'Percent-encode client id and secret in the authorization header, as RFC 6749 says.',
  }),
  'ssl.protocol': key.string({ default: 'TLSv1.3', importance: MEDIUM, doc: 'Taken for compatibility; ssl.enabled.protocols decides.' }),
  'ssl.enabled.protocols': key.list({
    default: ['TLSv1.2', 'TLSv1.3'],
    importance: MEDIUM,
    doc: 'TLS versions to offer: TLSv1.2, TLSv1.3.',
  }),
  'ssl.cipher.suites': key.list({
    default: [],
    importance: LOW,
    doc: 'Cipher suites to offer, with Java’s or OpenSSL’s names. Empty: the usual ones.',
  }),
  'ssl.keystore.type': key.string({
    default: 'JKS',
    importance: MEDIUM,
    doc: 'PEM or PKCS12; a file declared as JKS is taken when it is one of the two in truth.',
  }),
  'ssl.keystore.location': key.string({ default: null, importance: HIGH, doc: 'File with the client’s certificate and private key.' }),
  'ssl.keystore.password': key.password({ default: null, importance: HIGH, doc: 'Password of the key store.' }),
  'ssl.key.password': key.password({
    default: null,
    importance: HIGH,
    doc: 'Password of the private key, where it differs from the store’s or the key is an encrypted PEM.',
  }),
  'ssl.keystore.key': key.password({
    default: null,
    importance: HIGH,
    doc: 'Private key as PEM text (PKCS#8), with ssl.keystore.type=PEM.',
  }),
  'ssl.keystore.certificate.chain': key.password({
    default: null,
    importance: HIGH,
    doc: 'Certificate of the client and those that signed it as PEM text, with ssl.keystore.type=PEM.',
  }),
  'ssl.truststore.type': key.string({
    default: 'JKS',
    importance: MEDIUM,
    doc: 'PEM or PKCS12; a file declared as JKS is taken when it is one of the two in truth.',
  }),
  'ssl.truststore.location': key.string({
    default: null,
    importance: HIGH,
    doc: 'File with the certificates to trust. Unset: the well-known certificate authorities.',
  }),
  'ssl.truststore.password': key.password({ default: null, importance: HIGH, doc: 'Password of the trust store.' }),
  'ssl.truststore.certificates': key.password({
    default: null,
    importance: HIGH,
    doc: 'Certificates to trust as PEM text, with ssl.truststore.type=PEM.',
  }),
  'ssl.endpoint.identification.algorithm': key.string({
    default: 'https',
    importance: LOW,
    doc: 'https: the broker’s certificate must name its host. Empty: any name is accepted.',
  }),
});

const anyCase = (...words: readonly string[]) =>
  check((value) => (words.includes(String(value).toLowerCase()) ? null : `String must be one of: ${words.join(', ')}`));

export const producerSpec = defineSpec({
  acks: key.string({
    default: 'all',
    validator: oneOf('all', '-1', '0', '1'),
    importance: LOW,
    doc: 'Who must have a record before it counts as written: all in-sync replicas (all, -1), the leader (1), nobody (0).',
  }),
  'enable.idempotence': key.boolean({
    default: true,
    importance: LOW,
    doc: 'Retries write no duplicates and keep the order. Needs acks=all and at most 5 requests in flight.',
  }),
  'linger.ms': key.long({
    default: 5n,
    validator: atLeast(0),
    importance: MEDIUM,
    doc: 'How long a batch that is not full waits for more records.',
  }),
  'batch.size': key.int({ default: 16_384, validator: atLeast(0), importance: MEDIUM, doc: 'Most bytes of one partition’s batch.' }),
  'compression.type': key.string({
    default: 'none',
    validator: anyCase('none', 'gzip', 'snappy', 'lz4', 'zstd'),
    importance: HIGH,
    doc: 'none, gzip, snappy, lz4 or zstd.',
  }),
  'max.request.size': key.int({
    default: 1_048_576,
    validator: atLeast(0),
    importance: MEDIUM,
    doc: 'Most bytes of a request, and so of a record.',
  }),
  'buffer.memory': key.long({
    default: 33_554_432n,
    validator: atLeast(0),
    importance: HIGH,
    doc: 'Bytes that records may take which are not acknowledged yet; then sending waits.',
  }),
  'delivery.timeout.ms': key.int({
    default: 120_000,
    validator: atLeast(0),
    importance: MEDIUM,
    doc: 'A record that is not acknowledged after this time has failed. At least linger.ms + request.timeout.ms.',
  }),
  'max.in.flight.requests.per.connection': key.int({
    default: 5,
    validator: atLeast(1),
    importance: LOW,
    doc: 'Requests to one broker that may be without an answer.',
  }),
  'transaction.timeout.ms': key.int({
    default: 60_000,
    validator: atLeast(0),
    importance: LOW,
    doc: 'A transaction that is open for longer is aborted by the brokers. Only for exactly-once source connectors.',
  }),
});

export const consumerSpec = defineSpec({
  'group.id': key.string({ default: null, importance: HIGH, doc: 'Consumer group.' }),
  'group.instance.id': key.string({
    default: null,
    validator: nonEmptyString(),
    importance: MEDIUM,
    doc: 'Makes this a static member: it may be away for session.timeout.ms and keeps its partitions.',
  }),
  'session.timeout.ms': key.int({
    default: 45_000,
    validator: atLeast(1),
    importance: HIGH,
    doc: 'A member that gives no sign of life for this long is thrown out of its group.',
  }),
  'heartbeat.interval.ms': key.int({
    default: 3000,
    validator: atLeast(1),
    importance: HIGH,
    doc: 'Time between two signs of life; a third of session.timeout.ms or less.',
  }),
  'max.poll.interval.ms': key.int({
    default: 300_000,
    validator: atLeast(1),
    importance: MEDIUM,
    doc: 'A member that asks for no records for this long gives its partitions up.',
  }),
  'max.poll.records': key.int({ default: 500, validator: atLeast(1), importance: MEDIUM, doc: 'Most records that one poll hands out.' }),
  'fetch.min.bytes': key.int({
    default: 1,
    validator: atLeast(0),
    importance: HIGH,
    doc: 'A broker waits (up to fetch.max.wait.ms) until it has this many bytes.',
  }),
  'fetch.max.bytes': key.int({
    default: 52_428_800,
    validator: atLeast(0),
    importance: MEDIUM,
    doc: 'Most bytes of one answer; a larger first batch is sent all the same.',
  }),
  'fetch.max.wait.ms': key.int({
    default: 500,
    validator: atLeast(0),
    importance: LOW,
    doc: 'Longest time a broker waits for fetch.min.bytes.',
  }),
  'max.partition.fetch.bytes': key.int({
    default: 1_048_576,
    validator: atLeast(0),
    importance: HIGH,
    doc: 'Most bytes of one partition in an answer.',
  }),
  'isolation.level': key.choice(['read_uncommitted', 'read_committed'], {
    default: 'read_uncommitted',
    importance: MEDIUM,
    doc: 'read_committed leaves out records of transactions that were aborted or are still open.',
  }),
  'auto.offset.reset': key.string({
    default: 'latest',
    importance: MEDIUM,
    doc: 'Where to begin without a committed offset: earliest, latest, or none (fail).',
    validator: allOf(anyCase('earliest', 'latest', 'none')),
  }),
  'group.protocol': key.string({
    default: 'classic',
    validator: anyCase('classic'),
    importance: HIGH,
    doc: 'Only the classic group protocol.',
  }),
});

export const producerClientSpec = extendSpec(extendSpec(connectionSpec, securitySpec), producerSpec);
export const consumerClientSpec = extendSpec(extendSpec(connectionSpec, securitySpec), consumerSpec);
export const adminClientSpec = extendSpec(connectionSpec, securitySpec);
