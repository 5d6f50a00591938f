/**
 * Requests that another worker must answer: the leader, or the owner of a connector or task, whom only the leader knows. So a request is
 * passed on twice at most: `forward` is absent on what a caller sent, true after the first worker, false after the second.
 * Source: HerderRequestHandler.completeOrForwardRequest (reference 1.9).
 */
import { RestError } from '../base/errors.ts';
import type { NotHereError } from '../herder/distributed/forwarder.ts';
import { MaskedElsewhere } from './masked-elsewhere.ts';
import { isQueryTrue, type RestReply } from './route.ts';
import type { WorkerClient } from './worker-client.ts';

export interface ForwardableRequest {
  readonly method: string;
  /** As it stood in the request line. */
  readonly url: string;
  readonly authorization: string | undefined;
  /** `null`: there was none. */
  readonly body: Buffer | null;
  /** Scheme and host as the caller wrote them. */
  readonly baseUrl: string;
}

/** The other worker's answer. Rejects with RestError: 409 when it may not or cannot be passed on, otherwise as the other worker answered. */
export async function forward(client: WorkerClient, request: ForwardableRequest, elsewhere: NotHereError): Promise<RestReply> {
  const { path, query } = partsOf(request.url);
  const parameters = new URLSearchParams(query);
  const hasHopped = parameters.has('forward');
  if (hasHopped && !isQueryTrue(parameters, 'forward'))
    throw new RestError(409, 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)');
  if (elsewhere.url === null)
    throw new RestError(409, 'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.');
  const masked = elsewhere instanceof MaskedElsewhere ? elsewhere : null;
  const { status, headers, text } = await client.ask(elsewhere.url, {
    method: request.method,
    path: `${path}?${[...otherParameters(query), `forward=${!hasHopped}`].join('&')}`,
    body: masked && request.body ? masked.restoreBody(request.body) : request.body,
    ...(request.authorization === undefined ? {} : { headers: { Authorization: request.authorization } }),
  });
  const location = locationHere(headers.location, request.baseUrl);
  return {
    status,
    ...(text === '' ? {} : { text: { contentType: 'application/json', content: masked ? await masked.maskAnswer(text) : text } }),
    ...(location === null ? {} : { headers: { Location: location } }),
  };
}

/** Without the scheme and host that a request line may have. */
function partsOf(url: string): { path: string; query: string } {
  const [path = '', ...rest] = url.replace(/^https?:\/\/[^/]*/i, '').split('?');
  return { path, query: rest.join('?') };
}

/** Encoded as they were. */
function otherParameters(query: string): string[] {
  return query.split('&').filter((part) => part !== '' && !new URLSearchParams(part).has('forward'));
}

/** The new connector by the address that the caller used, as if this worker had made it. */
function locationHere(location: string | undefined, baseUrl: string): string | null {
  const path = /^(?:https?:\/\/[^/]*)?(\/[\x21-\x7e]*)$/i.exec(location ?? '')?.[1];
  return path === undefined ? null : baseUrl + path;
}
