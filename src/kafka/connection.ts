/**
 * One connection to one broker. The only file that touches kafkajs (pinned to 2.2.4), and of kafkajs only its connection: socket life, SASL with
 * re-authentication, the queue of requests in flight. Framing, versions and timeouts are ours. What is mended in kafkajs:
 *  - `RequestQueue.scheduleCheckPendingRequests` re-arms a 1 ms timer for ever: here it is armed only while a request waits or the broker throttles;
 *  - its 100 ms timeout timer per connection is switched off: one sweep of the cluster link does that, and shorter timeouts than the default hold;
 *  - a request that timed out ends the connection (as in the JVM client), so no late reply or half-written request is left behind;
 *  - the length of a reply is checked before memory is taken.
 */

import net from 'node:net';
import tls from 'node:tls';
import { DIGESTS, SCRAM } from 'kafkajs/src/broker/saslAuthenticator/scram.js';
import KafkaJsConnection from 'kafkajs/src/network/connection.js';
import { NOT_NEEDED } from '../base/abort.ts';
import { systemClock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { SaslOptions } from './contract.ts';
import { KafkaError, kafkaErrorOf, toKafkaError } from './kafka-error.ts';
import { decodeReply, encodeFrame, type Message } from './wire/codec.ts';
import { FrameMemory } from './wire/frame-memory.ts';
import { FrameReader } from './wire/frame-reader.ts';
import { apiVersionsMessage } from './wire/messages/api-versions.ts';

export type { ClusterLink, SendOptions, Target } from './cluster-link.ts';

export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly tls: tls.ConnectionOptions | null;
  readonly sasl: SaslOptions | null;
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxFrameBytes: number;
  readonly log: Log;
  /** Once, when the connection is gone for whatever reason. */
  readonly onClosed: () => void;
}

export type VersionRange = { readonly minVersion: number; readonly maxVersion: number };

const KEEP_ALIVE_MS = 60_000;
const READ_BYTES = 128 * 1024;
/** Nothing was sent for so long: the next large request is not near. */
const IDLE_MS = 5_000;
/** Who we say we are. */
export const CLIENT_SOFTWARE: { readonly clientSoftwareName: string; readonly clientSoftwareVersion: string } = {
  clientSoftwareName: 'kconsole',
  clientSoftwareVersion: '0.1.0',
};
const UNSUPPORTED_VERSION = 35;
const REAUTHENTICATION = -1;

export class Connection {
  /** `host:port`. */
  readonly address: string;
  readonly #settings: ConnectionSettings;
  readonly #inner: KafkaJsConnection;
  #versions: ReadonlyMap<number, VersionRange> = new Map();
  /** By correlation id: what is in flight and how long it may take (monotonic). */
  readonly #deadlines = new Map<number, { readonly what: string; readonly timeoutMs: number; readonly endMs: number }>();
  readonly #frameMemory = new FrameMemory();
  #lastUsedMs = systemClock.monoMs();
  #closedWith: KafkaError | null = null;
  /** Ends the wait for a connection that was closed before it was ready. */
  #onEarlyEnd: (error: KafkaError) => void = () => {};

