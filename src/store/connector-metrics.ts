/** A worker's samples, sorted into connectors, tasks and tables. */
import type { MetricSample } from '../herder/model.ts';
import type { TaskMetrics } from './connect-model.ts';
import { type TableRow, TableSamples } from './connector-tables.ts';

/** Of one connector, out of all samples. */
export interface ConnectorMetrics {
  readonly tasks: ReadonlyMap<number, TaskMetrics>;
  readonly tables: readonly TableRow[];
}

export const NO_METRICS: ConnectorMetrics = { tasks: new Map(), tables: [] };

type Figure = keyof TaskMetrics;
type Table = ReadonlyMap<string, ReadonlyMap<string, Figure>>;

const table = (groups: Readonly<Record<string, Readonly<Record<string, Figure>>>>): Table =>
  new Map(Object.entries(groups).map(([group, names]) => [group, new Map(Object.entries(names))]));

/** Group → name → the figure that it is. A task is a source or a sink: it has one of two. */
const FIGURES = table({
  'source-task-metrics': { 'source-record-write-total': 'records', 'poll-batch-avg-time-ms': 'pollOrPutMs' },
  'sink-task-metrics': {
    'sink-record-send-total': 'records',
    'put-batch-avg-time-ms': 'pollOrPutMs',
    'sink-record-active-count': 'awaitingCommit',
  },
  'connector-task-metrics': { 'batch-size-avg': 'batchAvg', 'offset-commit-avg-time-ms': 'commitMs' },
  'task-error-metrics': {
    'total-record-failures': 'recordErrors',
    'total-records-skipped': 'recordsSkipped',
    'total-errors-logged': 'errorsLogged',
    'deadletterqueue-produce-requests': 'deadLetters',
    'deadletterqueue-produce-failures': 'deadLettersFailed',
    'last-error-timestamp': 'lastErrorMs',
  },
});

/** What does where the better one is not told. */
const STAND_INS = table({
  'sink-task-metrics': { 'sink-record-read-total': 'records' },
  'task-error-metrics': { 'total-record-errors': 'recordErrors' },
});

const NOTHING: TaskMetrics = {
  records: null,
  batchAvg: null,
  pollOrPutMs: null,
  commitMs: null,
  awaitingCommit: null,
  recordErrors: null,
  recordsSkipped: null,
  errorsLogged: null,
  deadLetters: null,
  deadLettersFailed: null,
  lastErrorMs: null,
};

type Draft = { -readonly [F in Figure]: TaskMetrics[F] };

export function groupMetrics(samples: readonly MetricSample[]): ReadonlyMap<string, ConnectorMetrics> {
  const tasksOf = new Map<string, Map<number, Draft>>();
  const tables = new TableSamples();
  for (const sample of samples) {
    const { group, tags, name, value } = sample;
    if (tags.table !== undefined) {
      tables.take(sample);
      continue;
    }
    const { connector, task } = tags;
    if (connector === undefined || task === undefined || typeof value !== 'number') continue;
    const tasks = tasksOf.get(connector) ?? new Map<number, Draft>();
    tasksOf.set(connector, tasks);
    const draft = tasks.get(Number(task)) ?? { ...NOTHING };
    tasks.set(Number(task), draft);
    if (!Number.isFinite(value)) continue;
    const figure = FIGURES.get(group)?.get(name);
    if (figure === 'lastErrorMs') draft.lastErrorMs = value || null;
    else if (figure !== undefined) draft[figure] = value;
    else {
      const standIn = STAND_INS.get(group)?.get(name);
      if (standIn !== undefined) draft[standIn] ??= value;
    }
  }
  const rows = tables.rows();
  return new Map([...tasksOf].map(([connector, tasks]) => [connector, { tasks, tables: rows.get(connector) ?? [] }]));
}
