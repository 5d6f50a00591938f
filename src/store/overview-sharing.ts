/** Answers about thousands of connectors are mostly what the last ones were: what says the same keeps its old object. */
import type { ConnectorInfo, ConnectorOverview, ConnectorStateInfo, StateEntry, TaskState } from '../herder/model.ts';

export function shareOverview(before: ConnectorOverview | undefined, fresh: ConnectorOverview): ConnectorOverview {
  if (before === undefined) return fresh;
  const info = isSameInfo(before.info, fresh.info) ? before.info : fresh.info;
  const status = isSameStatus(before.status, fresh.status) ? before.status : fresh.status;
  return info === before.info && status === before.status ? before : { status, info };
}

function isSameInfo(a: ConnectorInfo, b: ConnectorInfo): boolean {
  return a.type === b.type && a.tasks.length === b.tasks.length && isSameConfig(a.config, b.config);
}

function isSameConfig(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  let count = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}

function isSameStatus(a: ConnectorStateInfo, b: ConnectorStateInfo): boolean {
  return (
    a.type === b.type &&
    isSameState(a.connector, b.connector) &&
    a.tasks.length === b.tasks.length &&
    a.tasks.every((task, i) => isSameTask(task, b.tasks[i]!))
  );
}

function isSameTask(a: TaskState, b: TaskState): boolean {
  return a.id === b.id && isSameState(a, b);
}

function isSameState(a: StateEntry, b: StateEntry): boolean {
  return a.state === b.state && a.worker_id === b.worker_id && a.trace === b.trace && a.version === b.version;
}
