/** mysql2's connection, loaded when it is first needed: signs in, runs one statement after the other, and knows when the way is gone. */
import net from 'node:net';
import type { ConnectionOptions, SslOptions } from 'mysql2';
import type { Clock } from '../base/clock.ts';
import { errorCodeOf } from '../base/errors.ts';
import { inTime } from '../base/in-time.ts';
import type { Column } from './column.ts';
import type { ColumnReader } from './column-readers.ts';
import { readTls } from './jdbc-tls.ts';
import type { DatabaseAddress } from './jdbc-url.ts';
import type { QueryCommand, WireConnection } from './mysql2-internals.d.ts';
import { LOST_STATE, SqlError, toSqlError } from './sql-errors.ts';
import { WireQuery } from './wire-query.ts';

/** LOCAL INFILE and several statements in one text stay off whatever an address says. IGNORE_SPACE would make names of functions reserved words. */
const FLAGS = ['-LOCAL_FILES', '-MULTI_STATEMENTS', '-ODBC', '-IGNORE_SPACE'];
/** Waiting this long for the goodbye is enough. */
const GOODBYE_LIMIT_MS = 1_000;

type Driver = typeof import('mysql2');
type CreateQuery = (options: { readonly sql: string }, values: undefined, done: undefined, config: object) => QueryCommand;

export class WireSession {
  readonly address: DatabaseAddress;
  readonly #wire: WireConnection;
  readonly #createQuery: CreateQuery;
  #running: WireQuery<unknown> | null = null;
  #runningSql = '';
  #failure: SqlError | null = null;

