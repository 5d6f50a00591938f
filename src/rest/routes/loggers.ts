/** Log levels of the worker, or of every worker of the cluster (KIP-495, KIP-976). */
import { NotFoundError, RestError } from '../../base/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../../base/log.ts';
import { readObject, toText } from '../request-body.ts';
import { noContent, ok, type Route } from '../route.ts';

export const loggerRoutes: readonly Route[] = [
  { method: 'GET', path: '/admin/loggers', handle: async (_, herder) => ok(await herder.loggers()) },
  { method: 'GET', path: '/admin/loggers/:logger', handle: async ({ params }, herder) => ok(await herder.logger(params.logger!)) },
  {
    method: 'PUT',
    path: '/admin/loggers/:logger',
    handle: async ({ params, query, body }, herder) => {
      const level = readLevel(body);
      // An unknown scope counts as the default, with a warning, on a JVM worker.
      const scope = query.get('scope')?.toLowerCase() === 'cluster' ? 'cluster' : 'worker';
      const affected = await herder.setLogger(params.logger!, level, scope);
      return affected === null || scope === 'cluster' ? noContent : ok(affected);
    },
  },
];

function readLevel(body: string): LogLevel {
  const text = toText(readObject(body, 'text').level ?? null, 'level');
  if (text === null) throw new RestError(400, "Desired 'level' parameter was not specified in request.");
  const level = LOG_LEVELS.find((known) => known === text.toUpperCase());
  if (!level) throw new NotFoundError(`invalid log level '${text}'.`);
  return level;
}
