/** What a connector's status means for a script. Paused and stopped were wanted, so they are healthy. */
import type { Clock } from '../../base/clock.ts';
import { ConnectError } from '../../base/errors.ts';
import type { Herder } from '../../herder/herder.ts';
import type { ConnectorState, ConnectorStateInfo } from '../../herder/model.ts';
import { EXIT, type ExitCode } from './context.ts';

const SICK: readonly ConnectorState[] = ['FAILED', 'UNASSIGNED'];
const POLL_MS = 200;

export function statesOf(status: ConnectorStateInfo): ConnectorState[] {
  return [status.connector.state, ...status.tasks.map((task) => task.state)];
}

/** 1 as soon as a connector or task has failed or nobody runs it. */
export function exitOfStatuses(statuses: readonly ConnectorStateInfo[]): ExitCode {
  return statuses.some((status) => statesOf(status).some((state) => SICK.includes(state))) ? EXIT.failed : EXIT.healthy;
}

/** Waits until the connector and all its tasks are in `state` (STOPPED: until no task is left). Throws ConnectError when that takes longer. */
export async function waitForState(
  herder: Herder,
  name: string,
  state: ConnectorState,
  waitMs: number,
  clock: Clock,
): Promise<ConnectorStateInfo> {
  const untilMs = clock.monoMs() + waitMs;
  for (;;) {
    const status = await herder.connectorStatus(name);
    if (isSettled(status, state)) return status;
    const states = statesOf(status);
    if (states.includes('FAILED') && state === 'RUNNING' && !states.includes('RESTARTING')) return status;
    if (clock.monoMs() >= untilMs) throw new ConnectError(`${name} is not ${state} after ${waitMs / 1000} s; it is ${states.join(', ')}.`);
    await clock.sleep(POLL_MS);
  }
}

function isSettled(status: ConnectorStateInfo, state: ConnectorState): boolean {
  if (status.connector.state !== state) return false;
  if (state === 'STOPPED') return status.tasks.length === 0;
  // A connector that was stopped before is paused without tasks; one that is to run makes them first.
  return (state === 'PAUSED' || status.tasks.length > 0) && status.tasks.every((task) => task.state === state);
}

/** First line of the first trace: what an operator wants to see in a list. */
export function firstError(status: ConnectorStateInfo): string | null {
  const failed = [status.connector, ...status.tasks].find((entry) => entry.trace);
  return failed?.trace?.split('\n', 1)[0] ?? null;
}
