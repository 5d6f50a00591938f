/** A connector's tasks. A task id that is no 32-bit number matches no route: 404, as on a JVM worker. */
import { RestError } from '../../base/errors.ts';
import { noContent, ok, type Route } from '../route.ts';

export const taskRoutes: readonly Route[] = [
  { method: 'GET', path: '/connectors/:name/tasks', handle: async ({ params }, herder) => ok(await herder.tasks(params.name!)) },
  {
    method: 'GET',
    path: '/connectors/:name/tasks/:task/status',
    handle: async ({ params }, herder) => ok(await herder.taskStatus(params.name!, taskIn(params.task!))),
  },
  {
    method: 'POST',
    path: '/connectors/:name/tasks/:task/restart',
    handle: async ({ params }, herder) => {
      await herder.restartTask(params.name!, taskIn(params.task!));
      return noContent;
    },
  },
];

function taskIn(text: string): number {
  const task = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (task !== (task | 0)) throw new RestError(404, 'HTTP 404 Not Found');
  return task;
}
