/** `GET /metrics`: Prometheus' text. */
import { formatMetrics, METRICS_CONTENT_TYPE } from '../metrics-text.ts';
import type { Route } from '../route.ts';

export const metricsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/metrics',
    produces: 'text/plain',
    handle: async (_, herder) => ({
      status: 200,
      text: { contentType: METRICS_CONTENT_TYPE, content: await formatMetrics((await herder.metrics()) ?? []) },
    }),
  },
];
