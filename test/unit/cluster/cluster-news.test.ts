import { expect, test } from 'vitest';
import type { ClusterData } from '../../../src/cluster/cluster-model.ts';
import { isNews } from '../../../src/cluster/cluster-news.ts';
import { UNKNOWN_REACH } from '../../../src/cluster/poll-loop.ts';

const answered = { ...UNKNOWN_REACH, lastOkMs: 1_000, latencyMs: 3 };
const data = { reach: answered, topics: [], groups: null, progress: new Map() } as unknown as ClusterData;

test.each<[boolean, string, Partial<ClusterData>]>([
  [false, 'the same was answered again', { reach: { ...answered, lastOkMs: 3_000, latencyMs: 5 } }],
  [true, 'one list is another', { topics: [] }],
  [true, 'what was not asked is known', { groups: [] }],
  [true, 'it does not answer any more', { reach: { ...answered, error: 'no answer', failingSinceMs: 2_000 } }],
  [true, 'it has never answered', { reach: { ...answered, lastOkMs: null } }],
])('%s: %s', (expected, _, change) => {
  expect(isNews(data, { ...data, ...change })).toBe(expected);
});