  private constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.address = `${settings.host}:${settings.port}`;
    this.#inner = new KafkaJsConnection({
      host: settings.host,
      port: settings.port,
      clientId: settings.clientId,
      logger: quietLogger(settings.log),
      socketFactory: ({ onConnect }) => this.#openSocket(onConnect),
      ssl: settings.tls,
      sasl: settings.sasl && saslConfig(settings.sasl),
      requestTimeout: settings.requestTimeoutMs,
      connectionTimeout: settings.connectionTimeoutMs,
      enforceRequestTimeout: false,
    });
    mendQueue(this.#inner);
    const frames = new FrameReader(settings.maxFrameBytes, (frame) => {
      this.#inner.requestQueue.fulfillRequest({ correlationId: frame.readInt32BE(0), payload: frame.subarray(4), size: frame.length });
    });
    this.#inner.processData = (chunk) => {
      try {
        frames.push(chunk);
      } catch (error) {
        this.close(toKafkaError(error, `broker ${this.address}`));
      }
    };
  }

  /** Connects, asks for the versions and authenticates. Rejects with KafkaError naming the broker. */
  static async open(settings: ConnectionSettings): Promise<Connection> {
    const connection = new Connection(settings);
    const ready = new AbortController();
    try {
      await new Promise<void>((resolve, reject) => {
        connection.#onEarlyEnd = reject;
        connection.#prepare().then(resolve, reject);
        const limitMs = settings.connectionTimeoutMs + settings.requestTimeoutMs;
        void systemClock.sleep(limitMs, ready.signal).then(() => {
          if (!ready.signal.aborted)
            reject(new KafkaError('REQUEST_TIMED_OUT', `broker ${connection.address}: no connection within ${limitMs} ms`));
        });
      });
      return connection;
    } catch (error) {
      const mapped = connection.#mapError(error);
      connection.close(mapped);
      throw mapped;
    } finally {
      ready.abort(NOT_NEEDED);
    }
  }

  async #prepare(): Promise<void> {
    await this.#inner.connect();
    await this.#learnVersions();
    if (this.#settings.sasl) await this.#inner.authenticate();
    this.#planRenewal();
  }

  get isUsable(): boolean {
    return this.#closedWith === null && this.#inner.isConnected();
  }

  get inFlight(): number {
    return this.#inner.requestQueue.inflight.size + this.#inner.requestQueue.pending.length;
  }

  /** Monotonic. */
  get lastUsedMs(): number {
    return this.#lastUsedMs;
  }

  versionsOf(apiKey: number): VersionRange | null {
    return this.#versions.get(apiKey) ?? null;
  }

  /** Highest version that both sides know. Throws UNSUPPORTED_VERSION. */
  negotiate(message: Pick<Message<never, unknown>, 'name' | 'apiKey' | 'minVersion' | 'maxVersion'>): number {
    const theirs = this.#versions.get(message.apiKey);
    const version = Math.min(message.maxVersion, theirs?.maxVersion ?? -1);
    if (!theirs || version < message.minVersion || version < theirs.minVersion) {
      const known = theirs ? `versions ${theirs.minVersion} to ${theirs.maxVersion}` : 'no version';
      throw new KafkaError(
        'UNSUPPORTED_VERSION',
        `broker ${this.address} knows ${known} of ${message.name}, kconsole ${message.minVersion} to ${message.maxVersion}`,
      );
    }
    return version;
  }

  /**
   * Sends a request of the version negotiated and resolves with its reply (an empty object where there is none). Requests leave in the order of the calls.
   * Rejects with KafkaError: DISCONNECTED, REQUEST_TIMED_OUT (the connection is closed then), UNSUPPORTED_VERSION, CORRUPT_MESSAGE.
   */
  async send<Request, Reply>(
    message: Message<Request, Reply>,
    body: Request | ((version: number) => Request),
    options: { readonly timeoutMs: number; readonly sizeHint?: number | undefined },
  ): Promise<Reply> {
    try {
      if (this.#settings.sasl && !this.#inner.isAuthenticated()) await this.#authenticate(options.timeoutMs);
      const version = this.negotiate(message);
      const content = typeof body === 'function' ? (body as (version: number) => Request)(version) : body;
      const reply = await this.#exchange(message, version, content, options.timeoutMs, options.sizeHint);
      return reply === null ? ({} as Reply) : decodeReply(message, version, reply);
    } catch (error) {
      throw this.#mapError(error);
    }
  }

  #exchange<Request>(
    message: Message<Request, unknown>,
    version: number,
    body: Request,
    timeoutMs: number,
    sizeHint = 0,
  ): Promise<Buffer | null> {
    const { clientId } = this.#settings;
    const correlationId = this.#inner.nextCorrelationId();
    const memory = this.#frameMemory.take(sizeHint);
    const frame = encodeFrame(message, { version, correlationId, clientId }, body, sizeHint, memory);
    const hasReply = message.hasReply(body);
    this.#lastUsedMs = systemClock.monoMs();
    return new Promise((resolve, reject) => {
      const settle = (how: () => void) => {
        this.#deadlines.delete(correlationId);
        how();
      };
      if (!this.isUsable)
        return reject(this.#closedWith ?? new KafkaError('DISCONNECTED', `broker ${this.address}: the connection is closed`));
      this.#inner.requestQueue.push({
        entry: {
          apiKey: message.apiKey,
          apiName: message.name,
          apiVersion: version,
          correlationId,
          resolve: ({ payload }) => {
            if (hasReply) settle(() => resolve(payload));
          },
          reject: (error) => settle(() => reject(error)),
        },
        expectResponse: hasReply,
        requestTimeout: timeoutMs,
        sendRequest: () => {
          this.#deadlines.set(correlationId, { what: message.name, timeoutMs, endMs: systemClock.monoMs() + timeoutMs });
          // Without a reply, done means: handed to the system; so memory stays bounded there too.
          this.#inner.socket?.write(frame, (error) => {
            if (memory && !error) this.#frameMemory.give(memory);
            if (error) settle(() => reject(error));
            else if (!hasReply) settle(() => resolve(null));
          });
        },
      });
    });
  }

  /** Again, before the session that the broker granted ends (KIP-368). Requests that come meanwhile wait for it. */
  async #authenticate(timeoutMs: number): Promise<void> {
    this.#deadlines.set(REAUTHENTICATION, { what: 'SaslAuthenticate', timeoutMs, endMs: systemClock.monoMs() + timeoutMs });
    try {
      await this.#inner.authenticate();
      this.#planRenewal();
    } finally {
      this.#deadlines.delete(REAUTHENTICATION);
    }
  }

  /** kafkajs renews a login 10 s before its end: at every request where a session is no longer than that. As Java: at 85 % of its time. */
  #planRenewal(): void {
    this.#inner.reauthenticationThreshold = Math.min(10_000, this.#inner.sessionLifetime.toNumber() * 0.15);
  }

  /** KIP-219: the broker asked to be left alone for a while. */
  throttle(throttleTimeMs: number): void {
    this.#inner.requestQueue.maybeThrottle(throttleTimeMs);
  }

  /** Ends the connection when a request has waited longer than it may; gives memory back once it is idle. */
  checkTimeouts(): void {
    const nowMs = systemClock.monoMs();
    if (nowMs - this.#lastUsedMs >= IDLE_MS) this.#frameMemory.forget();
    for (const { what, timeoutMs, endMs } of this.#deadlines.values()) {
      if (nowMs <= endMs) continue;
      this.close(new KafkaError('REQUEST_TIMED_OUT', `broker ${this.address} did not answer ${what} within ${timeoutMs} ms`));
      return;
    }
  }

  /** Ends it at once; what is in flight is rejected with `error`. */
  close(error: KafkaError = new KafkaError('DISCONNECTED', `broker ${this.address}: the connection was closed`)): void {
    if (this.#closedWith) return;
    this.#closedWith = error;
    this.#inner.rejectRequests(error);
    this.#onEarlyEnd(error);
    this.#inner.socket?.destroy();
    this.#inner.disconnect().catch(() => {});
    this.#settings.onClosed();
  }

  #openSocket(onConnect: () => void): net.Socket {
    const { host, port, tls: tlsOptions } = this.#settings;
    const common = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    const socket = tlsOptions
      ? tls.connect({ ...common, ...(net.isIP(host) ? {} : { servername: host }), ...tlsOptions }, onConnect)
      : net.connect({ ...common, onread: this.#readIntoOneBuffer() }, onConnect);
    socket.on('close', () => this.close());
    return socket;
  }

  /** One buffer for all reads of a socket: else each read takes memory of its own, which lies about until the next garbage collection. */
  #readIntoOneBuffer(): net.OnReadOpts {
    return {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (bytes, buffer) => {
        this.#inner.processData(buffer.subarray(0, bytes) as Buffer);
        return true;
      },
    };
  }

  async #learnVersions(): Promise<void> {
    const { connectionTimeoutMs } = this.#settings;
    const first = await this.#exchange(apiVersionsMessage, 3, CLIENT_SOFTWARE, connectionTimeoutMs);
    const isTooNew = first !== null && first.length >= 2 && first.readInt16BE(0) === UNSUPPORTED_VERSION;
    const payload = isTooNew ? await this.#exchange(apiVersionsMessage, 0, {}, connectionTimeoutMs) : first;
    const reply = decodeReply(apiVersionsMessage, isTooNew ? 0 : 3, payload ?? Buffer.alloc(0));
    if (reply.errorCode !== 0) throw kafkaErrorOf(reply.errorCode, `ApiVersions of broker ${this.address}`);
    this.#versions = new Map(reply.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { minVersion, maxVersion }]));
    this.#inner.setVersions(Object.fromEntries(this.#versions));
    this.#inner.setSupportAuthenticationProtocol(true);
  }

  #mapError(error: unknown): KafkaError {
    if (error instanceof KafkaError) return error;
    const { name, message, code, type } = describeError(error);
    const where = `broker ${this.address}`;
    if (name === 'KafkaJSSASLAuthenticationError')
      return new KafkaError('SASL_AUTHENTICATION_FAILED', `${where}: ${message}`, { cause: error });
    if (type) return new KafkaError(type, `${where}: ${message}`, { cause: error });
    if (TLS_CODES.test(code))
      return new KafkaError('SSL_HANDSHAKE_FAILED', `${where}: TLS handshake failed: ${message} (${code})`, { cause: error });
    if (message === 'Closed connection' && this.#versions.size === 0) {
      return new KafkaError(
        'DISCONNECTED',
        `${where} closed the connection before the first reply; does security.protocol fit this listener?`,
        { cause: error },
      );
    }
    return new KafkaError('DISCONNECTED', `${where}: ${message}`, { cause: error });
  }
}

