/** Looking at connectors and steering them: pause, resume, undo, restart, delete. */
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { journey } from './journey.ts';

journey('looks at connectors, a task and its offsets', {}, async (t) => {
  const [lines, topic] = [t.writes('in.txt', '하나\n둘\n셋\n'), t.name('lines')];
  await t.worker([t.source(t.name('src'), lines, topic), t.sink(t.name('snk'), t.file('out.txt'), topic)]);
  await t.shows('all is well');
  t.press('go.connectors');
  await t.row(t.name('src')).shows('RUNNING');
  await t.fileHolds('out.txt', (text) => text === '하나\n둘\n셋\n');
  await t.row(t.name('snk')).shows('at end');
  await t.row(t.name('src')).select();
  t.press('row.open');
  await t.shows(/0 {2}● RUNNING/);
  t.press('connector.offsets');
  await t.row('in.txt').shows('{"position":15}');
  t.press('app.back', 'app.back');
  await t.shows('by health');
  t.press('connector.config');
  await t.shows('connector.class = FileStreamSource');
});

journey('pauses and resumes from the list, and undoes it', {}, async (t) => {
  const [lines, topic, name] = [t.writes('in.txt', 'a\n'), t.name('lines'), t.name('src')];
  await t.worker([t.source(name, lines, topic)]);
  t.press('go.connectors');
  await t.row(name).select();
  t.press('connector.pause');
  await t.dialog().shows(`${name} (source) is RUNNING`);
  await t.dialog().refuse();
  await t.row(name).shows('RUNNING');
  t.press('connector.pause');
  await t.dialog().confirm();
  await t.row(name).shows('‖ PAUSED');
  t.press('connector.pause');
  await t.shows('nothing to pause');
  t.press('connector.resume');
  await t.dialog().confirm();
  await t.row(name).shows('● RUNNING');
  t.press('app.undo');
  await t.dialog().shows(`pause ${name}`);
  await t.dialog().confirm();
  await t.row(name).shows('‖ PAUSED');
  t.press('go.actions');
  await t.row('connector.resume').shows('ok');
  const log = t
    .reads('state/kconsole/actions.ndjson')
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as { action: string; result: string });
  expect(log.map((one) => `${one.action} ${one.result}`)).toEqual(['connector.pause ok', 'connector.resume ok', 'connector.pause ok']);
});

journey('restarts what has failed', {}, async (t) => {
  const [topic, name] = [t.name('lines'), t.name('snk')];
  await t.worker([t.source(t.name('src'), t.writes('in.txt', 'one\ntwo\n'), topic), t.sink(name, t.file('later/out.txt'), topic)]);
  await t.row(name).shows('✖ FAILED');
  t.press('row.open');
  await t.shows('ENOENT');
  t.press('row.open');
  await t.shows('led to');
  mkdirSync(t.file('later'));
  t.press('app.back');
  await t.shows('⏎ the whole trace');
  t.press('connector.restart');
  await t.dialog().chooses('f');
  await t.shows(/0 {2}● RUNNING/);
  await t.fileHolds('later/out.txt', (text) => text === 'one\ntwo\n');
  t.press('go.home');
  await t.shows('all is well');
});

journey('deletes a connector only when its name is typed', {}, async (t) => {
  const name = t.name('src');
  await t.worker([t.source(name, t.writes('in.txt', 'a\n'), t.name('lines'))]);
  t.press('go.connectors');
  await t.row(name).select();
  t.press('connector.delete');
  await t.dialog().typesName('something-else');
  await t.shows('that is not its name');
  t.keys('esc');
  await t.lacks('┌');
  await t.row(name).shows('RUNNING');
  t.press('connector.delete');
  await t.shows('esc no');
  t.pastes(name);
  await t.shows('a paste is not taken');
  t.keys('esc');
  await t.lacks('┌');
  t.press('connector.delete');
  await t.dialog().typesName(name);
  await t.shows('There are no connectors on this worker.');
  t.press('app.undo');
  await t.dialog().shows(`create ${name} again`);
  await t.dialog().confirm();
  await t.row(name).shows('RUNNING');
});

journey('a read-only console has no keys that change anything', {}, async (t) => {
  const name = t.name('src');
  await t.worker([t.source(name, t.writes('in.txt', 'a\n'), t.name('lines'))], { flags: ['--read-only'] });
  await t.shows('read-only');
  t.press('go.connectors');
  await t.row(name).select();
  t.keys('p');
  await t.shows('p means nothing here');
  t.keys('ctrl-d');
  await t.shows('^d means nothing here');
  await t.command(`delete ${name}`).catch(() => undefined);
  await t.shows('there is no command "delete"');
  await t.row(name).shows('RUNNING');
});

journey('a connector with a Korean name, from the list to its log', {}, async (t) => {
  const name = t.name('주문-소스');
  await t.worker([t.source(name, t.writes('주문.txt', '한글 줄\n'), t.name('orders'))]);
  t.press('go.connectors');
  await t.filter('주문');
  await t.row('주문-소스').shows('● RUNNING');
  t.press('connector.log');
  await t.shows('following');
  await t.shows('INFO');
});
