/** Which HTTP status an error has. Source: Connect's `ConnectExceptionMapper`; the body is always `{"error_code","message"}`. */
import { AlreadyExistsError, messageOf, NotFoundError, RestError } from '../base/errors.ts';
import type { RestReply } from './route.ts';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
};

export function statusOf(error: unknown): number {
  if (error instanceof RestError) return error.status;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof AlreadyExistsError) return 409;
  return 500;
}

export function errorReply(error: unknown): RestReply {
  return errorWith(statusOf(error), messageOf(error));
}

export function errorWith(status: number, message: string): RestReply {
  return { status, body: { error_code: status, message } };
}

/** Errors of HTTP itself, in the words of the JVM's framework: `HTTP 404 Not Found`. */
export function httpError(status: number): RestReply {
  return errorWith(status, `HTTP ${status} ${REASONS[status] ?? 'Error'}`);
}