  private constructor(address: DatabaseAddress, wire: WireConnection, createQuery: CreateQuery) {
    this.address = address;
    this.#wire = wire;
    this.#createQuery = createQuery;
    wire.on('error', (error) => this.#lose(toSqlError(error, `The connection to ${address.place}`)));
    wire.on('end', () => this.#lose(this.#gone('the server has hung up')));
    if (address.socketTimeoutMs > 0) wire.stream.setTimeout(address.socketTimeoutMs, () => this.#checkSilence());
  }

  /** Rejects with SqlError; with ConfigError for stores that cannot be read; with the signal's reason when it aborts. */
  static async open(address: DatabaseAddress, signal?: AbortSignal): Promise<WireSession> {
    const tls = readTls(address.tls);
    const driver: Driver = (await import('mysql2')).default;
    try {
      return await WireSession.#open(driver, address, tls, signal);
    } catch (error) {
      const isPlain =
        address.tls.sslMode === 'PREFERRED' && error instanceof SqlError && errorCodeOf(error.cause) === 'HANDSHAKE_NO_SSL_SUPPORT';
      if (!isPlain) throw error;
      return await WireSession.#open(driver, address, null, signal);
    }
  }

  static async #open(
    driver: Driver,
    address: DatabaseAddress,
    tls: SslOptions | null,
    signal: AbortSignal | undefined,
  ): Promise<WireSession> {
    signal?.throwIfAborted();
    const wire = driver.createConnection(driverOptions(driver, address, tls)) as unknown as WireConnection;
    const stop = () => wire.destroy();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      await connected(wire, signal);
    } catch (error) {
      wire.on('error', () => undefined);
      wire.destroy();
      signal?.throwIfAborted();
      throw toSqlError(error, `Connecting to ${address.place}`);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    const { createQuery } = driver as unknown as { readonly createQuery: CreateQuery };
    return new WireSession(address, wire, createQuery);
  }

  /** Why the connection is of no more use; `null`: it lives as far as is known. */
  get failure(): SqlError | null {
    return this.#failure;
  }

  /** What the server has under way here, under its own number of the connection; `null`: nothing. */
  get underWay(): { readonly threadId: number; readonly sql: string } | null {
    const { threadId } = this.#wire;
    const isRunning = this.#failure === null && this.#running !== null && !this.#running.isEnded;
    return isRunning && threadId !== null ? { threadId, sql: this.#runningSql } : null;
  }

  /** Throws SqlError when the connection is lost or the rows of the statement before were not all taken. */
  run<T>(sql: string, readerOf: (column: Column) => ColumnReader<T>): WireQuery<T> {
    if (this.#failure !== null) throw this.#failure;
    this.#mustBeFree();
    const command = this.#createQuery({ sql }, undefined, undefined, {});
    const query = new WireQuery<T>(this.#wire, command, readerOf);
    this.#running = query as WireQuery<unknown>;
    this.#runningSql = sql;
    return query;
  }

  #mustBeFree(): void {
    if (this.#running !== null && !this.#running.isEnded) throw new Error('The rows of the statement before were not all read.');
  }

  /** Whether the server answers within `limitMs`; when not, the connection is closed. */
  async answers(limitMs: number, clock: Clock): Promise<boolean> {
    if (this.#failure !== null) return false;
    this.#mustBeFree();
    const answer = new Promise<void>((resolve, reject) => this.#wire.ping((error) => (error ? reject(error) : resolve())));
    // When it comes too late, nobody waits for it.
    answer.catch(() => undefined);
    try {
      await inTime(answer, limitMs, clock, () => this.#gone(`the server did not answer a ping within ${limitMs} ms`));
      return true;
    } catch (error) {
      this.drop(toSqlError(error, `The connection to ${this.address.place}`));
      return false;
    }
  }

  /** Ends at once; what runs fails with `reason`. */
  drop(reason: SqlError): void {
    this.#lose(reason);
    this.#wire.stream.destroy();
  }

  /** Says goodbye when nothing runs, else ends at once. */
  async close(clock: Clock): Promise<void> {
    const isIdle = this.#failure === null && (this.#running === null || this.#running.isEnded);
    const reason = this.#gone('it was closed here');
    this.#failure ??= reason;
    if (isIdle) {
      const goodbye = new Promise<void>((resolve) => this.#wire.end(() => resolve()));
      await inTime(goodbye, GOODBYE_LIMIT_MS, clock, () => reason).catch(() => undefined);
    }
    this.drop(reason);
  }

  #gone(why: string): SqlError {
    return new SqlError(`The connection to ${this.address.place} is gone: ${why}.`, { sqlState: LOST_STATE, errno: 0 });
  }

  #lose(reason: SqlError): void {
    this.#failure ??= reason;
    this.#running?.fail(reason);
  }

  /** `socketTimeout` is about an answer that does not come: not about rest, nor about rows that we leave waiting. */
  #checkSilence(): void {
    const running = this.#running;
    if (running === null || running.isEnded || running.isPaused) return;
    this.drop(this.#gone(`nothing came for ${this.address.socketTimeoutMs} ms (socketTimeout)`));
  }
}

function connected(wire: WireConnection, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    wire.connect((error) => (error ? reject(error) : resolve()));
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function driverOptions(driver: Driver, address: DatabaseAddress, tls: SslOptions | null): ConnectionOptions {
  return {
    host: address.host,
    port: address.port,
    stream: () => openSocket(address),
    ...(address.user === null ? {} : { user: address.user }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(address.database === null ? {} : { database: address.database }),
    ...(tls === null ? {} : { ssl: tls }),
    ...(tls === null && !address.allowPublicKeyRetrieval ? { authPlugins: withoutServerKey(driver) } : {}),
    connectTimeout: address.connectTimeoutMs,
    flags: FLAGS,
    connectAttributes: { _client_name: 'kconsole' },
  };
}

/** A peer that has vanished without a word is found out after this and a few probes of the system. */
const KEEP_ALIVE_MS = 60_000;

/** As the driver would, but for the name that a certificate is checked against: without `_host` it is "localhost" for every IP address. */
function openSocket({ host, port }: DatabaseAddress): net.Socket {
  const socket = net.connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  return net.isIP(host) === 0 ? socket : Object.assign(socket, { _host: host });
}

/** The sign-in of MySQL 8 without trust in a key that came over the open line. */
function withoutServerKey({ authPlugins }: Driver): NonNullable<ConnectionOptions['authPlugins']> {
  const onServerPublicKey = () => {
    throw new Error(
      'the server wants the password under a key of its own, over a line without TLS: put sslMode=REQUIRED or stricter into connection.url, or allowPublicKeyRetrieval=true',
    );
  };
  return {
    caching_sha2_password: authPlugins.caching_sha2_password({ onServerPublicKey }),
    sha256_password: authPlugins.sha256_password({ onServerPublicKey }),
  };
}
