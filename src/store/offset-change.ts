/**
 * Carries out a change of offsets: stop → save → change → read back → as it was before. Whatever happens, the end tells in which state
 * the target is, whether its offsets were changed, and what to do.
 */
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import type { ConnectorOffset } from '../herder/model.ts';
import { appliedCount } from './offset-plan.ts';
import type { OffsetWork } from './offset-target.ts';

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

export interface ChangeStep {
  readonly name: string;
  readonly state: StepState;
  readonly detail: string;
}

export interface ChangeResult {
  readonly isOk: boolean;
  readonly message: string;
  /** The offsets when it had stopped, which an undo puts back; `null`: it did not come so far. */
  readonly before: readonly ConnectorOffset[] | null;
  readonly changes: readonly ConnectorOffset[];
  /** How many of the changes were there when they were read back; `null`: not known. */
  readonly applied: number | null;
}

export interface ChangeRequest {
  readonly name: string;
  readonly work: OffsetWork;
  /**
   * What to set, from the offsets as they are once it has stopped: until then it went on. Throws what forbids it. `null`: one call
   * that forgets everything.
   */
  readonly changes: ((stopped: readonly ConnectorOffset[]) => readonly ConnectorOffset[]) | null;
  /** Keeps the offsets before the change where they can be found again; resolves with where. Its failure is shown and stops nothing. */
  save(before: readonly ConnectorOffset[]): Promise<string>;
  onSteps(steps: readonly ChangeStep[]): void;
}

/** Names of the steps in their order, for the questions before. */
export function stepNames(work: OffsetWork): string[] {
  return [work.first, 'save', 'change', 'read back', ...(work.last === null ? [] : [work.last])];
}

export async function changeOffsets(request: ChangeRequest): Promise<ChangeResult> {
  const { name, work } = request;
  const steps = new Steps(stepNames(work), request.onSteps);
  let before: readonly ConnectorOffset[] | null = null;
  let changes: readonly ConnectorOffset[] = [];
  let applied: number | null = null;
  const result = (isOk: boolean, message: string): ChangeResult => ({ isOk, message, before, changes, applied });
  try {
    await steps.run(work.first, () => work.begin());
  } catch (error) {
    return result(false, `${name}: ${work.first} failed: ${messageOf(error)}. Nothing was changed. ${work.notBegun}`);
  }
  let problem = '';
  try {
    const read = await work.read();
    before = read;
    await steps.run('save', () => request.save(read)).catch(() => undefined);
    changes = request.changes?.(read) ?? read.map(({ partition }) => ({ partition, offset: null }));
    await steps.run('change', () => work.apply(changes, request.changes === null));
  } catch (error) {
    problem = messageOf(error);
    steps.failIfWaiting('change', problem);
  }
  let readBackProblem = '';
  try {
    await steps.run('read back', async () => {
      const read = await work.read();
      applied = before === null ? 0 : appliedCount(changes, read);
      const isThere = applied === changes.length && before !== null;
      if (!isThere && (problem === '' || applied > 0))
        throw new Error(`${applied} of ${plural(changes.length, 'partition')} ${applied === 1 ? 'holds' : 'hold'} what was set`);
      return isThere ? 'as asked' : 'not changed';
    });
  } catch (error) {
    readBackProblem = messageOf(error);
  }
  if (readBackProblem !== '') {
    if (work.last !== null) steps.skip(work.last, 'left as it is');
    const why = problem === '' || problem === readBackProblem ? readBackProblem : `${problem}; ${readBackProblem}`;
    const isPart = applied !== null && applied > 0;
    const what = isPart ? 'Only a part of the offsets was changed' : 'Whether the offsets were changed is not known';
    return result(false, `${why}. ${what}: ${work.leftOpen}${before === null ? '' : '; z puts the old ones back'}.`);
  }
  const isThere = before !== null && applied === changes.length;
  const done = isThere ? `offsets of ${name} changed` : `The offsets were not changed: ${problem}`;
  let after = '';
  try {
    if (work.last !== null) after = await steps.run(work.last, () => work.end());
  } catch (error) {
    return result(false, `${done}, but ${work.last} of ${name} failed: ${messageOf(error)}. Look at its state; u resumes it.`);
  }
  if (after === '') return result(isThere, done);
  return isThere ? result(true, `${done}; it is ${after}`) : result(false, `${done}. ${name} is ${after}.`);
}

class Steps {
  readonly #onSteps: (steps: readonly ChangeStep[]) => void;
  #steps: readonly ChangeStep[];

  constructor(names: readonly string[], onSteps: (steps: readonly ChangeStep[]) => void) {
    this.#steps = names.map((name) => ({ name, state: 'waiting', detail: '' }));
    this.#onSteps = onSteps;
    onSteps(this.#steps);
  }

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#set(name, 'running', '');
    try {
      const value = await work();
      this.#set(name, 'done', typeof value === 'string' ? value : '');
      return value;
    } catch (error) {
      this.#set(name, 'failed', messageOf(error));
      throw error;
    }
  }

  skip(name: string, detail: string): void {
    this.#set(name, 'skipped', detail);
  }

  /** It was never begun, because of this. */
  failIfWaiting(name: string, detail: string): void {
    if (this.#steps.find((step) => step.name === name)?.state === 'waiting') this.#set(name, 'failed', detail);
  }

  #set(name: string, state: StepState, detail: string): void {
    this.#steps = this.#steps.map((step) => (step.name === name ? { name, state, detail } : step));
    this.#onSteps(this.#steps);
  }
}
