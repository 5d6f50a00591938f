/**
 * The hosts of a worker: made when they are needed, at most `size` that are fit for use; a new task goes where the fewest are. A retired
 * or blocked host takes nothing new and is replaced by a fresh one when there is need.
 */
import type { Clock } from '../base/clock.ts';
import { HostLink, type HostPort, type HostReceiver } from './host-link.ts';

export type OpenHost = (index: number) => HostPort;

export class HostPool {
  readonly #size: number;
  readonly #open: OpenHost;
  readonly #receiver: HostReceiver;
  readonly #clock: Clock;
  #links: HostLink[] = [];
  #nextIndex = 1;

  constructor(size: number, open: OpenHost, receiver: HostReceiver, clock: Clock) {
    this.#size = Math.max(1, size);
    this.#open = open;
    this.#receiver = receiver;
    this.#clock = clock;
  }

  get links(): readonly HostLink[] {
    return this.#links;
  }

  /** Starts the first host, so that the first connector does not wait for it. */
  warmUp(): void {
    if (this.#links.length === 0) this.#start();
  }

  /** A connector instance costs next to nothing and shares the thread that is least busy; a task gets a thread of its own while there are any. */
  place(what: 'task' | 'connector'): HostLink {
    const usable = this.#links.filter((link) => !link.isRetired && !link.isBlocked);
    const idlest = usable.reduce<HostLink | null>((a, b) => (a === null || b.tasks.size < a.tasks.size ? b : a), null);
    const isGoodEnough = idlest !== null && (what === 'connector' || idlest.tasks.size === 0 || usable.length >= this.#size);
    return isGoodEnough ? idlest : this.#start();
  }

  /** A host as `place` gives it, that answers within `timeoutMs`. */
  async placeAnswering(what: 'task' | 'connector', timeoutMs: number): Promise<HostLink> {
    for (;;) {
      const link = this.place(what);
      if (await link.answers(timeoutMs)) return link;
    }
  }

  remove(link: HostLink): void {
    this.#links = this.#links.filter((other) => other !== link);
  }

  async terminateAll(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.terminate()));
    this.#links = [];
  }

  #start(): HostLink {
    const index = this.#nextIndex++;
    const link = new HostLink(index, this.#open(index), this.#receiver, this.#clock);
    this.#links.push(link);
    return link;
  }
}
