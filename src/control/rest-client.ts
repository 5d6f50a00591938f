/**
 * HTTP to one Connect cluster that has several addresses: kept connections, bounded waits, and the next address when one is dead.
 * A change is sent to a second address only when it is certain that the first never got it.
 */
import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { ConfigError, messageOf, RestError, UnreachableError } from '../base/errors.ts';

export interface RestClientOptions {
  /** Until the connection stands. */
  readonly connectTimeoutMs?: number;
  /** Whole wait for a GET. */
  readonly readTimeoutMs?: number;
  /** Whole wait for a change; a worker itself takes up to 90 s. */
  readonly changeTimeoutMs?: number;
  /** Sent with every request, e.g. `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: ConnectionOptions;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Address and path that answered, without user and password. */
  readonly url: string;
}

export type RestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** One attempt that got no whole answer. */
class AttemptError extends Error {
  readonly wasSent: boolean;
  /** The kept connection had been closed by the other side meanwhile: says nothing about the worker. */
  readonly isStaleConnection: boolean;
  constructor(message: string, facts: { wasSent: boolean; isStaleConnection?: boolean }, options?: ErrorOptions) {
    super(message, options);
    this.wasSent = facts.wasSent;
    this.isStaleConnection = facts.isStaleConnection ?? false;
  }
}

export class RestClient {
  readonly #targets: readonly URL[];
  readonly #options: Required<Pick<RestClientOptions, 'connectTimeoutMs' | 'readTimeoutMs' | 'changeTimeoutMs'>>;
  readonly #headers: Readonly<Record<string, string>>;
  /** Connections are kept for reading only: on a fresh one it is certain whether a change was sent. */
  readonly #agents: Readonly<Record<'http:' | 'https:', { readonly kept: HttpAgent; readonly fresh: HttpAgent }>>;
  /** The address that answered last: asked first. */
  #current = 0;

