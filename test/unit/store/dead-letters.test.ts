/** Dead letters in the console: why they are there, how many of each kind, what the log remembers, and the dialog that writes them back. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeDeadLetter } from '../../../src/cluster/dead-letter.ts';
import { BATCH_OVERHEAD_BYTES, RecordRing } from '../../../src/cluster/record-ring.ts';
import type { PlannedRecord } from '../../../src/cluster/redrive-plan.ts';
import type { ActionRecord } from '../../../src/store/action-log.ts';
import { groupOfReason, reasonOf } from '../../../src/store/dead-letter-text.ts';
import { GroupCounts } from '../../../src/store/group-counts.ts';
import { headerConverterWarning } from '../../../src/store/redrive-facts.ts';
import { REDRIVE_ACTION, redriveRequest, timesRedriven } from '../../../src/store/redrive-history.ts';
import { aRecord, keptBatch } from '../../helpers/kept-batches.ts';
import { type SessionRig, startSession } from '../../helpers/session-rig.ts';
import { waitUntil } from '../../helpers/wait-until.ts';
import { deadLetterWorld } from '../../helpers/worlds.ts';

const letterOf = (texts: Readonly<Record<string, string>>) =>
  decodeDeadLetter({
    headers: Object.entries(texts).map(([name, text]) => ({ key: `__connect.errors.${name}`, value: Buffer.from(text) })),
  })!;

test('the reason names its cause where it leaves the word to it; alike reasons are one group', () => {
  const trace = "a.b.DataException: Converting failed: \n\tat x\nCaused by: c.JsonParseException: Unrecognized token 'not' at 17\n\tat y\n";
  const outer = { 'exception.class.name': 'a.b.DataException', 'exception.message': 'Converting failed: ' };
  expect(reasonOf(letterOf({ ...outer, 'exception.stacktrace': trace }))).toBe("JsonParseException: Unrecognized token 'not' at 17");
  expect(groupOfReason(letterOf({ ...outer, 'exception.stacktrace': trace }))).toBe('JsonParseException: Unrecognized token … at #');
  expect(reasonOf(letterOf({ ...outer, 'exception.message': 'no field' }))).toBe('DataException: no field');
  expect(reasonOf(letterOf({ 'exception.stacktrace': 'java.io.IOException: disk full\n' }))).toBe('IOException: disk full');
  expect(reasonOf(letterOf({ stage: 'TASK_PUT' }))).toBe('no exception is told');
  expect(groupOfReason(null)).toContain('no context headers');
});

test('groups follow the ring: what has left it counts no more', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (kinds, kept) => {
      const ring = new RecordRing(kept * (10 + BATCH_OVERHEAD_BYTES));
      const counts = new GroupCounts((record) => String(record.partition));
      for (const [i, partition] of kinds.entries()) {
        ring.push(keptBatch([aRecord({ partition })]));
        if (i % 3 === 0) counts.read(ring, () => 0, 1);
      }
      expect(counts.read(ring, () => 0, 1)).toBe(false);
      const wanted = new Map<string, number>();
      for (let i = ring.firstSequence; i < ring.endSequence; i++) {
        const group = String(ring.get(i)!.partition);
        wanted.set(group, (wanted.get(group) ?? 0) + 1);
      }
      expect(new Map(counts.most().map(({ group, count }) => [group, count]))).toEqual(wanted);
    }),
  );
});

const action = (request: string): ActionRecord => ({
  time: '',
  user: '',
  from: null,
  context: '',
  action: REDRIVE_ACTION,
  target: '',
  request,
  before: null,
  result: 'ok',
  detail: null,
  id: '1',
  response: null,
  after: null,
  undoOf: null,
  bulk: null,
  durationMs: 0,
});

test('the action log tells again which places were written', () => {
  const place = fc.record({ topic: fc.constant('q'), partition: fc.nat(3), offset: fc.bigInt({ min: 0n, max: 40n }) });
  const places = fc.uniqueArray(place, { selector: ({ partition, offset }) => `${partition} ${offset}` });
  fc.assert(
    fc.property(places, places, (first, second) => {
      const written = (some: typeof first) => some.map((one) => ({ place: one, topic: 'orders' }) as PlannedRecord);
      const actions = [first, second].map((some) => action(redriveRequest('C1', 'q', written(some))));
      const wanted = new Map<string, number>();
      for (const { partition, offset } of [...first, ...second])
        wanted.set(`q-${partition}@${offset}`, (wanted.get(`q-${partition}@${offset}`) ?? 0) + 1);
      expect(timesRedriven(actions, 'C1', 'q')).toEqual(wanted);
      expect(timesRedriven(actions, 'C2', 'q').size + timesRedriven(actions, 'C1', 'other').size).toBe(0);
    }),
  );
  const two = [0n, 1n, 5n].map((offset) => ({ place: { topic: 'q', partition: 2, offset }, topic: 'orders' }) as PlannedRecord);
  expect(redriveRequest('C1', 'q', two)).toBe('cluster C1: q p2 0-1,5 → orders 3');
});

test('a header converter that reads its own form only is warned of', () => {
  const of = (name: string) => headerConverterWarning({ 'header.converter': name });
  expect(headerConverterWarning({})).toBeNull();
  expect(of('org.apache.kafka.connect.storage.SimpleHeaderConverter')).toBeNull();
  expect(of('org.apache.kafka.connect.storage.StringConverter')).toBeNull();
  expect(of('org.apache.kafka.connect.json.JsonConverter')).toContain('JsonConverter must be able to read the header kconsole.redrive');
});

// ---- the dialog

async function openLetters(rig: SessionRig, name: string): Promise<void> {
  await rig.command(`dlq ${name}`);
  await waitUntil('the letters are read', () => {
    const tail = rig.session.current().data.tail;
    return (tail?.records.length ?? 0) > 0 && !tail?.isScanning;
  });
}

/** Past the question about the topic of those without an origin. */
async function openPreview(rig: SessionRig, topic = ''): Promise<void> {
  await rig.press('dlq.redrive');
  await waitUntil('it asks for a topic', () => rig.dialog().some((one) => one.includes('topic:')));
  await rig.clock.advance(250);
  await rig.keys(...topic, 'enter');
  await waitUntil('the dry run is there', () => rig.dialog().some((one) => one.includes('would be written')));
}

