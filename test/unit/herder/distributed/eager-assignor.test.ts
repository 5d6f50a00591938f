import { expect, test } from 'vitest';
import { assignEagerly } from '../../../../src/herder/distributed/eager-assignor.ts';
import { itemsOf, workOf } from '../../../helpers/work-items.ts';

test.each([
  [
    'connectors in turn, then tasks from where these ended',
    ['b', 'a'],
    ['y', 'x', 'z', 'x 0', 'x 1', 'y 0'],
    { a: ['x', 'z', 'x 1'], b: ['y', 'x 0', 'y 0'] },
  ],
  ['tasks by number, not by text', ['a', 'b'], ['x', 'x 10', 'x 9'], { a: ['x', 'x 10'], b: ['x 9'] }],
  ['fewer than members', ['c', 'a', 'b'], ['x'], { a: ['x'], b: [], c: [] }],
  ['nothing', ['a'], [], { a: [] }],
])('%s', (_, members, configured, expected) => {
  const shares = assignEagerly(members, workOf(configured));
  expect(Object.fromEntries([...shares].map(([id, work]) => [id, itemsOf(work)]))).toEqual(expected);
});
