/** `kconsole workers`: the group that they form, what each owns, how it is, and who would get its work. */
import type { Command } from 'commander';
import { formatBytes } from '../../base/format.ts';
import { sanitize } from '../../base/sanitize.ts';
import { ConnectGroupWatch, type WatchedConnectGroup } from '../../cluster/connect-group-watch.ts';
import { fetchOverview } from '../../control/overview.ts';
import type { ConnectorOverview, WorkerProbe } from '../../herder/model.ts';
import { hostOf, urlsIn } from '../../store/addresses.ts';
import { countdownText, leavingWords, protocolWord } from '../../store/group-in-words.ts';
import { ifWorkerLeft } from '../../store/worker-leaves.ts';
import { isSick, ownGroup, type WorkerRow, type WorkerStatuses, workerRows } from '../../store/worker-rows.ts';
import { type Answer, DEFAULT_CONNECT_URL, EXIT, type OneShotDeps, runOneShot, runOnKafka, withBothOptions } from './context.ts';
import { formatTable } from './table.ts';
import { registerDrain } from './worker-drain.ts';

interface Known {
  readonly connect: WorkerStatuses | null;
  readonly probes: readonly WorkerProbe[] | null;
  readonly groups: readonly WatchedConnectGroup[] | null;
}

export function registerWorkers(program: Command, deps: OneShotDeps): void {
  const workers = withBothOptions(program.command('workers'))
    .description('workers of Connect, asked by --attach, and their groups as the brokers of -b tell them')
    .action((_, command: Command) => {
      const flags = command.optsWithGlobals<{ attach?: string; bootstrapServer?: string; commandConfig?: string }>();
      if (flags.bootstrapServer === undefined && flags.commandConfig === undefined)
        return runOneShot(command, deps, async ({ attach }) =>
          answerOf({ ...(await askWorkers(deps, attach ?? DEFAULT_CONNECT_URL)), groups: null }, deps),
        );
      return runOnKafka(command, deps, async (kafka, { attach }) => {
        const asked = attach === undefined ? { connect: null, probes: null } : await askWorkers(deps, attach);
        return answerOf({ ...asked, groups: await new ConnectGroupWatch(kafka.admin(), deps.clock).read() }, deps);
      });
    });
  registerDrain(workers, deps);
}

/** Throws UnreachableError when none of them answers. */
async function askWorkers(deps: OneShotDeps, addresses: string): Promise<Pick<Known, 'connect' | 'probes'>> {
  const herder = deps.openHerder(urlsIn(addresses));
  try {
    const [overview, probes] = await Promise.all([fetchOverview(herder), herder.workers()]);
    return { connect: statusesOf([...overview.values()]), probes };
  } finally {
    herder.close();
  }
}

function statusesOf(overviews: readonly ConnectorOverview[]): WorkerStatuses {
  const connectors = overviews.map(({ status }) => ({
    workerId: status.connector.worker_id,
    tasks: status.tasks.map(({ worker_id, state }) => ({ workerId: worker_id, state })),
  }));
  const workers = connectors.flatMap((one) => [one.workerId, ...one.tasks.map(({ workerId }) => workerId)]);
  return { reach: { lastOkMs: 0 }, workers: [...new Set(workers)].filter((id) => id !== ''), knownWorkers: [], connectors };
}

function answerOf(known: Known, { clock }: OneShotDeps): Answer {
  const rows = workerRows(known);
  const own = known.connect === null ? (known.groups ?? []) : [ownGroup(known)].filter((one) => one !== null);
  const nowMs = clock.wallMs();
  const groupOf = ({ group }: WorkerRow) => own.find(({ groupId }) => groupId === group) ?? null;
  const leaves = new Map(
    rows.flatMap((row) => {
      const group = groupOf(row);
      return group === null || row.memberId === null ? [] : [[row, ifWorkerLeft(group, row.memberId)] as const];
    }),
  );
  const table = formatTable(
    rows,
    [
      ...(known.connect === null ? [{ title: 'GROUP', cell: (row: WorkerRow) => row.group ?? '' }] : []),
      { title: 'WORKER', cell: (row) => row.id },
      { title: 'STATE', cell: (row) => row.state },
      { title: 'ROLE', cell: (row) => row.role ?? '?' },
      { title: 'CONN', align: 'right', cell: (row) => row.connectors ?? '?' },
      { title: 'TASKS', align: 'right', cell: (row) => row.tasks ?? '?' },
      { title: 'FAILED', align: 'right', cell: (row) => row.failed ?? '?' },
      {
        title: 'CONFIG',
        align: 'right',
        cell: ({ configOffset, configBehind }) => `${configOffset ?? '?'}${configBehind ? ` (${configBehind} behind)` : ''}`,
      },
      { title: 'RSS', align: 'right', cell: (row) => (row.process === null ? '?' : formatBytes(row.process.rssBytes)) },
      { title: 'VERSION', cell: (row) => row.version ?? '?' },
      { title: 'NOTE', cell: (row) => row.problem ?? '' },
    ],
    'no Connect workers have a group on this cluster',
  );
  const leaving = [...leaves].map(([row, forecast]) => `if ${row.id} left: ${leavingWords(forecast)}`);
  const isWell = rows.every((row) => !isSick(row)) && own.every(isSettled);
  return {
    table: [...own.map((group) => groupText(group, nowMs)).map(toLine), table, ...leaving.map(toLine)].join(''),
    json: {
      groups: own.map(({ groupId, state, protocol, leaderUrl, memberCount, configOffset, rebalanceDueMs }) => ({
        groupId,
        state,
        protocol: protocolWord(protocol),
        leaderUrl,
        memberCount,
        configOffset,
        rebalanceWithinMs: rebalanceDueMs === null ? null : Math.max(0, Math.round(rebalanceDueMs - nowMs)),
      })),
      workers: rows.map((row) => ({
        ...row,
        owned: groupOf(row)?.workers.find(({ memberId }) => memberId === row.memberId)?.owned ?? null,
        ifItLeft: leaves.get(row) ?? null,
      })),
    },
    exit: isWell ? EXIT.healthy : EXIT.failed,
  };
}

/** A group that everybody has left is none to worry about here: nobody is known to miss it. */
const isSettled = ({ state, rebalanceDueMs }: WatchedConnectGroup): boolean =>
  (state === 'Stable' && rebalanceDueMs === null) || state === 'Empty';

const toLine = (text: string): string => `${sanitize(text)}\n`;

function groupText(group: WatchedConnectGroup, nowMs: number): string {
  const countdown = countdownText(group, nowMs);
  const leader = group.leaderUrl === null ? '' : `, led by ${hostOf(group.leaderUrl)}`;
  return `group ${group.groupId}: ${group.state}, ${protocolWord(group.protocol)}${leader}${countdown === null ? '' : `, ${countdown}`}`;
}
