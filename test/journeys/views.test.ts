/** Looking closer and taking it along, on real brokers: describe, raw facts, who uses it, save, and the same view printed once. */
import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { testBootstrap } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { MAIN, startWorkerProcess } from '../helpers/worker-process.ts';
import { journey } from './journey.ts';

function once(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env: { ...process.env, LANG: 'C.UTF-8' } }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

journey('what a sink is about, its facts, who reads its topic, and all of it in a file', { size: [120, 40] }, async (t) => {
  const [topic, src, snk] = [t.name('lines'), t.name('src'), t.name('snk')];
  t.writes('in.txt', '하나\n둘\n');
  await t.worker([t.source(src, t.file('in.txt'), topic), t.sink(snk, t.file('out.txt'), topic)]);
  await t.fileHolds('out.txt', (text) => text === '하나\n둘\n');
  t.press('go.connectors');
  await t.row(snk).shows('at end');
  await t.row(snk).select();
  // Two rows: the cursor stands on either, and is found on the other.
  for (const name of [src, snk, src, snk]) {
    await t.row(name).select();
    await t.shows(new RegExp(`^▸ *${name} `, 'm'));
  }
  t.press('row.describe');
  await t.shows(new RegExp(`connector ${snk} +● RUNNING`));
  await t.shows(new RegExp(`reads +${topic} +ok`));
  t.press('row.raw');
  await t.shows(`"name": "${snk}"`);
  t.press('row.raw');
  await t.shows(new RegExp(`name: ${snk}|name: "${snk}"`));
  t.press('row.users');
  await t.row(`connect-${snk}`).shows('commits in');
  await t.row(topic).select();
  t.press('row.open');
  await t.shows('LEADER');
  t.press('go.topics');
  await t.filter(topic);
  await t.row(topic).shows('ok');
  t.press('view.save');
  await t.dialog().chooses('c');
  await t.shows('path:');
  await t.shows('esc no');
  t.keys('enter');
  const folder = path.join(t.folder, 'state', 'kconsole', 'saves');
  await waitUntil('the view is saved', () => {
    try {
      return readdirSync(folder).some((name) => name.endsWith('.csv'));
    } catch {
      return false;
    }
  });
  const [file] = readdirSync(folder);
  expect(statSync(path.join(folder, file!)).mode & 0o777).toBe(0o600);
  expect(t.reads(path.join('state/kconsole/saves', file!))).toMatch(new RegExp(`^name,partitions.*\\n${topic},1,`));
});

journey('a view is printed once, with its exit code, and without a terminal', {}, async (t) => {
  const [topics, brokers, nobody, unknown] = await Promise.all([
    once('--once', 'topics', '-b', testBootstrap(), '-o', 'ndjson'),
    once('--once', 'brokers', '-b', testBootstrap()),
    once('--once', 'topics', '-b', '127.0.0.1:1'),
    once('--once', `topic ${t.name('nope')}`, '-b', testBootstrap()),
  ]);
  for (const row of topics.out.trimEnd().split('\n')) expect(JSON.parse(row)).toMatchObject({ name: expect.any(String) });
  expect(brokers.out).toMatch(/^ *ID +STATE +HOST/);
  expect(brokers).toMatchObject({ code: 0, err: '' });
  expect(nobody).toMatchObject({ code: 3, out: '', err: expect.stringContaining('Kafka is not reachable') });
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining('there is no topic') });
});

journey('a tail is printed once: the last records, or from a place and filtered, and it ends', {}, async (t) => {
  const [topic, src] = [t.name('lines'), t.name('src')];
  t.writes('in.txt', Array.from({ length: 300 }, (_, i) => `line-${i} 한글\n`).join(''));
  await t.worker([t.source(src, t.file('in.txt'), topic)]);
  const tail = (words: string, ...more: string[]) => once('--once', `tail ${topic}${words}`, '-b', testBootstrap(), ...more);
  await waitUntil('the last line is in the topic', async () => {
    const { out, err } = await tail(' o=-1');
    return out.includes('line-299 ') || `${out}${err}`;
  });
  const [last, chosen, nobody] = await Promise.all([
    tail('', '-o', 'ndjson'),
    tail(' o=begin /value ~ /line-[12]7 /'),
    once('--once', `tail ${topic}`, '-b', '127.0.0.1:1'),
  ]);
  expect([last.code, last.err]).toEqual([0, '']);
  const values = last.out
    .trimEnd()
    .split('\n')
    .map((row) => (JSON.parse(row) as { value: string }).value);
  expect(values).toEqual(Array.from({ length: 100 }, (_, i) => expect.stringContaining(`line-${200 + i} 한글`)));
  expect([chosen.code, chosen.err]).toEqual([0, '']);
  expect(chosen.out).toMatch(/^[\d:.]+ +p0 @ 17 .*line-17 한글.*\n[\d:.]+ +p0 @ 27 .*line-27 한글.*\n$/);
  expect(nobody).toMatchObject({ code: 3, out: '', err: expect.stringContaining('Kafka is not reachable') });
});

journey('over a JVM Connect worker: the same views, printed and looked at', { size: [120, 40] }, async (t) => {
  const [topic, src] = [t.name('lines'), t.name('jvm')];
  const connector = {
    name: src,
    'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    'tasks.max': '1',
    file: t.writes('in.txt', 'one\n'),
    topic,
    'sasl.password': 'canary-9Kp',
  };
  await using jvm = await startWorkerProcess({ isJvm: true, connectors: [connector] });
  const attach = `http://127.0.0.1:${jvm.port}`;
  const printed = await once('--once', 'connectors', '--attach', attach, '-b', testBootstrap());
  expect(printed).toMatchObject({ code: 0, err: '' });
  expect(printed.out).toMatch(new RegExp(`^NAME .*\\n${src} +src +FileStreamSource +● RUNNING`));
  t.starts(['--attach', attach, '-b', testBootstrap()]);
  await t.shows(/\d\/\d brokers/);
  t.press('go.connectors');
  await t.row(src).shows('RUNNING');
  t.press('row.describe');
  await t.shows(new RegExp(`connector ${src} +● RUNNING`));
  await t.shows(new RegExp(`writes +${topic}`));
  t.press('row.raw');
  await t.shows(`"name": "${src}"`);
  await t.filter('hidden');
  await t.shows('"sasl.password": "[hidden]"');
  expect(t.written).not.toContain('canary-9Kp');
});
