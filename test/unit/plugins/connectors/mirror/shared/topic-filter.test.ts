import { expect, test } from 'vitest';
import { topicFilterOf } from '../../../../../../src/plugins/connectors/mirror/shared/topic-filter.ts';

const NAMES = ['a', 'b', 'c', 'xa', 'foobar', 'bar', 'mm2-x.internal', 'r.replica', '__c', '.internal', 'x.internal'];

// As DefaultTopicFilter answers.
test.each([
  [{}, ['a', 'b', 'c', 'xa', 'foobar', 'bar', '.internal', 'x.internal']],
  [{ topics: 'a,b|c' }, ['a', 'b', 'c']],
  [{ topics: 'foo.*, bar' }, ['foobar', 'bar']],
  [{ topics: '' }, []],
  [{ 'topics.exclude': '' }, NAMES],
  [{ topics: 'a.*,b', 'topics.exclude': 'a' }, ['b']],
])('%j', (config, expected) => {
  expect(NAMES.filter(topicFilterOf(config))).toEqual(expected);
});

test('an expression that cannot be read is named with its key', () => {
  expect(() => topicFilterOf({ topics: '([' })).toThrow(/Invalid value \(\[ for configuration topics: /);
});
