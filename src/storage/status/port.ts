/**
 * What connectors and tasks of a cluster are doing, and which topics they use. In memory, or in the status topic in the records of Apache
 * Kafka Connect (reference 3.4). Source: StatusBackingStore.
 */
import type { ConnectorState, ConnectorTaskId } from '../connector-states.ts';

export interface Status {
  readonly state: ConnectorState;
  readonly trace: string | null;
  /** `host:port` of the worker's advertised URL. */
  readonly workerId: string;
  /** Group generation of the worker when it wrote. */
  readonly generation: number;
  /** Of the plugin; `null`: unknown. */
  readonly version: string | null;
}

export interface ActiveTopic {
  readonly topic: string;
  readonly connector: string;
  readonly task: number;
  readonly discoveredMs: number;
}

/**
 * Reads answer from what this worker has read so far. Writes return at once and are made in order per key; those that fail for now are tried
 * again until something newer was written for the key. `isSafe`: dropped when another worker has written since with a higher generation.
 */
export interface StatusStore {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Reads to the end of what is stored now: after a time without news, what others wrote meanwhile. Rejects when that takes longer. */
  refresh(timeoutMs: number): Promise<void>;
  /** Resolves when all writes made so far are stored, or were overtaken; rejects after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  connector(name: string): Status | null;
  task(id: ConnectorTaskId): Status | null;
  /** Statuses of the connector's tasks, by task number. */
  tasks(connector: string): ReadonlyMap<number, Status>;
  /** Names of connectors that have a status of their own or of a task. */
  connectors(): ReadonlySet<string>;
  putConnector(name: string, status: Status, options?: { readonly isSafe?: boolean }): void;
  putTask(id: ConnectorTaskId, status: Status, options?: { readonly isSafe?: boolean }): void;
  /** Written as tombstones. */
  removeConnector(name: string): void;
  removeTask(id: ConnectorTaskId): void;
  putTopic(topic: ActiveTopic): void;
  topics(connector: string): readonly ActiveTopic[];
  removeTopics(connector: string): void;
}
