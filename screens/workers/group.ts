/** The group of the workers above its members: state, protocol, leader, and the countdown to a rebalance that its leader has put off. */

import { plural } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { WatchedConnectGroup } from '../../src/cluster/connect-group-watch.ts';
import { hostOf } from '../../src/store/addresses.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { countdownText, leavingWords, protocolWord } from '../../src/store/group-in-words.ts';
import { ifWorkerLeft, type LeavingForecast } from '../../src/store/worker-leaves.ts';
import { ownGroup, type WorkerRow } from '../../src/store/worker-rows.ts';
import { type Line, span } from '../parts/line.ts';

/** One line a group; none as long as none is known. */
export function groupLines(data: ConsoleData): Line[] {
  return groupsOf(data).map((group) => groupLine(group, data.nowMs));
}

export function groupLine(group: WatchedConnectGroup, nowMs: number): Line {
  const countdown = countdownText(group, nowMs);
  return [
    span('group ', 'dim'),
    span(group.groupId, 'accent'),
    span(`  ${group.state}`, group.state === 'Stable' ? 'ok' : 'warn'),
    ...(countdown === null ? [] : [span(`  ${countdown}`, 'warn')]),
    span(`  ${plural(group.memberCount, 'member')}  ${protocolWord(group.protocol)}`, 'dim'),
    ...(group.leaderUrl === null ? [] : [span(`  led by ${hostOf(group.leaderUrl)}${group.isOfLastRound ? ' before' : ''}`, 'dim')]),
  ];
}

/** With Connect its own group; else all of the cluster. */
function groupsOf({ context, connect, workers: { probes }, cluster }: ConsoleData): readonly WatchedConnectGroup[] {
  const groups = cluster?.details.connectGroups.value ?? null;
  if (!context.hasConnect) return groups ?? [];
  const own = ownGroup({ connect, probes, groups });
  return own === null ? [] : [own];
}

export function groupOfRow({ cluster }: ConsoleData, { group }: WorkerRow): WatchedConnectGroup | null {
  return cluster?.details.connectGroups.value?.find((one) => one.groupId === group) ?? null;
}

const forecasts = new Memo<LeavingForecast>();

/** `null`: it is in no group that is known. */
export function forecastOf(row: WorkerRow, data: ConsoleData): LeavingForecast | null {
  const group = groupOfRow(data, row);
  const { memberId } = row;
  return group === null || memberId === null ? null : forecasts.get([group, memberId], () => ifWorkerLeft(group, memberId));
}

export function leavingText(row: WorkerRow, data: ConsoleData): string | null {
  const forecast = forecastOf(row, data);
  if (forecast !== null) return `if it left: ${leavingWords(forecast)}`;
  const gone = goneText(row, data);
  return gone === null ? null : `it is not in the group: its work ${gone}`;
}

/** What becomes of the work of one that is not in its group any more; `null`: it is. */
export function goneText(row: WorkerRow, data: ConsoleData): string | null {
  if (row.role !== 'gone') return null;
  const group = groupOfRow(data, row);
  const wait = group === null ? null : countdownText(group, data.nowMs);
  return wait === null ? 'runs elsewhere by now, or nowhere' : `waits for its return; ${wait}`;
}
