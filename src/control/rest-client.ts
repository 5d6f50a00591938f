/**
 * HTTP to one Connect cluster that has several addresses: kept connections, bounded waits, and the next address when one is dead.
 * A change is sent to a second address only when it is certain that the first never got it.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { ConfigError, RestError, UnreachableError } from '../base/errors.ts';
import { tellExchange } from '../base/exchange.ts';
import { AttemptError, attemptHttp, type HttpAnswer } from '../base/http-attempt.ts';

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
  /** Who is asked, for messages. Default: `Connect worker`. */
  readonly what?: string;
}

export interface RestAnswer extends HttpAnswer {
  /** Address and path that answered, without user and password. */
  readonly url: string;
}

export type RestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class RestClient {
  readonly #targets: readonly URL[];
  readonly #options: Required<Pick<RestClientOptions, 'connectTimeoutMs' | 'readTimeoutMs' | 'changeTimeoutMs'>>;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #what: string;
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
    this.#what = options.what ?? 'Connect worker';
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
        tellExchange({ method, url: answer.url, status: answer.status });
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
    throw new UnreachableError(
      `No ${this.#what} answers. ${failures.join('; ')}. Check the address, and that the ${this.#what.split(' ').at(-1)} runs.`,
    );
  }

  close(): void {
    for (const { kept, fresh } of Object.values(this.#agents)) {
      kept.destroy();
      fresh.destroy();
    }
  }

  async #attempt(target: URL, method: RestMethod, path: string, body: string | undefined): Promise<RestAnswer> {
    const { connectTimeoutMs, readTimeoutMs, changeTimeoutMs } = this.#options;
    const agents = this.#agents[target.protocol === 'https:' ? 'https:' : 'http:'];
    const answer = await attemptHttp({
      target,
      method,
      path,
      headers: {
        // Metrics are the one answer that is no JSON.
        Accept: 'application/json, text/plain;q=0.9',
        ...(target.username ? { Authorization: basicAuthorization(target) } : {}),
        ...this.#headers,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : Buffer.from(body),
      agent: method === 'GET' ? agents.kept : agents.fresh,
      connectTimeoutMs,
      timeoutMs: method === 'GET' ? readTimeoutMs : changeTimeoutMs,
    });
    return { ...answer, url: addressOf(target) + path };
  }
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
