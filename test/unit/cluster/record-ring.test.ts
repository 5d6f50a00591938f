/** The newest records, bounded by bytes; what falls out is counted. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordRing, type TailRecord } from '../../../src/cluster/record-ring.ts';

const record = (sequence: number, sizeBytes: number): TailRecord => ({
  sequence,
  topic: 't',
  partition: 0,
  offset: BigInt(sequence),
  timestampMs: 0,
  key: null,
  value: null,
  headers: null,
  sizeBytes,
});

test('sequences stay with their records, whatever falls out', () => {
  const ring = new RecordRing(10 * 1_200);
  for (let i = 0; i < 25; i++) ring.push(record(ring.endSequence, 1_000));
  expect([ring.length, ring.firstSequence, ring.endSequence, ring.dropped]).toEqual([10, 15, 25, 15]);
  expect(ring.get(14)).toBeNull();
  expect(ring.get(15)?.sequence).toBe(15);
  expect(ring.get(24)?.sequence).toBe(24);
  expect(ring.get(25)).toBeNull();
});

test('one record beyond the limit is still there', () => {
  const ring = new RecordRing(1_000);
  ring.push(record(0, 5_000_000));
  expect(ring.length).toBe(1);
  ring.push(record(1, 10));
  expect([ring.length, ring.get(1)?.sequence]).toEqual([1, 1]);
});

test('cleared, it goes on counting', () => {
  const ring = new RecordRing(1_000_000);
  for (let i = 0; i < 5; i++) ring.push(record(i, 10));
  ring.clear();
  expect([ring.length, ring.firstSequence, ring.endSequence, ring.bytes]).toEqual([0, 5, 5, 0]);
  ring.push(record(5, 10));
  expect(ring.get(5)?.sequence).toBe(5);
});

test('a hundred thousand records go through bounded memory, each found by its sequence', () => {
  const ring = new RecordRing(1_000 * 300);
  for (let i = 0; i < 100_000; i++) {
    ring.push(record(i, 100));
    if (i % 997 === 0) expect(ring.get(i)?.sequence).toBe(i);
  }
  expect([ring.length, ring.dropped, ring.bytes]).toEqual([1_000, 99_000, 300_000]);
});

test('counts agree with what is kept', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { maxLength: 200 }), (sizes) => {
      const ring = new RecordRing(20_000);
      for (const size of sizes) ring.push(record(ring.endSequence, size));
      expect(ring.length + ring.dropped).toBe(sizes.length);
      expect(ring.endSequence).toBe(sizes.length);
      let bytes = 0;
      for (let sequence = ring.firstSequence; sequence < ring.endSequence; sequence++) {
        const kept = ring.get(sequence);
        expect(kept?.sequence).toBe(sequence);
        bytes += (kept?.sizeBytes ?? 0) + 200;
      }
      expect(ring.bytes).toBe(bytes);
      if (ring.length > 1) expect(bytes).toBeLessThanOrEqual(20_000);
    }),
  );
});
