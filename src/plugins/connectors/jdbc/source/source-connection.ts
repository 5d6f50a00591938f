/** The one connection of a task: made when it is needed, looked at before each statement. Source: io.confluent.connect.jdbc.util.CachedConnectionProvider. */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import type { DatabaseAddress } from '../../../../mysql/jdbc-url.ts';
import { breakOff, connectWithAttempts } from '../../../../mysql/open-connection.ts';

export interface SourceConnectionParts {
  readonly address: DatabaseAddress;
  /** `connection.attempts`, `connection.backoff.ms`. */
  readonly attempts: number;
  readonly backoffMs: number;
  /** `READ COMMITTED`; `null`: the database's own. */
  readonly isolation: string | null;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends what is under way, statements included. */
  readonly signal: AbortSignal;
}

export class SourceConnection {
  readonly #parts: SourceConnectionParts;
  #connection: DatabaseConnection | null = null;
  #breakingOff: Promise<void> | null = null;

  constructor(parts: SourceConnectionParts) {
    this.#parts = parts;
    parts.signal.addEventListener(
      'abort',
      () => {
        const connection = this.#connection;
        this.#connection = null;
        if (connection !== null) this.#breakingOff = breakOff(connection, parts.clock);
      },
      { once: true },
    );
  }

  /** A connection that answers. Rejects with ConnectError when none can be made in all attempts; with the signal's reason when it aborts. */
  async ready(): Promise<DatabaseConnection> {
    const { log } = this.#parts;
    if (this.#connection !== null) {
      if (await this.#connection.isUsable()) return this.#connection;
      this.#parts.signal.throwIfAborted();
      log.info('The database connection is invalid. Reconnecting...');
      await this.close();
    }
    const connection = await connectWithAttempts(this.#parts.address, this.#parts);
    this.#connection = connection;
    // The signal may have aborted while nobody listened for it.
    if (this.#parts.signal.aborted) await this.close();
    this.#parts.signal.throwIfAborted();
    await this.#isolate(connection);
    return connection;
  }

  /** Waits for what the signal has broken off. Never rejects. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    await connection?.close();
    await this.#breakingOff;
  }

  async #isolate(connection: DatabaseConnection): Promise<void> {
    const { isolation, log } = this.#parts;
    if (isolation === null) return;
    try {
      await connection.execute(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}`);
    } catch (error) {
      log.warn(
        `The isolation level ${isolation} (transaction.isolation.mode) could not be set, the database's own stays: ${messageOf(error)}`,
      );
    }
  }
}
