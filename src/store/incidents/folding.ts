/** The order of incidents: worst first, and behind each what it has likely caused. */
import type { Incident } from './incident.ts';
import type { Severity } from './rule.ts';

/** A tree as heavy as its worst part; of the same weight the newest first, so that what has just happened stands on top. */
export function inOrder(incidents: readonly Incident[]): Incident[] {
  const byId = new Map(incidents.map((one) => [one.id, one]));
  const trees = new Map<string, Incident[]>();
  for (const one of incidents) {
    const root = rootOf(one, byId);
    const tree = trees.get(root.id) ?? [];
    trees.set(root.id, tree);
    if (one !== root) tree.push(root.id === one.partOf ? one : { ...one, partOf: root.id });
  }
  const weight = (id: string) => Math.min(byId.get(id)!.severity, ...trees.get(id)!.map((one) => one.severity)) as Severity;
  const roots = [...trees.keys()].map((id) => ({ root: { ...byId.get(id)!, partOf: null }, weight: weight(id) }));
  roots.sort((a, b) => a.weight - b.weight || compare(a.root, b.root));
  return roots.flatMap(({ root }) => [root, ...trees.get(root.id)!.sort(compare)]);
}

export function compare(a: Incident, b: Incident): number {
  return a.severity - b.severity || b.since.atMs - a.since.atMs || (a.what < b.what ? -1 : a.what > b.what ? 1 : 0);
}

/** The incident that explains it, and what explains that one; a ring ends where it began. */
function rootOf(one: Incident, byId: ReadonlyMap<string, Incident>): Incident {
  let root = one;
  const seen = new Set([one.id]);
  for (;;) {
    const next = root.partOf === null ? undefined : byId.get(root.partOf);
    if (!next || seen.has(next.id)) return root;
    seen.add(next.id);
    root = next;
  }
}
