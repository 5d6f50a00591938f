/**
 * Carries out a change of offsets: stop → change → read back → as it was before. The offsets before are kept as a saved point (undo).
 * Whatever happens, the end tells in which state the connector is and whether its offsets were changed.
 */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import type { Herder } from '../herder/herder.ts';
import type { ConnectorOffset, ConnectorStateInfo } from '../herder/model.ts';
import { isApplied } from './offset-plan.ts';

export type StepName = 'stop' | 'change' | 'read back' | 'resume';
export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

export interface ChangeStep {
  readonly name: StepName;
  readonly state: StepState;
  readonly detail: string;
}

export interface ChangeResult {
  readonly isOk: boolean;
  readonly message: string;
  /** The offsets when it had stopped, which an undo puts back; `null`: it did not come so far. */
  readonly before: readonly ConnectorOffset[] | null;
  readonly changes: readonly ConnectorOffset[];
}

export interface ChangeRequest {
  readonly herder: Herder;
  readonly connector: string;
  /**
   * What to set, from the offsets as they are once it has stopped: until then it went on. Throws what forbids it. `null`: one call
   * that forgets everything.
   */
  readonly changes: ((stopped: readonly ConnectorOffset[]) => readonly ConnectorOffset[]) | null;
  readonly clock: Clock;
  onSteps(steps: readonly ChangeStep[]): void;
}

const STOP_TIMEOUT_MS = 60_000;
const CHANGE_TIMEOUT_MS = 30_000;
const RESUME_TIMEOUT_MS = 30_000;
const LOOK_MS = 250;

export async function changeOffsets(request: ChangeRequest): Promise<ChangeResult> {
  const { herder, connector } = request;
  const steps = new Steps(request.onSteps);
  const state = (await herder.connectorStatus(connector)).connector.state;
  let before: readonly ConnectorOffset[] | null = null;
  let changes: readonly ConnectorOffset[] = [];
  const result = (isOk: boolean, message: string): ChangeResult => ({ isOk, message, before, changes });
  const problem = { change: '', readBack: '' };
  try {
    await steps.run('stop', () => stop(request, state));
  } catch (error) {
    return result(false, `${connector} could not be stopped: ${messageOf(error)}. Nothing was changed.`);
  }
  try {
    await steps.run('change', async () => {
      before = (await herder.connectorOffsets(connector)).offsets;
      changes = request.changes?.(before) ?? before.map(({ partition }) => ({ partition, offset: null }));
      return change(request, changes);
    });
  } catch (error) {
    problem.change = messageOf(error);
  }
  let isThere = false;
  try {
    await steps.run('read back', async () => {
      const { offsets } = await herder.connectorOffsets(connector);
      isThere = before !== null && isApplied(changes, offsets);
      if (!isThere && problem.change === '') throw new Error('the offsets read back are not the ones that were set');
      return isThere ? 'as asked' : 'not changed';
    });
  } catch (error) {
    problem.readBack = messageOf(error);
  }
  if (problem.readBack !== '') {
    steps.skip('resume', 'left STOPPED');
    const why = problem.change || problem.readBack;
    return result(
      false,
      `${why}. Whether the offsets were changed is not known: ${connector} stays STOPPED, look at its offsets, then resume it (u).`,
    );
  }
  const done = isThere ? `offsets of ${connector} changed` : `The offsets were not changed: ${problem.change}`;
  try {
    await steps.run('resume', () => putBack(request, state));
  } catch (error) {
    return result(false, `${done}, but ${connector} did not come back: ${messageOf(error)}`);
  }
  return isThere ? result(true, `${done}; it is ${state} again`) : result(false, `${done}. ${connector} is ${state} again.`);
}

async function stop({ herder, connector, clock }: ChangeRequest, before: string): Promise<string> {
  if (before !== 'STOPPED') await herder.stopConnector(connector);
  await waitForStatus(
    herder,
    connector,
    clock,
    STOP_TIMEOUT_MS,
    (status) => status.connector.state === 'STOPPED' && status.tasks.length === 0,
  );
  return before === 'STOPPED' ? 'was STOPPED' : 'STOPPED';
}

/** Tasks and group members may need a moment after the status says STOPPED: refusals for that reason are tried again. */
async function change(request: ChangeRequest, changes: readonly ConnectorOffset[]): Promise<string> {
  const { herder, connector, clock } = request;
  const untilMs = clock.monoMs() + CHANGE_TIMEOUT_MS;
  for (;;) {
    try {
      const answer =
        request.changes === null ? await herder.resetConnectorOffsets(connector) : await herder.alterConnectorOffsets(connector, changes);
      return answer.message;
    } catch (error) {
      const isBusy = /not empty|still active|zombie|non-empty|UNKNOWN_MEMBER|STOPPED state|currently active|group.*active/i.test(
        messageOf(error),
      );
      if (!isBusy || clock.monoMs() > untilMs) throw error;
      await clock.sleep(LOOK_MS * 2);
    }
  }
}

async function putBack({ herder, connector, clock }: ChangeRequest, before: string): Promise<string> {
  if (before === 'STOPPED') return 'left STOPPED, as it was';
  if (before === 'PAUSED') {
    await herder.pauseConnector(connector);
    await waitForStatus(herder, connector, clock, RESUME_TIMEOUT_MS, (status) => status.connector.state === 'PAUSED');
    return 'PAUSED, as it was';
  }
  await herder.resumeConnector(connector);
  await waitForStatus(
    herder,
    connector,
    clock,
    RESUME_TIMEOUT_MS,
    (status) => status.connector.state !== 'STOPPED' && (status.tasks.length > 0 || status.connector.state === 'FAILED'),
  );
  return (await herder.connectorStatus(connector)).connector.state;
}

async function waitForStatus(
  herder: Herder,
  connector: string,
  clock: Clock,
  timeoutMs: number,
  isReached: (status: ConnectorStateInfo) => boolean,
): Promise<void> {
  const untilMs = clock.monoMs() + timeoutMs;
  for (;;) {
    const status = await herder.connectorStatus(connector);
    if (isReached(status)) return;
    if (clock.monoMs() > untilMs)
      throw new Error(`it is ${status.connector.state} with ${plural(status.tasks.length, 'task')} after ${timeoutMs / 1000} s`);
    await clock.sleep(LOOK_MS);
  }
}

class Steps {
  readonly #onSteps: (steps: readonly ChangeStep[]) => void;
  #steps: readonly ChangeStep[] = (['stop', 'change', 'read back', 'resume'] as const).map((name) => ({
    name,
    state: 'waiting',
    detail: '',
  }));

  constructor(onSteps: (steps: readonly ChangeStep[]) => void) {
    this.#onSteps = onSteps;
    onSteps(this.#steps);
  }

  async run(name: StepName, work: () => Promise<string>): Promise<void> {
    this.#set(name, 'running', '');
    try {
      this.#set(name, 'done', await work());
    } catch (error) {
      this.#set(name, 'failed', messageOf(error));
      throw error;
    }
  }

  skip(name: StepName, detail: string): void {
    this.#set(name, 'skipped', detail);
  }

  #set(name: StepName, state: StepState, detail: string): void {
    this.#steps = this.#steps.map((step) => (step.name === name ? { name, state, detail } : step));
    this.#onSteps(this.#steps);
  }
}
