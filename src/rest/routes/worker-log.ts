/**
 * `GET /admin/worker-log?connector=&task=&after=&limit=`, our own: the worker's recent log, oldest first, of one connector or task
 * when asked so; `after` is the last sequence that the caller has. Log text is hostile: what could steer a terminal leaves as `\uXXXX`.
 */
import { RestError } from '../../base/errors.ts';
import type { Herder } from '../../herder/herder.ts';
import type { Route } from '../route.ts';

/** Characters that JSON lets through and terminals act on or hide: DEL, C1, bidi and zero-width marks, line separators, tags. */
const UNSAFE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40[\udc00-\udc7f]/g;

export const workerLogRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/admin/worker-log',
    handle: async ({ query }, herder) => {
      const events = await herder.workerLog(readQuery(query));
      if (events === null) throw new RestError(404, 'HTTP 404 Not Found');
      return { status: 200, text: { contentType: 'application/json', content: toSafeJson(events) } };
    },
  },
];

function readQuery(query: URLSearchParams): Parameters<Herder['workerLog']>[0] {
  const connector = query.get('connector');
  const task = wholeNumber(query, 'task');
  const afterSequence = wholeNumber(query, 'after');
  const limit = wholeNumber(query, 'limit');
  return {
    ...(connector === null ? {} : { connector }),
    ...(task === null ? {} : { task }),
    ...(afterSequence === null ? {} : { afterSequence }),
    ...(limit === null ? {} : { limit }),
  };
}

function wholeNumber(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  if (!/^\d{1,15}$/.test(text)) throw new RestError(400, `${name} = "${text}" is not a whole number of 0 or more.`);
  return Number(text);
}

function toSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (match) =>
    [...Array(match.length).keys()].map((at) => `\\u${match.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
