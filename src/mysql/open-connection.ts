/** Opens connections: once, or with the attempts that a connector is configured with. */
import type { Clock } from '../base/clock.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { DatabaseConnection } from './connection.ts';
import type { DatabaseAddress } from './jdbc-url.ts';
import { prepareSession } from './server-facts.ts';
import { WireSession } from './wire-session.ts';

export interface OpenOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

export interface AttemptOptions extends OpenOptions {
  /** `connection.attempts`, at least 1. */
  readonly attempts: number;
  /** `connection.backoff.ms`. */
  readonly backoffMs: number;
  readonly log: Log;
}

/** One attempt. Rejects with SqlError; with the signal's reason when it aborts. */
export async function openConnection(address: DatabaseAddress, options: OpenOptions): Promise<DatabaseConnection> {
  const session = await WireSession.open(address, options.signal);
  try {
    return new DatabaseConnection(session, await prepareSession(session, address), options.clock);
  } catch (error) {
    await session.close(options.clock);
    throw error;
  }
}

/** A stop waits no longer for a server that does not take a second connection. */
const BREAK_OFF_LIMIT_MS = 2_000;
const COMPARED_SQL = 100;

/**
 * Ends the connection together with what the server does for it: one that sorts or waits for a lock would hear only at its next row that nobody
 * reads. Never rejects.
 */
export async function breakOff(connection: DatabaseConnection, clock: Clock): Promise<void> {
  const { underWay, address } = connection;
  await connection.close();
  if (underWay === null) return;
  const limit = AbortSignal.timeout(BREAK_OFF_LIMIT_MS);
  try {
    const other = await openConnection(address, { clock, signal: limit });
    const close = () => void other.close();
    limit.addEventListener('abort', close, { once: true });
    try {
      await kill(other, underWay);
    } finally {
      limit.removeEventListener('abort', close);
      await other.close();
    }
  } catch {
    // It ends by itself when it has something to send.
  }
}

/** An address may stand for several servers: the number alone could be that of somebody else there. */
async function kill(other: DatabaseConnection, { threadId, sql }: NonNullable<DatabaseConnection['underWay']>): Promise<void> {
  const { rows } = await other.query('SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ? AND LEFT(INFO, ?) = ?', [
    threadId,
    COMPARED_SQL,
    [...sql].slice(0, COMPARED_SQL).join(''),
  ]);
  if (rows.length > 0) await other.execute(`KILL ${threadId}`);
}

/**
 * As many attempts as configured, each refusal logged. Rejects with ConnectError (not retriable, as the original's) after the last one; with the
 * signal's reason when it aborts.
 */
export async function connectWithAttempts(address: DatabaseAddress, options: AttemptOptions): Promise<DatabaseConnection> {
  const { attempts, backoffMs, clock, signal, log } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await openConnection(address, options);
    } catch (error) {
      signal?.throwIfAborted();
      const which = `attempt ${attempt} of ${attempts}`;
      if (attempt >= attempts) throw new ConnectError(`${messageOf(error)} This was ${which} (connection.attempts).`, { cause: error });
      log.info(`Unable to connect to database on ${which}. Will retry in ${backoffMs} ms. ${messageOf(error)}`);
      await clock.sleep(backoffMs, signal);
      signal?.throwIfAborted();
    }
  }
}
