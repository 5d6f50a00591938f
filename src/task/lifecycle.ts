/**
 * The life of one task: start, run, pause, stop, fail. Source: org.apache.kafka.connect.runtime.WorkerTask.
 * Whatever a task throws ends in `onFailure` (FAILED with its trace), unless it was told to stop; there is no restart by itself.
 */
import type { Log } from '../base/log.ts';
import type { TaskMetrics } from './task-metrics.ts';

export type TaskTarget = 'STARTED' | 'PAUSED';

/** Told about each change, in order; a cancelled task is silent. */
export interface TaskListener {
  onStartup(): void;
  onPause(): void;
  onResume(): void;
  onFailure(error: unknown): void;
  onShutdown(): void;
}

export interface TaskLoop {
  /** Sets the task up; nothing of it runs before. */
  start(): Promise<void>;
  /** Works until the control says stop; throws when the task has failed. */
  execute(): Promise<void>;
  /** Frees everything, also after a failure in any phase. */
  close(): Promise<void>;
}

/** What is wanted of a task, and the way for it to wait for changes. */
export class TaskControl {
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  #target: TaskTarget;
  #isCancelled = false;

  constructor(target: TaskTarget) {
    this.#target = target;
  }

  /** Aborts when the task is to stop. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isStopping(): boolean {
    return this.#stop.signal.aborted;
  }

  /** The graceful time is over: nobody waits for this task any more, and it must not report. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  get shouldPause(): boolean {
    return this.#target === 'PAUSED';
  }

  setTarget(target: TaskTarget): void {
    if (this.#target === target) return;
    this.#target = target;
    this.#notify();
  }

  requestStop(): void {
    if (this.isStopping) return;
    this.#stop.abort();
    this.#notify();
  }

  cancel(): void {
    this.#isCancelled = true;
    this.requestStop();
  }

  /** `listener` runs at each change of the target and at the stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True when the pause is over, false when the task is to stop. */
  async awaitUnpause(): Promise<boolean> {
    while (!this.isStopping && this.shouldPause) {
      await new Promise<void>((resolve) => {
        const off = this.onChange(() => {
          off();
          resolve();
        });
      });
    }
    return !this.isStopping;
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Runs a task to its end; never rejects. */
export async function runTask(
  loop: TaskLoop,
  control: TaskControl,
  listener: TaskListener,
  parts: { readonly metrics: TaskMetrics; readonly log: Log },
): Promise<void> {
  const told = quietWhenCancelled(listener, control, parts.metrics);
  const failure = await runToEnd(loop, control, told, parts.log);
  const closing = await errorOf(loop.close());
  if (closing) parts.log.error('Task threw an uncaught and unrecoverable exception during shutdown', closing.error);
  const first = failure ?? (control.isStopping ? null : closing);
  if (first) told.onFailure(first.error);
  else told.onShutdown();
}

type Thrown = { readonly error: unknown };

async function runToEnd(loop: TaskLoop, control: TaskControl, listener: TaskListener, log: Log): Promise<Thrown | null> {
  try {
    if (control.isStopping) return null;
    if (control.shouldPause) {
      listener.onPause();
      if (!(await control.awaitUnpause())) return null;
    }
    await loop.start();
    listener.onStartup();
    await loop.execute();
    return null;
  } catch (error) {
    if (control.isStopping) {
      log.warn('After being scheduled for shutdown, task threw an uncaught exception.', error);
      return null;
    }
    log.error(
      'Task threw an uncaught and unrecoverable exception. Task is being killed and will not recover until manually restarted',
      error,
    );
    return { error };
  }
}

async function errorOf(promise: Promise<void>): Promise<Thrown | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return { error };
  }
}

function quietWhenCancelled(listener: TaskListener, control: TaskControl, metrics: TaskMetrics): TaskListener {
  const enter = (phase: 'running' | 'paused' | 'failed' | 'unassigned', tell: () => void) => {
    metrics.phase.enter(phase, metrics.clock.monoMs());
    if (!control.isCancelled) tell();
  };
  return {
    onStartup: () => enter('running', () => listener.onStartup()),
    onPause: () => enter('paused', () => listener.onPause()),
    onResume: () => enter('running', () => listener.onResume()),
    onFailure: (error) => enter('failed', () => listener.onFailure(error)),
    onShutdown: () => enter('unassigned', () => listener.onShutdown()),
  };
}
