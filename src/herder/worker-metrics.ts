/** Metrics of the worker and its connectors (reference 11), from the herder's statuses. Source: WorkerMetricsGroup, ConnectorMetricsGroup. */
import type { StartCounts } from './connector-control.ts';
import type { ConnectorEntry } from './connector-entry.ts';
import type { ConnectorState, MetricSample } from './model.ts';

/** Task states that `connect-worker-metrics` counts, by the word in the metric's name. */
const COUNTED: Readonly<Record<string, ConnectorState | null>> = {
  running: 'RUNNING',
  paused: 'PAUSED',
  failed: 'FAILED',
  unassigned: 'UNASSIGNED',
  // A destroyed task is gone from the status.
  destroyed: null,
  restarting: 'RESTARTING',
};

export function workerMetrics(
  entries: readonly ConnectorEntry[],
  starts: { readonly connectors: StartCounts; readonly tasks: StartCounts },
): MetricSample[] {
  const tasks = entries.reduce((sum, entry) => sum + entry.taskConfigs.length, 0);
  const own = {
    'connector-count': entries.length,
    'task-count': tasks,
    ...startValues('connector', starts.connectors),
    ...startValues('task', starts.tasks),
  };
  return [...samples('connect-worker-metrics', {}, own), ...entries.flatMap(connectorMetrics)];
}

function connectorMetrics(entry: ConnectorEntry): MetricSample[] {
  const tags = { connector: entry.name };
  const states = entry.taskIds().map(({ task }) => entry.taskState(task));
  const counts = Object.entries(COUNTED).map(([word, state]): [string, number] => [
    `connector-${word}-task-count`,
    state === null ? 0 : states.filter((s) => s === state).length,
  ]);
  return [
    ...samples('connect-worker-metrics', tags, { 'connector-total-task-count': states.length, ...Object.fromEntries(counts) }),
    ...samples('connector-metrics', tags, {
      status: entry.state.toLowerCase(),
      'connector-type': entry.plugin.type,
      'connector-class': entry.plugin.className,
      'connector-version': entry.plugin.version,
    }),
  ];
}

function startValues(what: 'connector' | 'task', { attempts, successes, failures }: StartCounts): Record<string, number> {
  const share = (part: number) => (attempts === 0 ? 0 : part / attempts);
  return {
    [`${what}-startup-attempts-total`]: attempts,
    [`${what}-startup-success-total`]: successes,
    [`${what}-startup-success-percentage`]: share(successes),
    [`${what}-startup-failure-total`]: failures,
    [`${what}-startup-failure-percentage`]: share(failures),
  };
}

function samples(group: string, tags: Readonly<Record<string, string>>, values: Readonly<Record<string, number | string>>): MetricSample[] {
  return Object.entries(values).map(([name, value]) => ({ group, tags, name, value }));
}
