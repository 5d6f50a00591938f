/**
 * The herder's port over any Connect REST API: a JVM worker (3.x, 4.x) or ours. Errors come back as the herder threw them, with
 * the worker's own sentence. Answers older than 4.1 lack `version`; what a worker does not offer says so in one sentence.
 */
import { type Clock, systemClock } from '../base/clock.ts';
import { AlreadyExistsError, ConnectError, messageOf, NotFoundError, RestError } from '../base/errors.ts';
import { formatExactJson, parseExactJson } from '../base/exact-json.ts';
import type { Herder } from '../herder/herder.ts';
import type * as Model from '../herder/model.ts';
import { parsePrometheusText } from './prometheus-text.ts';
import { type RestAnswer, RestClient, type RestClientOptions, type RestMethod } from './rest-client.ts';
import { WorkerProbes } from './worker-probe.ts';

export interface HttpHerderOptions extends RestClientOptions {
  /** How long a call is repeated while the workers rebalance (409), before that is reported. */
  readonly rebalanceWaitMs?: number;
  readonly clock?: Clock;
}

export interface HttpHerder extends Herder {
  /** Addresses without user and password. */
  readonly addresses: readonly string[];
  close(): void;
}

type SubmittedConfig = Readonly<Record<string, string | null>>;

const REBALANCE_PAUSE_MS = 250;
const NO_DRAIN =
  "The worker that was asked is Apache Kafka's, which cannot drain: end its process, and its work moves when the leader has waited for its return. Is another one meant?";
/** What Connect says of a path that it does not have. */
const HTTP_NOT_FOUND = 'HTTP 404 Not Found';

