/**
 * Carries out a change of offsets: stop → change → read back → as it was before. The offsets before are kept as a saved point (undo).
 * Whatever happens, the end tells in which state the connector is and whether its offsets were changed.
 */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
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
  readonly readBack: readonly ConnectorOffset[] | null;
}

export interface ChangeRequest {
  readonly herder: Herder;
  readonly connector: string;
  readonly changes: readonly ConnectorOffset[];
  /** One call that forgets everything. */
  readonly isReset: boolean;
  readonly clock: Clock;
  onSteps(steps: readonly ChangeStep[]): void;
}

const STOP_TIMEOUT_MS = 60_000;
const CHANGE_TIMEOUT_MS = 30_000;
const RESUME_TIMEOUT_MS = 30_000;
const LOOK_MS = 250;

export async function changeOffsets(request: ChangeRequest): Promise<ChangeResult> {
  const { herder, connector, changes, isReset } = request;
  const steps = new Steps(request.onSteps);
  const before = (await herder.connectorStatus(connector)).connector.state;
  try {
    await steps.run('stop', () => stop(request, before));
  } catch (error) {
    return { isOk: false, message: `${connector} could not be stopped: ${messageOf(error)}. Nothing was changed.`, readBack: null };
  }
  let problem: string | null = null;
  try {
    await steps.run('change', () => change(request));
  } catch (error) {
    problem = messageOf(error);
  }
  let readBack: readonly ConnectorOffset[] | null = null;
  try {
    await steps.run('read back', async () => {
      readBack = (await herder.connectorOffsets(connector)).offsets;
      const isThere = isReset ? readBack.length === 0 : isApplied(changes, readBack);
      if (!isThere && problem === null) throw new Error('the offsets read back are not the ones that were set');
      return isThere ? 'as asked' : 'not changed';
    });
  } catch (error) {
    problem ??= messageOf(error);
  }
  const isUnknown = problem !== null && readBack === null;
  if (isUnknown) {
    steps.skip('resume', 'left STOPPED');
    return {
      isOk: false,
      message: `${problem}. Whether the offsets were changed is not known: ${connector} stays STOPPED, look at its offsets, then resume it (u).`,
      readBack,
    };
  }
  try {
    await steps.run('resume', () => putBack(request, before));
  } catch (error) {
    return {
      isOk: false,
      message: `${problem ?? 'The offsets were changed'}, but ${connector} did not come back: ${messageOf(error)}`,
      readBack,
    };
  }
  return problem === null
    ? { isOk: true, message: `offsets of ${connector} changed; it is ${before} again`, readBack }
    : { isOk: false, message: `The offsets were not changed: ${problem}. ${connector} is ${before} again.`, readBack };
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
async function change({ herder, connector, changes, isReset, clock }: ChangeRequest): Promise<string> {
  const untilMs = clock.monoMs() + CHANGE_TIMEOUT_MS;
  for (;;) {
    try {
      const answer = isReset ? await herder.resetConnectorOffsets(connector) : await herder.alterConnectorOffsets(connector, changes);
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
      throw new Error(`it is ${status.connector.state} with ${status.tasks.length} tasks after ${timeoutMs / 1000} s`);
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
