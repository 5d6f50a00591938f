/** What the records of the status topic add up to. Source: KafkaStatusBackingStore (reference 3.4). */
import type { ConnectorTaskId } from '../connector-states.ts';
import type { ActiveTopic, Status } from './port.ts';
import type { StatusRecord } from './records.ts';

export class StatusTable {
  readonly #connectors = new Map<string, Status>();
  readonly #tasks = new Map<string, Map<number, Status>>();
  readonly #topics = new Map<string, Map<string, ActiveTopic>>();

  connector(name: string): Status | null {
    return this.#connectors.get(name) ?? null;
  }

  task({ connector, task }: ConnectorTaskId): Status | null {
    return this.#tasks.get(connector)?.get(task) ?? null;
  }

  tasks(connector: string): ReadonlyMap<number, Status> {
    return new Map(this.#tasks.get(connector));
  }

  connectors(): ReadonlySet<string> {
    return new Set([...this.#connectors.keys(), ...this.#tasks.keys()]);
  }

  topics(connector: string): readonly ActiveTopic[] {
    return [...(this.#topics.get(connector)?.values() ?? [])];
  }

  /** As it was read. A task that left one worker and already runs on another is not unassigned, though the word of it may come later. */
  apply(record: StatusRecord): void {
    switch (record.kind) {
      case 'connector':
        put(this.#connectors, record.connector, record.status);
        return;
      case 'task':
        if (!isOutOfDate(record.status, this.task(record.id))) putInner(this.#tasks, record.id.connector, record.id.task, record.status);
        return;
      case 'topic':
        putInner(this.#topics, record.connector, record.topic, record.active);
        return;
    }
  }

  /** Nobody else has written since with a higher generation. */
  maySafelyPut(record: StatusRecord): boolean {
    if (record.kind === 'topic' || record.status === null) return true;
    const known = record.kind === 'connector' ? this.connector(record.connector) : this.task(record.id);
    return known === null || known.workerId === record.status.workerId || known.generation <= record.status.generation;
  }
}

function isOutOfDate(status: Status | null, known: Status | null): boolean {
  return status?.state === 'UNASSIGNED' && known?.state === 'RUNNING' && known.generation >= status.generation;
}

function put<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

function putInner<K, V>(map: Map<string, Map<K, V>>, outer: string, key: K, value: V | null): void {
  const inner = map.get(outer) ?? new Map<K, V>();
  put(inner, key, value);
  if (inner.size === 0) map.delete(outer);
  else map.set(outer, inner);
}
