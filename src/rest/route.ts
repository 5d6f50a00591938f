/** What a REST route is: a method, a path and a short function over the herder. Knows nothing of the HTTP server below. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Herder } from '../herder/herder.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RestRequest {
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Text of the body; '' when there is none. */
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Buffer;
  readonly headers: IncomingHttpHeaders;
  /** Scheme and host as the caller wrote them, no slash at the end. */
  readonly baseUrl: string;
}

export interface RestReply {
  readonly status: number;
  /** Sent as JSON; absent: an empty body. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: { readonly contentType: string; readonly content: string };
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: Method;
  /** `:name` stands for one part of the path. */
  readonly path: string;
  /** What the caller may be told it can accept; JSON when absent. */
  readonly produces?: string;
  /** Asked by other workers, who sign it: no password is wanted. Absent: asked by anybody. */
  readonly internal?: { readonly maxBodyBytes: number };
  handle(request: RestRequest, herder: Herder): Promise<RestReply>;
}

export const ok = (body: unknown): RestReply => ({ status: 200, body });
export const accepted: RestReply = { status: 202 };
export const noContent: RestReply = { status: 204 };

/** 201 with the absolute address of the new connector, ASCII only. */
export function created(request: RestRequest, name: string, body: unknown): RestReply {
  return { status: 201, body, headers: { Location: `${request.baseUrl}/connectors/${encodeURIComponent(name.toWellFormed())}` } };
}

/** A query parameter as Java's `Boolean.valueOf` reads it. */
export function isQueryTrue(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true';
}
