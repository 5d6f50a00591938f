import { expect, test } from 'vitest';
import type { LogEvent } from '../../../src/base/log.ts';
import { LogRing } from '../../../src/base/log-ring.ts';

const event = (message: string, more: Partial<LogEvent> = {}): LogEvent => ({
  timeMs: 0,
  level: 'INFO',
  logger: 'l',
  message,
  connector: null,
  task: null,
  trace: null,
  ...more,
});

function ringOf(count: number, options: ConstructorParameters<typeof LogRing>[0] = {}): LogRing {
  const ring = new LogRing({ firstSequence: 100, ...options });
  for (let i = 0; i < count; i++) ring.sink(event(`m${i}`));
  return ring;
}

test('oldest first; without a start the newest, with one what follows it', () => {
  const ring = ringOf(10);
  expect(ring.read({ limit: 2 }).map(({ message }) => message)).toEqual(['m8', 'm9']);
  expect(ring.read({ afterSequence: 103, limit: 2 }).map(({ message, sequence }) => [message, sequence])).toEqual([
    ['m4', 104],
    ['m5', 105],
  ]);
  expect(ring.read({ afterSequence: 109 })).toEqual([]);
  expect(ring.read({ afterSequence: 5 })).toHaveLength(10);
  expect(ring.read({ afterSequence: 10_000 })).toEqual([]);
});

test('bounded by count; sequences go on and reading from any of them is right', () => {
  const ring = ringOf(1_000, { maxEvents: 7 });
  expect(ring.size).toBe(7);
  expect(ring.read().map(({ sequence }) => sequence)).toEqual([1093, 1094, 1095, 1096, 1097, 1098, 1099]);
  for (let after = 1090; after < 1100; after++)
    expect(ring.read({ afterSequence: after })[0]?.sequence).toBe(after === 1099 ? undefined : Math.max(1093, after + 1));
});

test('bounded by bytes, and one long event is cut instead of pushing out the others', () => {
  const ring = new LogRing({ maxBytes: 100_000 });
  for (let i = 0; i < 100; i++) ring.sink(event('x'.repeat(1_000), { trace: 'y'.repeat(1_000) }));
  expect(ring.size).toBeLessThan(30);
  expect(ring.size).toBeGreaterThan(15);
  ring.sink(event('z'.repeat(1_000_000)));
  expect(ring.read().at(-1)?.message).toMatch(/^z{32768}… \(967232 characters more\)$/);
});

test('by connector and task', () => {
  const ring = new LogRing();
  ring.sink(event('a', { connector: 'c', task: 0 }));
  ring.sink(event('b', { connector: 'c', task: 1 }));
  ring.sink(event('d', { connector: 'other', task: 1 }));
  ring.sink(event('e', { connector: 'c' }));
  expect(ring.read({ connector: 'c' }).map(({ message }) => message)).toEqual(['a', 'b', 'e']);
  expect(ring.read({ connector: 'c', task: 1 }).map(({ message }) => message)).toEqual(['b']);
});
