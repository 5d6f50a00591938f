/** Every route, and which methods a path knows (for 405 and OPTIONS). Order of rows is that of the reference. */
import type { Route } from './route.ts';
import { connectorActionRoutes } from './routes/connector-actions.ts';
import { connectorRoutes } from './routes/connectors.ts';
import { drainRoutes } from './routes/drain.ts';
import { loggerRoutes } from './routes/loggers.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { offsetRoutes } from './routes/offsets.ts';
import { pluginRoutes } from './routes/plugins.ts';
import { rootRoutes } from './routes/root.ts';
import { taskRoutes } from './routes/tasks.ts';
import { topicRoutes } from './routes/topics.ts';
import { workerLogRoutes } from './routes/worker-log.ts';

export const HEALTH_PATH = '/health';

export const mainRoutes: readonly Route[] = [
  ...rootRoutes,
  ...connectorRoutes,
  ...connectorActionRoutes,
  ...taskRoutes,
  ...offsetRoutes,
  ...topicRoutes,
  ...pluginRoutes,
  ...metricsRoutes,
];

export const adminRoutes: readonly Route[] = [...loggerRoutes, ...workerLogRoutes, ...drainRoutes];

/** Methods by path, for one server. */
export class RouteTable {
  readonly #rows: ReadonlyArray<{ readonly parts: readonly string[]; readonly methods: readonly string[] }>;

  constructor(routes: readonly Pick<Route, 'method' | 'path'>[]) {
    const byPath = new Map<string, string[]>();
    for (const { method, path } of routes) byPath.set(path, [...(byPath.get(path) ?? []), method]);
    this.#rows = [...byPath].map(([path, methods]) => ({
      parts: partsOf(path),
      methods: [...(methods.includes('GET') ? ['HEAD'] : []), ...methods, 'OPTIONS'],
    }));
  }

  /** `null` for an unknown path. `path` as in the request line, without query. */
  methodsAt(path: string): readonly string[] | null {
    const parts = partsOf(path);
    const row = this.#rows.find(
      (at) =>
        at.parts.length === parts.length && at.parts.every((part, i) => part === parts[i] || (part.startsWith(':') && parts[i] !== '')),
    );
    return row?.methods ?? null;
  }
}

function partsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/').slice(1);
}
