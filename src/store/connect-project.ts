/** Status, config, metrics and Kafka's offsets put together to the row of a connector, with its health in one word. */
import type { ProgressFacts } from '../cluster/cluster-model.ts';
import type { ConnectorOverview, MetricSample, TaskState } from '../herder/model.ts';
import {
  type ConnectorRow,
  groupOf,
  type Health,
  queueOf,
  type RecordErrors,
  type Since,
  splitList,
  type TaskMetrics,
  type TaskRow,
} from './connect-model.ts';
import type { ConnectorHistory } from './connector-history.ts';
import { shortCause } from './trace.ts';

/** A sink that has lag and moves nothing for so long is stuck: by its own counters, or by its commits (made once a minute). */
const STUCK_BY_METRICS_MS = 30_000;
const STUCK_BY_COMMITS_MS = 150_000;
const FLAPPING_CHANGES = 3;
const UNASSIGNED_MS = 30_000;

export interface ProjectInput {
  readonly overview: ConnectorOverview;
  readonly history: ConnectorHistory;
  readonly metrics: ConnectorMetrics | null;
  readonly progress: ProgressFacts | null;
  readonly activeTopics: readonly string[];
  readonly nowMs: number;
}

/** Of one connector, out of all samples. */
export interface ConnectorMetrics {
  readonly tasks: ReadonlyMap<number, TaskMetrics>;
}

export function toConnectorRow(input: ProjectInput): ConnectorRow {
  const { overview, history, progress, nowMs } = input;
  const { status, info } = overview;
  const tasks = status.tasks.map((task) => toTaskRow(status.name, task, input));
  const failed = tasks.find((task) => task.state === 'FAILED');
  const trace = status.connector.trace ?? null;
  const stuck = stuckSince(input);
  return {
    name: status.name,
    type: status.type,
    className: info.config['connector.class'] ?? '?',
    state: status.connector.state,
    health: healthOf(input, tasks, stuck !== null),
    requested: history.requested,
    tasks,
    workerId: status.connector.worker_id,
    trace,
    lastError: shortCause(trace) ?? failed?.lastError ?? null,
    since: failed ? failed.since : history.since('connector'),
    recordsPerSec: isMoving(input) ? (history.progress?.rate(nowMs) ?? null) : 0,
    spark: history.progress?.spark ?? [],
    lagRecords: status.type === 'sink' ? (progress?.lag?.value ?? null) : null,
    isLagWhole: progress?.lag?.isWhole ?? true,
    lagPerSec: status.type === 'sink' ? history.lagPerSec : null,
    lastRecordMs: history.progress?.lastGrowthMs ?? null,
    stuckSince: stuck,
    restartsLastHour: history.restartsLastHour,
    stateChanges: history.stateChanges,
    config: info.config,
    topics: topicsOf(info.config, input.activeTopics),
    groupId: groupOf(status.name, status.type, info.config),
    partitions: progress?.partitions ?? [],
    recordErrors: recordErrorsOf(input),
  };
}

/** The worker's own counters where it tells them; else what lies in the queue. */
function recordErrorsOf({ overview: { status, info }, history, metrics, progress, nowMs }: ProjectInput): RecordErrors {
  const queue = queueOf(status.type, info.config);
  const tasks = [...(metrics?.tasks.values() ?? [])].filter((task) => task.deadLetters !== null);
  const sum = (pick: (task: TaskMetrics) => number | null) =>
    tasks.length === 0 ? null : tasks.reduce((all, task) => all + (pick(task) ?? 0), 0);
  const track = history.deadLetters;
  const end = progress?.queueEnd ?? null;
  const everWritten = end === null ? null : Number(end.value);
  const origin = tasks.length > 0 ? 'metrics' : end === null ? null : 'topic';
  return {
    queue,
    origin,
    deadLetters: origin === 'metrics' ? sum((task) => task.deadLetters) : everWritten,
    everWritten,
    perSec: origin !== null && track?.origin === origin ? track.track.rate(nowMs) : null,
    failed: sum((task) => task.deadLettersFailed),
    errors: sum((task) => task.recordErrors),
    skipped: sum((task) => task.recordsSkipped),
    logged: sum((task) => task.errorsLogged),
    lastMs: Math.max(0, ...tasks.map((task) => task.lastErrorMs ?? 0)) || null,
  };
}

function toTaskRow(connector: string, task: TaskState, { history, metrics, nowMs }: ProjectInput): TaskRow {
  const trace = task.trace ?? null;
  return {
    connector,
    id: task.id,
    state: task.state,
    workerId: task.worker_id,
    trace,
    lastError: shortCause(trace),
    since: history.since(String(task.id)),
    recordsPerSec: history.taskTracks.get(task.id)?.rate(nowMs) ?? null,
    metrics: metrics?.tasks.get(task.id) ?? null,
  };
}

