/** What was typed before a question could be read does not answer it, however slow the line is. */
import { expect, test } from 'vitest';
import { NO_TERMINAL } from '../../../src/store/terminal-port.ts';
import { startSession } from '../../helpers/session-rig.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

async function onAccessLog() {
  const world = troubledWorld();
  const rig = await startSession(world);
  await rig.command('tasks accesslog-source');
  return { rig, world };
}

test('keys that came together with the one that asks are thrown away', async () => {
  const { rig, world } = await onAccessLog();
  using _ = rig;
  rig.dispatcher.press(['p', 'y', 'enter', 'y']);
  expect(rig.dialog()[0]).toBe('pause accesslog-source?');
  await rig.clock.advance(249);
  rig.dispatcher.press(['y']);
  expect(world.calls).toEqual([]);
  await rig.clock.advance(1);
  rig.dispatcher.press(['y']);
  expect(world.calls).toEqual(['pause accesslog-source']);
});

test('over a slow line answers count from the time on at which the question was seen', async () => {
  const { rig, world } = await onAccessLog();
  using _ = rig;
  rig.session.terminal = { ...NO_TERMINAL, latencyMs: () => 900 };
  rig.dispatcher.press(['p']);
  await rig.clock.advance(899);
  rig.dispatcher.press(['y']);
  expect(world.calls).toEqual([]);
  await rig.clock.advance(1);
  rig.dispatcher.press(['y']);
  expect(world.calls).toEqual(['pause accesslog-source']);
});

test('a paste answers no question', async () => {
  const { rig, world } = await onAccessLog();
  using _ = rig;
  await rig.keys('p');
  rig.dispatcher.paste('y\r');
  expect(rig.dialog()[0]).toBe('pause accesslog-source?');
  await rig.keys('esc', 'ctrl-d');
  rig.dispatcher.paste('accesslog-source');
  await rig.keys('enter');
  expect(world.calls).toEqual([]);
});
