/** What can be taken back, newest last. An undo is honest: it says what it will do, and is refused when somebody else has changed the same since. */
import type { Step, StepOutcome } from './step.ts';

/** Carries a step out, quietly, and writes it down as the undo of what it takes back. */
export type UndoRunner = (step: Step) => Promise<StepOutcome>;

export interface UndoEntry {
  /** What it will do: `resume orders`. */
  readonly title: string;
  /** What it is about: `orders`. */
  readonly target: string;
  /** Record of what it takes back, in the action log. */
  readonly record?: string | null;
  /** More about it, said before it is done. */
  readonly lines?: readonly string[];
  /** Why it must not be done any more; asks the worker now. `null`: what it would overwrite is still what the action left. */
  refusal?(): Promise<string | null>;
  /** Gives what came of it, or `null` when it tells that itself. */
  run(undoBy: UndoRunner): Promise<StepOutcome | null>;
}

const KEPT = 20;

export class UndoStack {
  #entries: readonly UndoEntry[] = [];

  get next(): UndoEntry | null {
    return this.#entries.at(-1) ?? null;
  }

  push(entry: UndoEntry): void {
    this.#entries = [...this.#entries.slice(-KEPT + 1), entry];
  }

  remove(entry: UndoEntry): void {
    this.#entries = this.#entries.filter((one) => one !== entry);
  }
}
