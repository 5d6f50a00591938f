/** Readers that fall behind: sinks always, groups only while they are asked. */
import { formatCount, formatRate } from '../../base/format.ts';
import { topicCauses } from './connector-rules.ts';
import { exceedsDoubt, type LagTrend } from './lag-track.ts';
import { type Facts, type Finding, type Rule, rule } from './rule.ts';
import { topicTrouble } from './topic-rules.ts';

/** Less growth than this over half the window is no trend. */
const LEAST_RECORDS = 50;
const LEAST_SHARE = 0.02;
/** Figures of groups that were not asked again say nothing about now. */
const GROUPS_FRESH_MS = 30_000;

function isGrowing(trend: LagTrend): boolean {
  const { lag, lagBefore } = trend;
  return exceedsDoubt(trend) && lag - lagBefore >= Math.max(LEAST_RECORDS, lagBefore * LEAST_SHARE);
}

/** `lag 1.20 M, +4 000/s, reads 176 000/s: never at its end this way`. */
function lagCause({ lag, growthPerSec, readPerSec }: LagTrend): string {
  return `lag ${formatCount(Math.round(lag))} +${formatRate(growthPerSec)}/s · reads ${formatRate(readPerSec)}/s: never at its end like this`;
}

const sinceOf = (trend: LagTrend, nowMs: number) => ({ atMs: nowMs - trend.windowMs, isExact: false });

function sinks({ connect, trends, nowMs }: Facts): Finding[] {
  return (connect?.connectors ?? []).flatMap((row) => {
    // A sink that does not run, or runs without moving, is told as that.
    if (row.type !== 'sink' || row.health !== 'RUNNING') return [];
    const trend = trends.sinkLag(row.name, nowMs);
    if (!trend || !isGrowing(trend)) return [];
    const target = { connector: row.name };
    return [
      { subject: row.name, what: row.name, cause: lagCause(trend), target, since: sinceOf(trend, nowMs), explainedBy: topicCauses(row) },
    ];
  });
}

function groups({ connect, cluster, trends, nowMs }: Facts): Finding[] {
  if (!cluster?.groups || cluster.groupsAtMs === null || nowMs - cluster.groupsAtMs > GROUPS_FRESH_MS) return [];
  const ofSinks = new Set(connect?.connectors.map((row) => row.groupId));
  return cluster.groups.flatMap((row) => {
    const trend = ofSinks.has(row.groupId) ? null : trends.groupLag(row.groupId, nowMs);
    if (!trend || !isGrowing(trend)) return [];
    const lastMs = trends.lastMembersMs(row.groupId);
    // A group that nobody has read with while we looked may have been left on purpose.
    if (lastMs === null) return [];
    const cause =
      row.memberCount === 0 ? `nobody reads any more · lag ${formatCount(row.lag)} +${formatRate(trend.growthPerSec)}/s` : lagCause(trend);
    return [
      {
        subject: row.groupId,
        what: `group ${row.groupId}`,
        cause,
        target: { group: row.groupId },
        since: row.memberCount === 0 ? { atMs: lastMs, isExact: true } : sinceOf(trend, nowMs),
        explainedBy: row.topics.flatMap(topicTrouble),
      },
    ];
  });
}

export const LAG_RULES: readonly Rule[] = [
  rule({
    id: 'lag-sink',
    state: 'LAGGING',
    severity: 3,
    lingerMs: 60_000,
    key: 'o',
    about: 'More comes than the sink writes: its lag grows over several commits, and does not shrink by itself.',
    find: sinks,
  }),
  rule({
    id: 'lag-group',
    state: 'LAGGING',
    severity: 3,
    lingerMs: 60_000,
    key: '⏎',
    about: 'More comes than the group reads. Groups are judged while they are shown (3), and those that somebody reads with.',
    find: groups,
  }),
];
