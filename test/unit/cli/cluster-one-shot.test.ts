/** The command lines about brokers and leaders, over a scripted Kafka. */
import { expect, test } from 'vitest';
import { runOneShotLine } from '../../helpers/run-one-shot.ts';
import { ScriptedWorld, topic } from '../../helpers/scripted-world.ts';

function world(): ScriptedWorld {
  const one = new ScriptedWorld();
  one.topics = [topic('orders', 2, 10n), topic('audit', 1, 4n)];
  for (const { partitions } of one.topics) for (const partition of partitions) partition.leader = partition.replicas[0]!;
  return one;
}
const run = (one: ScriptedWorld, words: string, more: Parameters<typeof runOneShotLine>[1] = {}) =>
  runOneShotLine(words, { openKafka: async () => one.kafka, ...more });

test('what if: 0 when everything stays writable, 1 when not, 2 for a broker that is not there', async () => {
  const one = world();
  const well = await run(one, 'brokers what-if 1');
  expect(well).toMatchObject({ exit: 0, err: '' });
  expect(well.out).toContain('what if 1 is lost: 3 partitions: 3 stay writable\nmetadata quorum 2 of 3: goes on');
  expect(well.out).toContain('every partition stays writable');
  const bad = await run(one, 'brokers what-if 1,2 -o json');
  expect(bad.exit).toBe(1);
  expect(JSON.parse(bad.out)).toMatchObject({ lost: [1, 2], partitions: 3, quorum: { left: 1, of: 3, hasMajority: false } });
  expect(await run(one, 'brokers what-if 9')).toMatchObject({
    exit: 2,
    err: expect.stringContaining('There is no broker 9; there are 1, 2, 3.'),
  });
});

test('what if: what may not be asked is said to be unknown', async () => {
  const one = world();
  const admin = one.kafka.admin();
  const refused = () => Promise.reject(new Error('not allowed'));
  const kafka = { ...one.kafka, admin: () => ({ ...admin, topicConfigs: refused, eligibleReplicas: refused, quorum: refused }) };
  const { out, exit } = await run(one, 'brokers what-if 1', { openKafka: async () => kafka });
  expect(exit).toBe(0);
  expect(out).toContain('min.insync.replicas of 2 topics is not known: taken as 1');
  expect(out).not.toContain('quorum');
});

test('preferred leaders: only what is led by another one is asked for', async () => {
  const one = world();
  const [partition] = one.topics[0]!.partitions;
  partition!.leader = partition!.replicas[1]!;
  expect(await run(one, 'topics elect orders audit')).toMatchObject({ exit: 0, out: expect.stringMatching(/orders +0 +elected/) });
  expect(one.calls).toEqual(['elect preferred orders-0']);
  expect(await run(one, 'topics elect')).toMatchObject({ exit: 2 });
  expect(await run(one, 'topics elect --all orders')).toMatchObject({ exit: 2 });
});

test('an unclean election wants the name, or --yes, and a partition without a leader', async () => {
  const one = world();
  expect(await run(one, 'topics elect --unclean audit --yes')).toMatchObject({ exit: 1, err: expect.stringContaining('nothing was done') });
  Object.assign(one.topics[1]!.partitions[0]!, { leader: -1 });
  expect(await run(one, 'topics elect --unclean audit')).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
  expect(await run(one, 'topics elect --unclean audit orders --yes')).toMatchObject({ exit: 2 });
  const wrong = await run(one, 'topics elect --unclean audit', { isInteractive: true, ask: async () => 'orders' });
  expect(wrong).toMatchObject({ exit: 1, err: expect.stringContaining('Nothing was done') });
  expect(one.calls).toEqual([]);
  expect(await run(one, 'topics elect --unclean audit --yes')).toMatchObject({ exit: 0 });
  expect(one.calls).toEqual(['elect unclean audit-0']);
});
