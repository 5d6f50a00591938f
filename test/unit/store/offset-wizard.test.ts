/** The questions before offsets are changed, as keys meet them. Nothing happens before the typed name. */
import { expect, test } from 'vitest';
import { connector, ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';

function world(): ScriptedWorld {
  const one = new ScriptedWorld();
  one.topics = [topic('audit', 2, 1_000n)];
  const offsets = [0, 1].map((partition) => ({
    partition: { kafka_topic: 'audit', kafka_partition: BigInt(partition) },
    offset: { kafka_offset: 700n },
  }));
  one.connectors = [
    connector('snk', 'sink', { topics: ['audit'], perLook: 10, offsets }),
    connector('src', 'source', { offsets: [{ partition: { filename: '/로그/접속.log' }, offset: { position: 1204n } }] }),
    connector('empty', 'source'),
  ];
  one.groups.set('connect-snk', {
    state: 'Stable',
    clientId: 'c',
    offsets: [0, 1].map((partition) => ({ topic: 'audit', partition, offset: 700n })),
  });
  return one;
}
const types = (rig: SessionRig, text: string) => rig.keys(...text.split('').map((key) => (key === ' ' ? 'space' : key)));
const changes = (one: ScriptedWorld) => one.calls.filter((call) => /^(stop|alter|reset)/.test(call));
/** Until the steps have ended. */
async function settle(rig: SessionRig): Promise<void> {
  for (let i = 0; i < 40; i++) await rig.clock.advance(250);
}

test('a sink by shift: value, preview, typed name, steps, saved point', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset snk');
  expect(rig.dialog()).toContain('  e  earliest   the first record there is');
  await rig.keys('s');
  await types(rig, '-100');
  await rig.keys('enter');
  expect(rig.dialog()).toEqual([
    'offsets of snk (sink)',
    'PARTITION  NOW  →  NEW',
    'audit p0   700  →  600  re-reads ≈ 100 records',
    'audit p1   700  →  600  re-reads ≈ 100 records',
    'together re-reads ≈ 200 records',
    '',
    'it runs: the shift counts from where it is when it has stopped',
    'steps  stop → change → read back → resume',
    'the offsets before are kept: z puts them back',
    'type snk to go on: ',
  ]);
  await rig.keys('enter');
  expect(rig.dialog()).toEqual([]);
  expect(changes(one)).toEqual([]);
  await rig.command('reset snk');
  await rig.keys('s');
  await types(rig, '-100');
  await rig.keys('enter');
  await types(rig, 'snk');
  await rig.keys('enter');
  await settle(rig);
  expect(rig.dialog()).toEqual([
    'offsets of snk (sink)',
    '✓ stop       STOPPED',
    '✓ change     The offsets for this connector have been altered successfully',
    '✓ read back  as asked',
    '✓ resume     RUNNING',
    '',
    'offsets of snk changed; it is RUNNING again',
  ]);
  expect(one.connector('snk').offsets.map((offset) => offset.offset?.kafka_offset)).toEqual([600n, 600n]);
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({
    action: 'connector.offsets-reset',
    result: 'ok',
    before: 'audit p0 {"kafka_offset":700}, audit p1 {"kafka_offset":700}',
    request: 'PATCH /connectors/snk/offsets audit p0 {"kafka_offset":600}, audit p1 {"kafka_offset":600}',
  });
  await rig.keys('esc', 'z');
  expect(rig.dialog()).toEqual(['undo?', 'This will put back the offsets of snk.']);
  await rig.keys('y');
  await settle(rig);
  expect(one.connector('snk').offsets.map((offset) => offset.offset?.kafka_offset)).toEqual([700n, 700n]);
});

test('one partition of many, by a time that Kafka is asked for', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset snk');
  expect(rig.dialog()[1]).toBe('partitions   all 2 partitions');
  await rig.keys('tab');
  expect(rig.dialog()[1]).toBe('partitions   audit p0  (1 of 2)');
  await rig.keys('tab', 'tab');
  expect(rig.dialog()[1]).toBe('partitions   all 2 partitions');
  await rig.keys('tab', 't');
  await types(rig, 'yesterday');
  await rig.keys('enter');
  expect(rig.dialog()).toContain('"yesterday" is not a time. Write 2026-11-23 11:00, 11:00, -30m or -2h.');
  await rig.keys('ctrl-u');
  await types(rig, '-30m');
  await rig.keys('enter');
  expect(rig.dialog()).toContain('audit p0   700  →  500  re-reads ≈ 200 records');
  expect(rig.dialog().join('\n')).not.toContain('p1');
});

test('what would be lost is said before it is', async () => {
  using rig = await startSession(world());
  await rig.command('reset snk');
  await rig.keys('l');
  expect(rig.dialog()).toContain('audit p0   700  →  1 000  skips 300 records');
  expect(rig.dialog()).toContain('600 records will never be delivered');
});

test('a wrong name, a paste and a second thought do nothing', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset snk');
  await rig.keys('e');
  await types(rig, 'src');
  await rig.keys('enter');
  expect(rig.dialog()).toContain('that is not its name; nothing was done');
  rig.dispatcher.paste('snk');
  expect(rig.dialog()).toContain('type it: a paste is not taken here');
  await rig.keys('esc');
  expect(rig.dialog()).toEqual([]);
  await settle(rig);
  expect(changes(one)).toEqual([]);
});

test('a source: its offset as JSON, or forgotten as a whole', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset src');
  await rig.keys('x');
  expect(rig.dialog().at(-1)).toBe('explicit: {"position":1204}');
  await rig.keys('backspace', 'backspace', '}', 'enter');
  expect(rig.dialog()).toContain('/로그/접속.log  {"position":1204}  →  {"position":120}  re-reads ≈ 1 084 of its position');
  await rig.keys('esc');
  await rig.command('reset src');
  await rig.keys('e');
  await types(rig, 'src');
  await rig.keys('enter');
  await settle(rig);
  expect(one.calls).toContain('reset offsets src');
  expect(one.connector('src').offsets).toEqual([]);
  await rig.keys('esc', 'z', 'y');
  await settle(rig);
  expect(one.connector('src').offsets).toEqual([{ partition: { filename: '/로그/접속.log' }, offset: { position: 1204n } }]);
});

test('nothing to change, and offsets that cannot be read, are said', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset empty');
  expect(rig.dialog()).toContain('empty has no offsets yet: there is nothing to change.');
  await rig.keys('esc');
  one.herderError = new Error('connection refused');
  await rig.command('reset snk');
  expect(rig.dialog()).toContain('The offsets cannot be read: connection refused');
});

test('the window may be closed while the steps go on; the end is flashed', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset snk');
  await rig.keys('e');
  await types(rig, 'snk');
  rig.dispatcher.press(['enter']);
  rig.dispatcher.press(['esc']);
  await settle(rig);
  expect(rig.dialog()).toEqual([]);
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ action: 'connector.offsets-reset', result: 'ok' });
});
