/**
 * Which dead letters were written back before, by the action log of this user: a queue keeps its records, so that nothing in the queue
 * itself tells. Places are kept as ranges: `orders-dlq p0 0-9,11 p1 4`.
 */
import { type PlannedRecord, placeOf } from '../cluster/redrive-plan.ts';
import type { ActionRecord } from './action-log.ts';

export const REDRIVE_ACTION = 'dlq.redrive';

/** The `request` of the action log: cluster, queue, places, and how many went where. */
export function redriveRequest(clusterId: string, queue: string, written: readonly PlannedRecord[]): string {
  const offsets = new Map<number, bigint[]>();
  const targets = new Map<string, number>();
  for (const { place, topic } of written) {
    offsets.set(place.partition, [...(offsets.get(place.partition) ?? []), place.offset]);
    targets.set(topic, (targets.get(topic) ?? 0) + 1);
  }
  const places = [...offsets].map(([partition, list]) => `p${partition} ${rangesOf(list)}`).join(' ');
  return `cluster ${clusterId}: ${queue} ${places} → ${[...targets].map(([topic, count]) => `${topic} ${count}`).join(', ')}`;
}

/** How many times each place of the queue was written back; key `placeOf`. */
export function timesRedriven(actions: readonly ActionRecord[], clusterId: string, queue: string): Map<string, number> {
  const times = new Map<string, number>();
  const head = `cluster ${clusterId}: ${queue} `;
  for (const { action, request } of actions) {
    if (action !== REDRIVE_ACTION || !request.startsWith(head)) continue;
    for (const [, partition, ranges] of request
      .slice(head.length)
      .split(' → ')[0]!
      .matchAll(/p(\d+) ([\d,-]+)/g))
      for (const offset of offsetsIn(ranges!)) {
        const place = placeOf({ topic: queue, partition: Number(partition), offset });
        times.set(place, (times.get(place) ?? 0) + 1);
      }
  }
  return times;
}

function rangesOf(offsets: readonly bigint[]): string {
  const ranges: { from: bigint; to: bigint }[] = [];
  for (const offset of offsets.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const last = ranges.at(-1);
    if (last && offset === last.to + 1n) last.to = offset;
    else ranges.push({ from: offset, to: offset });
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

function* offsetsIn(ranges: string): Generator<bigint> {
  for (const range of ranges.split(',')) {
    const [from, to = from] = range.split('-');
    if (!from || !to) continue;
    for (let offset = BigInt(from); offset <= BigInt(to); offset++) yield offset;
  }
}
