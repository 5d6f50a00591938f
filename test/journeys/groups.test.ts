/** A group that lags, on real brokers without Connect: seen, planned, reset, taken back. */
import { onTestFinished } from 'vitest';
import { createTopic, openKafka, produce, testBootstrap } from '../helpers/kafka-clients.ts';
import { journey } from './journey.ts';

journey('finds the group that lags, resets it after a look at the plan, takes it back', { size: [100, 30] }, async (t) => {
  const [topic, group] = [t.name('orders'), t.name('checkout')];
  const { kafka } = openKafka('admin');
  const admin = kafka.admin();
  onTestFinished(async () => {
    await admin.deleteGroups([group]).catch(() => undefined);
    await admin.deleteTopics([topic]);
    await kafka.close();
  });
  await createTopic(kafka, { name: topic, partitions: 2, replicationFactor: 1 });
  await produce(kafka, topic, 40, (i) => i % 2);
  await admin.alterGroupOffsets(group, [
    { topic, partition: 0, offset: 5n },
    { topic, partition: 1, offset: 20n },
  ]);
  t.starts(['-b', testBootstrap()]);
  await t.shows(/\d\/\d brokers/);
  await t.command('groups');
  await t.filter(group);
  // 15 records wait, the first of them for some seconds.
  await t.row(group).shows(/Empty .*\b15\b +\d+s/);
  t.keys('enter');
  await t.row(`${topic} `).shows(/0 +5 +20 +15/);
  t.press('group.members');
  await t.shows('Nobody is in it now (Empty)');
  t.press('group.members');
  await t.lacks('Nobody is in it now');
  t.press('app.back');
  await t.shows(/› groups +\/.* 1 of/);
  t.press('group.offsets-reset');
  await t.dialog().chooses('e');
  await t.shows(/p0 +5 +→ +0 +-5 +re-reads ≈ 5 records/);
  await t.shows('together re-reads ≈ 25 records');
  await t.shows('steps  check → save → change → read back');
  await t.dialog().typesName(group);
  await t.shows(`offsets of ${group} changed`);
  t.keys('esc');
  await t.lacks('┌');
  await t.row(group).shows(/\b40\b/);
  t.press('app.undo');
  await t.dialog().shows(`put back the offsets of ${group}`);
  await t.dialog().confirm();
  await t.shows(`offsets of ${group} changed`);
  t.keys('esc');
  await t.row(group).shows(/\b15\b/);
});
