import type { ConnectorTaskId } from '../connector-states.ts';
import type { ActiveTopic, Status, StatusStore } from './port.ts';
import type { StatusRecord } from './records.ts';
import { StatusTable } from './status-table.ts';

/** Reads and writes over a table; what becomes of a write is left to `write`. */
export abstract class TableStatusStore implements StatusStore {
  protected readonly table: StatusTable = new StatusTable();

  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;
  abstract refresh(timeoutMs: number): Promise<void>;
  abstract flush(timeoutMs: number): Promise<void>;
  protected abstract write(record: StatusRecord, isSafe: boolean): void;

  connector(name: string): Status | null {
    return this.table.connector(name);
  }

  task(id: ConnectorTaskId): Status | null {
    return this.table.task(id);
  }

  tasks(connector: string): ReadonlyMap<number, Status> {
    return this.table.tasks(connector);
  }

  connectors(): ReadonlySet<string> {
    return this.table.connectors();
  }

  topics(connector: string): readonly ActiveTopic[] {
    return this.table.topics(connector);
  }

  putConnector(connector: string, status: Status, options: { readonly isSafe?: boolean } = {}): void {
    this.write({ kind: 'connector', connector, status }, options.isSafe ?? false);
  }

  putTask(id: ConnectorTaskId, status: Status, options: { readonly isSafe?: boolean } = {}): void {
    this.write({ kind: 'task', id, status }, options.isSafe ?? false);
  }

  removeConnector(connector: string): void {
    this.write({ kind: 'connector', connector, status: null }, false);
  }

  removeTask(id: ConnectorTaskId): void {
    this.write({ kind: 'task', id, status: null }, false);
  }

  putTopic(active: ActiveTopic): void {
    this.write({ kind: 'topic', connector: active.connector, topic: active.topic, active }, false);
  }

  removeTopics(connector: string): void {
    for (const { topic } of this.topics(connector)) this.write({ kind: 'topic', connector, topic, active: null }, false);
  }
}
