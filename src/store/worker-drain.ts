/** Draining a worker: what is said before it, and the step itself. */
import type { WatchedConnectGroup } from '../cluster/connect-group-watch.ts';
import type { ConnectorsAndTasks } from '../herder/distributed/membership.ts';
import { hostOf } from './addresses.ts';
import { type DialogLine, line, paragraph } from './dialog.ts';
import { workText } from './group-in-words.ts';
import type { Step } from './step.ts';
import { ifWorkerDrained, ifWorkerLeft } from './worker-leaves.ts';
import type { WorkerRow } from './worker-rows.ts';

/** A dialog has about so many columns. */
const NAMES_WIDTH = 54;

/** Why it cannot be drained; `null`: as far as is known here it can. `group`: `null` when it is not known. */
export function drainRefusal(row: WorkerRow, group: WatchedConnectGroup | null, rows: readonly WorkerRow[]): string | null {
  if (row.make === 'jvm') return `${row.id} is a JVM worker, which cannot drain: end its process instead`;
  if (row.state === 'draining') return `${row.id} drains already`;
  if (row.address === null && rows.every(({ address, make }) => address === null || make === 'jvm'))
    return `give ${row.id} to --attach: JVM workers do not pass it on`;
  if (row.state === 'gone' || row.state === 'down') return `${row.id} does not answer`;
  const isLast = group !== null && !group.isOfLastRound && ifWorkerDrained(group, row.memberId ?? '').how === 'nobody';
  return isLast ? `no other worker could take the work of ${row.id}` : null;
}

/** Who gets what, and when. `rows`: of all workers. */
export function drainLines(row: WorkerRow, group: WatchedConnectGroup | null, rows: readonly WorkerRow[]): DialogLine[] {
  if (group === null || row.memberId === null)
    return [
      paragraph(
        'Who would get its work is not known here: that takes the brokers (-b) and a group that is not just agreeing anew.',
        'warn',
      ),
    ];
  const leader = rows.find((one) => one.memberId === group.leader && one.group === group.groupId);
  const make = row.memberId === group.leader ? 'kconsole' : (leader?.make ?? null);
  const forecast = make === 'jvm' ? ifWorkerLeft(group, row.memberId) : ifWorkerDrained(group, row.memberId);
  const owned = group.workers.find((one) => one.memberId === row.memberId)?.owned ?? { connectors: [], tasks: [] };
  const between = forecast.between > 0 ? [line(`${forecast.between} more would move between the others`, 'dim')] : [];
  return [
    line(`It gives up ${workText(owned)}:`),
    ...forecast.moves.flatMap((one) => [line(`  ${workText(one)} to ${hostOf(one.to)}`), line(`    ${namesText(one)}`, 'dim')]),
    ...between,
    whenLine(forecast.how === 'anew', make, leader?.id ?? null),
  ];
}

function whenLine(isEager: boolean, make: WorkerRow['make'], leader: string | null): DialogLine {
  if (isEager) return paragraph('The group is eager: all its work stops for a moment, and is handed out anew.', 'warn');
  if (make === 'kconsole') return paragraph('At once: the leader takes it and hands it out. Sinks and sources commit first.');
  const waits = 'the cluster waits for its return for scheduled.rebalance.max.delay.ms (5 min by default) before the work runs elsewhere';
  if (make === 'jvm') return paragraph(`Its leader ${leader ?? ''} is a JVM worker, which knows of no draining: ${waits}.`, 'warn');
  return paragraph(`At once where its leader ${leader ?? ''} is kconsole's; under a JVM worker ${waits}.`, 'warn');
}

/** `orders, orders-0, pay-1 … and 12 more`, cut where a dialog ends. */
function namesText({ connectors, tasks }: ConnectorsAndTasks): string {
  const names = [...connectors, ...tasks.map(({ connector, task }) => `${connector}-${task}`)].sort();
  let shown = 1;
  while (shown < names.length && names.slice(0, shown + 1).join(', ').length <= NAMES_WIDTH) shown++;
  const rest = names.length - shown;
  return `${names.slice(0, shown).join(', ')}${rest > 0 ? ` … and ${rest} more` : ''}`;
}

/** `onReply` hears how its work moves. */
export function drainStep(workerId: string, onReply: (message: string) => void): Step {
  return {
    action: 'worker.drain',
    connector: workerId,
    title: `drain ${workerId}`,
    request: `PUT /admin/drain?worker=${encodeURIComponent(workerId)}`,
    change: null,
    before: null,
    call: async ({ herder }) => {
      const { message } = await herder.drain(workerId);
      onReply(message);
      return { after: message, undo: null };
    },
  };
}
