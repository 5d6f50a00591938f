/** What a connector has done since the console looks. */
import { expect, test } from 'vitest';
import type { ConnectorState, ConnectorStateInfo } from '../../../src/herder/model.ts';
import { ConnectorHistory, LATE_MS } from '../../../src/store/connector-history.ts';

function status(connector: ConnectorState, ...tasks: ConnectorState[]): ConnectorStateInfo {
  const worker_id = '10.0.0.1:8083';
  return {
    name: 'orders',
    type: 'sink',
    connector: { state: connector, worker_id },
    tasks: tasks.map((state, id) => ({ id, state, worker_id })),
  };
}

test('since when is known only of what was seen to change', () => {
  const history = new ConnectorHistory();
  history.observe(status('RUNNING', 'RUNNING'), 1_000, true);
  expect(history.since('0')).toEqual({ atMs: 1_000, isExact: false });
  history.observe(status('RUNNING', 'RUNNING'), 5_000, false);
  expect(history.since('0')).toEqual({ atMs: 1_000, isExact: false });
  history.observe(status('RUNNING', 'FAILED'), 6_500, false);
  expect(history.since('0')).toEqual({ atMs: 6_500, isExact: true });
  history.observe(status('RUNNING', 'RUNNING'), 90_000, true);
  expect(history.since('0')).toEqual({ atMs: 90_000, isExact: false });
});

test('four tasks that fail and are restarted once do not flap; one that comes and goes does', () => {
  const four = new ConnectorHistory();
  for (const [ms, state] of [
    [0, 'RUNNING'],
    [1_000, 'FAILED'],
    [2_000, 'RUNNING'],
  ] as const)
    four.observe(status('RUNNING', state, state, state, state), ms, ms === 0);
  expect(four.stateChanges).toBe(2);
  expect(four.restartsLastHour).toBe(1);
  const one = new ConnectorHistory();
  for (const [ms, state] of [
    [0, 'RUNNING'],
    [1_000, 'FAILED'],
    [2_000, 'RUNNING'],
    [3_000, 'FAILED'],
  ] as const)
    one.observe(status('RUNNING', state), ms, ms === 0);
  expect(one.stateChanges).toBe(3);
  one.observe(status('RUNNING', 'FAILED'), 700_000, false);
  expect(one.stateChanges).toBe(0);
});

test('pausing and resuming is no flapping', () => {
  const history = new ConnectorHistory();
  for (let i = 0; i < 6; i++) history.observe(status(i % 2 ? 'PAUSED' : 'RUNNING', i % 2 ? 'PAUSED' : 'RUNNING'), i * 1_000, i === 0);
  expect(history.stateChanges).toBe(0);
});

test('what was asked for stands until the status follows, and is late after half a minute', () => {
  const history = new ConnectorHistory();
  history.observe(status('RUNNING', 'RUNNING'), 0, true);
  history.request({ wanted: 'PAUSED', restarted: null }, 1_000);
  history.observe(status('PAUSED', 'RUNNING'), 2_000, false);
  expect(history.requested).toMatchObject({ wanted: 'PAUSED', sinceMs: 1_000, isLate: false });
  history.observe(status('PAUSED', 'RUNNING'), 1_001 + LATE_MS, false);
  expect(history.requested?.isLate).toBe(true);
  history.observe(status('PAUSED', 'PAUSED'), 40_000, false);
  expect(history.requested).toBeNull();
});

test.each([
  ['STOPPED', status('STOPPED', 'RUNNING'), status('STOPPED')],
  ['RUNNING', status('RUNNING', 'PAUSED'), status('RUNNING', 'RUNNING')],
  ['PAUSED', status('RUNNING', 'PAUSED'), status('PAUSED', 'FAILED')],
] as const)('%s is reached when all of it is so', (wanted, notYet, reached) => {
  const history = new ConnectorHistory();
  history.request({ wanted, restarted: null }, 0);
  history.observe(notYet, 1_000, false);
  expect(history.requested).not.toBeNull();
  history.observe(reached, 2_000, false);
  expect(history.requested).toBeNull();
});

