/** Marked groups: deleted, or set to other offsets, each for itself; what cannot be is skipped, what failed is tried again alone. */
import { expect, test } from 'vitest';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

async function start(): Promise<SessionRig & { world: ScriptedWorld; table(): string[] }> {
  const world = new ScriptedWorld();
  world.topics = [topic('orders', 2, 1_000n)];
  for (const name of ['audit', 'billing', 'checkout']) {
    const offsets = [0, 1].map((partition) => ({ topic: 'orders', partition, offset: 400n }));
    world.groups.set(name, { state: 'Empty', clientId: 'shop', offsets });
  }
  const rig = await startSession(world, { hasConnect: false });
  await rig.command('groups');
  await rig.clock.advance(4_000);
  const table = () =>
    (rig.session.bulk?.data.rows ?? []).map(({ id, state, detail }) => `${id} ${state}${detail === null ? '' : ` ${detail}`}`);
  return { ...rig, world, table };
}

const type = (rig: SessionRig, text: string) => rig.keys(...[...text].map((one) => (one === ' ' ? 'space' : one)), 'enter');
const settle = (rig: SessionRig) => rig.clock.advance(600);
/** Saved points go to real files. */
const ends = (rig: SessionRig) =>
  waitUntil('the bulk has ended', async () => {
    await rig.clock.advance(0);
    return rig.session.bulk?.data.isRunning === false || rig.dialog();
  });
const offsetsOf = (world: ScriptedWorld, group: string) => world.groups.get(group)?.offsets.map((one) => one.offset);

test('delete: all that are marked, their number typed; one with members stays, and r tries that one alone', async () => {
  using rig = await start();
  rig.world.groups.get('billing')!.state = 'Stable';
  await rig.keys('*', 'ctrl-d');
  expect(rig.dialog()[0]).toBe('delete 3 groups?');
  expect(rig.dialog().join('\n')).toContain('There is no undo.');
  expect(rig.dialog().at(-1)).toBe('type 3 groups to delete: ');
  await rig.keys('y', 'enter');
  expect(rig.world.calls).toEqual([]);
  await rig.keys('esc', 'ctrl-d');
  await type(rig, '3 groups');
  await ends(rig);
  expect(rig.session.view.pane).toBe('bulk');
  expect([...rig.world.groups.keys()]).toEqual(['billing']);
  expect(rig.table()[1]).toContain('billing failed billing has 1 active member: shop at 10.0.0.12');
  rig.world.groups.get('billing')!.state = 'Empty';
  await rig.keys('r');
  expect(rig.dialog()[0]).toBe('delete once more: 1 group?');
  await type(rig, 'billing');
  await ends(rig);
  expect(rig.table().map((row) => row.split(' ')[1])).toEqual(['ok', 'ok', 'ok']);
  expect(rig.operations.nextUndo).toBeNull();
  const log = rig.session.actionLog.records.filter((one) => one.action === 'group.delete');
  expect(new Set(log.map((one) => one.bulk)).size).toBe(1);
});

test('reset: one method for all, a dry run of each, the typed number, one undo for all of it', async () => {
  using rig = await start();
  rig.world.groups.get('billing')!.state = 'Stable';
  await rig.keys('*', 'x', 'e');
  await settle(rig);
  const asked = rig.dialog();
  expect(asked[0]).toBe('reset 3 groups to earliest?');
  expect(asked).toContain('audit     2 partitions · re-reads ≈ 800 records');
  expect(asked.join('\n')).toContain('billing   skipped: billing has 1 active member');
  expect(asked).toContain('together re-reads ≈ 1 600 records');
  expect(rig.world.calls).toEqual([]);
  await type(rig, '3 groups');
  await ends(rig);
  expect(['audit', 'billing', 'checkout'].map((group) => offsetsOf(rig.world, group))).toEqual([
    [0n, 0n],
    [400n, 400n],
    [0n, 0n],
  ]);
  expect(rig.flash()).toBe('reset 3 groups to earliest: 2 ok · 1 skipped · z undoes it');
  expect(rig.operations.nextUndo?.title).toBe('take back: reset 2 groups');
  await rig.keys('z', 'y');
  await waitUntil('both are put back', async () => {
    await rig.clock.advance(0);
    return (offsetsOf(rig.world, 'audit')?.[0] === 400n && offsetsOf(rig.world, 'checkout')?.[0] === 400n) || rig.table();
  });
  await ends(rig);
  expect(rig.session.bulk?.data.targets.get('audit')).toEqual({ group: 'audit' });
});

test('reset: a shift is typed, asked again when it is none, and counts from where each group stands then', async () => {
  using rig = await start();
  await rig.keys('space', 'j', 'space', 'x', 's');
  await type(rig, 'many');
  expect(rig.dialog()).toContain('"many" is not understood');
  await type(rig, '+100');
  await settle(rig);
  expect(rig.dialog()).toContain('400 records will never be delivered');
  rig.world.groups.get('audit')!.offsets[0]!.offset = 500n;
  await type(rig, '2 groups');
  await ends(rig);
  expect(offsetsOf(rig.world, 'audit')?.toSorted()).toEqual([500n, 600n]);
  expect(offsetsOf(rig.world, 'checkout')).toEqual([400n, 400n]);
});

test('reset: what Kafka refuses is failed in the table, and the others are done', async () => {
  using rig = await start();
  await rig.keys('*', 'x', 'l');
  await settle(rig);
  rig.world.groups.get('checkout')!.state = 'Stable';
  await type(rig, '3 groups');
  await ends(rig);
  expect(rig.table()[2]).toContain('checkout failed checkout: check failed: checkout has 1 active member');
  expect(offsetsOf(rig.world, 'billing')).toEqual([1_000n, 1_000n]);
});

test('none of them can be changed: said, and nothing is asked; one mark means that group, with all methods', async () => {
  using rig = await start();
  for (const group of rig.world.groups.values()) group.state = 'Stable';
  await rig.keys('*', 'x', 'e');
  await settle(rig);
  expect(rig.dialog()[1]).toBe('None of them can be changed.');
  for (const group of rig.world.groups.values()) group.state = 'Empty';
  await rig.keys('esc', '*', 'j', 'space', 'k', 'x');
  await settle(rig);
  expect(rig.dialog()[0]).toBe('offsets of billing (group)');
});
