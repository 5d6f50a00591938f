/** The newest records, bounded by bytes; what falls out is counted, and nothing is decoded before it is looked at. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BATCH_OVERHEAD_BYTES, RecordRing } from '../../../src/cluster/record-ring.ts';
import { aRecord, keptBatch } from '../../helpers/kept-batches.ts';

let next = 0n;
const batch = (count: number, sizeBytes: number) =>
  keptBatch(
    Array.from({ length: count }, () => aRecord({ offset: next++ })),
    sizeBytes,
  );

test('sequences stay with their records, whatever falls out', () => {
  next = 0n;
  const ring = new RecordRing(10 * (1_000 + BATCH_OVERHEAD_BYTES));
  for (let i = 0; i < 25; i++) ring.push(batch(4, 1_000));
  expect([ring.length, ring.firstSequence, ring.endSequence, ring.dropped]).toEqual([40, 60, 100, 60]);
  expect(ring.get(59)).toBeNull();
  expect(ring.get(100)).toBeNull();
  for (const sequence of [60, 61, 77, 99]) expect(ring.get(sequence)).toMatchObject({ sequence, offset: BigInt(sequence) });
});

test('one batch beyond the limit is still there', () => {
  const ring = new RecordRing(1_000);
  ring.push(batch(2, 5_000_000));
  expect(ring.length).toBe(2);
  ring.push(batch(1, 10));
  expect([ring.length, ring.dropped, ring.get(2)?.sequence]).toEqual([1, 2, 2]);
});

test('only what is looked at is decoded, and once while it is at hand', () => {
  const ring = new RecordRing(1_000_000);
  for (let i = 0; i < 20; i++) ring.push(batch(50, 100));
  expect(ring.decoded).toBe(0);
  for (let i = 0; i < 50; i++) ring.get(500 + i);
  expect(ring.decoded).toBe(50);
  ring.get(0);
  ring.get(501);
  expect(ring.decoded).toBe(100);
});

test('a damaged batch keeps its place, says why, and is counted once', () => {
  const ring = new RecordRing(1_000_000);
  const broken = () => {
    throw new Error('its checksum is 1, its bytes give 2');
  };
  ring.push(batch(1, 10));
  ring.push({ ...batch(3, 10), baseOffset: 77n, decode: broken });
  ring.push(batch(1, 10));
  expect(ring.get(2)).toMatchObject({ offset: 78n, value: null, problem: 'its checksum is 1, its bytes give 2' });
  expect(ring.get(4)?.problem).toBeNull();
  for (let i = 0; i < 200; i++) ring.push(batch(1, 10));
  for (let i = 0; i < 200; i++) ring.get(i);
  expect([ring.undecodable, ring.length]).toEqual([3, 205]);
  ring.push({ ...batch(2, 10), count: 3 });
  expect(ring.get(205)?.problem).toBe('2 records came out of a batch that tells of 3');
});

test('a hundred thousand batches go through bounded memory, each record found by its sequence', () => {
  const ring = new RecordRing(1_000 * (100 + BATCH_OVERHEAD_BYTES));
  for (let i = 0; i < 100_000; i++) {
    ring.push(batch(2, 100));
    if (i % 997 === 0) expect(ring.get(2 * i + 1)?.sequence).toBe(2 * i + 1);
  }
  expect([ring.length, ring.dropped]).toEqual([2_000, 198_000]);
});

test('what was received is what is kept and what was dropped', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(5_000)), { maxLength: 200 }), (sizes) => {
      const ring = new RecordRing(20_000);
      let [received, bytes] = [0, 0];
      for (const [count, size] of sizes) {
        if (count > 0) ring.push(batch(count, size));
        received += count;
        bytes = Math.max(bytes, ring.bytes);
        expect(ring.length + ring.dropped).toBe(received);
      }
      expect(ring.endSequence).toBe(received);
      for (let sequence = ring.firstSequence; sequence < received; sequence++) expect(ring.get(sequence)?.sequence).toBe(sequence);
      expect(bytes).toBeLessThanOrEqual(20_000);
    }),
  );
});
