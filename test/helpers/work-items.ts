/** Connectors and tasks as short texts: `orders` is a connector, `orders 0` a task of it. */
import { fromWork, toWork, type Work } from '../../src/herder/distributed/work.ts';

export function workOf(items: readonly string[]): Work {
  const split = items.map((item) => item.split(' '));
  return toWork({
    connectors: split.filter(({ length }) => length === 1).map(([name]) => name!),
    tasks: split.filter(({ length }) => length === 2).map(([connector, task]) => ({ connector: connector!, task: Number(task) })),
  });
}

export function itemsOf(work: Work): string[] {
  const { connectors, tasks } = fromWork(work);
  return [...connectors, ...tasks.map(({ connector, task }) => `${connector} ${task}`)];
}
