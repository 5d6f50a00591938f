/**
 * The REST servers of a worker: one a listener. They listen before the worker has started (`/health` says so then) because the worker's
 * id is made from the address that is advertised.
 */
import type { FastifyInstance } from 'fastify';
import { type Clock, systemClock } from '../base/clock.ts';
import { ConnectError, errorCodeOf, messageOf } from '../base/errors.ts';
import { logFor } from '../base/log.ts';
import type { InternalRequests } from '../herder/distributed/forwarder.ts';
import type { GroupRequests } from '../herder/distributed/group-requests.ts';
import type { Herder } from '../herder/herder.ts';
import { advertisedUrlOf, hostForUrl, type OpenListener, unreachableNote, workerIdOf } from './advertised-url.ts';
import { createAuthenticator } from './basic-auth.ts';
import { toCorsRules } from './cors.ts';
import { isLoopback } from './host-check.ts';
import { createInternalRequests } from './internal-requests.ts';
import { createMaskingHerder } from './masking-herder.ts';
import { createRestApp, type RestAppOptions } from './rest-app.ts';
import type { Listener, RestConfig } from './rest-config.ts';
import type { Route } from './route.ts';
import { adminRoutes, mainRoutes } from './route-table.ts';
import { internalRoutes } from './routes/internal.ts';
import { readListenerTls } from './tls-options.ts';
import { WorkerClient } from './worker-client.ts';

const LOGGER = 'org.apache.kafka.connect.runtime.rest.RestServer';
const ACCESS_LOGGER = 'org.apache.kafka.connect.runtime.rest.RequestLog';
const REQUEST_TIMEOUT_MS = 90_000;
const HEALTH_TIMEOUT_MS = 10_000;
/** How long requests under way may take to end when the server closes. */
const CLOSE_TIMEOUT_MS = 3_000;

export interface RestServerOptions {
  /** Sentence on what the worker is busy with, for answers that come too late (`WorkerStages`). */
  readonly stage?: () => string | null;
  readonly clock?: Clock;
  readonly requestTimeoutMs?: number;
  readonly healthTimeoutMs?: number;
  readonly receiveTimeoutMs?: number;
  /** A worker of a group: serves what the others of it ask, too. */
  readonly isDistributed?: boolean;
  /** Value of KAFKA_OPTS, which may name a login configuration. */
  readonly kafkaOpts?: string;
}

export interface RestServer {
  /** Ends in `/`, as it travels in group metadata. */
  readonly advertisedUrl: string;
  /** `host:port` of it. */
  readonly workerId: string;
  /** Where it really listens, as URLs. */
  readonly addresses: readonly string[];
  /** What this worker asks of others. `signatureAlgorithm`: `inter.worker.signature.algorithm`. */
  internalRequests(signatureAlgorithm: string): InternalRequests;
  /** From now on requests reach the worker. `group`: what a distributed one does for the others, never masked. */
  serve(herder: Herder, group?: GroupRequests): void;
  /** Ends what is under way within seconds. */
  close(): Promise<void>;
}

interface Bound extends OpenListener {
  readonly listener: Listener;
  readonly app: FastifyInstance;
}

