import { describe, expect, test } from 'vitest';
import { type Fate, forecast, type WhatIfInput } from '../../../src/cluster/what-if.ts';
import type { TopicInfo } from '../../../src/kafka/contract.ts';
import { partition, topicOf as topic, wideCluster } from '../../helpers/wide-cluster.ts';

function ask(
  topics: TopicInfo[],
  lost: number[],
  more: Partial<WhatIfInput> & { minIsr?: number | null; isUncleanAllowed?: boolean } = {},
) {
  const { minIsr = 2, isUncleanAllowed = false, ...rest } = more;
  return forecast({
    topics,
    alive: new Set([1, 2, 3]),
    lost: new Set(lost),
    terms: () => ({ minIsr, isUncleanAllowed }),
    eligible: () => [],
    voters: [],
    ...rest,
  });
}

/** Fate of the one partition. */
const fate = (...args: Parameters<typeof ask>): Fate | undefined =>
  (Object.entries(ask(...args).counts) as [Fate, number][]).find(([, count]) => count > 0)?.[0];

describe('one partition', () => {
  const whole = [topic('t', partition(0, [1, 2, 3]))];

  test('nobody is lost', () => {
    expect(fate(whole, [])).toBe('writable');
  });

  test('enough in-sync replicas are left; too few; none', () => {
    expect(fate(whole, [1])).toBe('writable');
    expect(fate(whole, [1, 2])).toBe('read-only');
    expect(fate(whole, [1, 2, 3])).toBe('offline');
  });

  test('fewer replicas than the minimum: all of them are enough', () => {
    expect(fate([topic('t', partition(0, [3]))], [1, 2])).toBe('writable');
  });

  test('a minimum that is not known counts as one, and is counted', () => {
    expect(ask(whole, [1, 2], { minIsr: null })).toMatchObject({ counts: { writable: 1 }, unknownTerms: 1 });
  });

  test('only a replica out of sync is left: unclean, whether the cluster does it by itself or not', () => {
    const shrunk = [topic('t', partition(0, [1, 2], [1]))];
    expect(fate(shrunk, [1])).toBe('unclean');
    expect(ask(shrunk, [1], { isUncleanAllowed: true }).topics).toMatchObject([{ fate: 'unclean', isUncleanAllowed: true }]);
  });

  test('a replica that is eligible leads without a loss, and cannot be written to until others follow', () => {
    const shrunk = [topic('t', partition(0, [1, 2, 3], [1]))];
    expect(fate(shrunk, [1], { eligible: () => [2] })).toBe('read-only');
    expect(fate(shrunk, [1], { eligible: () => [2], minIsr: 1 })).toBe('writable');
    expect(fate(shrunk, [1, 2], { eligible: () => [2] })).toBe('unclean');
  });

  test('a broker that is dead already does not count', () => {
    expect(fate([topic('t', partition(0, [1, 2, 3], [1, 2]))], [1], { alive: new Set([1, 2]) })).toBe('read-only');
  });

  test('a leaderless one is so before and after', () => {
    const result = ask([topic('t', partition(0, [3], [3], -1))], [1], { alive: new Set([1, 2]) });
    expect(result).toMatchObject({ counts: { offline: 1 }, now: { offline: 1 } });
  });
});

describe('the metadata quorum', () => {
  const topics = [topic('t', partition(0, [1, 2, 3]), partition(1, [2, 3, 1]), partition(2, [3]))];

  test('with a majority leaders move', () => {
    const result = ask(topics, [2], { voters: [1, 2, 3] });
    expect(result.quorum).toEqual({ left: 2, of: 3, hasMajority: true });
    expect(result.counts).toMatchObject({ writable: 3 });
    expect(result.newLeaders).toEqual(new Map([[3, 1]]));
  });

  test('without one nobody elects, and no in-sync set shrinks', () => {
    const result = ask(topics, [1, 2], { voters: [1, 2, 3], minIsr: 1 });
    expect(result.quorum).toEqual({ left: 1, of: 3, hasMajority: false });
    expect(result.counts).toEqual({ offline: 2, unclean: 0, 'read-only': 0, writable: 1 });
    expect(result.newLeaders.size).toBe(0);
    const led = ask([topic('t', partition(0, [3, 1, 2]))], [1, 2], { voters: [1, 2, 3], minIsr: 1 });
    expect(led.counts).toMatchObject({ 'read-only': 1 });
  });

  test('controllers of their own live on', () => {
    expect(ask(topics, [1, 2], { voters: [101, 102, 103] }).quorum).toEqual({ left: 3, of: 3, hasMajority: true });
  });
});

test('topics are listed by fate, the worst first, without those that stay writable', () => {
  const topics = [
    topic('whole', partition(0, [3])),
    topic('mixed', partition(0, [1, 2, 3]), partition(1, [1]), partition(2, [2])),
    topic('lost', partition(0, [1]), partition(1, [2])),
  ];
  expect(ask(topics, [1, 2]).topics.map(({ topic: name, fate: one, partitions }) => [name, one, partitions])).toEqual([
    ['mixed', 'offline', [1, 2]],
    ['lost', 'offline', [0, 1]],
    ['mixed', 'read-only', [0]],
  ]);
});

test('100 000 partitions: each has its fate, and each topic is listed once for each', () => {
  const result = forecast(wideCluster());
  expect(result.partitions).toBe(100_000);
  expect(result.counts).toEqual({ offline: 20_000, unclean: 0, 'read-only': 20_000, writable: 60_000 });
  expect(result.topics).toHaveLength(20_000);
});
