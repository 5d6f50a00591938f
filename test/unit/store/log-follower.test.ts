/** The worker's log as far as it is offered. */
import { expect, test } from 'vitest';
import { LogFollower, type LogScope } from '../../../src/store/log-follower.ts';
import { ScriptedWorld } from '../../helpers/scripted-world.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

function follow(world: ScriptedWorld, scope: LogScope = { connector: null, task: null }) {
  const clock = createTestClock();
  const follower = new LogFollower({ herder: world.herder, scope, clock, pace: () => 1, onChange: () => undefined });
  follower.start();
  return { clock, follower, messages: () => follower.data.events.map((event) => event.message), [Symbol.dispose]: () => follower.stop() };
}
const event = (sequence: number, connector: string | null = null, task: number | null = null) => ({
  sequence,
  timeMs: 0,
  level: 'INFO' as const,
  logger: 'x',
  message: `m${sequence}`,
  connector,
  task,
  trace: null,
});

test('what is there, and then what comes', async () => {
  const world = new ScriptedWorld();
  world.log = [event(1), event(2)];
  using rig = follow(world);
  await rig.clock.advance(100);
  expect(rig.messages()).toEqual(['m1', 'm2']);
  world.log.push(event(3));
  await rig.clock.advance(1_000);
  expect(rig.messages()).toEqual(['m1', 'm2', 'm3']);
  expect(rig.follower.data).toMatchObject({ isOffered: true, dropped: 0, error: null });
});

test('of one connector or one task only', async () => {
  const world = new ScriptedWorld();
  world.log = [event(1, 'a', 0), event(2, 'a', 1), event(3, 'b', 0), event(4)];
  using connector = follow(world, { connector: 'a', task: null });
  using task = follow(world, { connector: 'a', task: 1 });
  await connector.clock.advance(100);
  await task.clock.advance(100);
  expect([connector.messages(), task.messages()]).toEqual([['m1', 'm2'], ['m2']]);
});

test('a long log is read page by page and kept bounded, with what was dropped counted', async () => {
  const world = new ScriptedWorld();
  world.log = Array.from({ length: 7_300 }, (_, i) => event(i));
  using rig = follow(world);
  await rig.clock.advance(100);
  expect(rig.follower.data.events).toHaveLength(5_000);
  expect(rig.messages().at(-1)).toBe('m7299');
  expect(rig.follower.data.dropped).toBe(2_300);
});

test('a worker without one says so; one that does not answer keeps what was read', async () => {
  const world = new ScriptedWorld();
  world.log = null;
  using none = follow(world);
  await none.clock.advance(100);
  expect(none.follower.data.isOffered).toBe(false);
  world.log = [event(1)];
  using rig = follow(world);
  await rig.clock.advance(100);
  world.herderError = new Error('connection refused');
  await rig.clock.advance(2_000);
  expect(rig.follower.data).toMatchObject({ isOffered: true, error: 'connection refused' });
  expect(rig.messages()).toEqual(['m1']);
});
