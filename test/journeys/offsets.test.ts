/** The offset wizard on real connectors: a sink reads again, a source begins anew. */
import { journey } from './journey.ts';

journey('resets the offsets of a sink: preview, typed name, steps, read back, undo', { size: [100, 30] }, async (t) => {
  const [topic, name] = [t.name('lines'), t.name('snk')];
  await t.worker([t.source(t.name('src'), t.writes('in.txt', '1\n2\n3\n'), topic), t.sink(name, t.file('out.txt'), topic)]);
  await t.fileHolds('out.txt', (text) => text === '1\n2\n3\n');
  await t.command(`offsets ${name}`);
  await t.row(`${topic} p0`).shows(/p0 +3 /);
  t.press('connector.offsets-reset');
  await t.dialog().chooses('e');
  await t.shows(/3 +→ +0 +-3 +re-reads/);
  await t.shows('re-reads ≈ 3 records');
  t.keys('enter');
  await t.lacks('┌');
  await t.row(`${topic} p0`).shows(/p0 +3 /);
  t.press('connector.offsets-reset');
  await t.dialog().chooses('e');
  await t.dialog().typesName(name);
  await t.shows('✓ read back');
  await t.shows(`offsets of ${name} changed; it is RUNNING again`);
  await t.fileHolds('out.txt', (text) => text === '1\n2\n3\n1\n2\n3\n');
  await t.shows('esc close');
  t.keys('esc');
  t.press('app.undo');
  await t.dialog().shows('put back the offsets');
  await t.dialog().confirm();
  await t.shows('changed; it is RUNNING again');
});

journey('begins a source anew', { size: [100, 30] }, async (t) => {
  const [topic, name] = [t.name('lines'), t.name('src')];
  await t.worker([t.source(name, t.writes('in.txt', 'x\ny\n'), topic), t.sink(t.name('snk'), t.file('out.txt'), topic)]);
  await t.fileHolds('out.txt', (text) => text === 'x\ny\n');
  await t.command(`offsets ${name}`);
  await t.row('in.txt').shows('{"position":4}');
  t.press('connector.offsets-reset');
  await t.dialog().chooses('e');
  await t.dialog().typesName(name);
  await t.shows(`offsets of ${name} changed; it is RUNNING again`);
  await t.fileHolds('out.txt', (text) => text === 'x\ny\nx\ny\n');
});
