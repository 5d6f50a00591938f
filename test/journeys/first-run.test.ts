/** Without any configuration: from the first question to a console, and back to it the next day. */
import { expect } from 'vitest';
import { testBootstrap } from '../helpers/kafka-clients.ts';
import { journey } from './journey.ts';

journey('the first run asks, tries, keeps, and the next one knows', {}, async (t) => {
  const [first = ''] = testBootstrap().split(',');
  t.starts([]);
  await t.shows('Nothing is set up yet');
  await t.shows('b u d choose');
  t.keys('b');
  await t.shows('HOST:PORT,…:');
  t.types(`${first}\r`);
  await t.shows('client properties');
  t.keys('enter');
  await t.shows('Its Connect cluster');
  t.keys('enter');
  await t.shows('It can be used.');
  t.keys('s');
  await t.shows('name: local');
  t.types('-운영\r');
  await t.shows(/local-운영 .*\d\/\d brokers/);
  // Another context from within, and back.
  t.writes('config/kconsole/contexts/dark side.json', '{"brokers":');
  t.writes('config/kconsole/contexts/safe.json', JSON.stringify({ brokers: testBootstrap(), readOnly: true, skin: 'mono' }));
  await t.command('ctx');
  await t.shows('esc stay');
  t.keys('esc');
  t.press('app.quit');
  await t.dialog().confirm();
  expect(await t.ends()).toBe(0);
  t.starts([]);
  await t.shows(/local-운영 .*\d\/\d brokers/);
  await t.command('ctx safe');
  await t.shows(/safe read-only .*\d\/\d brokers/);
  t.press('app.quit');
  await t.dialog().confirm();
  expect(await t.ends()).toBe(0);
  t.starts(['--context', 'nowhere']);
  await t.shows('There is no context "nowhere": ');
  await t.shows('There are: dark side, local-운영');
  expect(await t.ends()).toBe(1);
});

journey('what cannot be reached says why', {}, async (t) => {
  t.starts([]);
  await t.shows('b u d choose');
  t.keys('u');
  await t.shows('http://HOST:8083,…:');
  t.types(`http://${testBootstrap().split(',')[0]}\r`);
  await t.shows('The Kafka brokers of this Connect cluster');
  t.types('no-such-host.invalid:9092\r');
  await t.shows('file:');
  t.keys('enter');
  await t.shows('It cannot be reached as it is.');
  await t.shows(/✖ name no-such-host\.invalid: /);
  await t.shows(/✖ Connect http:.*→ check that this is the port of the REST API/s);
  t.keys('esc');
  await t.shows('b u d choose');
  t.keys('esc');
  expect(await t.ends()).toBe(0);
});
