/** Most answers say what the last ones said: then there is nothing to judge or to draw. */
import type { ClusterData } from './cluster-model.ts';
import type { Reach } from './poll-loop.ts';

/** False: but for the time of the answer all is the same, object by object. */
export function isNews(before: ClusterData, after: ClusterData): boolean {
  const { reach, ...facts } = after;
  return isReachNews(before.reach, reach) || (Object.keys(facts) as (keyof typeof facts)[]).some((key) => before[key] !== after[key]);
}

function isReachNews(before: Reach, after: Reach): boolean {
  return (
    before.error !== after.error ||
    before.failingSinceMs !== after.failingSinceMs ||
    (before.lastOkMs === null) !== (after.lastOkMs === null)
  );
}
