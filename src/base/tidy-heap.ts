/**
 * Gives memory back once a thread has come to rest after a start. Code that is compiled, and all that is read and thrown away while
 * connectors and tasks begin, leave a heap of half as much again as what lives there; V8 gives that back by itself, but minutes later.
 */
import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So long nothing has begun. */
const REST_MS = 1_500;
/** Of that time the event loop may have been busy for so much. */
const REST_SHARE = 0.2;
/** Above that a collection takes too long for a thread that others wait for, and the share of what a start leaves is small. */
const MOST_BYTES = 64 << 20;

type Collect = (how: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' }) => void;

export class HeapTidier {
  #timer: NodeJS.Timeout | null = null;
  #since = performance.eventLoopUtilization();

  /** Something begins in this thread. */
  begun(): void {
    this.#since = performance.eventLoopUtilization();
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#look(), REST_MS).unref();
  }

  #look(): void {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#since);
    const isSmall = getHeapStatistics().used_heap_size <= MOST_BYTES;
    this.#since = now;
    if (isSmall && (utilization > REST_SHARE || !collect())) this.#timer?.refresh();
    else this.#timer = null;
  }
}

/** False: another thread has taken the flag back meanwhile. */
function collect(): boolean {
  // Under other flags than at its start V8 does not take its cached code: threads that start later would pay for it.
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('globalThis.gc') as Collect | undefined;
  setFlagsFromString('--no-expose-gc');
  gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  return gc !== undefined;
}
