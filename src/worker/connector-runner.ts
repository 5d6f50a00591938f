/**
 * A connector instance and its calls, one after the other. It lives in a task thread: its code may block or hang without harm to the
 * herder. Source: org.apache.kafka.connect.runtime.WorkerConnector.
 */
import { ConnectError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Config, Connector, ConnectorPlugin } from '../plugin-api/plugin.ts';

export interface ConnectorRunnerParts {
  readonly plugin: ConnectorPlugin;
  readonly config: Config;
  readonly log: Log;
  requestTaskReconfiguration(): void;
  raiseError(error: unknown): void;
}

export class ConnectorRunner {
  readonly #parts: ConnectorRunnerParts;
  readonly #connector: Connector;
  readonly #stopping = new AbortController();
  #isStarted = false;
  /** The call under way; calls of one instance never overlap. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ConnectorRunnerParts) {
    this.#parts = parts;
    this.#connector = parts.plugin.create();
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      const { config, log } = this.#parts;
      this.#isStarted = true;
      await this.#connector.start(config, {
        log,
        signal: this.#stopping.signal,
        requestTaskReconfiguration: () => {
          if (!this.#stopping.signal.aborted) this.#parts.requestTaskReconfiguration();
        },
        raiseError: (error) => {
          if (!this.#stopping.signal.aborted) this.#parts.raiseError(error);
        },
      });
    });
  }

  /** Configurations of the tasks, each with `task.class` and, for sinks, the topics. */
  taskConfigs(maxTasks: number): Promise<Config[]> {
    return this.#inTurn(async () => {
      const { plugin, config } = this.#parts;
      const configs = await this.#connector.taskConfigs(maxTasks);
      if (!Array.isArray(configs)) throw new ConnectError(`${plugin.className}.taskConfigs() gave no list of task configurations.`);
      const topics = Object.fromEntries(
        ['topics', 'topics.regex'].flatMap((key) => (config[key] === undefined ? [] : [[key, config[key]]])),
      );
      return configs.map((own) => ({ ...own, 'task.class': plugin.taskClass, ...topics }));
    });
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#inTurn(async () => {
      if (!this.#isStarted) return;
      this.#isStarted = false;
      await this.#connector.stop();
    });
  }

  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(call, call);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