/** `urls` are workers of one cluster, the first one preferred; user and password in a URL are sent as Basic authorization. */
export function createHttpHerder(urls: readonly string[], options: HttpHerderOptions = {}): HttpHerder {
  const client = new RestClient(urls, options);
  const probes = new WorkerProbes(urls, options);
  const clock = options.clock ?? systemClock;
  const rebalanceWaitMs = options.rebalanceWaitMs ?? 5_000;

  /** `worker`: that one alone, and no other in its place. */
  async function call(method: RestMethod, path: string, body?: unknown, worker?: string): Promise<RestAnswer> {
    const asked = worker === undefined ? client : probes.clientOf(worker);
    const text = body === undefined ? undefined : formatExactJson(body);
    const untilMs = clock.monoMs() + rebalanceWaitMs;
    for (;;) {
      const answer = await asked.request(method, path, text);
      if (answer.status < 400) return answer;
      const error = toError(answer, method, path);
      if (!isRebalance(error) || clock.monoMs() + REBALANCE_PAUSE_MS > untilMs) throw error;
      await clock.sleep(REBALANCE_PAUSE_MS);
    }
  }
  const read = async <T>(path: string): Promise<T> => json<T>(await call('GET', path));
  const done = async (method: RestMethod, path: string): Promise<void> => {
    await call(method, path);
  };
  const stored = (answer: RestAnswer) => ({ created: answer.status === 201, info: json<Model.ConnectorInfo>(answer) });
  const put = async (name: string, config: SubmittedConfig) => stored(await call('PUT', connectorPath(name, '/config'), config));
  /** The only call that takes an initial state. */
  const post = async (name: string, config: SubmittedConfig, initialState: Model.TargetState = 'STARTED') => {
    const state = initialState === 'STARTED' ? {} : { initial_state: initialState };
    return stored(await call('POST', '/connectors', { name, config, ...state }));
  };
  /** `null` where the worker does not know the endpoint at all. */
  const offered = async (path: string): Promise<RestAnswer | null> => {
    try {
      return await call('GET', path);
    } catch (error) {
      if (error instanceof RestError && error.status === 404) return null;
      throw error;
    }
  };

  return {
    addresses: client.addresses,
    close: () => {
      client.close();
      probes.close();
    },
    serverInfo: () => read('/'),
    health: async () => readHealth(await client.request('GET', '/health')),
    connectors: () => read('/connectors'),
    overview: () => read('/connectors?expand=status&expand=info'),
    connectorInfo: (name) => read(connectorPath(name)),
    connectorConfig: (name) => read(connectorPath(name, '/config')),
    connectorStatus: (name) => read(connectorPath(name, '/status')),
    tasks: (name) => read(connectorPath(name, '/tasks')),
    taskStatus: (name, task) => read(connectorPath(name, `/tasks/${task}/status`)),
    putConnectorConfig: async (name, config, { allowReplace, initialState }) => {
      if (allowReplace && !initialState) return put(name, config);
      try {
        return await post(name, config, initialState);
      } catch (error) {
        if (allowReplace && error instanceof AlreadyExistsError) return put(name, config);
        throw error;
      }
    },
    patchConnectorConfig: async (name, patch) => json(await call('PATCH', connectorPath(name, '/config'), patch)),
    deleteConnector: (name) => done('DELETE', connectorPath(name)),
    pauseConnector: (name) => done('PUT', connectorPath(name, '/pause')),
    resumeConnector: (name) => done('PUT', connectorPath(name, '/resume')),
    stopConnector: (name) => done('PUT', connectorPath(name, '/stop')),
    restartConnector: (name) => done('POST', connectorPath(name, '/restart')),
    restartConnectorAndTasks: async (name, { includeTasks, onlyFailed }) => {
      const answer = await call('POST', connectorPath(name, `/restart?includeTasks=${includeTasks}&onlyFailed=${onlyFailed}`));
      return answer.text === '' ? read(connectorPath(name, '/status')) : json(answer);
    },
    restartTask: (name, task) => done('POST', connectorPath(name, `/tasks/${task}/restart`)),
    connectorOffsets: async (name) => exactJson(await call('GET', connectorPath(name, '/offsets'))),
    alterConnectorOffsets: async (name, offsets) => json(await call('PATCH', connectorPath(name, '/offsets'), { offsets })),
    resetConnectorOffsets: async (name) => json(await call('DELETE', connectorPath(name, '/offsets'))),
    activeTopics: async (name) =>
      (await read<Record<string, { topics: readonly string[] }>>(connectorPath(name, '/topics')))[name]?.topics ?? [],
    resetActiveTopics: (name) => done('PUT', connectorPath(name, '/topics/reset')),
    plugins: (connectorsOnly) => read(`/connector-plugins?connectorsOnly=${connectorsOnly}`),
    pluginConfig: (plugin, version) =>
      read(
        `/connector-plugins/${encodeURIComponent(plugin)}/config${version === undefined ? '' : `?version=${encodeURIComponent(version)}`}`,
      ),
    validateConfig: async (plugin, config) =>
      json(await call('PUT', `/connector-plugins/${encodeURIComponent(plugin)}/config/validate`, config)),
    loggers: async (worker) => json(await call('GET', '/admin/loggers', undefined, worker)),
    logger: (name) => read(`/admin/loggers/${encodeURIComponent(name)}`),
    setLogger: async (name, level, scope, worker) => {
      const answer = await call('PUT', `/admin/loggers/${encodeURIComponent(name)}?scope=${scope}`, { level }, worker);
      return answer.status === 204 ? null : json(answer);
    },
    drain: async (worker) => {
      if (worker === undefined && urls.length > 1) throw new ConnectError('Several workers are given: name the one that is to drain.');
      const path = `/admin/drain${worker === undefined ? '' : `?worker=${encodeURIComponent(worker)}`}`;
      try {
        return json(await call('PUT', path, undefined, worker === undefined ? undefined : probes.addressOf(worker)));
      } catch (error) {
        throw error instanceof RestError && error.status === 404 && /does not offer/.test(error.message)
          ? new RestError(400, `${NO_DRAIN} Give the address of that worker, or of any of kconsole's, to --attach.`, { cause: error })
          : error;
      }
    },
    workers: () => probes.read(),
    metrics: async () => {
      const answer = await offered('/metrics?details=true');
      return answer && parsePrometheusText(answer.text);
    },
    workerLog: async (query) => {
      const answer = await offered(`/admin/worker-log${workerLogQuery(query)}`);
      return answer && json<readonly Model.NumberedLogEvent[]>(answer);
    },
  };
}

