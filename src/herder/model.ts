/** The entities of Connect's REST API, member order as the JVM writes it. Source: org.apache.kafka.connect.runtime.rest.entities. */

import type { LogEvent, LogLevel } from '../base/log.ts';
import type { OffsetValue } from '../plugin-api/records.ts';

export type ConnectorState = 'UNASSIGNED' | 'RUNNING' | 'PAUSED' | 'STOPPED' | 'FAILED' | 'RESTARTING';
export type TargetState = 'STARTED' | 'PAUSED' | 'STOPPED';
export type ConnectorType = 'source' | 'sink' | 'unknown';

export interface ServerInfo {
  readonly version: string;
  readonly commit: string;
  readonly kafka_cluster_id: string;
  /** Packages of plugin.path that are left out, each with its reason; absent when there are none, and from a JVM worker. */
  readonly plugin_faults?: readonly string[];
}

export interface ServerHealth {
  readonly status: 'healthy' | 'unhealthy' | 'starting';
  readonly message: string;
}

export interface ConnectorTaskId {
  readonly connector: string;
  readonly task: number;
}

export interface ConnectorInfo {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly tasks: readonly ConnectorTaskId[];
  readonly type: ConnectorType;
}

export interface StateEntry {
  readonly state: ConnectorState;
  readonly worker_id: string;
  readonly version?: string | null;
  readonly trace?: string;
}

export interface TaskState {
  readonly id: number;
  readonly state: ConnectorState;
  readonly worker_id: string;
  readonly version?: string | null;
  readonly trace?: string;
}

export interface ConnectorStateInfo {
  readonly name: string;
  readonly connector: StateEntry;
  readonly tasks: readonly TaskState[];
  readonly type: ConnectorType;
}

/** What `expand=status&expand=info` gives of one connector. */
export interface ConnectorOverview {
  readonly status: ConnectorStateInfo;
  readonly info: ConnectorInfo;
}

export interface TaskInfo {
  readonly id: ConnectorTaskId;
  readonly config: Readonly<Record<string, string>>;
}

/** Whole numbers are bigint here (schemaless Connect values), a number is a double. */
export interface ConnectorOffset {
  readonly partition: Readonly<Record<string, OffsetValue>> | null;
  readonly offset: Readonly<Record<string, OffsetValue>> | null;
}

export interface ConnectorOffsets {
  readonly offsets: readonly ConnectorOffset[];
}

export interface Message {
  readonly message: string;
}

export type PluginType = 'sink' | 'source' | 'transformation' | 'predicate' | 'converter' | 'header_converter';

export interface PluginInfo {
  readonly class: string;
  readonly type: PluginType;
  readonly version?: string;
}

export interface ConfigKeyInfo {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default_value: string | null;
  readonly importance: string;
  readonly documentation: string;
  readonly group: string | null;
  readonly order_in_group: number;
  readonly width: string;
  readonly display_name: string;
  readonly dependents: readonly string[];
}

export interface ConfigValueInfo {
  readonly name: string;
  readonly value: string | null;
  readonly recommended_values: readonly string[];
  readonly errors: readonly string[];
  readonly visible: boolean;
}

export interface ConfigInfos {
  readonly name: string;
  readonly error_count: number;
  readonly groups: readonly string[];
  readonly configs: ReadonlyArray<{ readonly definition: ConfigKeyInfo | null; readonly value: ConfigValueInfo }>;
}

export interface LoggerLevel {
  readonly level: LogLevel;
  readonly last_modified: number | null;
}

/** One number (or word) of Connect's metrics, named and tagged as in reference section 11. */
export interface MetricSample {
  readonly group: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly name: string;
  readonly value: number | string;
}

/** A line of the worker's log with a number that only grows, so that readers can ask for what is new. */
export interface NumberedLogEvent extends LogEvent {
  readonly sequence: number;
}
