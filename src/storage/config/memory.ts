/** Configurations that last as long as the process, and add up as those of the config topic do. Source: MemoryConfigBackingStore. */
import type { LogLevel } from '../../base/log.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { TargetState } from '../connector-states.ts';
import { ConfigState } from './config-state.ts';
import type { ClusterConfig, ConfigListener, ConfigStore, RestartRequest, SessionKey } from './port.ts';
import type { ConfigRecord } from './records.ts';

export class MemoryConfigStore implements ConfigStore {
  readonly #state = new ConfigState();
  #listener: ConfigListener | null = null;
  #next = 0n;

  async start(listener: ConfigListener): Promise<void> {
    this.#listener = listener;
  }

  async stop(): Promise<void> {
    this.#listener = null;
  }

  snapshot(): ClusterConfig {
    return this.#state.snapshot();
  }

  async refresh(): Promise<void> {}

  async claimWritePrivileges(): Promise<void> {}

  async putConnectorConfig(connector: string, config: Config, target: TargetState | null): Promise<void> {
    if (target !== null) this.#apply({ kind: 'target-state', connector, target });
    this.#apply({ kind: 'connector', connector, config });
  }

  async removeConnectorConfig(connector: string): Promise<void> {
    this.#apply({ kind: 'connector', connector, config: null });
    this.#apply({ kind: 'target-state', connector, target: null });
  }

  async putTaskConfigs(connector: string, configs: readonly Config[]): Promise<void> {
    configs.forEach((config, task) => {
      this.#apply({ kind: 'task', id: { connector, task }, config });
    });
    this.#apply({ kind: 'commit', connector, taskCount: configs.length });
  }

  async putTargetState(connector: string, target: TargetState): Promise<void> {
    this.#apply({ kind: 'target-state', connector, target });
  }

  async putFencedTaskCount(connector: string, count: number): Promise<void> {
    this.#apply({ kind: 'tasks-fencing', connector, taskCount: count });
  }

  async putSessionKey(key: SessionKey): Promise<void> {
    this.#apply({ kind: 'session-key', key });
  }

  async putRestartRequest(request: RestartRequest): Promise<void> {
    this.#apply({ kind: 'restart', request });
  }

  async putLoggerLevel(logger: string, level: LogLevel): Promise<void> {
    this.#apply({ kind: 'logger', logger, level });
  }

  #apply(record: ConfigRecord): void {
    this.#state.passed(this.#next++);
    this.#state.apply(record, this.#listener);
  }
}
