/**
 * One HTTP server's requests: checks in the order of a JVM worker (path, method, media types, body), then the route, within its time.
 * Every answer but HEAD's and the empty ones is JSON; errors are always `{"error_code","message"}`.
 */

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifyServerOptions, fastify } from 'fastify';
import { NOT_NEEDED } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { messageOf, RestError } from '../base/errors.ts';
import { formatExactJson } from '../base/exact-json.ts';
import type { Log } from '../base/log.ts';
import { NotHereError } from '../herder/distributed/forwarder.ts';
import type { Herder } from '../herder/herder.ts';
import type { Authenticator } from './basic-auth.ts';
import { type CorsRules, corsHeaders } from './cors.ts';
import { errorReply, errorWith, httpError, statusOf } from './error-map.ts';
import { forward } from './forward.ts';
import { healthReply } from './health.ts';
import { isHostAllowed } from './host-check.ts';
import type { HeaderRule } from './response-headers.ts';
import type { RestReply, Route } from './route.ts';
import { HEALTH_PATH, RouteTable } from './route-table.ts';
import type { WorkerClient } from './worker-client.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** A request must arrive whole within this time, its head within the next. */
const RECEIVE_TIMEOUT_MS = 30_000;
const HEAD_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
const CONNECTION_CHECK_MS = 5_000;
const MAX_CONNECTIONS = 1_000;

export interface RestAppOptions {
  readonly routes: readonly Route[];
  readonly scheme: 'http' | 'https';
  readonly tls: Readonly<Record<string, unknown>> | null;
  /** `null` until the worker has one. */
  herder(): Herder | null;
  /** Sentence on what the worker is busy with. */
  stage(): string | null;
  /** Names besides loopback ones that a request may be for; `null`: any name, the server is not bound to loopback. */
  allowedHosts(): readonly string[] | null;
  /** For callers that send no Host header. */
  advertisedHost(): string;
  readonly cors: CorsRules | null;
  readonly authenticate: Authenticator | null;
  readonly headerRules: readonly HeaderRule[];
  readonly requestTimeoutMs: number;
  readonly healthTimeoutMs: number;
  /** Sooner than the default in tests. */
  readonly receiveTimeoutMs?: number;
  /** For requests that another worker must answer. */
  readonly workers: WorkerClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly accessLog: Log;
}

/** Not yet listening. */
export function createRestApp(options: RestAppOptions): FastifyInstance {
  const table = new RouteTable([...options.routes, { method: 'GET', path: HEALTH_PATH }]);
  const app = fastify(serverOptions(options));
  app.server.maxConnections = MAX_CONNECTIONS;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    const refusal = await refusalOf(request, reply, options, table);
    if (refusal) return send(reply, refusal, options);
    return undefined;
  });
  app.addHook('onResponse', async (request, reply) => logAccess(options.accessLog, request, reply));
  app.setErrorHandler((error, request, reply) => send(reply, frameworkErrorReply(error, request, options.log), options));
  app.setNotFoundHandler((_, reply) => send(reply, httpError(404), options));
  app.get(HEALTH_PATH, async (_, reply) => send(reply, await healthReply(options), options));
  for (const route of options.routes) {
    app.route({
      method: route.method,
      url: route.path,
      ...(route.internal ? { bodyLimit: route.internal.maxBodyBytes } : {}),
      handler: async (request, reply) => send(reply, await run(route, request, options), options),
    });
  }
  return app;
}

function serverOptions(options: RestAppOptions): FastifyServerOptions {
  const receiveMs = options.receiveTimeoutMs ?? RECEIVE_TIMEOUT_MS;
  const nodeOptions = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: Math.min(HEAD_TIMEOUT_MS, receiveMs),
    connectionsCheckingInterval: Math.min(CONNECTION_CHECK_MS, receiveMs),
  };
  const common = {
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: receiveMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // Names of connectors may be long, and every character may take nine.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_HEADER_BYTES, querystringParser: (text: string) => ({ text }) },
    clientErrorHandler,
    // No route has a schema; the compilers that Fastify would load for them are not even in the bundle (.ci/leave-out.mjs).
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    frameworkErrors: (error: Error, _: FastifyRequest, reply: FastifyReply) => send(reply, errorWith(400, messageOf(error)), options),
  } as const;
  return { ...common, ...(options.tls ? { https: { ...nodeOptions, ...options.tls } } : { http: nodeOptions }) };
}

function noCompiler(): never {
  throw new Error('No route has a schema.');
}

/** Everything that is refused before a body is read. */
async function refusalOf(
  request: FastifyRequest,
  reply: FastifyReply,
  options: RestAppOptions,
  table: RouteTable,
): Promise<RestReply | null> {
  const origin = request.headers.origin;
  const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
  const cors = options.cors && origin !== undefined ? corsHeaders(options.cors, origin, isPreflight) : null;
  if (cors) for (const [name, value] of Object.entries(cors)) reply.header(name, value);
  const allowed = options.allowedHosts();
  if (allowed && !isHostAllowed(request.headers.host, allowed))
    return errorWith(
      403,
      `Host "${request.headers.host}" is refused: this API listens on a loopback address and answers only to names of this machine. Call it by localhost, or add the name to kconsole.rest.allowed.hosts.`,
    );
  if (cors && isPreflight) return { status: 200 };
  const route = routeOf(request, options);
  if (options.authenticate && !route?.internal && !options.authenticate(request.headers.authorization))
    return { ...errorWith(401, 'User cannot access the resource.'), headers: { 'WWW-Authenticate': 'Basic realm="Connect"' } };
  return refusalOfRoute(request, route, table);
}

