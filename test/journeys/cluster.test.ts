/** What an operator of brokers does on real ones: asks what if, makes a topic, changes a setting and takes it back, deletes it. */
import { testBootstrap } from '../helpers/kafka-clients.ts';
import { journey } from './journey.ts';

journey('asks what if two brokers are lost, before it happens', { size: [100, 30] }, async (t) => {
  t.starts(['-b', testBootstrap()]);
  await t.shows(/3\/3 brokers/);
  t.press('go.brokers');
  await t.shows('KRaft quorum');
  t.press('mark.toggle');
  await t.shows(/what if \d is lost +quorum 2 of 3: goes on/);
  t.press('move.down', 'mark.toggle');
  await t.shows(/what if \d and \d are lost +✖ quorum 1 of 3: nobody elects leaders/);
  t.press('brokers.what-if');
  await t.shows(/not writable then, \d+ now/);
  await t.shows('nobody elects a leader');
  t.keys('esc');
  t.press('quorum.show');
  await t.row('leader').shows(/ 0 /);
  await t.shows('3 voters: 1 may be lost');
});

journey('makes a topic, changes its retention, takes it back, deletes it', { size: [100, 30] }, async (t) => {
  const topic = t.name('made');
  t.starts(['-b', testBootstrap()]);
  await t.shows(/3\/3 brokers/);
  await t.command(`create-topic ${topic} partitions=2 replication=3`);
  await t.dialog().shows('partitions 2 · replication 3');
  await t.dialog().confirm();
  await t.shows(`create topic ${topic} requested`);
  t.press('go.topics');
  await t.filter(topic);
  await t.row(topic).shows(/ 2 +3 +ok/);
  await t.command(`settings ${topic}`);
  await t.row('cleanup.policy').shows('delete');
  await t.filter('retention.ms');
  await t.row(' retention.ms ').select();
  t.press('settings.change');
  await t.dialog().shows('now 604800000 (7 d)');
  await t.shows('⏎ look at what follows');
  t.keys(...Array.from({ length: 9 }, () => 'backspace' as const));
  t.types('3600000');
  await t.shows('new value: 3600000');
  t.keys('enter');
  await t.dialog().shows('7 d → 1 h');
  await t.dialog().shows('Nothing is older than 1 h now.');
  await t.dialog().confirm();
  await t.row(' retention.ms ').shows(/3600000 +1 h +topic/);
  t.press('app.undo');
  await t.dialog().shows('put back retention.ms');
  await t.dialog().confirm();
  await t.row(' retention.ms ').shows(/604800000 +7 d +default/);
  await t.command(`delete-topic ${topic}`);
  await t.dialog().shows('there is no undo');
  await t.dialog().typesName(topic);
  await t.shows(`delete topic ${topic}`);
  t.press('go.topics');
  await t.lacks(topic);
});
