/** Who would get the work of a worker that left: the leader's own reckoning over what the group has told. */
import { expect, test } from 'vitest';
import type { ConnectGroupMember } from '../../../src/cluster/connect-group.ts';
import { leavingWords } from '../../../src/store/group-in-words.ts';
import { ifWorkerDrained, ifWorkerLeft } from '../../../src/store/worker-leaves.ts';

/** `c` connectors and tasks `from` to `to` of `orders`. */
const member = (name: string, connectors: string[], tasks: number[]): ConnectGroupMember => ({
  memberId: name,
  url: `http://${name}:1/`,
  host: '10.0.0.1',
  configOffset: 1n,
  isDraining: false,
  owned: { connectors, tasks: tasks.map((task) => ({ connector: 'orders', task })) },
});
const THREE = [member('a', ['orders'], [0, 1]), member('b', ['pay'], [2, 3]), member('c', [], [4, 5])];
const leave = (memberId: string, more: { workers?: ConnectGroupMember[]; protocol?: string } = {}) =>
  ifWorkerLeft({ workers: THREE, leader: 'a', protocol: 'sessioned', ...more }, memberId);
const numbers = (moves: ReturnType<typeof leave>['moves']) =>
  moves.map(({ to, connectors, tasks }) => [to, connectors, tasks.map(({ task }) => task)]);

test('a follower: its work waits, then goes to the others, evenly; nothing of theirs moves', () => {
  const forecast = leave('b');
  expect([forecast.how, forecast.between]).toEqual(['waits', 0]);
  expect(numbers(forecast.moves)).toEqual([
    ['http://a:1/', [], [2]],
    ['http://c:1/', ['pay'], [3]],
  ]);
  expect(leavingWords(forecast)).toBe(
    'after scheduled.rebalance.max.delay.ms (5 min by default): 1 task to a:1; 1 connector, 1 task to c:1',
  );
});

test('the leader: the next one knows of nothing to wait for', () => {
  const forecast = leave('a');
  expect(forecast.how).toBe('at once');
  expect(forecast.moves.flatMap(({ tasks }) => tasks.map(({ task }) => task)).sort()).toEqual([0, 1]);
  expect(forecast.moves.flatMap(({ connectors }) => connectors)).toEqual(['orders']);
});

test('draining: the leader, whoever it is, hands all of it out at once; who drains as well gets none', () => {
  const drained = (workers = THREE, memberId = 'b') => ifWorkerDrained({ workers, leader: 'a', protocol: 'sessioned' }, memberId);
  const forecast = drained();
  expect([forecast.how, forecast.between]).toEqual(['handed over', 0]);
  expect(numbers(forecast.moves)).toEqual([
    ['http://a:1/', [], [2]],
    ['http://c:1/', ['pay'], [3]],
  ]);
  expect(leavingWords(forecast)).toBe('its leader hands out at once: 1 task to a:1; 1 connector, 1 task to c:1');
  const [a, b, c] = THREE as [ConnectGroupMember, ConnectGroupMember, ConnectGroupMember];
  const more = drained([a, b, { ...c, isDraining: true }]);
  expect(more.moves.map(({ to }) => to)).toEqual(['http://a:1/']);
  expect(drained([{ ...a, isDraining: true }, b]).how).toBe('nobody');
});

test('a member that owned nothing while the work waited gets all of it', () => {
  const workers = [member('a', ['orders'], [0, 4]), member('b', ['pay'], [1, 2, 3]), member('idle', [], [])];
  expect(numbers(leave('b', { workers }).moves)).toEqual([['http://idle:1/', ['pay'], [1, 2, 3]]]);
});

test('eager: everything is handed out anew at once, also between those that stay', () => {
  const forecast = leave('b', { protocol: 'default' });
  expect(forecast.how).toBe('anew');
  expect(forecast.moves.flatMap(({ tasks }) => tasks.map(({ task }) => task)).sort()).toEqual([2, 3]);
  expect(leavingWords(forecast)).toContain('all work stops and is handed out anew at once (eager)');
});

test('the only one: nobody is there to take its work; one that owns nothing takes nothing along', () => {
  expect(leavingWords(leave('a', { workers: [THREE[0]!] }))).toBe('nobody is there to take its work');
  const workers = [member('a', ['orders'], [0]), member('idle', [], [])];
  expect(leavingWords(leave('idle', { workers }))).toBe('nothing of its own would move');
});