test('a restart is over when it was seen to be busy, or after a moment in which nothing was to see', () => {
  const seen = new ConnectorHistory();
  seen.request({ wanted: 'RESTARTED', restarted: 'failed' }, 0);
  seen.observe(status('RUNNING', 'RESTARTING'), 500, false);
  expect(seen.requested).not.toBeNull();
  seen.observe(status('RUNNING', 'RUNNING'), 1_000, false);
  expect(seen.requested).toBeNull();
  const unseen = new ConnectorHistory();
  unseen.request({ wanted: 'RESTARTED', restarted: 'failed' }, 0);
  unseen.observe(status('RUNNING', 'RUNNING'), 1_000, false);
  expect(unseen.requested).not.toBeNull();
  unseen.observe(status('RUNNING', 'RUNNING'), 3_500, false);
  expect(unseen.requested).toBeNull();
});

test('a task that has failed again before anybody saw it run has failed since the restart', () => {
  const history = new ConnectorHistory();
  history.observe(status('RUNNING', 'FAILED', 'FAILED'), 0, true);
  history.request({ wanted: 'RESTARTED', restarted: 1 }, 60_000);
  history.observe(status('RUNNING', 'FAILED', 'FAILED'), 64_000, false);
  expect(history.since('0')).toEqual({ atMs: 0, isExact: false });
  expect(history.since('1')).toEqual({ atMs: 60_000, isExact: true });
  expect(history.restartsLastHour).toBe(1);
});

test('figures of another origin begin anew', () => {
  const history = new ConnectorHistory();
  history.track('counters', 0).add(0, 1_000);
  history.track('counters', 0).add(1_000, 1_500);
  expect(history.progress?.rate(1_000)).toBe(500);
  history.track('ends', 2).add(2_000, 9_000_000);
  expect(history.progress?.rate(2_000)).toBeNull();
  expect(history.track('commits', 1).kind).toBe('stepped');
});

const lag = (value: bigint, known = 3) => ({ value, known, isWhole: true });

test('the growth of the lag over the last minute', () => {
  const history = new ConnectorHistory();
  history.addLag(lag(100n), 0);
  history.addLag(lag(200n), 2_000);
  expect(history.lagPerSec).toBeNull();
  history.addLag(lag(1_100n), 10_000);
  expect(history.lagPerSec).toBe(100);
  for (let s = 12; s <= 100; s += 2) history.addLag(lag(1_100n), s * 1_000);
  expect(history.lagPerSec).toBe(0);
});

test('sums over other partitions are not compared: one that comes back is no growth', () => {
  const history = new ConnectorHistory();
  history.addLag(lag(100n, 3), 0);
  history.addLag(lag(40n, 2), 10_000);
  history.addLag(lag(90_000n, 3), 20_000);
  expect(history.lagPerSec).toBeNull();
  history.track('ends', 3).add(0, 1_000);
  history.track('ends', 2).add(2_000, 600);
  history.track('ends', 3).add(4_000, 500_000);
  expect(history.progress?.rate(4_000)).toBeNull();
});

test('the same answer of Kafka counts once', () => {
  const history = new ConnectorHistory();
  expect(history.isNews(5)).toBe(true);
  expect(history.isNews(5)).toBe(false);
  expect(history.isNews(6)).toBe(true);
});

test('restarts are counted task by task: one that is seen on its way is one', () => {
  const history = new ConnectorHistory();
  const status = (...states: string[]) =>
    ({
      name: 'c',
      connector: { state: 'RUNNING', worker_id: 'w' },
      tasks: states.map((state, id) => ({ id, state, worker_id: 'w' })),
      type: 'sink',
    }) as ConnectorStateInfo;
  history.observe(status('FAILED', 'RUNNING'), 0, true);
  history.observe(status('RESTARTING', 'RUNNING'), 60_000, false);
  history.observe(status('RUNNING', 'RUNNING'), 61_500, false);
  expect([history.restartsOf('0'), history.restartsOf('1'), history.restartsLastHour]).toEqual([1, 0, 1]);
  history.observe(status('RUNNING', 'RUNNING'), 4_000_000, false);
  expect(history.restartsOf('0')).toBe(0);
});
