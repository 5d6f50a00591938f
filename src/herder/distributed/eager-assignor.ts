/** Everything is handed out anew in each round, in turn over the members in their order. Source: EagerAssignor (reference 2.4). */
import { NO_WORK, sortedTasks, type Work } from './work.ts';

/** By member id. */
export function assignEagerly(members: readonly string[], configured: Work): Map<string, Work> {
  const order = [...members].sort();
  const shares = new Map(order.map((id) => [id, { connectors: new Set<string>(), tasks: new Set<string>() }]));
  let next = 0;
  const take = () => shares.get(order[next++ % order.length]!)!;
  if (order.length === 0) return new Map();
  for (const name of [...configured.connectors].sort()) take().connectors.add(name);
  for (const key of sortedTasks(configured.tasks)) take().tasks.add(key);
  return new Map(order.map((id) => [id, shares.get(id) ?? NO_WORK]));
}