/** `null`: none of ours, or the path of one with another method. */
function routeOf(request: FastifyRequest, { routes }: RestAppOptions): Route | null {
  if (request.is404) return null;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  return routes.find((route) => route.path === request.routeOptions.url && route.method === method) ?? null;
}

function refusalOfRoute(request: FastifyRequest, route: Route | null, table: RouteTable): RestReply | null {
  if (request.is404) {
    const methods = table.methodsAt(request.url.split('?', 1)[0] ?? '');
    if (!methods) return httpError(404);
    if (request.method !== 'OPTIONS') return httpError(405);
    const list = methods.join(', ');
    return { status: 200, headers: { Allow: methods.join(',') }, text: { contentType: 'text/plain', content: list } };
  }
  if (!isJsonOrAbsent(request)) return httpError(415);
  return isAcceptable(request.headers.accept, route?.produces ?? 'application/json') ? null : httpError(406);
}

/** A body without a media type is refused: a cross-site form must not pass for a call. */
function isJsonOrAbsent(request: FastifyRequest): boolean {
  const type = request.headers['content-type'];
  if (type !== undefined) return type.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
  return request.headers['transfer-encoding'] === undefined && Number(request.headers['content-length'] ?? 0) === 0;
}

function isAcceptable(accept: string | undefined, produces: string): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  const wanted = [produces, `${produces.split('/')[0]}/*`, '*/*', '*'];
  return accept.split(',').some((entry) => wanted.includes(entry.split(';', 1)[0]?.trim().toLowerCase() ?? ''));
}

async function run(route: Route, request: FastifyRequest, options: RestAppOptions): Promise<RestReply> {
  const herder = options.herder();
  if (!herder) return errorWith(503, ['Worker is still starting up.', options.stage()].filter(Boolean).join(' '));
  try {
    return await callOrForward(route, request, herder, options);
  } catch (error) {
    const reply = errorReply(error);
    if (reply.status >= 500) options.log.error(`Uncaught exception in REST call to ${request.url}`, error);
    else options.log.debug(`REST call to ${request.url} was refused with ${reply.status}: ${messageOf(error)}`);
    return reply;
  }
}

async function callOrForward(route: Route, request: FastifyRequest, herder: Herder, options: RestAppOptions): Promise<RestReply> {
  const { method, url, headers } = request;
  const bytes = Buffer.isBuffer(request.body) ? request.body : null;
  const body = bytes?.toString('utf8') ?? '';
  const baseUrl = `${options.scheme}://${headers.host || options.advertisedHost()}`;
  const call = route.handle(
    {
      params: request.params as Record<string, string>,
      query: new URLSearchParams(url.split('?').slice(1).join('?')),
      body: body.startsWith('\ufeff') ? body.slice(1) : body,
      bytes: bytes ?? Buffer.alloc(0),
      headers,
      baseUrl,
    },
    herder,
  );
  try {
    return await withinTime(call, options);
  } catch (error) {
    if (!(error instanceof NotHereError)) throw error;
    options.log.debug(`${method} ${url} is passed on to ${error.url ?? 'nobody'}: ${messageOf(error)}`);
    return forward(options.workers, { method, url, authorization: headers.authorization, body: bytes, baseUrl }, error);
  }
}

async function withinTime<T>(call: Promise<T>, options: RestAppOptions): Promise<T> {
  const timer = new AbortController();
  const late = options.clock.sleep(options.requestTimeoutMs, timer.signal).then(() => {
    if (timer.signal.aborted) return call;
    throw new RestError(500, ['Request timed out.', options.stage()].filter(Boolean).join(' '));
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    timer.abort(NOT_NEEDED);
    late.catch(() => undefined);
  }
}

function frameworkErrorReply(error: unknown, request: FastifyRequest, log: Log): RestReply {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : statusOf(error);
  if (status === 413) return errorWith(413, `The body of the request is larger than ${MAX_BODY_BYTES} bytes.`);
  if (status === 415) return httpError(415);
  if (status >= 400 && status < 500) return errorWith(status, messageOf(error));
  log.error(`Uncaught exception in REST call to ${request.url}`, error);
  return errorWith(500, messageOf(error));
}

function send(reply: FastifyReply, answer: RestReply, options: Pick<RestAppOptions, 'headerRules'>): FastifyReply {
  for (const { name, value, isReplacing } of options.headerRules) {
    const before = reply.getHeader(name);
    reply.header(name, isReplacing || before === undefined ? value : [before, value].flat().map(String));
  }
  // As a JVM worker spells them: Fastify would write them in small letters, which some callers look for in vain.
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.raw.setHeader(name, value);
  reply.code(answer.status);
  // Bytes, because Fastify would add a charset to the media type of a text.
  if (answer.text) return reply.header('content-type', answer.text.contentType).send(Buffer.from(answer.text.content));
  if (answer.body === undefined) return reply.send();
  return reply.header('content-type', 'application/json').send(Buffer.from(formatExactJson(answer.body)));
}

function logAccess(log: Log, request: FastifyRequest, reply: FastifyReply): void {
  if (!log.isEnabled('DEBUG')) return;
  const bytes = reply.getHeader('content-length') ?? 0;
  log.debug(
    `${request.ip} "${request.method} ${request.url} HTTP/${request.raw.httpVersion}" ${reply.statusCode} ${bytes} ${Math.round(reply.elapsedTime)} ms`,
  );
}

/** What never became a request: broken or too large heads, and heads that took too long. */
function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const body = formatExactJson(httpError(status).body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