  /** Throws ConfigError when an address is not an http or https URL. */
  constructor(urls: readonly string[], options: RestClientOptions = {}) {
    if (urls.length === 0)
      throw new ConfigError('No address of a Connect REST API was given. Give one or more URLs such as http://127.0.0.1:8083.');
    this.#targets = urls.map(toTarget);
    this.#options = {
      connectTimeoutMs: options.connectTimeoutMs ?? 3_000,
      readTimeoutMs: options.readTimeoutMs ?? 10_000,
      changeTimeoutMs: options.changeTimeoutMs ?? 95_000,
    };
    this.#headers = options.headers ?? {};
    this.#agents = {
      'http:': { kept: new HttpAgent({ keepAlive: true, maxSockets: 16 }), fresh: new HttpAgent({ keepAlive: false }) },
      'https:': {
        kept: new HttpsAgent({ keepAlive: true, maxSockets: 16, ...options.tls }),
        fresh: new HttpsAgent({ keepAlive: false, ...options.tls }),
      },
    };
  }

  /** Addresses without user and password. */
  get addresses(): readonly string[] {
    return this.#targets.map(addressOf);
  }

  /**
   * Any HTTP answer, whatever its status. `body` is JSON text.
   * Throws UnreachableError when no address answers, RestError 504 when a change was sent and its outcome is not known.
   */
  async request(method: RestMethod, path: string, body?: string): Promise<RestAnswer> {
    const failures: string[] = [];
    for (let tried = 0; tried < this.#targets.length; tried++) {
      const index = (this.#current + tried) % this.#targets.length;
      const target = this.#targets[index]!;
      try {
        const answer = await this.#attempt(target, method, path, body).catch((error: unknown) => {
          if (error instanceof AttemptError && error.isStaleConnection) return this.#attempt(target, method, path, body);
          throw error;
        });
        this.#current = index;
        return answer;
      } catch (error) {
        if (!(error instanceof AttemptError)) throw error;
        if (method !== 'GET' && error.wasSent) {
          throw new RestError(
            504,
            `${method} ${path} was sent to ${addressOf(target)}, but ${error.message}; it is not known whether it was carried out. Look at the state before you repeat it.`,
            { cause: error },
          );
        }
        failures.push(`${addressOf(target)}: ${error.message}`);
      }
    }
    throw new UnreachableError(`No Connect worker answers. ${failures.join('; ')}. Check the address, and that the worker runs.`);
  }

  close(): void {
    for (const { kept, fresh } of Object.values(this.#agents)) {
      kept.destroy();
      fresh.destroy();
    }
  }

  #requestOptions(target: URL, method: RestMethod, path: string, bodyBytes: number | null): RequestOptions {
    const isTls = target.protocol === 'https:';
    const agents = this.#agents[isTls ? 'https:' : 'http:'];
    return {
      method,
      agent: method === 'GET' ? agents.kept : agents.fresh,
      host: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port || (isTls ? 443 : 80),
      path: target.pathname.replace(/\/$/, '') + path,
      headers: {
        Host: target.host,
        // Metrics are the one answer that is no JSON.
        Accept: 'application/json, text/plain;q=0.9',
        ...(target.username ? { Authorization: basicAuthorization(target) } : {}),
        ...this.#headers,
        ...(bodyBytes === null ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'GET' ? {} : { 'Content-Length': bodyBytes ?? 0 }),
      },
    };
  }

  #attempt(target: URL, method: RestMethod, path: string, body: string | undefined): Promise<RestAnswer> {
    const isTls = target.protocol === 'https:';
    const bytes = body === undefined ? null : Buffer.from(body);
    const { connectTimeoutMs, readTimeoutMs, changeTimeoutMs } = this.#options;
    const timeoutMs = method === 'GET' ? readTimeoutMs : changeTimeoutMs;
    return new Promise((resolve, reject) => {
      let wasSent = false;
      const request = (isTls ? requestHttps : requestHttp)(this.#requestOptions(target, method, path, bytes?.length ?? null));
      const fail = (message: string, cause?: Error, isStaleConnection = false) => {
        clearTimeout(totalTimer);
        clearTimeout(connectTimer);
        request.destroy();
        reject(new AttemptError(message, { wasSent, isStaleConnection }, { cause }));
      };
      const totalTimer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
      const connectTimer = setTimeout(() => fail(`no connection within ${connectTimeoutMs} ms`), connectTimeoutMs);
      const onConnected = () => {
        wasSent = true;
        clearTimeout(connectTimer);
      };
      request.on('socket', (socket) => {
        if (socket.connecting) socket.once(isTls ? 'secureConnect' : 'connect', onConnected);
        else onConnected();
      });
      request.on('error', (error) => fail(reasonOf(error), error, request.reusedSocket));
      request.on('response', (response) => {
        readBody(response).then(
          (text) => {
            clearTimeout(totalTimer);
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text, url: addressOf(target) + path });
          },
          (error: Error) => fail(reasonOf(error), error),
        );
      });
      request.end(bytes ?? undefined);
    });
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`its answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toTarget(text: string): URL {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch (error) {
    throw new ConfigError(`"${text}" is not an address of a Connect REST API. Write it like http://127.0.0.1:8083.`, { cause: error });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ConfigError(`"${text}" has the scheme ${url.protocol.slice(0, -1)}; a Connect REST API is reached by http or https.`);
  return url;
}

function addressOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`;
}

function basicAuthorization(url: URL): string {
  return `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused',
    ECONNRESET: 'connection reset',
    ENOTFOUND: 'unknown host',
    EAI_AGAIN: 'the name cannot be resolved now',
    EHOSTUNREACH: 'no route to the host',
    ENETUNREACH: 'the network cannot be reached',
    EPROTO: 'TLS handshake failed (does this port speak https?)',
  };
  return words[code] ?? (messageOf(error) || code);
}
