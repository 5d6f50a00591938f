/**
 * How fast frames may follow each other on the line to the terminal. ssh and its like take everything at once and deliver it when they
 * can: on a slow line a key would be answered after all the frames before it, seconds later. So each frame is followed by the question
 * where the cursor is, and the next one waits for the terminal's answer. A terminal that does not answer is not asked again.
 * Answers and keys come one after the other: who wonders whether a key was all of its bytes asks as well.
 */
import type { Clock } from '../src/base/clock.ts';

export interface LinkPaceOptions {
  readonly clock: Clock;
  /** Writes to the terminal, behind the frame. */
  write(text: string): void;
  /** A frame that had to wait may be drawn now. */
  onFree(): void;
}

const WHERE_IS_THE_CURSOR = '\x1b[6n';
/** The first answer says that there will be others. */
const FIRST_ANSWER_MS = 3_000;
/** An answer that has not come by then was lost. */
const LOST_MS = 10_000;
/** How long the end waits for answers, so that they do not fall into the shell. */
const LAST_ANSWER_MS = 500;

interface Question {
  readonly isFrame: boolean;
  readonly askedMs: number;
  readonly wait: AbortController;
}

export class LinkPace {
  readonly #options: LinkPaceOptions;
  /** `null` until the terminal has answered once, or has had the time to. */
  #answers: boolean | null = null;
  /** Open ones, oldest first: answers come in the order of the questions. */
  #questions: readonly Question[] = [];
  #latencyMs: number | null = null;
  #settled: PromiseWithResolvers<void> | null = null;

  constructor(options: LinkPaceOptions) {
    this.#options = options;
  }

  /** From a frame to the terminal's answer; `null`: not known. */
  get latencyMs(): number | null {
    return this.#latencyMs;
  }

  /** `isUrgent`: it shows what a key has done, and may overtake one that is on its way. */
  canDraw(isUrgent: boolean): boolean {
    const underWay = this.#questions.filter(({ isFrame }) => isFrame).length;
    return this.#answers !== true || underWay < (isUrgent ? 2 : 1);
  }

  /** A frame has been written. */
  drawn(): void {
    if (this.#answers === false || (this.#answers === null && this.#questions.length > 0)) return;
    this.#ask(true);
  }

  /** Has the terminal say something soon, where it answers: behind whatever it has sent by then. */
  prompt(): void {
    if (this.#answers === true && this.#questions.length === 0) this.#ask(false);
  }

  #ask(isFrame: boolean): void {
    const { clock, write } = this.#options;
    const question: Question = { isFrame, askedMs: clock.monoMs(), wait: new AbortController() };
    this.#questions = [...this.#questions, question];
    write(WHERE_IS_THE_CURSOR);
    void clock.sleep(this.#answers === null ? FIRST_ANSWER_MS : LOST_MS, question.wait.signal).then(() => {
      if (!question.wait.signal.aborted) this.#giveUp(question);
    });
  }

  answered(): void {
    const [oldest, ...others] = this.#questions;
    this.#answers = true;
    if (!oldest) return;
    if (oldest.isFrame) this.#latencyMs = this.#options.clock.monoMs() - oldest.askedMs;
    oldest.wait.abort();
    this.#left(others);
  }

  /** Nobody waits for open answers any more: they went to somebody else, or it ends. */
  forget(): void {
    for (const { wait } of this.#questions) wait.abort();
    this.#left([]);
  }

  #giveUp(question: Question): void {
    this.#answers ??= false;
    this.#left(this.#questions.filter((one) => one !== question));
  }

  #left(questions: readonly Question[]): void {
    this.#questions = questions;
    if (questions.length === 0) this.#settled?.resolve();
    this.#options.onFree();
  }

  /** Resolves when no answer is due any more, or after a moment; none is waited for then. */
  async settle(): Promise<void> {
    if (this.#questions.length === 0) return;
    const late = new AbortController();
    this.#settled = Promise.withResolvers();
    await Promise.race([this.#settled.promise, this.#options.clock.sleep(LAST_ANSWER_MS, late.signal)]);
    late.abort();
    this.forget();
  }
}