/** Nothing moves in a connector that does not run: its figure is 0, not «unknown». */
function isMoving({ overview: { status } }: ProjectInput): boolean {
  return status.connector.state === 'RUNNING' && status.tasks.some((task) => task.state === 'RUNNING');
}

function stuckSince(input: ProjectInput): Since | null {
  const { overview, history, progress, nowMs } = input;
  const { progress: track } = history;
  if (overview.status.type !== 'sink' || !track || !isMoving(input)) return null;
  if (!progress?.lag || progress.lag.value === 0n) return null;
  const still = overview.status.tasks
    .filter((task) => task.state === 'RUNNING')
    .map((task) => history.since(String(task.id)))
    .reduce((latest, since) => (since.atMs > latest.atMs ? since : latest), {
      atMs: track.lastGrowthMs ?? track.firstMs ?? nowMs,
      isExact: track.lastGrowthMs !== null,
    });
  const limitMs = track.kind === 'sampled' ? STUCK_BY_METRICS_MS : STUCK_BY_COMMITS_MS;
  const isShrinking = (history.lagPerSec ?? 0) < 0;
  return nowMs - still.atMs >= limitMs && !isShrinking ? still : null;
}

function healthOf({ overview, history, nowMs }: ProjectInput, tasks: readonly TaskRow[], isStuck: boolean): Health {
  const { state } = overview.status.connector;
  const has = (wanted: string) => tasks.some((task) => task.state === wanted);
  if (state === 'FAILED' || has('FAILED')) return 'FAILED';
  if (history.stateChanges >= FLAPPING_CHANGES) return 'FLAPPING';
  if (state === 'RESTARTING' || has('RESTARTING')) return 'RESTARTING';
  if (state === 'UNASSIGNED' || has('UNASSIGNED')) {
    const sinceMs = Math.min(history.since('connector').atMs, ...tasks.map((task) => task.since.atMs));
    // On its way between workers, or just being made, it is so for a moment.
    return nowMs - sinceMs > UNASSIGNED_MS ? 'UNASSIGNED' : 'RESTARTING';
  }
  if (isStuck) return 'STUCK';
  return state;
}

/** Topics as they were really used, else as they are configured. */
function topicsOf(config: Readonly<Record<string, string>>, active: readonly string[]): string[] {
  const configured = [...splitList(config.topics), ...splitList(config.topic)];
  return [...new Set([...active, ...configured])].sort();
}

const RECORD_TOTALS: Readonly<Record<string, readonly string[]>> = {
  'source-task-metrics': ['source-record-write-total'],
  'sink-task-metrics': ['sink-record-send-total', 'sink-record-read-total'],
};

/** Samples of all connectors, sorted into connectors and tasks. */
export function groupMetrics(samples: readonly MetricSample[]): Map<string, ConnectorMetrics> {
  const values = new Map<string, Map<number, Map<string, number>>>();
  for (const { group, tags, name, value } of samples) {
    const { connector, task } = tags;
    if (connector === undefined || task === undefined || typeof value !== 'number') continue;
    const tasks = values.get(connector) ?? new Map<number, Map<string, number>>();
    const one = tasks.get(Number(task)) ?? new Map<string, number>();
    one.set(`${group} ${name}`, value);
    tasks.set(Number(task), one);
    values.set(connector, tasks);
  }
  return new Map(
    [...values].map(([connector, tasks]) => [connector, { tasks: new Map([...tasks].map(([id, one]) => [id, toTaskMetrics(one)])) }]),
  );
}

function toTaskMetrics(values: ReadonlyMap<string, number>): TaskMetrics {
  const first = (...names: string[]): number | null => {
    for (const name of names) {
      const value = values.get(name);
      if (value !== undefined && Number.isFinite(value)) return value;
    }
    return null;
  };
  const totals = Object.entries(RECORD_TOTALS).flatMap(([group, names]) => names.map((name) => `${group} ${name}`));
  return {
    records: first(...totals),
    batchAvg: first('connector-task-metrics batch-size-avg'),
    pollOrPutMs: first('source-task-metrics poll-batch-avg-time-ms', 'sink-task-metrics put-batch-avg-time-ms'),
    commitMs: first('connector-task-metrics offset-commit-avg-time-ms'),
    recordErrors: first('task-error-metrics total-record-failures', 'task-error-metrics total-record-errors'),
    recordsSkipped: first('task-error-metrics total-records-skipped'),
    errorsLogged: first('task-error-metrics total-errors-logged'),
    deadLetters: first('task-error-metrics deadletterqueue-produce-requests'),
    deadLettersFailed: first('task-error-metrics deadletterqueue-produce-failures'),
    lastErrorMs: first('task-error-metrics last-error-timestamp') || null,
  };
}
