/** Where the user is, what was said, what is asked of the sources: the console without its screen. */
import { expect, test } from 'vitest';
import { startSession } from '../../helpers/session-rig.ts';
import { waitUntil } from '../../helpers/wait-until.ts';
import { koreanWorld, troubledWorld } from '../../helpers/worlds.ts';

const panes = (rig: Awaited<ReturnType<typeof startSession>>) => rig.session.ui.stack.map((view) => view.pane);

test('views form the way back, each as it was left', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.connectors', 'move.down', 'move.down', 'row.open');
  expect(panes(rig)).toEqual(['home', 'connectors', 'tasks']);
  const name = rig.session.view.target.connector;
  await rig.press('app.back');
  expect(rig.session.focus().connector).toBe(name);
  await rig.press('app.back', 'app.back', 'app.back');
  expect(panes(rig)).toEqual(['home']);
  await rig.press('go.topics', 'go.groups');
  expect(panes(rig)).toEqual(['home', 'groups']);
});

test('esc undoes one thing at a time: filter, faults only, view', async () => {
  using rig = await startSession(troubledWorld());
  await rig.press('go.connectors', 'table.faults');
  expect(rig.rows()).toEqual(['orders-sink']);
  await rig.keys('/', 'z', 'z', 'enter');
  expect(rig.rows()).toEqual([]);
  await rig.press('app.back');
  expect(rig.rows()).toEqual(['orders-sink']);
  await rig.press('app.back');
  expect(rig.rows()).toHaveLength(6);
  await rig.press('app.back');
  expect(panes(rig)).toEqual(['home']);
});

test('the cursor stays on its row when rows come and go', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.press('go.connectors', 'move.bottom');
  const last = rig.session.focus().connector;
  world.connectors.splice(0, 2);
  await rig.clock.advance(6_000);
  expect(rig.session.focus().connector).toBe(last);
  world.connectors = world.connectors.filter((one) => one.name !== last);
  await rig.clock.advance(6_000);
  expect(rig.rows()).not.toContain(last);
  expect(rig.session.focus().connector).toBe(rig.rows().at(-1));
});

test('rows do not change places under the finger', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.press('go.connectors', 'move.bottom');
  const before = rig.rows();
  world.connector('old-export').state = 'FAILED';
  for (let i = 0; i < 4; i++) {
    await rig.clock.advance(1_000);
    await rig.press('move.up');
  }
  expect(rig.rows()).toEqual(before);
  await rig.clock.advance(3_000);
  rig.rows();
  expect(rig.rows().slice(0, 2)).toEqual(['old-export', 'orders-sink']);
});

test('what was said goes by itself, an error stays until a key and is counted', async () => {
  using rig = await startSession(troubledWorld());
  rig.session.flash('info', 'done');
  await rig.clock.advance(2_500);
  expect(rig.flash()).toBe('done');
  await rig.clock.advance(2_000);
  expect(rig.flash()).toBe('');
  rig.session.flash('error', 'refused');
  await rig.clock.advance(60_000);
  expect(rig.flash()).toBe('refused');
  expect(rig.session.ui.unreadErrors).toBe(1);
  await rig.press('move.down');
  expect(rig.flash()).toBe('');
});

test('a question takes no answer that was typed before it could be read', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.press('go.connectors', 'move.down');
  rig.dispatcher.press(['p', 'y', 'y']);
  await rig.clock.advance(249);
  rig.dispatcher.press(['y']);
  expect(rig.dialog()[0]).toMatch(/^pause /);
  expect(world.calls).toEqual([]);
  await rig.clock.advance(1);
  await rig.keys('y');
  expect(rig.dialog()).toEqual([]);
  expect(world.calls).toHaveLength(1);
});

