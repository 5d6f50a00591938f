/** The worker's recent log lines, numbered, for the console and REST: a ring of fixed size. */
import type { LogHub } from '../base/log.ts';
import type { NumberedLogEvent } from './model.ts';

const CAPACITY = 5_000;

export interface LogQuery {
  readonly connector?: string;
  readonly task?: number;
  /** Only lines with a greater number. */
  readonly afterSequence?: number;
  /** The newest so many. */
  readonly limit?: number;
}

export class WorkerLog {
  readonly #ring: NumberedLogEvent[] = [];
  #next = 0;
  readonly #detach: () => void;

  constructor(hub: LogHub) {
    this.#detach = hub.attach((event) => {
      this.#ring[this.#next % CAPACITY] = { ...event, sequence: this.#next };
      this.#next++;
    });
  }

  /** Oldest first. */
  read({ connector, task, afterSequence = -1, limit = CAPACITY }: LogQuery): NumberedLogEvent[] {
    const found: NumberedLogEvent[] = [];
    const oldest = Math.max(0, this.#next - CAPACITY, afterSequence + 1);
    for (let sequence = this.#next - 1; sequence >= oldest && found.length < limit; sequence--) {
      const event = this.#ring[sequence % CAPACITY]!;
      if (connector !== undefined && event.connector !== connector) continue;
      if (task !== undefined && event.task !== task) continue;
      found.push(event);
    }
    return found.reverse();
  }

  close(): void {
    this.#detach();
  }
}
