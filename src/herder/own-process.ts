/** This process, as `/metrics` tells it to others. */
import { EventLoopLag } from '../base/event-loop-lag.ts';
import type { ProcessFacts } from './model.ts';

/** Stands for the address of the worker in the process that asks. */
export const THIS_PROCESS = 'this process';

export class OwnProcess {
  readonly #lag = new EventLoopLag();

  read(): ProcessFacts {
    const { rss, heapUsed } = process.memoryUsage();
    const { meanMs, maxMs } = this.#lag.read();
    return { rssBytes: rss, heapBytes: heapUsed, startedMs: performance.timeOrigin, loopMeanMs: meanMs, loopMaxMs: maxMs };
  }
}
