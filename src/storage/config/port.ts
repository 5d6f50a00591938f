/**
 * What a Connect cluster is told to run: configurations, task configurations, target states, and the requests that all workers must hear of.
 * Kept in memory, or in the config topic in the records of Apache Kafka Connect (reference 3.2). Source: ConfigBackingStore, ClusterConfigState.
 */
import { RetriableError } from '../../base/errors.ts';
import type { LogLevel } from '../../base/log.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { TargetState } from '../connector-states.ts';

export interface SessionKey {
  readonly key: Buffer;
  /** As the record names it, e.g. `HmacSHA256`. */
  readonly algorithm: string;
  readonly createdMs: number;
}

export interface ConnectorConfig {
  readonly config: Config;
  readonly target: TargetState;
  /** Of the last complete set; empty while the set is incomplete (`isInconsistent`). */
  readonly taskConfigs: readonly Config[];
  /** The number of tasks that the last commit record names, complete or not. */
  readonly taskCount: number;
  /** The last commit record named tasks whose records are not there: no task may run until a whole set comes. */
  readonly isInconsistent: boolean;
  /** The connector's configuration when its last task set was committed; `null`: there was none. */
  readonly appliedConfig: Config | null;
  /** Counts the committed task sets; −1 before the first. */
  readonly taskGeneration: number;
  /** Of the last fencing record (`tasks-fencing-`); `null`: none. */
  readonly fencedTaskCount: number | null;
  /** A task set was committed after the last fencing record. */
  readonly isPendingFencing: boolean;
}

/** The state at one moment; never changed afterwards. */
export interface ClusterConfig {
  /** Offset after the last record of the config topic that is in it; −1n: nothing was read. */
  readonly offset: bigint;
  readonly sessionKey: SessionKey | null;
  readonly connectors: ReadonlyMap<string, ConnectorConfig>;
}

export interface RestartRequest {
  readonly connector: string;
  readonly includeTasks: boolean;
  readonly onlyFailed: boolean;
}

/** Called in the order of the records, only for what came after `start`; it must not throw. */
export interface ConfigListener {
  onConnectorConfigUpdate(connector: string): void;
  onConnectorConfigRemove(connector: string): void;
  onTaskConfigsUpdate(connector: string): void;
  onTargetStateChange(connector: string): void;
  onSessionKeyUpdate(key: SessionKey): void;
  onRestartRequest(request: RestartRequest): void;
  onLoggerLevel(logger: string, level: LogLevel): void;
  /** A write as the leader was refused; also before the next one is tried. */
  onPrivilegesLost?(reason: string): void;
}

/** What was asked of the store has taken too long; a write may still take effect. */
export class ConfigTimeoutError extends RetriableError {}

/** Another worker may write as the leader now, or this one's last attempt left that open. Who still leads claims again (`claimWritePrivileges`). */
export class PrivilegesLostError extends RetriableError {}

/** Writes resolve when they can be read back from the snapshot of this worker; they reject with an error that names what could not be written. */
export interface ConfigStore {
  /** Reads all there is. Rejects with an error that names the topic and what is wrong with it. */
  start(listener: ConfigListener): Promise<void>;
  stop(): Promise<void>;
  snapshot(): ClusterConfig;
  /** Reads to the end of what is stored now. Rejects when that takes longer (`ConfigTimeoutError`). */
  refresh(timeoutMs: number): Promise<void>;
  /** This worker leads from now on and may write; who led before may not. Does nothing where only one can write. */
  claimWritePrivileges(): Promise<void>;
  /** `target`, when given, becomes visible together with or before the configuration. */
  putConnectorConfig(connector: string, config: Config, target: TargetState | null): Promise<void>;
  removeConnectorConfig(connector: string): Promise<void>;
  /** The whole set; replaces what was there at once. */
  putTaskConfigs(connector: string, configs: readonly Config[]): Promise<void>;
  putTargetState(connector: string, target: TargetState): Promise<void>;
  putFencedTaskCount(connector: string, count: number): Promise<void>;
  putSessionKey(key: SessionKey): Promise<void>;
  putRestartRequest(request: RestartRequest): Promise<void>;
  putLoggerLevel(logger: string, level: LogLevel): Promise<void>;
}
