/** Status, config, metrics and Kafka's offsets put together to the row of a connector, with its health in one word. */
import type { ProgressFacts } from '../cluster/cluster-model.ts';
import type { ConnectorOverview, TaskState } from '../herder/model.ts';
import type { ConnectorRow, Health, RecordErrors, Since, TaskMetrics, TaskRow } from './connect-model.ts';
import type { ConnectorHistory } from './connector-history.ts';
import type { ConnectorMetrics } from './connector-metrics.ts';
import type { Places } from './connector-places.ts';
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
  readonly places: Places;
  readonly nowMs: number;
}

export function toConnectorRow(input: ProjectInput): ConnectorRow {
  const { overview, history, progress, places, nowMs } = input;
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
    topics: places.topics,
    groupId: places.groupId,
    partitions: progress?.partitions ?? [],
    recordErrors: recordErrorsOf(input),
    tables: input.metrics?.tables ?? [],
  };
}

/** The worker's own counters where it tells them; else what lies in the queue. */
function recordErrorsOf({ places: { queue }, history, metrics, progress, nowMs }: ProjectInput): RecordErrors {
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
    restartsLastHour: history.restartsOf(String(task.id)),
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
  const isSeenToMove = track.kind === 'sampled' && !isOnlyAwaitingCommit(input);
  const limitMs = isSeenToMove ? STUCK_BY_METRICS_MS : STUCK_BY_COMMITS_MS;
  const isShrinking = (history.lagPerSec ?? 0) < 0;
  return nowMs - still.atMs >= limitMs && !isShrinking ? still : null;
}

/** All that lags is in the sink already: a topic that has fallen silent shows its last records as lag until the next commit. */
function isOnlyAwaitingCommit({ metrics, progress }: ProjectInput): boolean {
  const tasks = [...(metrics?.tasks.values() ?? [])];
  const awaiting = tasks.reduce((all, { awaitingCommit }) => all + (awaitingCommit ?? 0), 0);
  return BigInt(Math.round(awaiting)) >= (progress?.lag?.value ?? 0n);
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
