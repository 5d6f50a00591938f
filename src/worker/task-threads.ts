/**
 * Hosts in worker threads. A thread runs `task-thread-entry.ts` (from source) or `task-thread.js` (from the bundle). It is ended from
 * outside when a plugin in it hangs; when it dies by itself its tasks fail and the worker lives on.
 */
import { setFlagsFromString } from 'node:v8';
import { Worker as Thread } from 'node:worker_threads';
import { entryUrl } from '../base/entry-url.ts';
import { ConnectError, errorCodeOf, messageOf } from '../base/errors.ts';
import type { LogLevel } from '../base/log.ts';
import { HeapTidier } from '../base/tidy-heap.ts';
import type { PluginPackage } from '../plugin-path/find-packages.ts';
import type { HostPort } from './host-link.ts';
import type { HostSettings } from './task-settings.ts';

/** What a thread is given at its start. */
export interface TaskThreadData {
  /** Of plugin.path, all of which can be loaded. */
  readonly packages: readonly PluginPackage[];
  readonly settings: HostSettings;
  /** Levels that were set so far, `root` first. */
  readonly logLevels: ReadonlyArray<readonly [logger: string, level: LogLevel]>;
}

/** Old-generation heap of a thread in MB. Records in flight lie in buffers outside of it. */
const MAX_HEAP_MB = 1024;
/** Three half spaces of 8 MB: smaller ones let batches of records grow old, bigger ones take memory and give no speed. */
const YOUNG_GENERATION_MB = 24;

/**
 * What lives long in a thread is small and everything else dies young. V8's own limit, 1.3 times of what lives, would begin a full
 * collection every few young ones; twice of it costs no more CPU than three times, and memory that is a tenth less. While a thread starts the
 * default holds: under other flags V8 does not take its cached code of Node's modules, and the start takes a third longer.
 */
const COLLECT_LESS = '--heap-growing-percent=100';
const COLLECT_AS_USUAL = '--heap-growing-percent=0';
const starting = new Set<Thread>();
/** Of the thread that starts others. */
const ownHeap = new HeapTidier();

function collectAsUsualUntilStarted(thread: Thread): void {
  starting.add(thread);
  const started = () => {
    if (starting.delete(thread) && starting.size === 0) setFlagsFromString(COLLECT_LESS);
  };
  thread.once('message', started);
  thread.once('exit', started);
}

/** `entry`: another entry than the program's own, for tests with plugins of theirs. */
export function openTaskThread(
  index: number,
  data: TaskThreadData,
  entry: URL = entryUrl(import.meta.url, './task-thread-entry.ts', 'task-thread.js'),
): HostPort {
  setFlagsFromString(COLLECT_AS_USUAL);
  ownHeap.begun();
  const thread = new Thread(entry, {
    workerData: data,
    name: `kconsole-tasks-${index}`,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  collectAsUsualUntilStarted(thread);
  let isTerminated = false;
  let reason: ConnectError | null = null;
  thread.on('error', (error: unknown) => {
    reason = new ConnectError(deathOf(index, error), { cause: error });
  });
  return {
    post: (message) => {
      if (message.kind === 'startTask') ownHeap.begun();
      thread.postMessage(message);
    },
    listen: (receiver) => {
      thread.on('message', receiver.message);
      thread.on('exit', (code) => {
        if (!isTerminated) receiver.gone(reason ?? new ConnectError(`Task thread ${index} ended by itself with exit code ${code}.`));
      });
    },
    terminate: async () => {
      isTerminated = true;
      await thread.terminate();
    },
  };
}

function deathOf(index: number, error: unknown): string {
  const code = errorCodeOf(error);
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return `Task thread ${index} ran out of memory (limit ${MAX_HEAP_MB} MB of heap). Its tasks have failed; restart them one by one to find the one that needs so much.`;
  }
  return `Task thread ${index} died: ${messageOf(error)}`;
}
