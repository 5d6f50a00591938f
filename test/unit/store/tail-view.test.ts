/** The window on a ring of records, with a filter that reads it piece by piece. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BATCH_OVERHEAD_BYTES, RecordRing } from '../../../src/cluster/record-ring.ts';
import type { Tail, TailStatus } from '../../../src/cluster/tail.ts';
import { RECORDS } from '../../../src/store/record-look.ts';
import { TailView } from '../../../src/store/tail-view.ts';
import { makeView, type ViewState } from '../../../src/store/view.ts';
import { aRecord, keptBatch } from '../../helpers/kept-batches.ts';

const STATUS: TailStatus = {
  topics: ['t'],
  partitionCount: 1,
  start: 'end',
  received: 0,
  receivedBytes: 0,
  receivedPerSec: null,
  decodedPerSec: null,
  undecodable: 0,
  kept: 0,
  keptBytes: 0,
  dropped: 0,
  behind: null,
  isEmpty: false,
  notes: [],
  phase: 'following',
  error: null,
};

/** `limit`: records that the ring keeps. */
function tailOf(limit = 1_000_000) {
  const ring = new RecordRing(limit * (10 + BATCH_OVERHEAD_BYTES));
  const tail: Pick<Tail, 'ring' | 'status'> = { ring, status: () => STATUS };
  let nowMs = 0;
  const view = new TailView(tail as Tail, { monoMs: () => nowMs, wallMs: () => nowMs }, RECORDS);
  const add = (count: number, value = (i: number) => `value-${i}`) => {
    for (let i = 0; i < count; i++) {
      const sequence = ring.endSequence;
      const record = aRecord({
        partition: sequence % 3,
        offset: BigInt(sequence),
        key: Buffer.from(`k${sequence}`),
        value: Buffer.from(value(sequence)),
        headers: [{ key: 'trace', value: Buffer.from('h') }],
      });
      ring.push(keptBatch([record]));
    }
  };
  return { ring, view, add, pass: (ms: number) => (nowMs += ms) };
}
const following = (more: Partial<ViewState> = {}) => makeView('tail', {}, more);
const sequences = (view: TailView, state: ViewState, height = 5) => view.data(state, height).records.map((record) => record.sequence);

test('the newest are in sight while it follows', () => {
  const { view, add } = tailOf();
  expect(sequences(view, following())).toEqual([]);
  add(3);
  expect(sequences(view, following())).toEqual([0, 1, 2]);
  add(4);
  expect(sequences(view, following())).toEqual([2, 3, 4, 5, 6]);
});

test('frozen, nothing newer is in sight, and it is counted', () => {
  const { view, add } = tailOf();
  add(4);
  const state = following({ frozenAt: 4 });
  add(6);
  expect(sequences(view, state)).toEqual([0, 1, 2, 3]);
  expect(view.data(state, 5).newSinceFrozen).toBe(6);
});

test('a filter finds by value, key, header, partition, and counts what it looked at', () => {
  const { view, add } = tailOf();
  add(10);
  expect(view.data(following({ filter: 'value-7' }), 5)).toMatchObject({ matched: 1, scanned: 10, isScanning: false });
  expect(sequences(view, following({ filter: 'key:k3' }))).toEqual([3]);
  expect(sequences(view, following({ filter: 'partition:2' }))).toEqual([2, 5, 8]);
  expect(view.data(following({ filter: 'header:trace=h' }), 5).matched).toBe(10);
  expect(view.data(following({ filter: 'key ~ ' }), 5)).toMatchObject({
    matched: 10,
    filter: { problem: { text: 'a text or /expression/ is missing after ~', column: 5 } },
  });
  expect(view.data(following(), 5)).toMatchObject({ matched: 10, scanned: 10 });
});

test('what comes later is looked at as well; what falls out of the ring is not shown', () => {
  const { view, add } = tailOf(20);
  const state = following({ filter: 'odd' });
  add(10, (i) => (i % 2 ? 'odd' : 'even'));
  expect(sequences(view, state)).toEqual([1, 3, 5, 7, 9]);
  add(25, (i) => (i % 2 ? 'odd' : 'even'));
  const data = view.data(state, 50);
  expect(data.records.map((record) => record.sequence)).toEqual([15, 17, 19, 21, 23, 25, 27, 29, 31, 33]);
  expect(data.scanned).toBe(20);
});

test('a long ring is read in pieces, so that no frame waits for it', () => {
  const { view, add, ring } = tailOf();
  add(10_000);
  let frames = 0;
  const slow = new TailView({ ring, status: () => STATUS } as Tail, { monoMs: () => (frames += 1), wallMs: () => 0 }, RECORDS);
  const state = following({ filter: 'value-1' });
  expect(slow.data(state, 5).isScanning).toBe(true);
  let rounds = 1;
  while (slow.data(state, 5).isScanning) rounds++;
  expect(rounds).toBeGreaterThan(5);
  expect(slow.data(state, 5).matched).toBe(view.data(state, 5).matched);
});

test('moving is by what is shown, and stays within it', () => {
  const { view, add } = tailOf();
  add(30);
  const state = following({ filter: 'partition:0' });
  view.data(state, 5);
  expect(view.move(state, null, 0)).toBe(27);
  expect(view.move(state, 27, -1)).toBe(24);
  expect(view.move(state, 3, -10)).toBe(0);
  expect(view.move(state, 24, 99)).toBe(27);
  view.data(following(), 5);
  expect(view.move(following(), 29, -3)).toBe(26);
  expect(tailOf().view.move(following(), null, 0)).toBeNull();
});

test('the cursor is always in sight, whatever the window was', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), (cursor, top, height, count) => {
      const { view, add } = tailOf();
      add(count);
      const at = Math.min(cursor, count - 1);
      const shown = sequences(view, following({ isFollowing: false, cursorId: String(at), top }), height);
      expect(shown).toContain(at);
      expect(shown).toHaveLength(Math.min(height, count));
    }),
    { numRuns: 60 },
  );
});
