/** What can be done to a running connector, and how it is. */
import { accepted, isQueryTrue, noContent, ok, type Route } from '../route.ts';

export const connectorActionRoutes: readonly Route[] = [
  { method: 'GET', path: '/connectors/:name/status', handle: async ({ params }, herder) => ok(await herder.connectorStatus(params.name!)) },
  {
    method: 'PUT',
    path: '/connectors/:name/pause',
    handle: async ({ params }, herder) => {
      await herder.pauseConnector(params.name!);
      return accepted;
    },
  },
  {
    method: 'PUT',
    path: '/connectors/:name/resume',
    handle: async ({ params }, herder) => {
      await herder.resumeConnector(params.name!);
      return accepted;
    },
  },
  {
    method: 'PUT',
    path: '/connectors/:name/stop',
    handle: async ({ params }, herder) => {
      await herder.stopConnector(params.name!);
      return noContent;
    },
  },
  {
    method: 'POST',
    path: '/connectors/:name/restart',
    handle: async ({ params, query }, herder) => {
      const includeTasks = isQueryTrue(query, 'includeTasks');
      const onlyFailed = isQueryTrue(query, 'onlyFailed');
      if (includeTasks || onlyFailed)
        return { status: 202, body: await herder.restartConnectorAndTasks(params.name!, { includeTasks, onlyFailed }) };
      await herder.restartConnector(params.name!);
      return noContent;
    },
  },
];
