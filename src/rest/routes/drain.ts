/** `PUT /admin/drain?worker=host:port`, our own: that worker, or this one, gives up its work and leaves its group (202 with how its work moves). */
import type { Route } from '../route.ts';

export const drainRoutes: readonly Route[] = [
  {
    method: 'PUT',
    path: '/admin/drain',
    handle: async ({ query }, herder) => ({ status: 202, body: await herder.drain(query.get('worker') || undefined) }),
  },
];
