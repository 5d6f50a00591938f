/** A worker with the console on it drains: the question says who gets its work, the other worker runs it, and console and process end. */
import { expect } from 'vitest';
import { testKafka } from '../helpers/standalone-rig.ts';
import { WorkerGroup } from '../helpers/worker-group.ts';
import { groupProperties, writeProperties } from '../helpers/worker-process.ts';
import { journey } from './journey.ts';

journey('from its own console, while the other worker takes over', { size: [100, 30] }, async (t) => {
  const kafka = testKafka();
  const group = new WorkerGroup(t.name('drain'), kafka, { 'key.converter': 'org.apache.kafka.connect.storage.StringConverter' });
  try {
    const other = await group.start();
    const { 'offset.storage.file.filename': _, ...properties } = await t.workerProperties();
    const file = writeProperties(t.file('worker.properties'), { ...properties, ...groupProperties(group.name) });
    t.starts(['distributed', file]);
    await t.shows(/\d\/\d brokers/);
    for (const name of ['one', 'two']) {
      group.addLine(name, 'line 0');
      expect((await other.rest('PUT', `/connectors/${name}/config`, group.source(name))).status).toBe(201);
    }
    const own = properties.listeners!.slice('http://'.length);
    await t.command('workers');
    await t.row(own).shows('● up');
    await t.row(own).shows(/ 1 +1 /);
    // Nobody knows who would get its work while the group is agreeing anew.
    await t.shows(/if it left: .*1 connector, 1 task to/);
    await t.command(`drain ${own}`);
    await t.shows(`drain ${own}?`);
    await t.shows('It gives up 1 connector and 1 task:');
    await t.shows(`1 connector and 1 task to 127.0.0.1:${other.port}`);
    await t.shows('Then its process ends, and this console with it.');
    await t.shows('y drain');
    t.keys('y');
    expect(await t.ends()).toBe(0);
    expect(await t.isAlternate()).toBe(false);
    await t.shows('kconsole: The worker has drained: all it ran is handed out by its leader.');
    await group.waitRunning(['one', 'two'], [other]);
  } finally {
    await group[Symbol.asyncDispose]();
    await kafka.admin().deleteTopics([...Object.values(group.topics), ...['one', 'two'].map((name) => group.topicOf(name))]);
    await kafka.close();
  }
});
