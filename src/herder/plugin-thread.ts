/**
 * A thread in which packages of plugin.path are tried before anything else runs them: it imports them, lists what they hold and validates
 * configurations that name their plugins. Config providers of packages run in such threads as well, one in each. One job at a time; a job
 * that takes too long costs the thread, and the next one gets a fresh one.
 */
import { createInterface } from 'node:readline';
import { Worker as Thread } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import { entryUrl } from '../base/entry-url.ts';
import { ConnectError, messageOf } from '../base/errors.ts';
import type { Log, LogEvent } from '../base/log.ts';
import { SerialQueue } from '../base/serial-queue.ts';
import type { ConfigData } from '../plugin-api/config-provider.ts';
import type { Config } from '../plugin-api/plugin.ts';
import type { PluginPackage } from '../plugin-path/find-packages.ts';
import type { PackageFacts } from '../plugin-path/plugin-facts.ts';
import { type Outcome, RemoteError } from '../worker/protocol.ts';
import type { ConfigInfos } from './model.ts';
import type { SubmittedConfig, WorkerFacts } from './validate.ts';

/** The config provider that a thread runs. */
export interface ProviderFacts {
  readonly className: string;
  readonly config: Config;
}

/** A connector that is to start. */
export interface StartingConnector {
  readonly kind: 'source' | 'sink';
  /** Full class name. */
  readonly className: string;
  readonly config: Config;
}

/** `load` only tries a package; configurations are validated with those that the thread began with. */
export type PluginJob =
  | { readonly job: 'load'; readonly package: PluginPackage }
  | { readonly job: 'validate'; readonly config: SubmittedConfig; readonly worker: WorkerFacts }
  | { readonly job: 'openPolicy'; readonly worker: WorkerFacts }
  | { readonly job: 'refusedOverrides'; readonly connector: StartingConnector; readonly worker: WorkerFacts }
  | { readonly job: 'openProvider'; readonly provider: ProviderFacts }
  | { readonly job: 'readProvider'; readonly provider: ProviderFacts; readonly path: string; readonly keys: ReadonlySet<string> }
  | { readonly job: 'closeProvider' };

export interface PluginJobResults {
  load: PackageFacts;
  validate: ConfigInfos;
  openPolicy: undefined;
  /** The reasons. */
  refusedOverrides: readonly string[];
  openProvider: undefined;
  readProvider: ConfigData;
  closeProvider: undefined;
}

/** Thread → main. `isUp`: our own code runs there, and that of the packages follows. */
export type FromPluginThread = { readonly outcome: Outcome<unknown> } | { readonly log: LogEvent } | { readonly isUp: true };

interface OpenThread {
  readonly thread: Thread;
  readonly up: Promise<void>;
}

export class PluginThread {
  readonly #clock: Clock;
  readonly #log: Log;
  /** Longest time for one job, in milliseconds. That a busy machine takes long to start the thread is not the package's fault. */
  readonly #timeoutMs: number;
  readonly #queue = new SerialQueue();
  #open: OpenThread | null = null;
  /** What a fresh thread begins with. */
  #packages: readonly PluginPackage[];

  /** `log`: takes what plugins print, and the lines of a config provider. */
  constructor(clock: Clock, timeoutMs: number, log: Log, packages: readonly PluginPackage[] = []) {
    this.#clock = clock;
    this.#log = log;
    this.#timeoutMs = timeoutMs;
    this.#packages = packages;
  }

  /** Whether anything may run there. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** Rejects with RemoteError when a plugin throws, and with ConnectError when it hangs or ends the thread. */
  run<J extends PluginJob>(job: J): Promise<PluginJobResults[J['job']]> {
    return this.#queue.run(() => this.#run(job));
  }

  /** From now on jobs see these packages and no others. */
  async use(packages: readonly PluginPackage[]): Promise<void> {
    await this.close();
    this.#packages = packages;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.thread.terminate();
  }

  #start(): OpenThread {
    const options = { workerData: { packages: this.#packages }, name: 'kconsole-plugins', stdout: true, stderr: true };
    const thread = new Thread(entryUrl(import.meta.url, './plugin-thread-entry.ts', 'plugin-thread.js'), options);
    // What a plugin prints would tear the screen.
    for (const stream of [thread.stdout, thread.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#log.info(`A package of plugin.path prints: ${line}`));
    }
    // Between two jobs as well: nobody else would hear it, and an error that nobody hears ends the process.
    const forget = () => {
      if (this.#open?.thread === thread) this.#open = null;
    };
    thread.on('exit', forget).on('error', (error) => {
      forget();
      this.#log.error(`Code of a package of plugin.path broke its thread: ${messageOf(error)}`);
    });
    const up = Promise.withResolvers<void>();
    thread.on('message', (message: FromPluginThread) => {
      if ('log' in message) this.#write(message.log);
      else if ('isUp' in message) up.resolve();
    });
    return { thread, up: up.promise };
  }

  #write({ level, message, trace }: LogEvent): void {
    const text = trace === null ? message : `${message}\n${trace}`;
    if (level === 'ERROR') this.#log.error(text);
    else if (level === 'WARN') this.#log.warn(text);
    else if (level === 'INFO') this.#log.info(text);
    else this.#log.debug(text);
  }

  async #run<J extends PluginJob>(job: J): Promise<PluginJobResults[J['job']]> {
    this.#open ??= this.#start();
    const { thread, up } = this.#open;
    const answer = Promise.withResolvers<PluginJobResults[J['job']]>();
    const onMessage = (message: FromPluginThread) => {
      if (!('outcome' in message)) return;
      const { outcome } = message;
      if ('fault' in outcome) answer.reject(new RemoteError(outcome.fault));
      else answer.resolve(outcome.ok as PluginJobResults[J['job']]);
    };
    const onError = (error: unknown) => answer.reject(new ConnectError(`its code broke the thread: ${messageOf(error)}`));
    const onExit = (code: number) => answer.reject(new ConnectError(`its code ended the thread with exit code ${code}`));
    const over = new AbortController();
    void up.then(async () => {
      await this.#clock.sleep(this.#timeoutMs, over.signal);
      if (!over.signal.aborted) answer.reject(new ConnectError(`it did not return within ${this.#timeoutMs} ms and was ended`));
    });
    thread.on('message', onMessage).once('error', onError).once('exit', onExit);
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
