/** Readers that retention overtakes: what was deleted before it was read, and what will be, with the time that is left. */
import { formatBytes, formatCount, formatDuration } from '../../base/format.ts';
import type { RetentionOutlook } from '../../cluster/retention.ts';
import type { ConnectorRow } from '../connect-model.ts';
import type { Target } from '../view.ts';
import { type Facts, type Finding, type Rule, rule } from './rule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of the retention: less than this is left, or more than this is used up. */
const NEARLY_GONE = 0.1;
const HALF = 0.5;
/** Above Connect's default of a commit a minute: what has moved but not committed is no lag. */
const COMMITS_MS = 130_000;

interface Reader {
  readonly subject: string;
  readonly what: string;
  readonly groupId: string;
  readonly target: Target;
  readonly isStanding: boolean;
  readonly explainedBy: readonly string[];
}

/** Sinks in every state, for what is paused loses its records all the same; groups with members, or that had some while we looked. */
function readers({ connect, cluster, trends }: Facts): Reader[] {
  const sinks = (connect?.connectors ?? []).filter((row) => row.groupId !== null);
  const ofSinks = new Set(sinks.map((row) => row.groupId));
  const groups = (cluster?.groups ?? []).filter((row) => !ofSinks.has(row.groupId) && trends.lastMembersMs(row.groupId) !== null);
  return [
    ...sinks.map(
      (row): Reader => ({
        subject: row.name,
        what: row.name,
        groupId: row.groupId!,
        target: { connector: row.name },
        isStanding: isStanding(row),
        explainedBy: [`connector-failed:${row.name}`, `connector-stuck:${row.name}`, `connector-unassigned:${row.name}`],
      }),
    ),
    ...groups.map(
      (row): Reader => ({
        subject: `group ${row.groupId}`,
        what: `group ${row.groupId}`,
        groupId: row.groupId,
        target: { group: row.groupId },
        isStanding: row.memberCount === 0,
        explainedBy: [],
      }),
    ),
  ];
}

const isStanding = ({ health }: ConnectorRow) => health !== 'RUNNING' && health !== 'RESTARTING';

export type Danger = 'lost' | 'near' | 'ahead';

/** `null`: nothing that anybody needs to hear of. */
export function dangerOf(outlook: RetentionOutlook, isStandingReader: boolean): Danger | null {
  const { lostRecords, leftMs, lagMs, retentionMs, watchedMs } = outlook;
  if (lostRecords > 0n) return 'lost';
  if (leftMs === null || (!isStandingReader && watchedMs < COMMITS_MS)) return null;
  const isByTime = retentionMs !== null && lagMs !== null;
  if (leftMs < HOUR_MS || (isByTime && leftMs < retentionMs * NEARLY_GONE)) return 'near';
  return leftMs < DAY_MS || (isByTime && lagMs >= retentionMs * HALF) ? 'ahead' : null;
}

function find(facts: Facts, wanted: Danger): Finding[] {
  const { cluster, nowMs } = facts;
  if (!cluster || cluster.retention.size === 0) return [];
  return readers(facts).flatMap((reader) => {
    const outlooks = (cluster.retention.get(reader.groupId) ?? []).filter((one) => dangerOf(one, reader.isStanding) === wanted);
    const [worst] = outlooks;
    if (!worst) return [];
    const more = outlooks.length > 1 ? ` +${outlooks.length - 1}` : '';
    return [
      {
        subject: reader.subject,
        what: `${reader.what} ← ${worst.topic} p${worst.partition}${more}`,
        cause: lossText(worst, nowMs),
        target: { ...reader.target, topic: worst.topic },
        explainedBy: reader.explainedBy,
        ...(worst.leftMs === null ? {} : { lossAtMs: worst.atMs + worst.leftMs }),
      },
    ];
  });
}

/** `data loss in 3 h 20 min (lag 5 h 40 min of retention 9 h)`. */
export function lossText(outlook: RetentionOutlook, nowMs: number): string {
  const { atMs, lostRecords, leftMs, by, lagMs, lagRecords, retentionMs, retentionBytes } = outlook;
  if (lostRecords > 0n) return `${formatCount(lostRecords)} records were deleted before they were read`;
  const lag = `lag ${formatCount(lagRecords)}`;
  const why =
    by === 'time' && lagMs !== null
      ? `lag ${formatDuration(lagMs)} of retention ${formatDuration(retentionMs)}`
      : by === 'size'
        ? `${lag} of retention ${formatBytes(retentionBytes)}`
        : `${lag}; the log's start comes nearer`;
  const left = leftMs === null ? null : Math.max(0, atMs + leftMs - nowMs);
  return `data loss in ${formatDuration(left)} (${why})`;
}

export const RETENTION_RULES: readonly Rule[] = [
  rule({
    id: 'loss-lost',
    state: 'LOST',
    severity: 1,
    key: '⏎',
    about: 'Records that it had not read yet are deleted. It goes on from where auto.offset.reset sends it, or fails.',
    find: (facts) => find(facts, 'lost'),
  }),
  rule({
    id: 'loss-near',
    state: 'LOSS',
    severity: 1,
    lingerMs: 20_000,
    key: '⏎',
    about: 'Retention is about to overtake it. Let it run, or give the topic a longer retention.ms first.',
    find: (facts) => find(facts, 'near'),
  }),
  rule({
    id: 'loss-ahead',
    state: 'LOSS',
    severity: 3,
    lingerMs: 20_000,
    key: '⏎',
    about: 'As it goes now, retention deletes records before it has read them.',
    find: (facts) => find(facts, 'ahead'),
  }),
];
