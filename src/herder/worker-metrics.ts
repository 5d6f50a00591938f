/** Metrics of the worker and its connectors (reference 11), from the herder's statuses. Source: WorkerMetricsGroup, ConnectorMetricsGroup. */
import type { PluginFacts } from './connector-entry.ts';
import type { StartCounts } from './launcher.ts';
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

/** A connector of this worker, with the states of all its tasks, wherever they run. */
export interface MeteredConnector {
  readonly name: string;
  readonly state: ConnectorState;
  readonly plugin: PluginFacts;
  readonly taskStates: readonly (ConnectorState | null)[];
}

/** What this worker has done and runs. */
export interface WorkerCounts {
  readonly connectors: StartCounts;
  readonly tasks: StartCounts;
  readonly taskCount: number;
}

export function workerMetrics(connectors: readonly MeteredConnector[], counts: WorkerCounts): MetricSample[] {
  const own = {
    'connector-count': connectors.length,
    'task-count': counts.taskCount,
    ...startValues('connector', counts.connectors),
    ...startValues('task', counts.tasks),
  };
  return [...samples('connect-worker-metrics', {}, own), ...connectors.flatMap(connectorMetrics)];
}

function connectorMetrics(entry: MeteredConnector): MetricSample[] {
  const tags = { connector: entry.name };
  const states = entry.taskStates;
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