test('a dry run first; nothing goes before the typed name; then what was written, and the action log', async () => {
  const world = deadLetterWorld();
  using rig = await startSession(world);
  await openLetters(rig, 'orders-sink');
  await openPreview(rig);
  expect(rig.dialog()).toContain('→ orders  3 records  95 B');
  expect(rig.dialog()).toContain('      1  from topic payments, which orders-sink does not read');
  await rig.keys('enter');
  expect([rig.dialog(), world.producer.sent]).toEqual([[], []]);

  await openPreview(rig);
  await rig.keys(...'orders', 'enter');
  expect(rig.dialog()).toContain('that is not its name; nothing was written');
  rig.dispatcher.paste('-sink');
  expect(rig.dialog()).toContain('type it: a paste is not taken here');
  await rig.keys(...'-sink', 'enter');
  await waitUntil('it is written', () => rig.dialog().some((one) => one.startsWith('3 of 3')));
  expect(world.producer.sent).toEqual([
    { topic: 'orders', key: 'user-17', value: 'not json', headers: ['kconsole.redrive=1'] },
    { topic: 'orders', key: null, value: 'not json either', headers: ['kconsole.redrive=1'] },
    { topic: 'orders', key: null, value: '{"a":1}', headers: ['trace=a1', 'kconsole.redrive=1'] },
  ]);
  expect(JSON.parse(readFileSync(rig.actionLogFile, 'utf8'))).toMatchObject({
    action: 'dlq.redrive',
    target: 'orders-sink',
    request: 'cluster scripted: orders-dlq p0 0-2 → orders 3',
    result: 'ok',
    detail: '3 of 3 dead letters of orders-dlq written',
  });

  await rig.keys('esc');
  await openPreview(rig);
  expect(rig.dialog()).toContain('      4  redriven 1 time before (limit 1)');
  expect(rig.dialog()).toContain('There is nothing to write.');
  await rig.keys('up');
  await waitUntil('the limit is raised', () => rig.dialog().some((one) => one.startsWith('limit 2')));
  expect(rig.dialog()[2]).toBe('→ orders  4 records  113 B');
});

