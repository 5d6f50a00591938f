/** Connectors and their tasks: what has failed, stands still, comes and goes, is run by nobody, or does not do what was asked. */
import { formatCount, formatRate } from '../../base/format.ts';
import { type ConnectorRow, type Health, wantedText } from '../connect-model.ts';
import { causeKey } from '../trace.ts';
import { type Facts, type Finding, type Rule, rule } from './rule.ts';
import { topicTrouble } from './topic-rules.ts';

/** So many connectors with the very same cause are one trouble. */
const SAME_CAUSE = 3;

const rowsIn = ({ connect }: Facts, health: Health): ConnectorRow[] => connect?.connectors.filter((row) => row.health === health) ?? [];

/** Topics that are not there, or cannot be written, are the likely cause of what happens to those who use them. */
export function topicCauses({ topics, recordErrors: { queue } }: ConnectorRow): string[] {
  return [...topics, ...(queue === null ? [] : [queue])].flatMap(topicTrouble);
}

function plain(row: ConnectorRow, cause: string): Finding {
  return {
    subject: row.name,
    what: row.name,
    cause,
    target: { connector: row.name },
    since: row.since,
    explainedBy: topicCauses(row),
  };
}

function failed(facts: Facts): Finding[] {
  const rows = rowsIn(facts, 'FAILED');
  const alike = Map.groupBy(rows, (row) => row.lastError ?? '');
  return rows.map((row) => {
    const tasks = row.tasks.filter((task) => task.state === 'FAILED');
    const same = alike.get(row.lastError ?? '')!;
    const first = same[0]!;
    return {
      ...plain(row, failureText(row)),
      what: row.state === 'FAILED' || row.tasks.length < 2 ? row.name : `${row.name} ${tasks.length}/${row.tasks.length}`,
      target: { connector: row.name, ...(row.state !== 'FAILED' && tasks.length === 1 ? { task: tasks[0]!.id } : {}) },
      explainedBy: [
        ...topicCauses(row),
        ...(row.lastError !== null && same.length >= SAME_CAUSE && row !== first ? [`connector-failed:${first.name}`] : []),
      ],
    };
  });
}

/** The cause, folded over the tasks that have failed: the same one is said once, others are counted. */
function failureText(row: ConnectorRow): string {
  const causes = new Set(row.tasks.flatMap((task) => (task.trace === null ? [] : [causeKey(task.trace)])));
  if (row.trace !== null) causes.add(causeKey(row.trace));
  const cause = row.lastError ?? 'no trace';
  return causes.size > 1 ? `${cause} · and ${causes.size - 1} other ${causes.size === 2 ? 'cause' : 'causes'}` : cause;
}

function stuck(facts: Facts): Finding[] {
  return rowsIn(facts, 'STUCK').map((row) => {
    const growth = row.lagPerSec !== null && row.lagPerSec > 0.05 ? ` +${formatRate(row.lagPerSec)}/s` : '';
    const lag = `${row.isLagWhole ? '' : '≥ '}${formatCount(row.lagRecords)}`;
    return { ...plain(row, `running, 0 rec/s, lag ${lag}${growth}`), since: row.stuckSince };
  });
}

function flapping(facts: Facts): Finding[] {
  return rowsIn(facts, 'FLAPPING').map((row) =>
    plain(row, `${row.stateChanges} failures and recoveries in 10 min${row.lastError ? `: ${row.lastError}` : ''}`),
  );
}

function unassigned(facts: Facts): Finding[] {
  return rowsIn(facts, 'UNASSIGNED').map((row) => ({ ...plain(row, 'no worker runs it'), explainedBy: ['worker-idle:workers'] }));
}

function late({ connect }: Facts): Finding[] {
  return (connect?.connectors ?? []).flatMap((row) =>
    row.requested?.isLate
      ? [
          {
            subject: row.name,
            what: row.name,
            cause: `${wantedText(row.requested)} was asked for; the status still says ${row.state}`,
            target: { connector: row.name },
            since: { atMs: row.requested.sinceMs, isExact: true },
          },
        ]
      : [],
  );
}

function idleWorkers({ connect }: Facts): Finding[] {
  const missing = connect?.knownWorkers.filter((worker) => !connect.workers.includes(worker)) ?? [];
  if (!connect || missing.length === 0 || connect.workers.length === 0) return [];
  const cause = 'was seen with connectors or tasks and has none now';
  return [{ subject: 'workers', what: `worker ${missing.join(', ')}`, cause, target: {} }];
}

export const CONNECTOR_RULES: readonly Rule[] = [
  rule({
    id: 'connector-failed',
    state: 'FAILED',
    severity: 2,
    key: 'r',
    about: 'The connector or some of its tasks have failed and do nothing until they are restarted.',
    find: failed,
  }),
  rule({
    id: 'connector-unassigned',
    state: 'UNASSIGNED',
    severity: 2,
    key: 'r',
    about: 'For half a minute no worker has run it.',
    find: unassigned,
  }),
  rule({
    id: 'connector-stuck',
    state: 'STUCK',
    severity: 3,
    key: 'l',
    about: 'It says RUNNING and has records to write, and writes none.',
    find: stuck,
  }),
  rule({
    id: 'connector-flapping',
    state: 'FLAPPING',
    severity: 3,
    key: 'l',
    about: 'It fails and comes back, again and again.',
    find: flapping,
  }),
  rule({
    id: 'request-late',
    state: 'LATE',
    severity: 3,
    key: 'l',
    about: 'Something was asked of it half a minute ago, and its status has not followed.',
    find: late,
  }),
  rule({
    id: 'worker-idle',
    state: 'IDLE',
    severity: 4,
    key: '',
    about: 'A worker that ran something runs nothing now: it has ended, is cut off, or others have taken its share.',
    find: idleWorkers,
  }),
];
