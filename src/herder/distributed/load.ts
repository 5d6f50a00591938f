/** How much each member of the group runs, and how work is taken from the busy and given to the idle. Source: WorkerCoordinator.WorkerLoad, IncrementalCooperativeAssignor. */
import { sortedTasks, type Work } from './work.ts';

/** Changed while a round is worked out. */
export interface Load {
  readonly id: string;
  readonly connectors: Set<string>;
  readonly tasks: Set<string>;
}

export type Kind = 'connectors' | 'tasks';

export function toLoad(id: string, { connectors, tasks }: Work): Load {
  return { id, connectors: new Set(connectors), tasks: new Set(tasks) };
}

export function isIdle({ connectors, tasks }: Load): boolean {
  return connectors.size === 0 && tasks.size === 0;
}

/** By member: what those give away that have more than their even share of all that is configured. Connectors and tasks are weighed apart. */
export function surplusOf(configured: Work, loads: readonly Load[]): Map<string, Work> {
  const connectors = surplus(configured.connectors.size, loads, 'connectors');
  const tasks = surplus(configured.tasks.size, loads, 'tasks');
  const ids = new Set([...connectors.keys(), ...tasks.keys()]);
  return new Map([...ids].map((id) => [id, { connectors: connectors.get(id) ?? new Set(), tasks: tasks.get(id) ?? new Set() }]));
}

/** Where the share is not even, the first members that have more than the least may keep one more. */
function surplus(total: number, loads: readonly Load[], kind: Kind): Map<string, Set<string>> {
  const least = Math.floor(total / loads.length);
  let extras = total % loads.length;
  const given = new Map<string, Set<string>>();
  for (const load of loads) {
    const owned = load[kind];
    if (owned.size <= least) continue;
    const kept = extras-- > 0 ? least + 1 : least;
    if (owned.size > kept) given.set(load.id, new Set([...owned].slice(0, owned.size - kept)));
  }
  return given;
}

/** One after the other, each to the member that has the least of its kind; among equals to the one that had less before, then by id. */
export function spread(works: readonly Work[], loads: readonly Load[]): void {
  spreadKind(
    works.flatMap(({ connectors }) => [...connectors].sort()),
    loads,
    'connectors',
  );
  spreadKind(
    works.flatMap(({ tasks }) => sortedTasks(tasks)),
    loads,
    'tasks',
  );
}

function spreadKind(all: readonly string[], loads: readonly Load[], kind: Kind): void {
  const order = [...loads].sort((a, b) => a[kind].size - b[kind].size || (a.id < b.id ? -1 : 1));
  for (const one of all) {
    let least = order[0];
    for (const load of order) if (least && load[kind].size < least[kind].size) least = load;
    least?.[kind].add(one);
  }
}

/** One after the other in turn, connectors and tasks each from the first member on. */
export function dealOut(work: Work, loads: readonly Load[]): void {
  const connectors = [...work.connectors].sort();
  const tasks = sortedTasks(work.tasks);
  for (const [i, load] of loads.entries()) {
    for (let at = i; at < connectors.length; at += loads.length) load.connectors.add(connectors[at]!);
    for (let at = i; at < tasks.length; at += loads.length) load.tasks.add(tasks[at]!);
  }
}
