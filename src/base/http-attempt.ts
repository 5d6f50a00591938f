/** One HTTP request on one connection: bounded waits, bounded answers, and what is known of it when no answer came. Nothing is tried twice here. */
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { errorCodeOf, messageOf } from './errors.ts';

export interface HttpAttempt {
  /** Scheme and place to connect to; its path comes before `path`. User and password in it are not sent. */
  readonly target: URL;
  readonly method: string;
  /** With query, encoded; sent as it is. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Of the scheme of `target`. */
  readonly agent: Agent;
  /** Until the connection stands. */
  readonly connectTimeoutMs: number;
  /** The whole wait. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** One attempt that got no whole answer. */
export class AttemptError extends Error {
  /** The other side may have got the request. */
  readonly wasSent: boolean;
  /** The kept connection had been closed by the other side meanwhile: says nothing about the worker. */
  readonly isStaleConnection: boolean;
  constructor(message: string, facts: { wasSent: boolean; isStaleConnection: boolean }, options?: ErrorOptions) {
    super(message, options);
    this.wasSent = facts.wasSent;
    this.isStaleConnection = facts.isStaleConnection;
  }
}

/** Any answer, whatever its status. Rejects with AttemptError. */
export function attemptHttp(attempt: HttpAttempt): Promise<HttpAnswer> {
  const { target, method, body, connectTimeoutMs, timeoutMs } = attempt;
  const isTls = target.protocol === 'https:';
  return new Promise((resolve, reject) => {
    let wasSent = false;
    const request = (isTls ? requestHttps : requestHttp)({
      method,
      agent: attempt.agent,
      host: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port || (isTls ? 443 : 80),
      path: target.pathname.replace(/\/$/, '') + attempt.path,
      headers: {
        Host: target.host,
        ...attempt.headers,
        ...(method === 'GET' ? {} : { 'Content-Length': body?.length ?? 0 }),
      },
    });
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
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        },
        (error: Error) => fail(reasonOf(error), error),
      );
    });
    request.end(body ?? undefined);
  });
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

function reasonOf(error: unknown): string {
  const code = errorCodeOf(error) ?? '';
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
