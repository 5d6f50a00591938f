/** What the worker can run, and whether a configuration would do. */
import { readObject, toConfigMap } from '../request-body.ts';
import { isQueryTrue, ok, type Route } from '../route.ts';

export const pluginRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/connector-plugins',
    handle: async ({ query }, herder) => ok(await herder.plugins(!query.has('connectorsOnly') || isQueryTrue(query, 'connectorsOnly'))),
  },
  {
    method: 'GET',
    path: '/connector-plugins/:plugin/config',
    handle: async ({ params, query }, herder) => {
      const version = query.get('version') ?? 'latest';
      return ok(await (version === 'latest' ? herder.pluginConfig(params.plugin!) : herder.pluginConfig(params.plugin!, version)));
    },
  },
  {
    method: 'PUT',
    path: '/connector-plugins/:plugin/config/validate',
    handle: async ({ params, body }, herder) => ok(await herder.validateConfig(params.plugin!, toConfigMap(readObject(body, 'text')))),
  },
];
