/** The entities of Connect's REST API, member order as the JVM writes it. Source: org.apache.kafka.connect.runtime.rest.entities. */

import type { LogEvent, LogLevel } from '../base/log.ts';
import type { OffsetValue } from '../plugin-api/records.ts';
import type { ConnectorState, ConnectorTaskId } from '../storage/connector-states.ts';

export type { ConnectorState, ConnectorTaskId, TargetState } from '../storage/connector-states.ts';

export type ConnectorType = 'source' | 'sink' | 'unknown';

export interface ServerInfo {
  readonly version: string;
  readonly commit: string;
  readonly kafka_cluster_id: string;
  /** Packages of plugin.path that are left out, each with its reason; absent when there are none, and from a JVM worker. */
  readonly plugin_faults?: readonly string[];
  /** What still runs on a worker that drains; absent from others. */
  readonly draining?: WorkInHand;
}

/** Numbers of connectors and tasks. */
export interface WorkInHand {
  readonly connectors: number;
  readonly tasks: number;
}

/** That a worker gives up its work and leaves its group; ours alone can. */
export interface DrainReply extends WorkInHand {
  /** `host:port`. */
  readonly worker_id: string;
  /** Of what it ran when it was asked. `at_once`: others get it in the next round; `delayed`: its leader waits for its return first; `unknown`: the group has not agreed yet. */
  readonly handover: 'at_once' | 'delayed' | 'unknown';
  readonly message: string;
}

export interface ServerHealth {
  readonly status: 'healthy' | 'unhealthy' | 'starting';
  readonly message: string;
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

/** One worker, asked by itself. */
export interface WorkerProbe {
  /** Where it was asked. */
  readonly address: string;
  /** `null`: not told by what was asked; the address may tell. */
  readonly workerId: string | null;
  /** Why it does not answer, or `null`. */
  readonly error: string | null;
  readonly latencyMs: number | null;
  readonly info: ServerInfo | null;
  /** `null`: it has no such endpoint (Kafka before 3.9). */
  readonly health: ServerHealth | null;
  /** `null`: not known. */
  readonly make: 'kconsole' | 'jvm' | null;
  /** `null`: not told; a JVM worker never does. */
  readonly process: ProcessFacts | null;
  /** It belongs to no group. Absent: it does, or over HTTP, where no worker tells it. */
  readonly isStandalone?: true;
}

export interface ProcessFacts {
  readonly rssBytes: number;
  readonly heapBytes: number | null;
  /** Wall time. */
  readonly startedMs: number | null;
  /** Delay of the main event loop since the last look. */
  readonly loopMeanMs: number | null;
  readonly loopMaxMs: number | null;
}

/** One number (or word) of Connect's metrics, named and tagged as in reference section 11. */
export interface MetricSample {
  readonly group: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly name: string;
  readonly value: number | string;
  /** A word that changes all the time: left out of what is scraped. */
  readonly isDetail?: true;
}

/** A line of the worker's log with a number that only grows, so that readers can ask for what is new. */
export interface NumberedLogEvent extends LogEvent {
  readonly sequence: number;
}
