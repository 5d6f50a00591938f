/** The questions before offsets are changed, as keys meet them. Nothing happens before the typed name. */
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connector, ScriptedWorld, topic } from '../../helpers/scripted-world.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

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
/** Until what was begun has ended; saved points and files are real ones, whose answers come when they come. */
async function settle(rig: SessionRig, isUnderWay = () => rig.dialog().includes('esc closes this window; the steps go on')): Promise<void> {
  await rig.clock.advance(750);
  await waitUntil('what was begun has ended', async () => {
    await rig.clock.advance(250);
    return !isUnderWay() || rig.dialog();
  });
}
/** Until the question shows this. */
const shows = (rig: SessionRig, text: string | RegExp) =>
  settle(rig, () => !rig.dialog().some((one) => (typeof text === 'string' ? one === text : text.test(one))));

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
    'PARTITION  NOW  →  NEW  DELTA',
    'audit p0   700  →  600  -100   re-reads ≈ 100 records',
    'audit p1   700  →  600  -100   re-reads ≈ 100 records',
    'together re-reads ≈ 200 records',
    '',
    'it runs: the shift counts from where it is when it has stopped',
    'steps  stop → save → change → read back → resume',
    'the offsets before are kept as a saved point: z puts them back',
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
    '✓ save       saved point kept',
    '✓ change     The offsets for this connector have been altered successfully',
    '✓ read back  as asked',
    '✓ resume     RUNNING again',
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
  await rig.keys('esc');
  await rig.clock.advance(3_000);
  await rig.keys('z');
  expect(rig.dialog()).toEqual([
    'undo?',
    'This will put back the offsets of snk.',
    'It has gone on since: what it did since then it does again.',
  ]);
  await rig.keys('y');
  await settle(rig, () => rig.session.actionLog.records.length < 2);
  expect(one.connector('snk').offsets.map((offset) => offset.offset?.kafka_offset)).toEqual([700n, 700n]);
  const [done, undone] = rig.session.actionLog.records;
  expect(undone).toMatchObject({ undoOf: done?.id, after: 'audit p0 {"kafka_offset":700}, audit p1 {"kafka_offset":700}' });
  // An undo is not to be undone.
  expect(rig.operations.nextUndo).toBeNull();
});

test('offsets that somebody else has set since, on what stands still, are not overwritten', async () => {
  const one = world();
  await one.herder.stopConnector('snk');
  using rig = await startSession(one);
  await rig.command('reset snk');
  await rig.keys('s');
  await types(rig, '-100');
  await rig.keys('enter');
  await types(rig, 'snk');
  await rig.keys('enter');
  await settle(rig);
  one.connector('snk').offsets[0] = { partition: one.connector('snk').offsets[0]!.partition, offset: { kafka_offset: 5n } };
  await rig.keys('esc', 'z', 'y');
  await settle(rig, () => !rig.flash().startsWith('not undone'));
  expect(rig.flash()).toBe('not undone: the offsets of snk are not those that were set any more');
  expect(one.connector('snk').offsets[0]?.offset).toEqual({ kafka_offset: 5n });
});

test('one partition of many, by a time that Kafka is asked for', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset snk');
  expect(rig.dialog()[1]).toBe('partitions   all 2 partitions');
  await rig.keys('tab');
  expect(rig.dialog()).toEqual(['offsets of snk (sink)', 'partitions to change', '▸ ● audit p0', '  ● audit p1']);
  await rig.keys('*', 'enter');
  expect(rig.dialog()).toContain('choose at least one partition');
  await rig.keys('space', 'enter');
  expect(rig.dialog()[1]).toBe('partitions   audit p0  (1 of 2)');
  await rig.keys('t');
  await types(rig, 'yesterday');
  await rig.keys('enter');
  expect(rig.dialog()).toContain('"yesterday" is not a time. Write 2026-11-23 11:00, 11:00, -30m or -2h.');
  await rig.keys('ctrl-u');
  await types(rig, '-30m');
  await rig.keys('enter');
  expect(rig.dialog()).toContain('audit p0   700  →  500  -200   re-reads ≈ 200 records');
  expect(rig.dialog().join('\n')).not.toContain('p1');
});

