/**
 * What the database or the way to it answered, as an error that says whether to try again. Classes as MySQL Connector/J has them for the same
 * SQLState: the original's tasks fail at once on `java.sql.SQLNonTransientException` and its kinds, and try the others again.
 */
import { ConnectError, errorCodeOf, messageOf } from '../base/errors.ts';
import { hintFor } from './error-hints.ts';
import { maskJdbcText } from './mask-jdbc.ts';

export interface SqlErrorFacts {
  /** Five characters of SQL's standard; `08S01` for the way to the server; `null`: none was given. */
  readonly sqlState: string | null;
  /** The server's number, like 1146; 0: the server did not say this. */
  readonly errno: number;
}

/** An error of the database or of the way to it. The message names the step, the answer and what to do, without secrets. */
export class SqlError extends ConnectError {
  override readonly javaClass: string;
  override readonly isRetriable: boolean;
  readonly sqlState: string | null;
  readonly errno: number;
  /** The connection is gone: only a new one helps. */
  readonly isConnectionLost: boolean;

  constructor(message: string, facts: SqlErrorFacts, options?: ErrorOptions) {
    super(message, options);
    this.sqlState = facts.sqlState;
    this.errno = facts.errno;
    this.javaClass = classOfState(facts.sqlState);
    this.isRetriable = !isNonTransient(facts.sqlState);
    this.isConnectionLost = facts.sqlState?.startsWith('08') ?? false;
  }
}

/** By the first characters of the SQLState, the first that fits. */
const CLASSES: ReadonlyArray<readonly [state: string, javaClass: string, isNonTransient: boolean]> = [
  ['08', 'java.sql.SQLRecoverableException', false],
  ['0A', 'java.sql.SQLFeatureNotSupportedException', true],
  ['22', 'java.sql.SQLDataException', true],
  ['23', 'java.sql.SQLIntegrityConstraintViolationException', true],
  ['28', 'java.sql.SQLInvalidAuthorizationSpecException', true],
  ['40', 'java.sql.SQLTransactionRollbackException', false],
  ['42', 'java.sql.SQLSyntaxErrorException', true],
  ['70100', 'com.mysql.cj.jdbc.exceptions.MySQLQueryInterruptedException', true],
];

/** Another attempt with the same statement and the same data cannot succeed. */
export function isNonTransient(sqlState: string | null): boolean {
  return CLASSES.find(([start]) => sqlState?.startsWith(start))?.[2] ?? false;
}

function classOfState(sqlState: string | null): string {
  return CLASSES.find(([start]) => sqlState?.startsWith(start))?.[1] ?? 'java.sql.SQLException';
}

/** SQLState of the class "connection exception", as Connector/J has it for a broken way. */
export const LOST_STATE = '08S01';

/**
 * `error` of the driver in our words. `doing`: what was tried, as the start of a sentence ("Connecting to 127.0.0.1:3306"). SqlErrors stay as they are.
 */
export function toSqlError(error: unknown, doing: string): SqlError {
  if (error instanceof SqlError) return error;
  const { errno, sqlState } = factsOf(error);
  const answer = messageOf(error)
    .replace(/\(using password: (YES|NO)\)/, (_, had: string) => (had === 'YES' ? '(a password was given)' : '(no password was given)'))
    .replace(/\.$/, '');
  const number = errno > 0 ? ` (error ${errno}, SQLState ${sqlState})` : '';
  const hint = hintFor(errno, errorCodeOf(error));
  const text = `${doing} failed: ${answer}${number}.${hint === null ? '' : ` ${hint}`}`;
  return new SqlError(maskJdbcText(text), { sqlState, errno }, { cause: error });
}

interface DriverError {
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly fatal?: unknown;
}

function factsOf(error: unknown): SqlErrorFacts {
  const { errno, sqlState, fatal } = (error ?? {}) as DriverError;
  // The system's numbers (ECONNREFUSED) are negative.
  const number = typeof errno === 'number' && errno > 0 ? errno : 0;
  if (number > 0) return { errno: number, sqlState: stateOf(number, typeof sqlState === 'string' ? sqlState : '') };
  const isWay = fatal === true || errorCodeOf(error) !== null;
  return { errno: 0, sqlState: isWay ? LOST_STATE : null };
}

/** Errors after which the server hangs up, though their own SQLState does not say so. */
const ENDING: ReadonlySet<number> = new Set([1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 3169, 4031]);

function stateOf(errno: number, given: string): string {
  if (ENDING.has(errno)) return LOST_STATE;
  return given === '' ? 'HY000' : given;
}