test('only what is in sight is asked for beyond the usual', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  expect(rig.session.current().data.cluster?.groups).toBeNull();
  await rig.press('go.groups');
  await rig.clock.advance(4_000);
  expect(rig.session.current().data.cluster?.groups?.map((group) => group.groupId)).toContain('checkout');
  await rig.command('offsets audit-sink');
  await rig.clock.advance(2_000);
  expect(rig.session.current().data.offsets).toMatchObject({ connector: 'audit-sink', error: null });
  await rig.command('topic payments');
  await rig.clock.advance(3_000);
  expect(rig.session.current().data.cluster?.bounds).toMatchObject({ topic: 'payments' });
});

test('offsets of one connector are never shown as those of another', async () => {
  const world = troubledWorld();
  using rig = await startSession(world);
  await rig.command('offsets audit-sink');
  await rig.clock.advance(2_000);
  expect(rig.rows()).toHaveLength(1);
  await rig.command('offsets accesslog-source');
  expect(rig.session.current().data.offsets?.connector).not.toBe('audit-sink');
});

test('a tail follows, freezes, and stands still while one record is read', async () => {
  const world = koreanWorld();
  using rig = await startSession(world);
  await rig.command('tail 접속기록 from=begin');
  const { session } = rig;
  await waitUntil('three records are read', () => session.tail?.tail.ring.length === 3);
  session.shown({ top: 0, height: 10, count: 3 });
  const shown = () => session.current().data.tail?.records.map((record) => Number(record.offset));
  expect(shown()).toEqual([11, 12, 13]);
  await rig.press('tail.freeze');
  world.records.push({ ...world.records[0]!, offset: 14n });
  await waitUntil('the fourth is read', () => session.tail?.tail.ring.length === 4);
  expect(shown()).toEqual([11, 12, 13]);
  expect(session.current().data.tail?.newSinceFrozen).toBe(1);
  await rig.press('tail.freeze');
  expect(shown()).toEqual([11, 12, 13, 14]);
  await rig.press('move.up', 'row.open');
  expect(session.view.pane).toBe('record');
  expect(session.current().data.record?.offset).toBe(13n);
  await rig.press('app.back');
  expect(session.view.isFollowing).toBe(false);
  await rig.press('tail.follow');
  expect(session.view).toMatchObject({ isFollowing: true, frozenAt: null });
});

test('the topics of a group are followed; of one of its partitions only that one', async () => {
  using rig = await startSession(troubledWorld());
  await rig.command('groups');
  await waitUntil('groups are there', async () => {
    await rig.clock.advance(1_000);
    return rig.rows().includes('checkout');
  });
  rig.session.updateView({ cursorId: 'checkout' });
  await rig.press('group.tail');
  expect(rig.session.view).toMatchObject({ pane: 'tail', target: { topics: ['orders'] } });
  expect(rig.session.view.target.partitions).toBeUndefined();
  rig.session.back();
  await rig.press('row.open');
  await waitUntil('its partitions are there', async () => {
    await rig.clock.advance(1_000);
    return rig.rows().length > 0;
  });
  await rig.press('group.tail');
  expect(rig.session.view.target).toMatchObject({ topics: ['orders'], partitions: [0] });
});

test('a tail ends when nobody looks at it any more', async () => {
  using rig = await startSession(koreanWorld());
  await rig.command('tail 접속기록');
  expect(rig.session.tail).not.toBeNull();
  await rig.press('go.home');
  expect(rig.session.tail).toBeNull();
});

test('without sources it says so and does not fail', async () => {
  using rig = await startSession(null);
  await rig.press('go.connectors');
  expect(rig.flash()).toContain('no Connect worker is configured');
  await rig.press('go.topics');
  expect(rig.flash()).toContain('no Kafka cluster is configured');
  expect(panes(rig)).toEqual(['home']);
});

test('the exit code is the first that was asked for', async () => {
  using rig = await startSession(troubledWorld());
  await rig.keys('q');
  expect(rig.dialog()[0]).toBe('leave kconsole?');
  await rig.keys('y');
  rig.session.exit(143);
  expect((await rig.session.exited).code).toBe(0);
});
