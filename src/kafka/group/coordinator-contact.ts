/** When the coordinator of a group was last heard, and whether there is one. Source: AbstractCoordinator, Heartbeat. */
import type { ClusterLink } from '../cluster-link.ts';
import type { KafkaError } from '../kafka-error.ts';

export class CoordinatorContact {
  readonly #link: Pick<ClusterLink, 'clock' | 'forgetCoordinator' | 'log'>;
  readonly #groupId: string;
  /** Monotonic. */
  #lastMs: number;
  /** Since when there is no coordinator (monotonic); `null`: there is one. */
  #outageSinceMs: number | null = null;

  constructor(link: Pick<ClusterLink, 'clock' | 'forgetCoordinator' | 'log'>, groupId: string) {
    this.#link = link;
    this.#groupId = groupId;
    this.#lastMs = link.clock.monoMs();
  }

  /** It has taken what was sent then. The answer may have been read much later, by a process that was stopped meanwhile. */
  note(sentMs: number): void {
    this.#lastMs = sentMs;
    this.#outageSinceMs = null;
  }

  get silentMs(): number {
    return this.#link.clock.monoMs() - this.#lastMs;
  }

  /** Whoever answered that, or did not answer, may not be the coordinator any more. `onOutage`: none was found for `patienceMs` after the first fault. */
  async fault(fault: KafkaError, patienceMs: number, signal: AbortSignal, onOutage: (unreachableMs: number) => void): Promise<void> {
    const { clock, log } = this.#link;
    if (fault.kafkaName !== 'COORDINATOR_LOAD_IN_PROGRESS') this.#link.forgetCoordinator({ coordinator: this.#groupId });
    if (this.#outageSinceMs !== null) return;
    const sinceMs = clock.monoMs();
    this.#outageSinceMs = sinceMs;
    await clock.sleep(patienceMs, signal);
    if (signal.aborted || this.#outageSinceMs !== sinceMs) return;
    const unreachableMs = clock.monoMs() - sinceMs;
    log.warn(`No coordinator of group "${this.#groupId}" for ${Math.round(unreachableMs)} ms: ${fault.message}`);
    onOutage(unreachableMs);
  }
}