function connectorPath(name: string, rest = ''): string {
  return `/connectors/${encodeURIComponent(name)}${rest}`;
}

function workerLogQuery(query: Parameters<Herder['workerLog']>[0]): string {
  const parameters = new URLSearchParams();
  if (query.connector !== undefined) parameters.set('connector', query.connector);
  if (query.task !== undefined) parameters.set('task', String(query.task));
  if (query.afterSequence !== undefined) parameters.set('after', String(query.afterSequence));
  if (query.limit !== undefined) parameters.set('limit', String(query.limit));
  return parameters.size === 0 ? '' : `?${parameters}`;
}

function json<T>(answer: RestAnswer): T {
  try {
    return JSON.parse(answer.text) as T;
  } catch (error) {
    throw notJson(answer, error);
  }
}

/** Offsets: whole numbers as bigint, so that none is rounded and `3` stays apart from `3.0`. */
function exactJson(answer: RestAnswer): Model.ConnectorOffsets {
  try {
    return parseExactJson(answer.text, 'bigint') as unknown as Model.ConnectorOffsets;
  } catch (error) {
    throw notJson(answer, error);
  }
}

function notJson(answer: RestAnswer, cause: unknown): ConnectError {
  const type = answer.headers['content-type'] ?? 'no content type';
  return new ConnectError(
    `${answer.url} answered ${answer.status} with ${type} instead of JSON (${messageOf(cause)}). Is this the address of a Connect REST API?`,
    { cause },
  );
}

function readHealth(answer: RestAnswer): Model.ServerHealth {
  // A JVM worker that is still starting answers every path with a page of its HTTP server.
  if (answer.status === 404 && errorMessageIn(answer) !== HTTP_NOT_FOUND) throw toError(answer, 'GET', '/health');
  if (answer.status === 404) return { status: 'healthy', message: 'The worker answers. It has no health endpoint (Kafka before 3.9).' };
  const health = json<Partial<Model.ServerHealth>>(answer);
  if (health.status !== undefined && health.message !== undefined) return { status: health.status, message: health.message };
  throw toError(answer, 'GET', '/health');
}

function isRebalance(error: ConnectError): boolean {
  return (
    error instanceof RestError &&
    (error.status === 409 || error.status === 500) &&
    /\brebalance\b|stale configuration|no known leader URL/.test(error.message)
  );
}

/** The error that the herder threw on the other side, as far as status and sentence tell. */
function toError(answer: RestAnswer, method: RestMethod, path: string): ConnectError {
  const message = errorMessageIn(answer);
  const endpoint = path.replace(/\?.*/, '');
  if (answer.status === 404 && message === HTTP_NOT_FOUND)
    return new RestError(404, `This worker does not offer ${method} ${endpoint}: it is too old for it, or not a Connect worker.`);
  if (answer.status === 405 && message === 'HTTP 405 Method Not Allowed')
    return new RestError(405, `This worker does not offer ${method} ${endpoint}: it is too old for it.`);
  if (answer.status === 404) return new NotFoundError(message);
  if (answer.status === 409 && message.endsWith(' already exists')) return new AlreadyExistsError(message);
  return new RestError(answer.status, message);
}

function errorMessageIn(answer: RestAnswer): string {
  try {
    const body = JSON.parse(answer.text) as { message?: unknown } | null;
    if (typeof body?.message === 'string') return body.message;
  } catch {
    // Not Connect's error body: a proxy's page, or Jetty's own. Its title says most.
  }
  const title = /<title>([^<]*)<\/title>/i.exec(answer.text)?.[1] ?? answer.text.slice(0, 200);
  return answer.status === 404 && title === ''
    ? HTTP_NOT_FOUND
    : `${answer.url} answered HTTP ${answer.status}${title ? `: ${title.trim()}` : ''}`;
}
