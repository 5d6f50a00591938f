/**
 * HTTP to other workers of the group, for requests that are passed on and for those that a worker makes on its own. Connections are kept,
 * for less time than any worker keeps an idle one, so that one which the other side has closed is gone before it would be used. Each
 * request is sent once: whether a change that got no answer was carried out is not known. Source: RestClient (reference 1.9).
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConfigError, errorCodeOf, messageOf, RestError } from '../base/errors.ts';
import { AttemptError, attemptHttp, type HttpAnswer } from '../base/http-attempt.ts';
import { readCallerTls } from './tls-options.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Node and Jetty end idle connections after 30 s and more. */
const KEPT_MS = 10_000;
const KEPT_PER_WORKER = 16;
/** Of a request's time: the other worker gives up by itself first, and says on what. */
const GRACE = 1.05;
const IO_ERROR = 'IO Error trying to forward REST request:';

export interface WorkerRequest {
  readonly method: string;
  /** With query, encoded. */
  readonly path: string;
  /** JSON. */
  readonly body: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WorkerClientOptions {
  /** The worker's configuration, of which TLS settings are read when an https URL is called. */
  readonly raw: Readonly<Record<string, string>>;
  /** How long a worker may work at a request. */
  readonly requestTimeoutMs: number;
}

export class WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #http = new HttpAgent({ keepAlive: true, timeout: KEPT_MS, maxFreeSockets: KEPT_PER_WORKER });
  #https: HttpsAgent | null = null;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
  }

  /**
   * An answer of 200 to 299; its text is JSON or empty. `workerUrl`: as advertised.
   * Rejects with RestError: of the answer's status and message, or 500 naming the worker when there is no answer that is one of Connect's.
   */
  async ask(workerUrl: string, request: WorkerRequest): Promise<HttpAnswer> {
    let answer: HttpAnswer;
    try {
      answer = await this.#attempt(workerUrl, request);
    } catch (error) {
      throw ioError(workerUrl, request, reasonOf(error), error);
    }
    const { status } = answer;
    if (status >= 200 && status < 300) {
      if (answer.text !== '') jsonIn(answer, workerUrl, request);
      return answer;
    }
    if (status < 400) throw new RestError(500, `Unexpected status code when handling forwarded request: ${status}`);
    const body = jsonIn(answer, workerUrl, request);
    if (typeof body !== 'object' || body === null || !('message' in body) || typeof body.message !== 'string')
      throw ioError(workerUrl, request, `it answered ${status} without the message of a Connect worker`);
    throw new RestError(status, body.message);
  }

  close(): void {
    this.#http.destroy();
    this.#https?.destroy();
  }

  async #attempt(workerUrl: string, { method, path, body, headers }: WorkerRequest): Promise<HttpAnswer> {
    const target = new URL(workerUrl);
    if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new ConfigError('its URL is neither http nor https');
    const agent = target.protocol === 'https:' ? this.#httpsAgent() : this.#http;
    // What the other side has closed meanwhile is seen first.
    await nextTurn();
    return attemptHttp({
      target,
      method,
      path,
      headers: { Accept: 'application/json', ...(body === null ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body,
      agent,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      timeoutMs: Math.ceil(this.#options.requestTimeoutMs * GRACE),
    });
  }

  #httpsAgent(): HttpsAgent {
    this.#https ??= new HttpsAgent({
      keepAlive: true,
      timeout: KEPT_MS,
      maxFreeSockets: KEPT_PER_WORKER,
      ...readCallerTls(this.#options.raw),
    });
    return this.#https;
  }
}

function jsonIn({ status, headers, text }: HttpAnswer, workerUrl: string, request: WorkerRequest): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const type = /^[\w.+-]+\/[\w.+-]+/.exec(headers['content-type'] ?? '')?.[0] ?? 'something';
    throw ioError(workerUrl, request, `it answered ${status} with ${type} that is no JSON`, error);
  }
}

function ioError(workerUrl: string, { method, path }: WorkerRequest, reason: string, cause?: unknown): RestError {
  return new RestError(500, `${IO_ERROR} ${method} ${path.split('?', 1)[0]} at ${workerUrl}: ${reason}`, { cause });
}

/** Ways of TLS to fail that a setting of this worker mends. */
const TLS_HINTS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID:
    'set rest.advertised.host.name there to a name of its certificate, or ssl.endpoint.identification.algorithm to nothing here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'set ssl.truststore.location',
  SELF_SIGNED_CERT_IN_CHAIN: 'set ssl.truststore.location',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'set ssl.truststore.location',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'set ssl.truststore.location',
};

const MAYBE_DONE = 'it is not known whether it was carried out: look, and make the request again if it was not';
const NOT_DONE = 'nothing was changed. If that worker has ended, make the request again when its session in the group is over';

function reasonOf(error: unknown): string {
  const cause = error instanceof AttemptError ? error.cause : error;
  const hint = TLS_HINTS[errorCodeOf(cause) ?? ''];
  if (hint) return `${messageOf(error)} (${hint}, in listeners.https. where that is in use)`;
  if (!(error instanceof AttemptError)) return messageOf(error);
  return `${messageOf(error)}; ${error.wasSent ? MAYBE_DONE : NOT_DONE}`;
}
