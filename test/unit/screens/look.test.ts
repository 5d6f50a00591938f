/** Looking closer: describe, raw facts and who uses it, with the keys, on the screen. */
import { expect, test } from 'vitest';
import { startConsole } from '../../helpers/console-rig.ts';
import { startSession } from '../../helpers/session-rig.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

async function open() {
  const rig = startConsole(troubledWorld(), { size: [100, 40] });
  for (let i = 0; i < 6; i++) await rig.pass(1_500);
  rig.press('go.connectors');
  await rig.screen.shows('by health');
  return rig;
}

test('d tells all of a connector: its state, topics, group, tasks, and every fact', async () => {
  await using rig = await open();
  rig.press('row.describe');
  const text = await rig.screen.shows('about orders-sink');
  expect(text).toMatch(/connector orders-sink {2}✖ FAILED/);
  expect(text).toMatch(/reads +orders .*ok/);
  expect(text).toMatch(/task 1 +✖ FAILED.*Duplicate entry/);
  rig.screen.type('/className\r');
  await rig.screen.shows(/\/className {2}1\/1/);
  await rig.screen.shows('className: ');
});

test('what was done to it is told, newest first', async () => {
  await using rig = await open();
  rig.press('connector.pause');
  await rig.screen.shows('pause orders-sink?');
  await rig.pass(250);
  rig.keys('y');
  await rig.screen.lacks('pause orders-sink?');
  await rig.pass(1_500);
  rig.press('row.describe');
  await rig.screen.shows(/last actions on it\n +.*pause.* ok/);
});

test('y is JSON, again YAML, with the config and without its secrets; esc leads back', async () => {
  await using rig = await open();
  rig.press('row.describe');
  await rig.screen.shows('about orders-sink');
  rig.press('row.raw');
  await rig.screen.shows('JSON of orders-sink');
  rig.screen.type('/password\r');
  await rig.pass(2_000);
  await rig.screen.shows('"[hidden]"');
  await rig.screen.lacks('hunter2');
  rig.press('row.raw');
  await rig.screen.shows('YAML of orders-sink');
  await rig.screen.shows(/^▸? +connection.password: "\[hidden\]"/m);
  rig.press('app.back');
  rig.press('app.back');
  await rig.screen.shows('by health');
});

test('y of a config is the JSON of its connector', async () => {
  await using rig = await open();
  rig.press('connector.config');
  await rig.screen.shows('config of orders-sink');
  rig.press('row.raw');
  await rig.screen.shows('JSON of orders-sink');
});

test('n and N go through what was searched for, round the end', async () => {
  await using rig = await open();
  rig.press('row.describe');
  await rig.screen.shows('about orders-sink');
  rig.screen.type('/Duplicate\r');
  const [, last] = /\/Duplicate {2}1\/(\d+)/.exec(await rig.screen.shows(/\/Duplicate {2}1\/\d/)) ?? [];
  rig.press('move.next-match');
  await rig.screen.shows(`/Duplicate  2/${last}`);
  rig.press('move.previous-match', 'move.previous-match');
  await rig.screen.shows(`/Duplicate  ${last}/${last}`);
  await rig.screen.shows(/^▸.*Duplicate/m);
});

test('i tells who uses it, and Enter goes there', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.topics');
  const topic = rig.rows().indexOf('orders');
  for (let i = 0; i < topic; i++) await rig.press('move.down');
  await rig.press('row.users');
  await rig.clock.advance(6_000);
  expect(rig.rows()).toContain('is read by connector orders-sink');
  expect(rig.rows()).toContain('is read by group connect-orders-sink');
  await rig.press('row.open');
  expect(rig.session.view).toMatchObject({ pane: 'tasks', target: { connector: 'orders-sink' } });
  await rig.press('row.users');
  expect(rig.rows()).toContain('reads topic orders');
});

test('what is gone is said, and a table without rows has nothing to describe', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.press('go.actions', 'row.describe');
  expect(rig.flash()).toBe('there is no row');
});
