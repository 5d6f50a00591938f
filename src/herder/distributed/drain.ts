/**
 * A member's wish to run nothing any more, from round to round: told in each join; heeded by a leader of ours, which takes all in the first round
 * that it hears of it. A leader that leaves the work here after it was told does not know the wish.
 */
import type { Assignment } from './membership.ts';

/**
 * `handed over`: the leader has taken all of it; the round after hands it out at once. `left here`: the leader knows of no draining (Apache Kafka's
 * worker), the group is eager, or no round was completed in time: only that the worker leaves takes the work away.
 */
export type DrainOutcome = 'handed over' | 'left here';

export class Drain {
  readonly #heard = Promise.withResolvers<DrainOutcome>();
  readonly #over = Promise.withResolvers<DrainOutcome>();
  #isSaid = false;
  #outcome: DrainOutcome | null = null;

  constructor() {
    // Whoever waits for neither is told by the other, or by the log.
    this.#heard.promise.catch(() => {});
    this.#over.promise.catch(() => {});
  }

  /** Resolves once it is clear what the leader makes of it; rejects when the drain was given up. */
  get heard(): Promise<DrainOutcome> {
    return this.#heard.promise;
  }

  /** Resolves once the worker may leave: what was handed over has ended here. Rejects when the drain was given up. */
  get over(): Promise<DrainOutcome> {
    return this.#over.promise;
  }

  get isDecided(): boolean {
    return this.#outcome !== null;
  }

  /** With the join that is made now. */
  say(): void {
    this.#isSaid = true;
  }

  /** A round that begins to hold. One that was joined before it was said answers nothing. */
  onRound({ error, connectors, tasks }: Assignment): void {
    if (this.#isSaid && error === 'NONE') this.#decide(connectors.length + tasks.length === 0 ? 'handed over' : 'left here');
  }

  /** Nothing is waited for any more. */
  end(): void {
    this.#over.resolve(this.#decide('left here'));
  }

  /** False: it is too late for that. */
  giveUp(reason: Error): boolean {
    if (this.#outcome !== null) return false;
    this.#heard.reject(reason);
    this.#over.reject(reason);
    return true;
  }

  #decide(outcome: DrainOutcome): DrainOutcome {
    this.#outcome ??= outcome;
    this.#heard.resolve(this.#outcome);
    return this.#outcome;
  }
}
