import { expect, test } from 'vitest';
import { CheckpointStore } from '../../../../../../src/plugins/connectors/mirror/checkpoint/checkpoint-store.ts';
import type { Checkpoint } from '../../../../../../src/plugins/connectors/mirror/shared/checkpoint.ts';

const at = (upstreamOffset: bigint, downstreamOffset: bigint, more: Partial<Checkpoint> = {}): Checkpoint => ({
  ...{ group: 'g', topic: 'A.t', partition: 0, metadata: '' },
  ...{ upstreamOffset, downstreamOffset },
  ...more,
});

test('the first of a partition is news', () => {
  const store = new CheckpointStore(['g']);
  expect(store.isNews(at(10n, 10n))).toBe(true);
  store.put(at(10n, 10n));
  expect(store.isNews(at(10n, 10n, { partition: 1 }))).toBe(true);
  expect(store.isNews(at(10n, 10n, { topic: 'A.u' }))).toBe(true);
});

test.each([
  ['the same', 10n, 10n, false],
  ['further upstream, the same downstream', 11n, 10n, false],
  ['further upstream, less exact downstream', 11n, 9n, false],
  ['further on both sides', 11n, 11n, true],
  ['the same upstream, more exact downstream', 10n, 11n, true],
  ['back upstream, the same downstream', 9n, 10n, true],
  ['back on both sides', 9n, 5n, true],
])('%s', (_, upstream, downstream, isNews) => {
  const store = new CheckpointStore(['g']);
  store.put(at(10n, 10n));
  expect(store.isNews(at(upstream, downstream))).toBe(isNews);
});

test('what was put last counts, and groups of others are passed over', () => {
  const store = new CheckpointStore(['g', 'h']);
  store.put(at(10n, 10n));
  store.put(at(5n, 6n));
  store.put(at(1n, 1n, { partition: 1 }));
  store.put(at(1n, 1n, { group: 'other' }));
  expect(store.of('g')).toEqual([at(5n, 6n), at(1n, 1n, { partition: 1 })]);
  expect(store.of('other')).toEqual([]);
  expect(store.groups()).toEqual(['g']);
  expect([store.partitionCount('g'), store.partitionCount('h')]).toEqual([2, 0]);
});
