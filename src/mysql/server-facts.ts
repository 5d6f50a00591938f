/** What a server says of itself, asked once a connection, and how a session is set up. */
import { exactReader } from './column-readers.ts';
import type { DatabaseAddress } from './jdbc-url.ts';
import { toSqlError } from './sql-errors.ts';
import { sqlLiteral } from './sql-literal.ts';
import type { WireSession } from './wire-session.ts';

export interface ServerFacts {
  /** Like `10.11.19-MariaDB-0+deb12u1` or `8.4.2`. */
  readonly version: string;
  readonly isMariaDb: boolean;
  /** Longest statement that the server takes. */
  readonly maxAllowedPacketBytes: number;
  /** False with NO_BACKSLASH_ESCAPES in its sql_mode. */
  readonly backslashEscapes: boolean;
  /** The database of the session; `null`: none. */
  readonly database: string | null;
  /** `@@session.time_zone`: `SYSTEM`, `+09:00`, `Asia/Seoul`. */
  readonly timeZone: string;
  /** What SYSTEM stands for, like `UTC` or `KST`. */
  readonly systemTimeZone: string;
  /** 0: names of tables are case-sensitive. */
  readonly lowerCaseTableNames: number;
}

const FACTS =
  'SELECT @@version, @@max_allowed_packet, @@session.sql_mode, DATABASE(), @@session.time_zone, @@system_time_zone, @@lower_case_table_names';
/** A server breaks off a result whose reader rests longer than this; its own default is 60 s. Connector/J has the same for streamed results. */
const WRITE_TIMEOUT_S = 600;

/** Sets up the session and asks for the facts. Rejects with SqlError. */
export async function prepareSession(session: WireSession, address: DatabaseAddress): Promise<ServerFacts> {
  const doing = `Setting up the session with ${address.place}`;
  try {
    if (address.sessionSettings.length > 0) await ask(session, `SET ${address.sessionSettings.join(',')}`);
    const [row = []] = await ask(session, FACTS);
    const [version, maxAllowedPacket, sqlMode, database, timeZone, systemTimeZone, lowerCase] = row;
    const modes = String(sqlMode).split(',');
    await ask(session, `SET ${ownSettings(modes).join(',')}`);
    return {
      version: String(version),
      isMariaDb: /mariadb/i.test(String(version)),
      maxAllowedPacketBytes: Number(maxAllowedPacket),
      backslashEscapes: !modes.includes('NO_BACKSLASH_ESCAPES'),
      database: typeof database === 'string' ? database : null,
      timeZone: String(timeZone),
      systemTimeZone: String(systemTimeZone),
      lowerCaseTableNames: Number(lowerCase),
    };
  } catch (error) {
    throw toSqlError(error, doing);
  }
}

/**
 * Texts in utf8mb4 also from a server that does not listen to the client's wish (skip-character-set-client-handshake). Strict, so that a value that
 * does not fit is an error and never cut: Connector/J sets the same (jdbcCompliantTruncation).
 */
function ownSettings(modes: readonly string[]): string[] {
  const isStrict = modes.includes('STRICT_TRANS_TABLES') || modes.includes('STRICT_ALL_TABLES');
  const strict = [...modes.filter((mode) => mode !== ''), 'STRICT_TRANS_TABLES'].join(',');
  return [
    'NAMES utf8mb4',
    `SESSION net_write_timeout=${WRITE_TIMEOUT_S}`,
    ...(isStrict ? [] : [`SESSION sql_mode=${sqlLiteral(strict, { backslashEscapes: true })}`]),
  ];
}

async function ask(session: WireSession, sql: string): Promise<unknown[][]> {
  const query = session.run<unknown>(sql, exactReader);
  const rows: unknown[][] = [];
  await query.begun();
  for (let batch = await query.next(100); batch !== null; batch = await query.next(100)) rows.push(...batch);
  return rows;
}
