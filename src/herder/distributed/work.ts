/** Sets of connectors and tasks, as assignors reckon with them. */
import type { ConnectorTaskId } from '../../storage/connector-states.ts';
import type { ConnectorsAndTasks } from './membership.ts';

/** Tasks by `taskKey`. Never changed once it is handed on. */
export interface Work {
  readonly connectors: ReadonlySet<string>;
  readonly tasks: ReadonlySet<string>;
}

export const NO_WORK: Work = { connectors: new Set(), tasks: new Set() };

/** No name of a connector has a line feed. */
export function taskKey({ connector, task }: ConnectorTaskId): string {
  return `${connector}\n${task}`;
}

function taskIdOf(key: string): ConnectorTaskId {
  const at = key.lastIndexOf('\n');
  return { connector: key.slice(0, at), task: Number(key.slice(at + 1)) };
}

export function toWork({ connectors, tasks }: ConnectorsAndTasks): Work {
  return { connectors: new Set(connectors), tasks: new Set(tasks.map(taskKey)) };
}

export function fromWork({ connectors, tasks }: Work): ConnectorsAndTasks {
  return { connectors: [...connectors], tasks: [...tasks].map(taskIdOf) };
}

export function isEmpty({ connectors, tasks }: Work): boolean {
  return connectors.size === 0 && tasks.size === 0;
}

export function union(...all: readonly Work[]): Work {
  return {
    connectors: new Set(all.flatMap(({ connectors }) => [...connectors])),
    tasks: new Set(all.flatMap(({ tasks }) => [...tasks])),
  };
}

/** What is in `base` and in none of the others. */
export function difference(base: Work, ...others: readonly Work[]): Work {
  return {
    connectors: new Set([...base.connectors].filter((name) => !others.some(({ connectors }) => connectors.has(name)))),
    tasks: new Set([...base.tasks].filter((key) => !others.some(({ tasks }) => tasks.has(key)))),
  };
}

export function intersection(a: Work, b: Work): Work {
  return {
    connectors: new Set([...a.connectors].filter((name) => b.connectors.has(name))),
    tasks: new Set([...a.tasks].filter((key) => b.tasks.has(key))),
  };
}

/** By name, then by number, as the JVM orders them. */
export function sortedTasks(keys: Iterable<string>): string[] {
  return [...keys]
    .map((key) => ({ key, id: taskIdOf(key) }))
    .sort((a, b) => (a.id.connector < b.id.connector ? -1 : a.id.connector > b.id.connector ? 1 : a.id.task - b.id.task))
    .map(({ key }) => key);
}
