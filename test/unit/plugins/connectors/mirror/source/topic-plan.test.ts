import { expect, test } from 'vitest';
import { countNew, partitionsOf, planTopics } from '../../../../../../src/plugins/connectors/mirror/source/topic-plan.ts';

const remote = (topic: string) => `A.${topic}`;

test('topics without a copy are made, copies with too few partitions grow, and none shrinks', () => {
  const source = new Map([
    ['new', 3],
    ['grown', 4],
    ['same', 2],
    ['less', 1],
  ]);
  const target = new Map([
    ['A.grown', 2],
    ['A.same', 2],
    ['A.less', 5],
    ['A.gone', 1],
  ]);
  expect(planTopics(source, target, remote)).toEqual({
    missing: [{ topic: 'new', remoteTopic: 'A.new', partitions: 3 }],
    short: [{ remoteTopic: 'A.grown', partitions: 4 }],
  });
});

test('partitions come sorted', () => {
  expect(
    partitionsOf(
      new Map([
        ['b', 1],
        ['a', 2],
      ]),
    ).map(({ topic, partition }) => `${topic}-${partition}`),
  ).toEqual(['a-0', 'a-1', 'b-0']);
});

test('new partitions are counted', () => {
  const before = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  const after = new Map([
    ['a', 3],
    ['c', 1],
  ]);
  expect([countNew(before, after), countNew(after, before), countNew(before, before)]).toEqual([3, 2, 0]);
});
