/**
 * The errors that cross rooms. Each knows the Java class name that an operator would see on a JVM worker, so that traces,
 * dead-letter headers and mixed clusters read alike. Messages name what failed, the value, and what to do.
 */
import { hideSecrets } from './secrets.ts';

export class ConnectError extends Error {
  readonly javaClass: string = 'org.apache.kafka.connect.errors.ConnectException';
  /** True when the same call may succeed later without anybody changing anything. */
  readonly isRetriable: boolean = false;
}

export class RetriableError extends ConnectError {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.RetriableException';
  override readonly isRetriable: boolean = true;
}

/** Data that cannot be converted or does not fit its schema. */
export class DataError extends ConnectError {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.DataException';
}

/** A call with an argument that cannot be: a field that is not there, a group that an expression lacks. */
export class IllegalArgumentError extends ConnectError {
  override readonly javaClass: string = 'java.lang.IllegalArgumentException';
}

/** A place that is not there: a group with a number that an expression lacks. */
export class IndexOutOfBoundsError extends IllegalArgumentError {
  override readonly javaClass: string = 'java.lang.IndexOutOfBoundsException';
}

/** Bytes that a serializer refuses. */
export class SerializationError extends ConnectError {
  override readonly javaClass: string = 'org.apache.kafka.common.errors.SerializationException';
}

/** A configuration value that is refused. */
export class ConfigError extends ConnectError {
  override readonly javaClass: string = 'org.apache.kafka.common.config.ConfigException';
}

export class NotFoundError extends ConnectError {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.NotFoundException';
}

export class AlreadyExistsError extends ConnectError {
  override readonly javaClass: string = 'org.apache.kafka.connect.errors.AlreadyExistsException';
}

/** A request that is refused with this HTTP status. */
export class RestError extends ConnectError {
  override readonly javaClass: string = 'org.apache.kafka.connect.runtime.rest.errors.ConnectRestException';
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Nobody answers at any of the given addresses; the message lists each with its reason. */
export class UnreachableError extends RetriableError {}

export function javaClassOf(error: unknown): string {
  if (error instanceof ConnectError) return error.javaClass;
  if (error instanceof Error) return error.name;
  return 'java.lang.Throwable';
}

/** Secrets are replaced by their references, here and in traces: what becomes text may be read by anybody. */
export function messageOf(error: unknown): string {
  return hideSecrets(error instanceof Error ? error.message : String(error));
}

/** The system's or Node's name of what went wrong, like `ENOENT`; `null` for errors of another kind. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The message with one full stop at its end. */
export function sentenceOf(error: unknown): string {
  return messageOf(error).replace(/\.?$/, '.');
}

/** An error and its causes the way a JVM worker writes them into `trace`. */
export function traceOf(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; current !== undefined && current !== null && depth < 20; depth++) {
    const frames = current instanceof Error && current.stack ? current.stack.split('\n').filter((line) => /^\s+at /.test(line)) : [];
    const head = `${javaClassOf(current)}: ${messageOf(current)}`;
    parts.push((depth === 0 ? head : `Caused by: ${head}`) + frames.map((f) => `\n\t${f.trim()}`).join(''));
    current = current instanceof Error ? current.cause : undefined;
  }
  return hideSecrets(`${parts.join('\n')}\n`);
}
