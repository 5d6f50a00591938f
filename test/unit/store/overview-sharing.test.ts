import { expect, test } from 'vitest';
import type { ConnectorOverview } from '../../../src/herder/model.ts';
import { shareOverview } from '../../../src/store/overview-sharing.ts';

const answer = (): ConnectorOverview => ({
  status: {
    name: 'orders',
    type: 'sink',
    connector: { state: 'RUNNING', worker_id: 'w1:8083' },
    tasks: [{ id: 0, state: 'RUNNING', worker_id: 'w1:8083' }],
  },
  info: { name: 'orders', type: 'sink', config: { a: '1', b: '2' }, tasks: [{ connector: 'orders', task: 0 }] },
});

test('an answer that says the same is the same object', () => {
  const before = answer();
  expect(shareOverview(before, answer())).toBe(before);
  const first = answer();
  expect(shareOverview(undefined, first)).toBe(first);
});

test.each<[string, (fresh: ConnectorOverview) => ConnectorOverview]>([
  ['a setting has another value', ({ status, info }) => ({ status, info: { ...info, config: { a: '1', b: '3' } } })],
  ['a setting is gone', ({ status, info }) => ({ status, info: { ...info, config: { a: '1' } } })],
  ['a setting is new', ({ status, info }) => ({ status, info: { ...info, config: { ...info.config, c: '' } } })],
  ['its config has another task', ({ status, info }) => ({ status, info: { ...info, tasks: [] } })],
  ['its type is known', ({ status, info }) => ({ status: { ...status, type: 'source' }, info: { ...info, type: 'source' } })],
  ['its state', ({ status, info }) => ({ status: { ...status, connector: { ...status.connector, state: 'PAUSED' } }, info })],
  ['its trace', ({ status, info }) => ({ status: { ...status, connector: { ...status.connector, trace: 'x' } }, info })],
  ['a task fails', ({ status, info }) => ({ status: { ...status, tasks: [{ ...status.tasks[0]!, state: 'FAILED' }] }, info })],
  [
    'a task is on another worker',
    ({ status, info }) => ({ status: { ...status, tasks: [{ ...status.tasks[0]!, worker_id: 'w2' }] }, info }),
  ],
  ['a task is gone', ({ status, info }) => ({ status: { ...status, tasks: [] }, info })],
])('what has changed is told: %s', (_, change) => {
  const fresh = change(answer());
  expect(shareOverview(answer(), fresh)).toEqual(fresh);
});
