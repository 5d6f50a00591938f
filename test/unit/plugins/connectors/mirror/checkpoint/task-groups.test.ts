import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunksOf, groupsOfConfig, groupsToConfig } from '../../../../../../src/plugins/connectors/mirror/checkpoint/task-groups.ts';

test('neighbours stay together, and the first tasks have one more', () => {
  const groups = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(chunksOf(groups, 3)).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
    ['f', 'g'],
  ]);
  expect(chunksOf(groups, 1)).toEqual([groups]);
  expect(chunksOf(['a', 'b'], 5)).toEqual([['a'], ['b']]);
  expect(chunksOf([], 5)).toEqual([]);
});

test('plain names go as the original writes them', () => {
  expect(groupsToConfig(['shop', 'a.b-c'])).toEqual({ 'task.assigned.groups': 'shop,a.b-c' });
  expect(groupsOfConfig({ 'task.assigned.groups': 'shop, a.b-c' })).toEqual(['shop', 'a.b-c']);
  expect(groupsOfConfig({ 'task.assigned.groups': '' })).toEqual([]);
});

test('a name with a comma, or with blanks at its ends, goes beside them', () => {
  const config = groupsToConfig(['shop', 'a,b', ' c ']);
  expect(config).toEqual({ 'task.assigned.groups': 'shop', 'task.assigned.groups.exact': '["a,b"," c "]' });
  expect(groupsOfConfig(config)).toEqual(['shop', 'a,b', ' c ']);
});

test('every name arrives', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), (groups) => {
      expect(groupsOfConfig(groupsToConfig(groups)).sort()).toEqual(groups.sort());
    }),
  );
});

test.each(['[1]', '{}', 'x'])('what is no list of names is refused: %s', (text) => {
  expect(() => groupsOfConfig({ 'task.assigned.groups.exact': text })).toThrow(
    `task.assigned.groups.exact = ${text} is no list of names as JSON. Tasks are configured by their connector: restart it.`,
  );
});
