/** Log levels that go back by themselves: they do so wherever the operator looks meanwhile, and when the console is left. */
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Herder } from '../herder/herder.ts';
import { type LevelChange, type LevelsBefore, restoreRefusal, restoreStep } from './level-steps.ts';
import type { Step, StepOutcome } from './step.ts';

export interface LevelRevert {
  readonly before: LevelsBefore;
  /** Wall time at which it goes back. */
  readonly atMs: number;
}

export interface LevelRevertsOptions {
  readonly clock: Clock;
  herder(): Herder;
  perform(step: Step): Promise<StepOutcome>;
  onChange(pending: readonly LevelRevert[]): void;
  say(level: 'info' | 'error', text: string): void;
}

/** A worker that did not take it is asked again; the level must not stay. */
const RETRY_MS = 10_000;

/** Of two workers the same logger may go back at two times. */
const keyOf = ({ logger, scope, worker }: LevelChange) => `${scope === 'cluster' ? 'all' : (worker ?? '')} ${logger}`;

export class LevelReverts {
  readonly #options: LevelRevertsOptions;
  readonly #pending = new Map<string, { readonly revert: LevelRevert; readonly timer: AbortController }>();

  constructor(options: LevelRevertsOptions) {
    this.#options = options;
  }

  get pending(): readonly LevelRevert[] {
    return [...this.#pending.values()].map((one) => one.revert);
  }

  /** A second change of a logger goes back to what was before the first; when one of the two was for all workers, on all of them. */
  add(before: LevelsBefore, afterMs: number): void {
    const first = this.#overlapping(before);
    const scope = first?.scope === 'cluster' ? 'cluster' : before.scope;
    const kept = { ...before, scope, levels: first?.levels ?? before.levels };
    this.forget(kept);
    const { clock } = this.#options;
    const timer = new AbortController();
    this.#pending.set(keyOf(kept), { revert: { before: kept, atMs: clock.wallMs() + afterMs }, timer });
    this.#tell();
    void clock.sleep(afterMs, timer.signal).then(() => (timer.signal.aborted ? undefined : this.#due(kept)));
  }

  /** It stays as it is, or was set back already. What is set for all workers is so for each of them. */
  forget(change: LevelChange): void {
    const over = [...this.#pending].filter(
      ([key, { revert }]) => key === keyOf(change) || (change.scope === 'cluster' && revert.before.logger === change.logger),
    );
    for (const [key, { timer }] of over) {
      timer.abort();
      this.#pending.delete(key);
    }
    if (over.length > 0) this.#tell();
  }

  /** What goes back already, and would be set by this change too. */
  #overlapping(change: LevelChange): LevelsBefore | undefined {
    const ofLogger = this.pending.map((one) => one.before).filter((one) => one.logger === change.logger);
    return ofLogger.find((one) => one.scope === 'cluster' || change.scope === 'cluster' || one.worker === change.worker);
  }

  /** Sets everything back now, for the console ends; gives a sentence for each that stays. */
  async settle(timeoutMs: number): Promise<string[]> {
    const { clock } = this.#options;
    const timer = new AbortController();
    const late = clock.sleep(timeoutMs, timer.signal).then(() => ({ problem: 'the worker did not answer in time' }));
    const left = await Promise.all(
      this.pending.map(async ({ before }) => {
        const { problem } = await Promise.race([this.#restore(before), late]);
        this.forget(before);
        return problem === null ? [] : [`the log level of ${before.logger} stays ${before.level}: ${problem}`];
      }),
    );
    timer.abort();
    return left.flat();
  }

  async #due(before: LevelsBefore): Promise<void> {
    const { say } = this.#options;
    const { problem, isFinal } = await this.#restore(before);
    this.forget(before);
    if (problem === null) say('info', `${before.logger} is ${before.levels[0]![1]} again`);
    else say('error', `${before.logger} stays ${before.level}: ${problem}`);
    if (problem !== null && !isFinal) this.add(before, RETRY_MS);
  }

  /** `isFinal`: asking again would change nothing. */
  async #restore(before: LevelsBefore): Promise<{ problem: string | null; isFinal: boolean }> {
    const { herder, perform } = this.#options;
    try {
      const refusal = await restoreRefusal(before, herder());
      if (refusal !== null) return { problem: refusal, isFinal: true };
    } catch (error) {
      return { problem: messageOf(error), isFinal: false };
    }
    return { problem: (await perform(restoreStep(before))).message, isFinal: false };
  }

  #tell(): void {
    this.#options.onChange(this.pending);
  }
}
