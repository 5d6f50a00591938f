/** Dead letters on the real program: from the connector to the reason, a dry run, and back into the sink; a second time they are left out. */
import { freePort } from '../../src/demo/free-port.ts';
import { journey } from './journey.ts';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

journey('finds out why records are dead letters, and redrives them once the sink can read them', { size: [100, 30] }, async (t) => {
  const [topic, source, name] = [t.name('lines'), t.name('src'), t.name('snk')];
  const queue = `${topic}-dlq`;
  const sink = {
    ...t.sink(name, t.file('out.txt'), topic),
    'value.converter': JSON_CONVERTER,
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': queue,
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
  };
  const lines = '{"schema":{"type":"string"},"payload":"fine"}\n망가진 기록\n\x1b]0;owned\x07 no json\n{"no":"schema"}\n';
  const rest = `http://127.0.0.1:${await freePort()}`;
  await t.worker([t.source(source, t.writes('in.txt', lines), topic), sink], { properties: { listeners: rest } });
  await t.fileHolds('out.txt', (text) => text === 'fine\n');
  t.press('go.connectors');
  await t.shows('DLQ/S');
  await t.filter(name);
  await t.shows('dead letters 3 since start');
  await t.shows(/errors 3 +skipped 3 +logged 0 +last \d+ s ago/);
  t.press('connector.dlq');
  await t.shows(`dead letters of ${name}`);
  await t.shows(/\d+ × SerializationException: Unexpected/);
  await t.row(`${topic}-0@1`).shows(/value +SerializationException/);
  await t.filter('망가진');
  await t.shows('found 1 of 3');
  t.press('move.top', 'row.open');
  await t.shows(/origin +.*partition 0 +offset 1/);
  await t.shows('VALUE_CONVERTER');
  await t.shows('망가진 기록');
  t.press('app.back', 'app.back');
  await t.lacks('found 1');
  t.press('dlq.redrive');
  await t.dialog().shows(`3 of 3 dead letters of ${queue} would be written`);
  await t.shows('esc no');
  t.keys('enter');
  await t.lacks('┌');

  const answer = await fetch(`${rest}/connectors/${name}/config`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ 'value.converter': 'org.apache.kafka.connect.storage.StringConverter' }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  t.press('dlq.redrive');
  await t.dialog().typesName(name);
  await t.shows(`3 of 3 dead letters of ${queue} written`);
  await t.fileHolds('out.txt', (text) => ['망가진 기록', 'no json', '{"no":"schema"}'].every((line) => text.includes(line)));
  await t.shows('esc close');
  t.keys('esc');
  t.press('dlq.redrive');
  await t.dialog().shows('redriven 1 time before (limit 1)');
  await t.shows('There is nothing to write.');
  await t.shows('esc no');
  t.keys('esc');
  await t.lacks('┌');
  await t.command('log');
  await t.shows(`Redrive of ${name}: 3 of 3 dead letters of ${queue} written back`);
});
