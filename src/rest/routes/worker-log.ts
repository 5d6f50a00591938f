/**
 * `GET /admin/worker-log?connector=&task=&after=&limit=`, our own: the worker's recent log, oldest first, of one connector or task
 * when asked so; `after` is the last sequence that the caller has. Log text is hostile: what could steer a terminal leaves as `\uXXXX`.
 */
import { RestError } from '../../base/errors.ts';
import { escapeUnsafe } from '../../base/safe-json.ts';
import type { Herder } from '../../herder/herder.ts';
import type { Route } from '../route.ts';

export const workerLogRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/admin/worker-log',
    handle: async ({ query }, herder) => {
      const events = await herder.workerLog(readQuery(query));
      if (events === null) throw new RestError(404, 'HTTP 404 Not Found');
      return { status: 200, text: { contentType: 'application/json', content: escapeUnsafe(JSON.stringify(events)) } };
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
  if (!/^\d{1,16}$/.test(text)) throw new RestError(400, `${name} = "${text}" is not a whole number of 0 or more.`);
  return Number(text);
}
