/**
 * Kafka client properties, as Java clients take them, to the options of this room. Defaults are Apache Kafka 4.3's.
 * An unknown key is named in a warning; a key of the Java clients that has no meaning here is ignored, with a warning where the user would
 * notice; a value that is not supported throws ConfigError that says what is. Secrets are in no message.
 */
import { type Clock, systemClock } from '../base/clock.ts';
import { ConfigError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { ConfOf } from '../spec/define.ts';
import type { ClientRole } from './client-role.ts';
import {
  adminClientSpec,
  connectionSpec,
  consumerClientSpec,
  consumerSpec,
  producerClientSpec,
  producerSpec,
  securitySpec,
} from './client-spec.ts';
import type { ClientOptions, CompressionType, FetcherOptions, ProducerOptions } from './contract.ts';
import { ignoredKey } from './ignored-client-keys.ts';
import { javaClientKeys } from './java-client-keys.ts';
import { allowedTokenUrls } from './oauth-bearer.ts';
import { readSasl } from './sasl.ts';
import { readTlsOptions } from './tls-material.ts';

export type { ClientRole };
export type ClientProperties = Readonly<Record<string, string>>;

export interface ClientSurroundings {
  readonly clock: Clock;
  /** OAuth token endpoints that may be asked: see `allowedTokenUrls`. */
  readonly allowedTokenUrls: readonly string[];
}

type ConnectionConf = ConfOf<typeof connectionSpec>;
type ProducerConf = ConfOf<typeof producerSpec>;
type ConsumerConf = ConfOf<typeof consumerSpec>;

const SPECS = { producer: producerClientSpec, consumer: consumerClientSpec, admin: adminClientSpec } as const;

const ROLES: readonly ClientRole[] = ['producer', 'consumer', 'admin'];

/** Where the admin client's default is another than the others'. */
const ADMIN_DEFAULTS = { 'connections.max.idle.ms': '300000' };

/** Longest pause that a timer takes; longer ones mean "for ever". */
const MAX_MS = 2 ** 31 - 1;

/** Throws ConfigError; warnings go to `log`. */
export function parseClientProperties(
  properties: ClientProperties,
  role: ClientRole,
  log: Log,
  surroundings?: ClientSurroundings,
): ClientOptions {
  judgeOtherKeys(properties, role, log);
  const { clock, allowedTokenUrls: allowed } = surroundings ?? { clock: systemClock, allowedTokenUrls: allowedTokenUrls(process.env) };
  const connection = connectionSpec.parse(role === 'admin' ? { ...ADMIN_DEFAULTS, ...properties } : properties);
  const security = securitySpec.parse(properties);
  const protocol = security['security.protocol'].toUpperCase();
  const producer = producerSpec.parse(role === 'producer' ? properties : {});
  const consumer = consumerSpec.parse(role === 'consumer' ? properties : {});
  return {
    bootstrapServers: bootstrapServers(connection['bootstrap.servers']),
    clientId: connection['client.id'] || `kconsole-${role}`,
    tls: protocol.endsWith('SSL') ? readTlsOptions(security) : null,
    sasl: protocol.startsWith('SASL') ? readSasl(security, Object.hasOwn(properties, 'sasl.mechanism'), allowed, clock) : null,
    ...connectionTimes(connection),
    producer: producerOptions(producer, connection, properties, log),
    fetcher: fetcherOptions(consumer, connection, properties),
    group: groupOptions(consumer),
  };
}

/** Whether a client of this kind takes the key, be it only to ignore it: what a worker may pass on of its own settings. */
export function isClientKey(name: string, role: ClientRole): boolean {
  return SPECS[role].keys.has(name) || ignoredKey(name, '', role) !== null;
}

function judgeOtherKeys(properties: ClientProperties, role: ClientRole, log: Log): void {
  for (const [name, value] of Object.entries(properties)) {
    if (SPECS[role].keys.has(name)) continue;
    const ignored = ignoredKey(name, value, role);
    // A default of another role's clients that a shared file brings along.
    const isOtherRole = ignored === null && ROLES.some((other) => javaClientKeys(other).has(name));
    if (ignored?.kind === 'refuse') throw new ConfigError(`${name} is set, but ${ignored.because}`);
    if (ignored?.kind === 'warn') log.warn(`Kafka ${role} setting ${name} is ignored: ${ignored.because}.`);
    if (ignored === null && !isOtherRole) log.warn(`Kafka ${role} setting ${name} is unknown and ignored. Check its spelling.`);
  }
}

function bootstrapServers(list: readonly string[]): string[] {
  const servers = list.filter((server) => server !== '');
  if (servers.length === 0) throw new ConfigError('No bootstrap urls given in bootstrap.servers. Give host:port, e.g. localhost:9092.');
  return servers.map((server) => {
    const [, bracketed, plain, digits] = /^(?:\w+:\/\/)?(?:\[([0-9a-fA-F:.%\w]+)\]|([^\s:[\]/@]+)):(\d{1,5})$/.exec(server) ?? [];
    const host = bracketed === undefined ? plain : `[${bracketed}]`;
    const port = Number(digits);
    if (host === undefined || !(port >= 1 && port <= 65_535)) {
      throw new ConfigError(`Invalid url in bootstrap.servers: ${server.slice(0, 80)}. Write host:port.`);
    }
    return `${host}:${port}`;
  });
}

function toMs(value: bigint | number): number {
  return value < 0 ? MAX_MS : Math.min(Number(value), MAX_MS);
}

function connectionTimes(conf: ConnectionConf) {
  return {
    requestTimeoutMs: toMs(conf['request.timeout.ms']),
    connectionTimeoutMs: toMs(conf['socket.connection.setup.timeout.ms']),
    connectionsMaxIdleMs: toMs(conf['connections.max.idle.ms']),
    reconnectBackoffMs: toMs(conf['reconnect.backoff.ms']),
    reconnectBackoffMaxMs: toMs(conf['reconnect.backoff.max.ms']),
    retryBackoffMs: toMs(conf['retry.backoff.ms']),
    retryBackoffMaxMs: toMs(conf['retry.backoff.max.ms']),
    metadataMaxAgeMs: toMs(conf['metadata.max.age.ms']),
    defaultApiTimeoutMs: toMs(conf['default.api.timeout.ms']),
  };
}

function producerOptions(conf: ProducerConf, connection: ConnectionConf, given: ClientProperties, log: Log): ProducerOptions {
  const acks = conf.acks === 'all' ? -1 : Number(conf.acks) === 0 ? 0 : Number(conf.acks) === 1 ? 1 : -1;
  return {
    acks,
    isIdempotent: isIdempotent(conf, acks, Object.hasOwn(given, 'enable.idempotence'), log),
    lingerMs: toMs(conf['linger.ms']),
    batchSizeBytes: conf['batch.size'],
    compression: toCompression(conf['compression.type'].toLowerCase()),
    maxRequestSizeBytes: conf['max.request.size'],
    bufferMemoryBytes: Number(conf['buffer.memory']),
    deliveryTimeoutMs: deliveryTimeoutMs(conf, connection, Object.hasOwn(given, 'delivery.timeout.ms')),
    requestTimeoutMs: toMs(connection['request.timeout.ms']),
    maxInFlightPerConnection: conf['max.in.flight.requests.per.connection'],
    transactionTimeoutMs: conf['transaction.timeout.ms'],
  };
}

function toCompression(text: string): CompressionType {
  const types: readonly CompressionType[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
  return types.find((type) => type === text) ?? 'none';
}

/** Idempotence is given up quietly when it is only a default, refused when it was asked for (ProducerConfig.maybeOverrideEnableIdempotence). */
function isIdempotent(conf: ProducerConf, acks: number, isAskedFor: boolean, log: Log): boolean {
  if (!conf['enable.idempotence']) return false;
  const problem =
    acks !== -1
      ? 'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.'
      : conf['max.in.flight.requests.per.connection'] > 5
        ? 'Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.'
        : null;
  if (problem === null) return true;
  if (isAskedFor) throw new ConfigError(problem);
  log.info(`Idempotence is off: ${problem}`);
  return false;
}

function deliveryTimeoutMs(conf: ProducerConf, connection: ConnectionConf, isGiven: boolean): number {
  const least = Math.min(toMs(conf['linger.ms']) + toMs(connection['request.timeout.ms']), MAX_MS);
  if (conf['delivery.timeout.ms'] >= least) return conf['delivery.timeout.ms'];
  if (isGiven) throw new ConfigError('delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms');
  return least;
}

/**
 * How long a broker holds a fetch that finds nothing, unless it was said how long or how many bytes are waited for: what comes is answered at
 * once in any case, and a request each half second from every task is most of the work that idle tasks make.
 */
const IDLE_FETCH_MS = 5_000;

function fetcherOptions(conf: ConsumerConf, connection: ConnectionConf, given: ClientProperties): FetcherOptions {
  const isWaitGiven = Object.hasOwn(given, 'fetch.max.wait.ms') || conf['fetch.min.bytes'] !== 1;
  const reset = conf['auto.offset.reset'].toLowerCase();
  return {
    minBytes: conf['fetch.min.bytes'],
    maxBytes: conf['fetch.max.bytes'],
    maxWaitMs: isWaitGiven ? conf['fetch.max.wait.ms'] : IDLE_FETCH_MS,
    maxPartitionBytes: conf['max.partition.fetch.bytes'],
    maxPollRecords: conf['max.poll.records'],
    isolationLevel: conf['isolation.level'],
    autoOffsetReset: reset === 'earliest' || reset === 'none' ? reset : 'latest',
    requestTimeoutMs: toMs(connection['request.timeout.ms']),
    isRaw: false,
  };
}

function groupOptions(conf: ConsumerConf): ClientOptions['group'] {
  if (conf['heartbeat.interval.ms'] >= conf['session.timeout.ms']) {
    throw new ConfigError(
      `heartbeat.interval.ms = ${conf['heartbeat.interval.ms']} must be less than session.timeout.ms = ${conf['session.timeout.ms']}; a third of it or less is usual.`,
    );
  }
  return {
    groupId: conf['group.id'],
    groupInstanceId: conf['group.instance.id'],
    sessionTimeoutMs: conf['session.timeout.ms'],
    heartbeatIntervalMs: conf['heartbeat.interval.ms'],
    maxPollIntervalMs: conf['max.poll.interval.ms'],
  };
}
