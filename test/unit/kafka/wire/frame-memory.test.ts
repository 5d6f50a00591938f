import { expect, test } from 'vitest';
import { encodeFrame } from '../../../../src/kafka/wire/codec.ts';
import { FrameMemory } from '../../../../src/kafka/wire/frame-memory.ts';
import { produceMessage } from '../../../../src/kafka/wire/messages/produce.ts';

const KB = 1024;

test('small requests, and those that are too large to be kept, take their own', () => {
  const memory = new FrameMemory();
  expect([memory.take(0), memory.take(63 * KB), memory.take(2 * KB * KB)]).toEqual([null, null, null]);
});

test('what was given is taken by the next that fits, once', () => {
  const memory = new FrameMemory();
  const first = memory.take(300 * KB)!;
  expect(first.length).toBe(512 * KB);
  memory.give(first);
  expect(memory.take(511 * KB) === first).toBe(true);
  expect(memory.take(511 * KB) === first).toBe(false);
});

test('the largest is kept, and a larger request gets memory of its own', () => {
  const memory = new FrameMemory();
  const [small, large] = [memory.take(100 * KB)!, memory.take(600 * KB)!];
  memory.give(large);
  memory.give(small);
  expect(memory.take(100 * KB) === large).toBe(true);
  memory.give(small);
  expect(memory.take(600 * KB)?.length).toBe(768 * KB);
  memory.forget();
  expect(memory.take(100 * KB) === small).toBe(false);
});

test('a request is the same in memory that was used before, and beyond its end', () => {
  const records = Buffer.alloc(100_000, 'r');
  const body = { transactionalId: null, acks: -1, timeoutMs: 1, topics: [{ name: 't', partitions: [{ index: 0, records }] }] };
  const header = { version: 9, correlationId: 7, clientId: 'c' };
  const expected = encodeFrame(produceMessage, header, body);
  for (const bytes of [200_000, 50_000])
    expect(encodeFrame(produceMessage, header, body, 0, Buffer.alloc(bytes, 'x')).equals(expected)).toBe(true);
});