const TLS_CODES = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

function describeError(error: unknown): { name: string; message: string; code: string; type: string | null } {
  if (!(error instanceof Error)) return { name: '', message: String(error), code: '', type: null };
  const facts = error as Error & { readonly code?: unknown; readonly type?: unknown };
  return {
    name: error.name,
    message: error.message,
    code: typeof facts.code === 'string' ? facts.code : '',
    type: typeof facts.type === 'string' ? facts.type : null,
  };
}

function mendQueue(connection: KafkaJsConnection): void {
  const queue = connection.requestQueue;
  let isArmed = false;
  // kafkajs reckons with the wall clock, which may be set back by hours.
  let throttledUntilMs = 0;
  const throttle = queue.maybeThrottle.bind(queue);
  queue.maybeThrottle = (throttleTimeMs) => {
    throttledUntilMs = Math.max(throttledUntilMs, systemClock.monoMs() + throttleTimeMs);
    throttle(throttleTimeMs);
  };
  queue.scheduleCheckPendingRequests = () => {
    if (isArmed || queue.pending.length === 0) return;
    isArmed = true;
    void systemClock.sleep(Math.max(10, throttledUntilMs - systemClock.monoMs())).then(() => {
      isArmed = false;
      if (systemClock.monoMs() >= throttledUntilMs) queue.throttledUntil = -1;
      queue.checkPendingRequests();
    });
  };
}

