/** The topics that a connector has used. */
import { accepted, ok, type Route } from '../route.ts';

export const topicRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/connectors/:name/topics',
    handle: async ({ params }, herder) => {
      const topics = await herder.activeTopics(params.name!);
      return ok({ [params.name!]: { topics } });
    },
  },
  {
    method: 'PUT',
    path: '/connectors/:name/topics/reset',
    handle: async ({ params }, herder) => {
      await herder.resetActiveTopics(params.name!);
      return accepted;
    },
  },
];
