/** `GET /metrics`: Prometheus' text. With `details=true` also the words that change all the time, which a metrics store had better not keep. */
import { isQueryTrue, type Route } from '../route.ts';

export const metricsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/metrics',
    produces: 'text/plain',
    handle: async ({ query }, herder) => {
      // Most workers are never asked.
      const { formatMetrics, METRICS_CONTENT_TYPE } = await import('../metrics-text.ts');
      const samples = (await herder.metrics()) ?? [];
      const told = isQueryTrue(query, 'details') ? samples : samples.filter((sample) => !sample.isDetail);
      return { status: 200, text: { contentType: METRICS_CONTENT_TYPE, content: await formatMetrics(told) } };
    },
  },
];
