/** A group of Connect workers in words, for the screen and for one-shot commands alike. */
import { plural } from '../base/format.ts';
import type { WatchedConnectGroup } from '../cluster/connect-group-watch.ts';
import type { ConnectorsAndTasks } from '../herder/distributed/membership.ts';
import { hostOf } from './addresses.ts';
import type { LeavingForecast } from './worker-leaves.ts';

/** As `connect.protocol` names it, not as it stands on the wire. */
export function protocolWord(name: string | null): string {
  return name === null || name === '' ? '?' : name === 'default' ? 'eager' : name;
}

export function workText({ connectors, tasks }: ConnectorsAndTasks, between = ' and '): string {
  const parts = [
    ...(connectors.length > 0 ? [plural(connectors.length, 'connector')] : []),
    ...(tasks.length > 0 ? [plural(tasks.length, 'task')] : []),
  ];
  return parts.join(between) || 'nothing';
}

/** `null`: none is planned, or not known. `nowMs`: wall time. */
export function countdownText({ rebalanceDueMs, isDueExact }: WatchedConnectGroup, nowMs: number): string | null {
  if (rebalanceDueMs === null) return null;
  const leftMs = rebalanceDueMs - nowMs;
  if (leftMs <= 0) return 'delayed rebalance due now';
  return `delayed rebalance in ${isDueExact ? '' : 'at most '}${minutesText(leftMs)}`;
}

/** `4:37` */
function minutesText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

const LATER = 'after scheduled.rebalance.max.delay.ms (5 min by default)';

/** The same without who gets what, for a list of that below it. */
export function leavingHow({ how }: LeavingForecast): string {
  switch (how) {
    case 'nobody':
      return 'nobody is there to take its work';
    case 'anew':
      return 'all work stops and is handed out anew at once (eager)';
    case 'waits':
      return `${LATER} its work moves`;
    default:
      return `${how === 'at once' ? 'another leader' : 'its leader'} hands out its work at once`;
  }
}

/** What follows «if it left:», or «if it drained:». */
export function leavingWords({ how, moves, between }: LeavingForecast): string {
  if (how === 'nobody') return 'nobody is there to take its work';
  const more = between > 0 ? `; ${between} more would move between the others` : '';
  const list = moves.map((one) => `${workText(one, ', ')} to ${hostOf(one.to)}`).join('; ');
  if (list === '') return `nothing of its own would move${more}`;
  if (how === 'anew') return `all work stops and is handed out anew at once (eager): ${list}${more}`;
  if (how === 'handed over') return `its leader hands out at once: ${list}${more}`;
  return how === 'at once' ? `another leader hands out at once: ${list}${more}` : `${LATER}: ${list}${more}`;
}
