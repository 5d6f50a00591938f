/**
 * Configs and offsets of a running worker, ours and Apache Kafka's: edited in $EDITOR (a script), refused at the field, applied, taken
 * back; offsets set from a file and put back from a saved point; a connector made from its form.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect } from 'vitest';
import { testBootstrap } from '../helpers/kafka-clients.ts';
import { waitUntil } from '../helpers/wait-until.ts';
import { bothSides } from '../helpers/worker-pair.ts';
import { type Journey, journey } from './journey.ts';

const sides = bothSides();

/** The program in a terminal whose editor does what `edits` was told last. */
function startsWithEditor(t: Journey, port: number): { edits(script: string): void } {
  const script = t.writes('edit.sed', '');
  const editor = t.writes('editor.sh', `cp "$1" '${t.file('opened.txt')}'\nsed -i -f '${script}' "$1"\n`);
  t.starts(['--attach', `http://127.0.0.1:${port}`, '-b', testBootstrap()], { EDITOR: `sh ${editor}`, VISUAL: '' });
  return { edits: (text) => void t.writes('edit.sed', text) };
}

for (const side of ['ours', 'jvm'] as const) {
  journey(`edits a config, sets offsets from a file, makes a connector (${side})`, { size: [100, 30] }, async (t) => {
    const { worker, herder } = sides.get(side)!;
    const [topic, src, snk, made] = [t.name('lines'), t.name('src'), t.name('snk'), t.name('made')];
    const without = ({ name: _, ...config }: Record<string, string>) => config;
    await worker.rest('PUT', `/connectors/${src}/config`, without(t.source(src, t.writes('in.txt', '1\n2\n3\n'), topic)));
    const sink = { ...without(t.sink(snk, t.file('out.txt'), topic)), 'db.password': 'geheim' };
    await worker.rest('PUT', `/connectors/${snk}/config`, sink);
    await worker.waitRunning(snk);
    const place = { partition: { kafka_topic: topic, kafka_partition: 0n }, offset: { kafka_offset: 3n } };
    const committed = async () => (await herder.connectorOffsets(snk)).offsets[0]?.offset?.kafka_offset;
    const { edits } = startsWithEditor(t, worker.port);
    await t.shows(/\d\/\d brokers/);
    t.press('go.connectors');
    await t.row(snk).shows('RUNNING');

    edits('s/^tasks.max=.*/tasks.max=two/');
    await t.command(`edit ${snk}`);
    await t.dialog().shows('✖ tasks.max: Invalid value two for configuration tasks.max');
    expect(t.reads('opened.txt')).toContain('db.password=[hidden]');
    edits('s/^tasks.max=.*/tasks.max=2/');
    await t.shows('e edit again');
    t.keys('e');
    await t.dialog().shows('+ tasks.max = 2');
    expect(t.reads('opened.txt')).toMatch(/# ✖ Invalid value two .*\n(# ✖ .*\n)?tasks.max=two\n/);
    await t.shows('y apply');
    t.keys('y');
    await waitUntil('the config is the new one', async () => (await herder.connectorConfig(snk))['tasks.max'] === '2');
    expect(await herder.connectorConfig(snk)).toMatchObject({ ...sink, 'tasks.max': '2' });
    await t.shows('z undoes it');
    t.press('app.undo');
    await t.dialog().shows('put back the config');
    await t.dialog().confirm();
    await waitUntil('the config is the old one', async () => (await herder.connectorConfig(snk))['tasks.max'] === '1');
    expect(t.reads('state/kconsole/actions.ndjson')).not.toContain('geheim');

    await waitUntil('all is committed', async () => (await committed()) === place.offset.kafka_offset, 100_000);
    t.writes('back.csv', `${topic},0,1\n${topic},9,1\n`);
    await t.command(`reset ${snk}`);
    await t.dialog().chooses('f');
    await t.shows('file:');
    t.types('back.csv');
    await t.shows('file: back.csv');
    t.keys('enter');
    await t.dialog().shows(`back.csv, line 2: ${topic} p9 is not a partition that is read here`);
    t.writes('back.csv', `${topic},0,1\n`);
    t.keys('enter');
    await t.dialog().shows(/3 +→ +1 +-2 +re-reads ≈ 2 records/);
    await t.dialog().typesName(snk);
    await t.shows('✓ save');
    await t.shows(`offsets of ${snk} changed; it is RUNNING again`);
    await t.fileHolds('out.txt', (text) => text === '1\n2\n3\n2\n3\n');
    const folder = t.file('state/kconsole/saved-points');
    const [context] = readdirSync(folder);
    const [point] = readdirSync(`${folder}/${context}`);
    expect(statSync(`${folder}/${context}/${point}`).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${folder}/${context}/${point}`, 'utf8')).toContain('"kafka_offset":3');
    t.keys('esc');
    await t.lacks('┌');

    await t.command('new');
    await t.row('FileStreamSourceConnector').select();
    edits(`$ a name=${made}\\ntopic=${topic}\\nfile=${t.file('in.txt')}`);
    t.press('new.choose');
    await t.shows('2 refused');
    t.press('form.edit');
    await t.shows('✓ accepted');
    t.press('form.preview');
    await t.shows('JSON, as POST /connectors takes it');
    t.press('form.create');
    await t.dialog().shows(`create ${made}?`);
    await t.shows('y create');
    t.keys('y');
    await worker.waitRunning(made);
    await t.shows(`connectors › ${made}`);

    await t.command('plugins /Cast');
    await t.row('Cast$Value').select();
    t.press('row.open');
    await t.row('spec').shows('required');
    for (const one of [src, snk, made]) await worker.rest('DELETE', `/connectors/${one}`);
  });
}
