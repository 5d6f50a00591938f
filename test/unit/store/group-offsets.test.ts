/** Other offsets for a group, and its end: refused while somebody is in it, previewed, written, read back, taken back. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { ScriptedGroup } from '../../helpers/scripted-groups.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

const rigs: SessionRig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig[Symbol.dispose]();
});

async function start(group: Partial<ScriptedGroup>): Promise<SessionRig & { world: ScriptedWorld }> {
  const world = new ScriptedWorld();
  world.topics = [topic('orders', 2, 1_000n)];
  const offsets = [0, 1].map((partition) => ({ topic: 'orders', partition, offset: 400n }));
  world.groups.set('checkout', { state: 'Empty', clientId: 'shop', offsets, ...group });
  const rig = await startSession(world, { hasConnect: false });
  rigs.push(rig);
  await rig.command('groups');
  await rig.clock.advance(4_000);
  return { ...rig, world };
}

/** Lets what was asked be answered; a question that has just come takes answers then. */
const settle = (rig: SessionRig) => rig.clock.advance(600);

/** The saved point goes to a real file. */
const asks = (rig: SessionRig, text: string) =>
  waitUntil(`the dialog says ${text}`, async () => {
    await rig.clock.advance(0);
    return rig.dialog().join('\n').includes(text) || rig.dialog();
  });

async function resetToEarliest(rig: SessionRig): Promise<void> {
  await rig.press('group.offsets-reset');
  await settle(rig);
  await rig.keys('e');
  await settle(rig);
}

test('a group with members is refused, and they are named', async () => {
  const rig = await start({ state: 'Stable' });
  await resetToEarliest(rig);
  expect(rig.dialog().join('\n')).toContain('checkout has 1 active member: shop at 10.0.0.12.');
  expect(rig.world.calls).toEqual([]);
});

test.each(['consumer', 'share', 'streams', 'classic'])(
  'an empty %s group: old → new → delta, typed name, read back, undo',
  async (type) => {
    const rig = await start({ type });
    await resetToEarliest(rig);
    const preview = rig.dialog().join('\n');
    expect(preview).toMatch(/orders p0 +400 +→ +0 +-400 +re-reads ≈ 400 records/);
    expect(preview).toContain('steps  check → save → change → read back');
    expect(rig.world.calls).toEqual([]);
    await rig.keys(...'checkout', 'enter');
    await asks(rig, 'offsets of checkout changed');
    expect(rig.world.groups.get('checkout')?.offsets.map((one) => one.offset)).toEqual([0n, 0n]);
    await rig.keys('esc');
    await rig.press('app.undo');
    await rig.keys('y');
    await asks(rig, 'offsets of checkout changed');
    expect(rig.world.groups.get('checkout')?.offsets.map((one) => one.offset)).toEqual([400n, 400n]);
    expect(readFileSync(rig.actionLogFile, 'utf8')).toContain('group.offsets-reset');
  },
);

test('somebody joins between the preview and the typed name: nothing is changed', async () => {
  const rig = await start({});
  await resetToEarliest(rig);
  rig.world.groups.get('checkout')!.state = 'Stable';
  await rig.keys(...'checkout', 'enter');
  await settle(rig);
  expect(rig.dialog().join('\n')).toMatch(/check failed: checkout has 1 active member: shop at 10\.0\.0\.12/);
  expect(rig.world.calls).toEqual([]);
});

test('a group of Connect workers keeps no offsets: said, not asked', async () => {
  const rig = await start({ state: 'Stable', protocolType: 'connect', offsets: [] });
  await resetToEarliest(rig);
  expect(rig.dialog().join('\n')).toContain('checkout is a group of type connect: it keeps no offsets of its own');
});

test('a share group gives up whole topics only', async () => {
  const rig = await start({ type: 'share' });
  await rig.keys('enter');
  await rig.press('group.offsets-reset');
  await settle(rig);
  await rig.keys('d');
  await settle(rig);
  await rig.keys(...'checkout', 'enter');
  await asks(rig, 'a share group can only give up whole topics, and orders p1 would stay');
  expect(rig.world.groups.get('checkout')?.offsets).toHaveLength(2);
});

test('delete: the name is typed, no undo is promised, the offsets are in the action log', async () => {
  const rig = await start({});
  await rig.press('group.delete');
  expect(rig.dialog().join('\n')).toContain('There is no undo.');
  await rig.keys(...'check', 'enter');
  expect(rig.world.calls).toEqual([]);
  await rig.keys(...'out', 'enter');
  await settle(rig);
  expect(rig.world.calls).toEqual(['delete group checkout']);
  expect(rig.operations.nextUndo).toBeNull();
  expect(readFileSync(rig.actionLogFile, 'utf8')).toContain('orders p0 400, orders p1 400');
});

test('a group somebody is in is not deleted', async () => {
  const rig = await start({ state: 'Stable' });
  await rig.press('group.delete');
  await rig.keys(...'checkout', 'enter');
  await settle(rig);
  expect(rig.flash()).toContain('checkout has 1 active member: shop at 10.0.0.12');
  expect(rig.world.groups.has('checkout')).toBe(true);
});

test('offsets of one topic', async () => {
  const rig = await start({});
  await rig.keys('enter');
  await rig.command('delete-offsets');
  await settle(rig);
  expect(rig.dialog().join('\n')).toContain('2 committed offsets of orders');
  await rig.keys(...'orders', 'enter');
  await settle(rig);
  expect(rig.world.calls).toEqual(['delete offsets checkout orders 0, orders 1']);
});

test('read-only: neither key is there', async () => {
  const world = new ScriptedWorld();
  world.groups.set('checkout', { state: 'Empty', clientId: '', offsets: [] });
  const rig = await startSession(world, { isReadOnly: true });
  rigs.push(rig);
  await rig.command('groups');
  await rig.press('group.offsets-reset', 'group.delete');
  expect(rig.dialog()).toEqual([]);
});
