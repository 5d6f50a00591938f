/** `kconsole groups …`: shown, planned, changed, refused. */
import { beforeEach, expect, test } from 'vitest';
import { runOneShotLine } from '../../helpers/run-one-shot.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';

let world: ScriptedWorld;
beforeEach(() => {
  world = new ScriptedWorld();
  world.topics = [topic('orders', 3, 1_000n)];
  const offsets = [0, 1].map((partition) => ({ topic: 'orders', partition, offset: 400n }));
  world.groups.set('checkout', { state: 'Empty', clientId: 'shop', type: 'consumer', offsets });
});
const groups = (words: string) => runOneShotLine(`groups ${words}`, { openKafka: async () => world.kafka });
const offsets = () =>
  world.groups
    .get('checkout')
    ?.offsets.map((one) => `${one.partition}=${one.offset}`)
    .join(' ');

test('describe: type, epoch, lag from the first record where nothing was committed', async () => {
  Object.assign(world.groups.get('checkout')!, { state: 'Stable', uncommitted: [{ topic: 'orders', partition: 2 }] });
  const { out, exit } = await groups('describe checkout');
  expect(exit).toBe(0);
  expect(out).toMatch(/type +consumer\nstate +Stable\nepoch +3/);
  expect(out).toMatch(/orders +0 +400 +1000 +600 +shop/);
  expect(out).toMatch(/orders +2 .* 1000 +1000 +shop/);
  const json = JSON.parse((await groups('describe checkout -o json')).out);
  expect(json.members[0]).toMatchObject({ clientId: 'shop', epoch: 3, subscribedTopics: ['orders'] });
});

test.each([
  ['--to-earliest', '0=0 1=0'],
  ['--to-latest', '0=1000 1=1000'],
  ['--shift-by -100', '0=300 1=300'],
  ['--shift-by -900', '0=0 1=0'],
  ['--to-offset 7', '0=7 1=7'],
  ['--to-datetime 2026-11-23T11:00', '0=500 1=500'],
  ['--to-latest --topic orders:1', '0=400 1=1000'],
  ['--to-latest --topic orders:1,2', '0=400 1=1000 2=1000'],
  ['--to-latest --topic orders', '0=1000 1=1000 2=1000'],
])('reset %s: a dry run changes nothing; --execute does', async (words, after) => {
  const dry = await groups(`reset checkout ${words}`);
  expect(dry).toMatchObject({ exit: 0, err: '' });
  expect(dry.out).toContain('This is a dry run: nothing was changed. Add --execute to do it.');
  expect(world.calls).toEqual([]);
  const done = await groups(`reset checkout ${words} --execute --yes`);
  expect(done).toMatchObject({ exit: 0, err: '' });
  expect(done.out).toContain('offsets of checkout changed, and read back');
  expect(
    world.groups
      .get('checkout')
      ?.offsets.toSorted((a, b) => a.partition - b.partition)
      .map((one) => `${one.partition}=${one.offset}`)
      .join(' '),
  ).toBe(after);
});

test('a dry run as JSON: old, new, delta', async () => {
  const { out } = await groups('reset checkout --to-earliest -o json');
  expect(JSON.parse(out)).toMatchObject({
    group: 'checkout',
    isDryRun: true,
    changes: [{ label: 'orders p0', offset: { kafka_offset: 0 }, delta: -400 }, { label: 'orders p1' }],
  });
});

test.each([
  ['reset checkout', 2, 'Give one of --to-earliest'],
  ['reset checkout --to-earliest --to-latest', 2, 'Give one of --to-earliest'],
  ['reset checkout --to-offset many', 2, '--to-offset many is not an offset'],
  ['reset checkout --to-datetime soon', 2, '--to-datetime soon is not a time'],
  ['reset checkout --to-latest --topic nowhere', 2, 'There is no topic nowhere'],
  ['reset checkout --to-latest --topic orders:9', 2, 'Topic orders has 3 partitions, and 9 is none of them'],
  ['reset checkout --to-latest --execute', 2, 'add --yes'],
  ['delete checkout', 2, 'add --yes'],
  ['delete-offsets checkout payments --yes', 1, 'Group checkout has no offsets of payments.'],
])('%s is refused: exit %i, and why', async (words, exit, why) => {
  const answer = await groups(words);
  expect(answer).toMatchObject({ exit, err: expect.stringContaining(why) });
  expect([world.calls, offsets()]).toEqual([[], '0=400 1=400']);
});

test('while somebody is in the group neither plan nor change is made; they are named', async () => {
  world.groups.get('checkout')!.state = 'Stable';
  for (const words of ['reset checkout --to-earliest', 'reset checkout --to-earliest --execute --yes'])
    expect(await groups(words)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('checkout has 1 active member: shop at 10.0.0.12.'),
    });
  expect(world.calls).toEqual([]);
});

test('delete, and offsets of one topic', async () => {
  expect((await groups('delete-offsets checkout orders --yes')).out).toBe('2 offsets of orders deleted in group checkout\n');
  expect((await groups('delete checkout --yes')).out).toBe('group checkout deleted\n');
  expect(world.calls).toEqual(['delete offsets checkout orders 0, orders 1', 'delete group checkout']);
});