test('what would be lost is said before it is', async () => {
  using rig = await startSession(world());
  await rig.command('reset snk');
  await rig.keys('l');
  expect(rig.dialog()).toContain('audit p0   700  →  1 000  +300   skips 300 records');
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
  expect(rig.dialog().at(-1)).toBe('/로그/접속.log: {"position":1204}');
  await rig.keys('backspace', 'backspace', '}', 'enter');
  expect(rig.dialog()).toContain('/로그/접속.log  {"position":1204}  →  {"position":120}  -1 084  re-reads ≈ 1 084 of its position');
  await rig.keys('esc');
  await rig.command('reset src');
  await rig.keys('e');
  await types(rig, 'src');
  await rig.keys('enter');
  await settle(rig);
  expect(one.calls).toContain('reset offsets src');
  expect(one.connector('src').offsets).toEqual([]);
  await rig.keys('esc', 'z', 'y');
  await settle(rig, () => one.connector('src').offsets.length === 0);
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
  await settle(rig, () => rig.session.actionLog.records.length === 0);
  expect(rig.dialog()).toEqual([]);
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ action: 'connector.offsets-reset', result: 'ok' });
});

test('a saved point is listed with its time and its reason, and puts everything back', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset snk');
  await rig.keys('p');
  await shows(rig, /^there is no saved point/);
  expect(rig.dialog()).toContain('there is no saved point yet: each change makes one');
  await rig.keys('e');
  await types(rig, 'snk');
  await rig.keys('enter');
  await settle(rig);
  expect(one.connector('snk').offsets.map((offset) => offset.offset?.kafka_offset)).toEqual([0n, 0n]);
  await rig.keys('esc');
  await rig.command('reset snk');
  await rig.keys('p');
  await shows(rig, /^▸ /);
  expect(rig.dialog()[2]).toMatch(/^▸ 2026-11-23 12:04:\d\dZ {2}2 partitions {2}to earliest, 2 partitions {2}\(\w+\)$/);
  await rig.keys('enter');
  expect(rig.dialog()).toContain('audit p0   0    →  700  +700   skips 700 records');
});

test('an offset for each partition; only what was typed is changed', async () => {
  const one = world();
  using rig = await startSession(one);
  await rig.command('reset snk');
  await rig.keys('x', 'enter');
  expect(rig.dialog()).toContain('change the offset of one partition at least');
  await rig.keys('down', 'ctrl-u', '9', '9', '9', '9', 'enter');
  expect(rig.dialog()).toContain('9999 lies beyond the end of audit p1 (1000)');
  expect(rig.dialog()).toContain('▸ audit p1   700  →  9999');
  await rig.keys('backspace');
  rig.dispatcher.paste('\x1b[31m');
  await rig.keys('enter');
  expect(rig.dialog()).toContain('audit p1: "999[31m" is not an offset, a whole number from 0');
  await rig.keys('ctrl-u', '6', '5', '0', 'enter');
  expect(rig.dialog().filter((text) => text.startsWith('audit'))).toEqual(['audit p1   700  →  650  -50    re-reads ≈ 50 records']);
});

test('offsets from a file; a wrong one names its line', async () => {
  const one = world();
  using rig = await startSession(one);
  const file = `${rig.actionLogFile}.csv`;
  writeFileSync(file, 'audit,0,10\naudit,7,10\n');
  await rig.command('reset snk');
  await rig.keys('f');
  await types(rig, file);
  await rig.keys('enter');
  await shows(rig, /line 2/);
  expect(rig.dialog()).toContain('actions.ndjson.csv, line 2: audit p7 is not a partition that is read here');
  writeFileSync(file, 'audit,0,10\n');
  await rig.keys('enter');
  await shows(rig, /^PARTITION/);
  expect(rig.dialog()).toContain('audit p0   700  →  10   -690   re-reads ≈ 690 records');
});

test('from the list of offsets: the partition under the cursor, or those that are marked', async () => {
  const one = world();
  one.topics = [topic('audit', 3, 1_000n)];
  using rig = await startSession(one);
  await rig.command('offsets snk');
  await rig.clock.advance(4_000);
  expect(rig.rows()).toHaveLength(3);
  await rig.keys('down', 'x');
  await settle(rig);
  expect(rig.dialog()[1]).toBe('partitions   audit p1  (1 of 3)');
  await rig.keys('esc', 'space', 'down', 'space', 'x');
  await settle(rig);
  expect(rig.dialog()[1]).toBe('partitions   2 of 3');
  await rig.keys('e');
  // What was never committed begins at the first record as it is.
  expect(rig.dialog().filter((text) => text.startsWith('audit'))).toEqual([
    'audit p1   700  →  0    -700   re-reads ≈ 700 records',
    'audit p2   –    →  0    0      stays',
  ]);
});
