/** `kconsole workers drain`: a worker gives up its work, leaves its group and ends. */
import type { Command } from 'commander';
import type { Clock } from '../../base/clock.ts';
import { ConnectError, UnreachableError } from '../../base/errors.ts';
import { sanitize } from '../../base/sanitize.ts';
import type { HttpHerder } from '../../control/over-http.ts';
import { fetchOverview } from '../../control/overview.ts';
import { hostOf } from '../../store/addresses.ts';
import { confirm, EXIT, type OneShotDeps, runOnConnect, UsageError, withConnectOptions, yesOption } from './context.ts';
import { WAIT_FLAG, waitIn } from './wait.ts';

const POLL_MS = 500;

export function registerDrain(workers: Command, deps: OneShotDeps): void {
  withConnectOptions(workers.command('drain [worker]'))
    .description('the others take the work of this worker (host:port; default: the one of --attach), then it leaves its group and ends')
    .option(WAIT_FLAG, 'wait until no connector or task is on it any more, at most so long')
    .addOption(yesOption())
    .action((worker: string | undefined, { wait }: { wait?: string }, command: Command) =>
      runOnConnect(command, deps, async (herder, flags) => {
        const waitMs = waitIn(wait);
        if (worker === undefined && herder.addresses.length > 1)
          throw new UsageError('Several workers are given to --attach: name the one that is to drain.');
        const named = worker === undefined ? undefined : hostOf(worker);
        const name = named ?? hostOf(herder.addresses[0]!);
        await confirm(deps, flags, `drain the worker ${name}, whose process ends then`, name);
        const reply = await herder.drain(named);
        const isOver = waitMs !== null;
        if (waitMs !== null) await waitUntilEmpty(herder, reply.worker_id, waitMs, deps.clock);
        const text = isOver ? `${reply.worker_id}: drained` : reply.message;
        return { table: `${sanitize(text)}\n`, json: { ...reply, isOver }, exit: EXIT.healthy };
      }),
    );
}

/** Throws ConnectError when that takes longer. */
async function waitUntilEmpty(herder: HttpHerder, workerId: string, waitMs: number, clock: Clock): Promise<void> {
  const untilMs = clock.monoMs() + waitMs;
  for (;;) {
    const left = await leftOn(herder, workerId);
    if (left === 0) return;
    if (clock.monoMs() >= untilMs)
      throw new ConnectError(
        `After ${waitMs / 1000} s ${left} connectors and tasks are still those of ${workerId}: nobody else has taken them.`,
      );
    await clock.sleep(POLL_MS);
  }
}

/** That statuses name with it. Nobody answers any more: it was the only one that could be asked, and has ended. */
async function leftOn(herder: HttpHerder, workerId: string): Promise<number> {
  try {
    const statuses = [...(await fetchOverview(herder)).values()].flatMap(({ status }) => [status.connector, ...status.tasks]);
    return statuses.filter(({ worker_id }) => worker_id === workerId).length;
  } catch (error) {
    if (error instanceof UnreachableError) return 0;
    throw error;
  }
}