/** SASL settings as kafkajs's connection takes them. */
function saslConfig(sasl: SaslOptions): KafkaJsConnection.SaslConfig {
  if (sasl.mechanism === 'oauthbearer') return { mechanism: sasl.mechanism, oauthBearerProvider: () => sasl.token() };
  const { mechanism, username, password } = sasl;
  if (mechanism === 'plain' || !sasl.isTokenAuth) return { mechanism, username, password };
  const digest = mechanism === 'scram-sha-256' ? DIGESTS.SHA256 : DIGESTS.SHA512;
  return {
    mechanism,
    username,
    password,
    authenticationProvider: ({ host, port, logger, saslAuthenticate }) =>
      new TokenScram({ mechanism, username, password }, host, port, logger, saslAuthenticate, digest),
  };
}

/** SCRAM with a delegation token (KIP-48): the client-first message tells the broker to look among its tokens, not its users. */
class TokenScram extends SCRAM {
  override firstMessageBare(): string {
    return `${super.firstMessageBare()},tokenauth=true`;
  }
}

/** kafkajs logs what it also throws: all of it goes to DEBUG, without its extras (they can hold secrets). */
function quietLogger(log: Log): KafkaJsConnection.KafkaJsLogger {
  const debug = (message: string) => log.debug(`kafkajs: ${message}`);
  const logger = { namespace: () => logger, debug, info: debug, warn: debug, error: debug };
  return logger;
}