/** Listens. Throws ConfigError for settings, ConnectError naming the port when one cannot be opened; nothing stays open then. */
export async function startRestServer(config: RestConfig, options: RestServerOptions = {}): Promise<RestServer> {
  const log = logFor(LOGGER);
  const { settings } = config;
  const authenticate = createAuthenticator(
    settings['rest.extension.classes'],
    settings['kconsole.rest.basic.auth.file'],
    options.kafkaOpts,
  );
  let herder: Herder | null = null;
  let group: GroupRequests | null = null;
  const requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const workers = new WorkerClient({ raw: config.raw, requestTimeoutMs });
  const advertised = { host: '' };
  const allowedHosts = [...settings['kconsole.rest.allowed.hosts'], ...(config.advertisedHost ? [config.advertisedHost] : [])];
  const shared = {
    herder: () => herder,
    stage: options.stage ?? (() => null),
    advertisedHost: () => advertised.host,
    cors: toCorsRules(settings['access.control.allow.origin'], settings['access.control.allow.methods']),
    authenticate,
    headerRules: config.headerRules,
    requestTimeoutMs,
    workers,
    healthTimeoutMs: options.healthTimeoutMs ?? HEALTH_TIMEOUT_MS,
    ...(options.receiveTimeoutMs === undefined ? {} : { receiveTimeoutMs: options.receiveTimeoutMs }),
    clock: options.clock ?? systemClock,
    log,
    accessLog: logFor(ACCESS_LOGGER),
  };
  const open = (listener: Listener, routes: readonly Route[], prefix: 'listeners.https.' | 'admin.listeners.https.') =>
    openListener(listener, {
      ...shared,
      routes,
      scheme: listener.scheme,
      tls: listener.scheme === 'https' ? readListenerTls(config.raw, prefix) : null,
      allowedHosts: () => (isLoopback(listener.host) ? allowedHosts : null),
    });
  const bound: Bound[] = [];
  try {
    const routes = [
      ...mainRoutes,
      ...(options.isDistributed ? internalRoutes(() => group) : []),
      ...(config.adminListeners === null ? adminRoutes : []),
    ];
    for (const listener of config.listeners) bound.push(await open(listener, routes, 'listeners.https.'));
    for (const listener of config.adminListeners ?? []) bound.push(await open(listener, adminRoutes, 'admin.listeners.https.'));
  } catch (error) {
    await Promise.all(bound.map(({ app }) => closeApp(app)));
    throw error;
  }
  const advertisedUrl = advertisedUrlOf(config, bound.slice(0, config.listeners.length));
  advertised.host = new URL(advertisedUrl).host;
  for (const { listener } of bound) warnWhenOpen(listener, authenticate !== null);
  const unreachable = options.isDistributed ? unreachableNote(config, advertisedUrl) : null;
  if (unreachable !== null) log.warn(unreachable);
  const addresses = bound.map(({ listener, port }) => `${listener.scheme}://${hostForUrl(listener.host ?? '0.0.0.0')}:${port}`);
  log.info(`REST server listening at ${addresses.join(', ')}, advertising URL ${advertisedUrl}`);
  return {
    advertisedUrl,
    workerId: workerIdOf(advertisedUrl),
    addresses,
    internalRequests: (signatureAlgorithm) => createInternalRequests(workers, signatureAlgorithm),
    serve: (newHerder, newGroup) => {
      group = newGroup ?? null;
      herder = settings['kconsole.rest.mask.secrets'] ? createMaskingHerder(newHerder) : newHerder;
    },
    close: async () => {
      await Promise.all(bound.map(({ app }) => closeApp(app)));
      workers.close();
    },
  };
}

async function openListener(listener: Listener, options: RestAppOptions): Promise<Bound> {
  const app = createRestApp(options);
  try {
    await app.listen({ port: listener.port, host: listener.host ?? '::' });
  } catch (error) {
    if (listener.host === null && errorCodeOf(error) === 'EAFNOSUPPORT') return openListener({ ...listener, host: '0.0.0.0' }, options);
    await app.close();
    throw cannotListen(listener, error);
  }
  const address = app.server.address();
  return { listener, app, port: typeof address === 'object' && address ? address.port : listener.port };
}

function cannotListen(listener: Listener, error: unknown): ConnectError {
  const code = errorCodeOf(error) ?? '';
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${listener.port} is in use by another process. Stop that one, or give this worker another port, e.g. listeners=${listener.scheme}://${listener.host ?? ''}:${listener.port + 1}`,
    EACCES: `this user may not open port ${listener.port}. Use a port of 1024 or more`,
    EADDRNOTAVAIL: `this machine has no address ${listener.host}. Use one of its own, or 127.0.0.1`,
    ENOTFOUND: `the host name ${listener.host} is not known. Use an address of this machine`,
  };
  return new ConnectError(`The REST listener ${listener.text} cannot be opened: ${reasons[code] ?? messageOf(error)}.`, { cause: error });
}

/** Fastify waits for requests under way; those that do not end are cut. */
async function closeApp(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

function warnWhenOpen(listener: Listener, isAuthenticated: boolean): void {
  if (isLoopback(listener.host) || isAuthenticated) return;
  logFor(LOGGER).warn(
    `The REST API at ${listener.text} can be reached from other machines without a password: whoever reaches it can read connector configurations and run connectors. Bind it to 127.0.0.1, or set kconsole.rest.basic.auth.file.`,
  );
}