test('what passes the filter goes; of one that is open, only that one; a typed topic is for those without an origin', async () => {
  const world = deadLetterWorld();
  using rig = await startSession(world);
  await openLetters(rig, 'orders-sink');
  await openPreview(rig, 'nowhere');
  expect(rig.dialog()).toContain('      1  there is no topic nowhere that can be written to');
  await rig.keys('tab');
  await rig.keys('ctrl-u', ...'audit', 'enter');
  await waitUntil('it is planned anew', () => (rig.dialog().includes('→ audit   1 record  33 B') ? true : rig.dialog()), 2_000);
  await rig.keys('esc');
  await rig.press('move.top');
  await rig.press('dlq.alike');
  expect(rig.session.view.filter).toBe('reason = "JsonParseException: Unrecognized token …: was expecting JSON"');
  await rig.press('dlq.redrive');
  await waitUntil('the dry run is there', () => rig.dialog()[1]?.startsWith('2 of 2 dead letters'));
  await rig.keys('esc');
  await rig.press('row.open');
  expect(rig.session.view.pane).toBe('dead-letter');
  await rig.press('dlq.redrive');
  await waitUntil('the dry run is there', () => rig.dialog()[1]?.startsWith('1 of 1 dead letter of'));
  expect(world.producer.sent).toEqual([]);
});

test('keys of tails hold here: frozen it stands still, p pauses no connector, headers are in the record', async () => {
  const world = deadLetterWorld();
  using rig = await startSession(world);
  await openLetters(rig, 'orders-sink');
  await rig.keys('p');
  expect([rig.session.view.frozenAt, world.calls]).toEqual([6, []]);
  await rig.press('tail.headers');
  expect(rig.flash()).toBe('open the record (⏎): its headers are there');
  await rig.keys('p', 'b');
  expect(rig.session.view).toMatchObject({ pane: 'dlq', frozenAt: null, tailStart: 'beginning' });
});

test('a record that the topic does not take is named', async () => {
  const world = deadLetterWorld();
  using rig = await startSession(world);
  world.producer.nextError = new Error('RECORD_TOO_LARGE: 9 MB');
  await openLetters(rig, 'orders-sink');
  await openPreview(rig);
  await rig.keys(...'orders-sink', 'enter');
  await waitUntil('it has ended', () => rig.dialog().some((one) => one.startsWith('2 of 3')));
  expect(rig.dialog()).toContain('✖ orders-dlq-0@0 → orders: RECORD_TOO_LARGE: 9 MB');
  expect(rig.flash()).toBe('2 of 3 dead letters of orders-dlq written, 1 failed');
});

test('read-only contexts look, and cannot redrive; without a queue there is nothing to redrive', async () => {
  using reading = await startSession(deadLetterWorld(), { isReadOnly: true });
  await openLetters(reading, 'orders-sink');
  await reading.press('dlq.redrive');
  expect([reading.dialog(), reading.flash()]).toEqual([[], 'r means nothing here; ? shows the keys']);
  using rig = await startSession(deadLetterWorld());
  await rig.command('redrive');
  expect(rig.flash()).toContain('open the dead letters first');
  await rig.command('dlq bare-sink');
  await rig.press('dlq.redrive');
  expect(rig.flash()).toBe('bare-sink has no dead letters to redrive');
});

test('figures: counted by the worker, by the end of the topic, or not known; never a made-up zero', async () => {
  using rig = await startSession(deadLetterWorld());
  expect(rig.operations.row('orders-sink')?.recordErrors).toMatchObject({
    origin: 'metrics',
    deadLetters: 5,
    perSec: 0,
    errors: 5,
    failed: 0,
  });
  expect(rig.operations.row('plain-sink')?.recordErrors).toMatchObject({ origin: 'topic', deadLetters: 1, errors: null, failed: null });
  expect(rig.operations.row('new-sink')?.recordErrors).toMatchObject({
    queue: 'missing-dlq',
    origin: null,
    deadLetters: null,
    perSec: null,
  });
  expect(rig.operations.row('bare-sink')?.recordErrors).toMatchObject({ queue: null, deadLetters: null, errors: null });
});
