/**
 * Why a Kafka cluster cannot be reached, or that it can: name, port, TLS, login, the addresses that brokers tell of themselves, rights.
 * Each step has its own answer, and what to do; the first that fails ends it.
 */
import type { ConnectionOptions } from 'node:tls';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { type CheckStep, checkName, checkPort, checkTls, failed, ok, STEP_MS, speaksTls } from '../base/reach.ts';
import type { BrokerInfo } from './admin-contract.ts';
import { Connection } from './connection.ts';
import type { Admin, ClientOptions } from './contract.ts';
import { createKafka } from './kafka.ts';
import { KafkaError } from './kafka-error.ts';
import { metadataMessage } from './wire/messages/metadata.ts';

/** Brokers whose addresses are tried. */
const MAX_BROKERS = 30;
const ANSWER_MS = 8_000;
const HOW_TO_TRUST = 'name its CA: ssl.truststore.location and ssl.truststore.type in the client properties';
const MAX_FRAME_BYTES = 1024 * 1024;

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Steps as they are done. Never throws. */
export async function* checkKafka(options: ClientOptions, log: Log): AsyncGenerator<CheckStep> {
  const reached: Address[] = [];
  for (const server of options.bootstrapServers) {
    const address = toAddress(server);
    for await (const step of network(address)) {
      yield step;
      if (step.outcome === 'ok' && step.what.startsWith('port')) reached.push(address);
    }
  }
  const first = reached[0];
  if (!first) return;
  if (options.tls) {
    const step = await checkTls(first.host, first.port, options.tls, HOW_TO_TRUST);
    yield step.outcome === 'ok' || !(await speaksPlain(first, log)) ? step : plainPort(step);
    if (step.outcome !== 'ok') return;
  }
  const login = await checkLogin(first, options, log);
  yield login;
  if (login.outcome === 'failed') return;
  yield* checkCluster(options, log);
}

async function* network({ host, port }: Address): AsyncGenerator<CheckStep> {
  const name = await checkName(host);
  if (name) yield name;
  if (name?.outcome !== 'failed') yield await checkPort(host, port);
}

/** `host:port`, IPv6 in brackets. */
function toAddress(server: string): Address {
  const at = server.lastIndexOf(':');
  return { host: server.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(server.slice(at + 1)) };
}

function plainPort(step: CheckStep): CheckStep {
  return failed(
    step.what,
    'this port speaks Kafka without TLS',
    'set security.protocol=PLAINTEXT or SASL_PLAINTEXT, or use the port that has TLS',
  );
}

function open(
  address: Address,
  options: Pick<ClientOptions, 'clientId' | 'sasl'> & { tls: ConnectionOptions | null },
  log: Log,
): Promise<Connection> {
  return Connection.open({
    ...address,
    ...options,
    connectionTimeoutMs: STEP_MS,
    requestTimeoutMs: STEP_MS,
    maxFrameBytes: MAX_FRAME_BYTES,
    log,
    onClosed: () => undefined,
  });
}

async function speaksPlain(address: Address, log: Log): Promise<boolean> {
  try {
    (await open(address, { clientId: 'kconsole', sasl: null, tls: null }, log)).close();
    return true;
  } catch {
    return false;
  }
}

async function checkLogin(address: Address, { clientId, tls, sasl }: ClientOptions, log: Log): Promise<CheckStep> {
  const where = `${address.host}:${address.port}`;
  const what = sasl ? `login ${where}` : `Kafka ${where}`;
  try {
    const connection = await open(address, { clientId, tls, sasl }, log);
    if (sasl === null && !(await answersStrangers(connection))) return loginWanted(what);
    connection.close();
    return ok(what, sasl ? `${sasl.mechanism.toUpperCase()} accepted` : 'speaks Kafka');
  } catch (error) {
    const name = error instanceof KafkaError ? error.kafkaName : '';
    const own = messageOf(error);
    if (name === 'UNSUPPORTED_SASL_MECHANISM' || /mechanism/i.test(own))
      return failed(
        what,
        `the broker does not take ${sasl?.mechanism.toUpperCase()} here: ${own}`,
        'set sasl.mechanism to one that this listener has',
      );
    if (name === 'SASL_AUTHENTICATION_FAILED')
      return failed(what, `the broker refuses the login: ${own}`, 'check user and password in sasl.jaas.config');
    if (!tls && (await speaksTls(address.host, address.port)))
      return failed(
        what,
        'this port speaks TLS',
        `set security.protocol=${sasl ? 'SASL_SSL' : 'SSL (or SASL_SSL)'} and the truststore in the client properties`,
      );
    if (sasl && (await speaksPlain(address, log)))
      return failed(
        what,
        `the port speaks Kafka, and the login fails: ${own}`,
        'this listener may have no SASL: set security.protocol without it',
      );
    if (name === 'SSL_HANDSHAKE_FAILED') return failed(what, own, 'set ssl.keystore.location: this listener wants a client certificate');
    return failed(what, `what answers there is not Kafka: ${own}`, 'check the port; a Connect REST API is given as http://…');
  }
}

