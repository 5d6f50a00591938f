/**
 * Asks for the rounds that changes of connectors and tasks need. One change is settled at once; of many that come one after the other those of
 * a quarter of a second share a round, for each costs every member two requests and the broker a record that names all work of the group.
 */
import type { Clock } from '../../base/clock.ts';

/** Between two rounds, on average, while changes keep coming. */
const PAUSE_MS = 250;
/** So many rounds may follow each other closely after a quiet time: a connector, its tasks, and one more. */
const AT_ONCE = 3;

export interface RoundRequestsParts {
  request(): void;
  readonly clock: Clock;
  /** Afterwards none is asked for. */
  readonly signal: AbortSignal;
}

export class RoundRequests {
  readonly #parts: RoundRequestsParts;
  /** Offsets of the config topic: of the newest change that a round must settle, and that the group has agreed on. */
  #newest = -1n;
  #agreed = -1n;
  /** When all rounds so far would have been held at the pace (monotonic). */
  #paidUntilMs = Number.NEGATIVE_INFINITY;
  #isAsking = false;

  constructor(parts: RoundRequestsParts) {
    this.#parts = parts;
  }

  /** A change waits for a round. */
  get isDue(): boolean {
    return this.#newest > this.#agreed;
  }

  /** `offset`: of the config topic, with the change. */
  onChange(offset: bigint): void {
    this.#newest = offset;
    if (!this.#isAsking) void this.#ask();
  }

  /** Whoever has asked for it. */
  onRound(): void {
    this.#paidUntilMs = Math.max(this.#paidUntilMs, this.#parts.clock.monoMs()) + PAUSE_MS;
  }

  /** The last round has settled all changes up to this offset. */
  onAgreed(offset: bigint): void {
    this.#agreed = offset;
  }

  async #ask(): Promise<void> {
    const { clock, signal, request } = this.#parts;
    this.#isAsking = true;
    for (let waitMs = this.#waitMs; waitMs > 0 && !signal.aborted; waitMs = this.#waitMs) await clock.sleep(waitMs, signal);
    this.#isAsking = false;
    if (this.isDue && !signal.aborted) request();
  }

  get #waitMs(): number {
    return this.isDue ? this.#paidUntilMs - (AT_ONCE - 1) * PAUSE_MS - this.#parts.clock.monoMs() : 0;
  }
}
