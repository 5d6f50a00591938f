/**
 * The thread in which packages of plugin.path are tried before anything else runs them: it imports them, lists what they hold and validates
 * configurations that name their plugins. One job at a time; a job that takes too long costs the thread, and the next one gets a fresh one.
 */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Worker as Thread } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { SerialQueue } from '../base/serial-queue.ts';
import type { PluginPackage } from '../plugin-path/find-packages.ts';
import type { PluginFacts } from '../plugin-path/plugin-facts.ts';
import { type Outcome, RemoteError } from '../worker/protocol.ts';
import type { ConfigInfos } from './model.ts';
import type { SubmittedConfig, WorkerFacts } from './validate.ts';

/** `load` only tries a package; configurations are validated with those that the thread began with. */
export type PluginJob =
  | { readonly job: 'load'; readonly package: PluginPackage }
  | { readonly job: 'validate'; readonly config: SubmittedConfig; readonly worker: WorkerFacts };

export interface PluginJobResults {
  load: readonly PluginFacts[];
  validate: ConfigInfos;
}

export class PluginThread {
  readonly #clock: Clock;
  readonly #log: Log;
  /** Longest time for one job, in milliseconds. */
  readonly #timeoutMs: number;
  readonly #queue = new SerialQueue();
  #thread: Thread | null = null;
  /** What a fresh thread begins with. */
  #packages: readonly PluginPackage[] = [];

  constructor(clock: Clock, timeoutMs: number, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#timeoutMs = timeoutMs;
  }

  /** Imports a package. Rejects with what is wrong with it. */
  load(pack: PluginPackage): Promise<readonly PluginFacts[]> {
    return this.#queue.run(() => this.#run({ job: 'load', package: pack }));
  }

  /** From now on configurations are validated with these packages and no others. */
  async use(packages: readonly PluginPackage[]): Promise<void> {
    await this.close();
    this.#packages = packages;
  }

  /** Rejects with ConnectError when a plugin throws or hangs. */
  validate(config: SubmittedConfig, worker: WorkerFacts): Promise<ConfigInfos> {
    return this.#queue.run(() => this.#run({ job: 'validate', config, worker }));
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }

  #open(): Thread {
    const options = { workerData: { packages: this.#packages }, name: 'kconsole-plugins', stdout: true, stderr: true };
    const thread = new Thread(entryUrl(), options);
    // What a plugin prints would tear the screen.
    for (const stream of [thread.stdout, thread.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#log.info(`A package of plugin.path prints: ${line}`));
    }
    return thread;
  }

  async #run<J extends PluginJob>(job: J): Promise<PluginJobResults[J['job']]> {
    this.#thread ??= this.#open();
    const thread = this.#thread;
    const answer = Promise.withResolvers<PluginJobResults[J['job']]>();
    const onMessage = ({ outcome }: { readonly outcome: Outcome<unknown> }) => {
      if ('fault' in outcome) answer.reject(new RemoteError(outcome.fault));
      else answer.resolve(outcome.ok as PluginJobResults[J['job']]);
    };
    const onError = (error: unknown) => answer.reject(new ConnectError(`its code broke the thread: ${messageOf(error)}`));
    const onExit = (code: number) => answer.reject(new ConnectError(`its code ended the thread with exit code ${code}`));
    const over = new AbortController();
    void this.#clock.sleep(this.#timeoutMs, over.signal).then(() => {
      if (!over.signal.aborted) answer.reject(new ConnectError(`it did not return within ${this.#timeoutMs} ms and was ended`));
    });
    thread.once('message', onMessage).once('error', onError).once('exit', onExit);
    thread.postMessage(job);
    try {
      return await answer.promise;
    } catch (error) {
      // A fault that came as an answer leaves the thread as it was.
      if (!(error instanceof RemoteError)) await this.close();
      throw error;
    } finally {
      over.abort();
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
    }
  }
}

function entryUrl(): URL {
  if (import.meta.url.endsWith('.ts')) return new URL('./plugin-thread-entry.ts', import.meta.url);
  const beside = new URL('./plugin-thread.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('../plugin-thread.js', import.meta.url);
}