/** A listener with SASL tells its versions to anybody, and then nothing more. */
async function answersStrangers(connection: Connection): Promise<boolean> {
  try {
    await connection.send(metadataMessage, { topics: [], allowAutoTopicCreation: false }, { timeoutMs: STEP_MS });
    return true;
  } catch (error) {
    return !(error instanceof KafkaError && error.kafkaName === 'DISCONNECTED');
  }
}

function loginWanted(what: string): CheckStep {
  return failed(
    what,
    'the broker closes the connection at the first question: this listener wants a login',
    'set security.protocol=SASL_PLAINTEXT or SASL_SSL, sasl.mechanism and sasl.jaas.config',
  );
}

async function* checkCluster(options: ClientOptions, log: Log): AsyncGenerator<CheckStep> {
  const kafka = createKafka({ ...options, requestTimeoutMs: ANSWER_MS, defaultApiTimeoutMs: ANSWER_MS, connectionTimeoutMs: STEP_MS }, log);
  try {
    const admin = kafka.admin();
    let brokers: readonly BrokerInfo[];
    try {
      const info = await admin.cluster();
      brokers = info.brokers;
      yield ok('cluster', `${info.clusterId}, ${brokers.length} ${brokers.length === 1 ? 'broker' : 'brokers'}`);
    } catch (error) {
      yield clusterFault(error);
      return;
    }
    const known = new Set(options.bootstrapServers);
    const others = brokers.filter(({ host, port }) => !known.has(`${host}:${port}`)).slice(0, MAX_BROKERS);
    const steps = await Promise.all(others.map(checkAdvertised));
    yield* steps.filter((step) => step.outcome !== 'ok');
    if (steps.every((step) => step.outcome === 'ok')) yield ok('brokers', 'each can be reached at the address that it tells');
    yield* checkRights(admin, brokers);
  } finally {
    await kafka.close();
  }
}

function clusterFault(error: unknown): CheckStep {
  const own = messageOf(error);
  if (/AUTHORIZATION_FAILED/.test(own))
    return failed('cluster', own, 'this user may not ask for the cluster: have Describe on the cluster granted');
  return failed('cluster', own, 'look at the broker: it takes connections and does not answer');
}

/** What clients go to after the first answer: the names that brokers have for themselves may mean nothing here. */
async function checkAdvertised({ id, host, port }: BrokerInfo): Promise<CheckStep> {
  const what = `broker ${id}`;
  const name = await checkName(host);
  const step = name?.outcome === 'failed' ? name : await checkPort(host, port);
  if (step.outcome === 'ok') return ok(what, `${host}:${port}`);
  return failed(
    what,
    `tells ${host}:${port} as its address, and from here ${step.what} ${step.answer}`,
    'advertised.listeners of that broker must name an address that clients reach; or make this one reachable from here',
  );
}

/** What this user may read. */
export async function* checkRights(admin: Admin, brokers: readonly BrokerInfo[]): AsyncGenerator<CheckStep> {
  const questions: ReadonlyArray<readonly [what: string, right: string, ask: () => Promise<unknown>]> = [
    ['topics', 'Describe on topics', async () => asUsual(await admin.topics())],
    ['groups', 'Describe on groups', () => admin.groups()],
    [
      'broker settings',
      'DescribeConfigs on the cluster',
      () => admin.describeConfigs({ type: 'broker', name: String(brokers[0]?.id ?? 0) }),
    ],
    ['disks', 'Describe on the cluster', () => admin.logDirs(brokers.slice(0, 1).map(({ id }) => id))],
  ];
  const denied: string[] = [];
  const missing = new Set<string>();
  for (const [what, right, ask] of questions) {
    try {
      await ask();
    } catch (error) {
      if (!/AUTHORIZATION_FAILED/.test(messageOf(error))) {
        yield { what: `rights: ${what}`, outcome: 'warn', answer: messageOf(error), advice: null };
        continue;
      }
      denied.push(what);
      missing.add(right);
    }
  }
  yield denied.length === 0
    ? ok('rights', 'topics, groups, broker settings and disks may be read')
    : {
        what: 'rights',
        outcome: 'warn',
        answer: `this user may not read ${denied.join(', ')}`,
        advice: `have ${[...missing].join(', ')} granted; the rest can be used`,
      };
}

/** Topics that may not be seen are left out by the broker, or marked. */
function asUsual(topics: ReadonlyArray<{ readonly error: string | null }>): void {
  if (topics.length > 0 && topics.every(({ error }) => error?.includes('AUTHORIZATION_FAILED')))
    throw new Error('TOPIC_AUTHORIZATION_FAILED');
}
