/**
 * This worker's place as the leader: taken once it has done what a new leader must do first. Who cannot do it asks for another round, ever more
 * seldom, since each of them holds up the whole group.
 */
import { backoffMs } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Membership } from './membership.ts';

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 30_000;

export interface LeaderPlaceParts {
  membership(): Membership;
  /** After each round that this worker leads. Rejects when the config topic cannot be written. */
  onLeading(): Promise<void>;
  onFollowing(): void;
  readonly clock: Clock;
  readonly log: Log;
  /** Afterwards no round is asked for. */
  readonly signal: AbortSignal;
}

export class LeaderPlace {
  readonly #parts: LeaderPlaceParts;
  #isTaken = false;
  #isTaking = false;
  /** Why it could not be taken when that was last tried. */
  #fault: unknown = null;
  /** Failures in a row. */
  #failures = 0;

  constructor(parts: LeaderPlaceParts) {
    this.#parts = parts;
  }

  /** It has not been lost since. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** `null`: it was taken when that was last tried, or another worker leads. */
  get fault(): unknown {
    return this.#fault;
  }

  /** False: it could not be taken, and another round will be asked for. */
  async take(generation: number): Promise<boolean> {
    this.#isTaking = true;
    try {
      await this.#parts.onLeading();
      this.#isTaken = true;
      this.#failures = 0;
      this.#fault = null;
    } catch (error) {
      this.#isTaken = false;
      this.#fault = error;
      void this.#tryAgain(generation, error);
    }
    this.#isTaking = false;
    return this.#isTaken;
  }

  /** Another worker leads. */
  leave(): void {
    this.#isTaken = false;
    this.#fault = null;
    this.#parts.onFollowing();
  }

  /** The group has gone on without this worker: it may find that it leads still. */
  lose(): void {
    this.#isTaken = false;
  }

  /** Who leads still claims again with the round that this brings; who was fenced for a good reason learns who leads now. */
  onPrivilegesLost(reason: string): void {
    this.#parts.log.warn(`This worker could not write as the leader: ${reason}`);
    this.#parts.onFollowing();
    // What a new leader writes first is tried again by `take`.
    if (!this.#isTaking) this.#parts.membership().requestRejoin('a write as the leader was refused');
  }

  /** Not waited for: somebody else may ask for a round before. */
  async #tryAgain(generation: number, error: unknown): Promise<void> {
    const { clock, log, signal } = this.#parts;
    const waitMs = backoffMs(this.#failures++, FIRST_RETRY_MS, MAX_RETRY_MS);
    log.error(`The duties of the leader could not be done; another round is asked for in ${waitMs} ms: ${messageOf(error)}`, error);
    await clock.sleep(waitMs, signal);
    const membership = this.#parts.membership();
    if (!signal.aborted && membership.generation === generation)
      membership.requestRejoin(`the leader could not write: ${messageOf(error)}`);
  }
}
