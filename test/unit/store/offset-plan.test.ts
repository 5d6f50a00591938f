/** Changes of offsets worked out before anything is touched. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  canonical,
  isApplied,
  methodsFor,
  type OffsetFacts,
  offsetLabel,
  type PlanRequest,
  parseTime,
  partitionLabel,
  planOffsets,
} from '../../../src/store/offset-plan.ts';

const sink = (partition: number, committed: bigint | null, earliest: bigint | null, end: bigint | null): OffsetFacts => ({
  partition: { kafka_topic: 'orders', kafka_partition: BigInt(partition) },
  offset: committed === null ? null : { kafka_offset: committed },
  earliest,
  end,
});
const source = (filename: string, offset: Record<string, bigint | string> | null): OffsetFacts => ({
  partition: { filename },
  offset,
  earliest: null,
  end: null,
});
const plan = (facts: OffsetFacts[], method: PlanRequest['method'], more: Partial<PlanRequest> = {}) =>
  planOffsets({
    isSink: facts[0]?.earliest !== null || facts[0]?.end !== null,
    method,
    value: '',
    facts,
    isWhole: true,
    byTime: new Map(),
    ...more,
  });

test('equal offsets have equal text, whatever the order of their members', () => {
  expect(canonical({ pos: 9007199254740993n, gtid: 'a' })).toBe('{"gtid":"a","pos":9007199254740993}');
  expect(canonical({ gtid: 'a', pos: 9007199254740993n })).toBe(canonical({ pos: 9007199254740993n, gtid: 'a' }));
  expect(canonical(null)).toBe('null');
});

test('partitions and offsets are named as people say them', () => {
  expect(partitionLabel({ kafka_topic: '주문', kafka_partition: 3n })).toBe('주문 p3');
  expect(partitionLabel({ filename: '/var/log/접속.log' })).toBe('/var/log/접속.log');
  expect(partitionLabel({ server: 'a', db: 'b' })).toBe('{"db":"b","server":"a"}');
  expect(offsetLabel({ kafka_offset: 17n })).toBe('17');
  expect(offsetLabel({ position: 17n })).toBe('{"position":17}');
  expect(offsetLabel(null)).toBe('–');
});

test('methods by what is known', () => {
  expect(methodsFor(false, false)).toEqual(['earliest', 'explicit', 'tombstone']);
  expect(methodsFor(true, true)).toEqual(['earliest', 'latest', 'time', 'shift', 'explicit', 'tombstone']);
  expect(methodsFor(true, false)).not.toContain('earliest');
});

test('a sink goes to its bounds; what comes again and what is lost is counted', () => {
  const facts = [sink(0, 700n, 100n, 1000n), sink(1, null, 50n, 60n)];
  expect(plan(facts, 'earliest').changes.map((one) => [one.label, one.now, one.next, one.rereads, one.skips])).toEqual([
    ['orders p0', '700', '100', 600n, 0n],
    ['orders p1', '–', '50', 0n, 0n],
  ]);
  expect(plan(facts, 'latest').changes.map((one) => [one.next, one.rereads, one.skips])).toEqual([
    ['1000', 0n, 300n],
    ['60', 0n, 10n],
  ]);
});

test('a time takes the place that was found, and the end where nothing is that new', () => {
  const facts = [sink(0, 700n, 100n, 1000n), sink(1, 50n, 50n, 60n)];
  const { changes } = plan(facts, 'time', { byTime: new Map([['orders p0', 640n]]) });
  expect(changes.map((one) => one.next)).toEqual(['640', '60']);
});

test('what is not possible says which value and why', () => {
  const facts = [sink(0, 700n, 100n, 1000n)];
  expect(plan(facts, 'explicit', { value: '1001' }).problem).toBe('1001 lies beyond the end of orders p0 (1000)');
  expect(plan(facts, 'explicit', { value: '99' }).problem).toBe('99 lies before the first record of orders p0 (100)');
  expect(plan(facts, 'explicit', { value: '-1' }).problem).toContain('"-1" is not an offset');
  expect(plan(facts, 'shift', { value: 'ten' }).problem).toContain('"ten" is not a whole number');
  expect(plan([sink(0, null, 1n, 2n)], 'shift', { value: '-1' }).problem).toContain('no committed offset to shift');
  expect(plan([], 'earliest').problem).toBe('there are no offsets to change');
  expect(plan([source('a', { position: 1n })], 'shift', { isSink: false, value: '-1' }).problem).toContain('cannot be said of a source');
});

test('a shift stays within what there is, and counts what it does', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 1000n), fc.bigInt(0n, 1000n), fc.bigInt(0n, 1000n), fc.bigInt(-3000n, 3000n), (a, b, c, by) => {
      const [earliest, committed, end] = [a, b, c].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0)) as [bigint, bigint, bigint];
      const { changes } = plan([sink(0, committed, earliest, end)], 'shift', { value: String(by) });
      const next = BigInt(changes[0]!.next);
      expect(next >= earliest && next <= end).toBe(true);
      expect(changes[0]!.rereads! - changes[0]!.skips).toBe(committed - next);
    }),
  );
});

test('a source that is reset whole is forgotten by one call, one of its partitions by a tombstone', () => {
  const facts = [source('/a', { position: 40n }), source('/b', { position: 7n })];
  expect(plan(facts, 'earliest', { isSink: false })).toMatchObject({ isReset: true, problem: null });
  const one = plan([facts[0]!], 'tombstone', { isSink: false, isWhole: false });
  expect(one.isReset).toBe(false);
  expect(one.changes).toEqual([
    { label: '/a', now: '{"position":40}', next: 'none', rereads: 40n, skips: 0n, change: { partition: { filename: '/a' }, offset: null } },
  ]);
});

test("a source's offset is given as JSON, exact beyond 2^53", () => {
  const facts = [source('/a', { position: 9007199254740995n, gtid: 'x' })];
  const { changes } = plan(facts, 'explicit', { isSink: false, value: '{"position":9007199254740993,"gtid":"x"}' });
  expect(changes[0]?.change.offset).toEqual({ position: 9007199254740993n, gtid: 'x' });
  expect(changes[0]?.rereads).toBe(2n);
  for (const value of ['', '7', '[1]', '{"a":{"b":1}}', '{"a"'])
    expect(plan(facts, 'explicit', { isSink: false, value }).problem).not.toBeNull();
  expect(plan([...facts, source('/b', null)], 'explicit', { isSink: false, value: '{}' }).problem).toContain('choose one partition');
});

test('what was read back is what was asked for, or it is not', () => {
  const change = { partition: { kafka_topic: 't', kafka_partition: 0n }, offset: { kafka_offset: 5n } };
  expect(isApplied([change], [{ partition: { kafka_partition: 0n, kafka_topic: 't' }, offset: { kafka_offset: 5n } }])).toBe(true);
  expect(isApplied([change], [{ ...change, offset: { kafka_offset: 6n } }])).toBe(false);
  expect(isApplied([change], [])).toBe(false);
  expect(isApplied([{ ...change, offset: null }], [])).toBe(true);
  expect(isApplied([{ ...change, offset: null }], [change])).toBe(false);
});

test('times as people write them', () => {
  const now = Date.UTC(2026, 10, 23, 12, 4, 31);
  expect(parseTime('-15m', now)).toBe(now - 900_000);
  expect(parseTime('-2h', now)).toBe(now - 7_200_000);
  expect(parseTime('-1d', now)).toBe(now - 86_400_000);
  expect(parseTime('2026-11-23 11:00', now)).toBe(Date.UTC(2026, 10, 23, 11));
  expect(parseTime('2026-11-23T11:00:05.250Z', now)).toBe(Date.UTC(2026, 10, 23, 11, 0, 5, 250));
  expect(parseTime('2026-11-23T11:00+09:00', now)).toBe(Date.UTC(2026, 10, 23, 2));
  expect(parseTime('2026-11-23', now)).toBe(Date.UTC(2026, 10, 23));
  expect(parseTime('9:30', now)).toBe(Date.UTC(2026, 10, 23, 9, 30));
  expect(parseTime('1795683153195', now)).toBe(1795683153195);
  for (const text of ['', 'yesterday', '2026-13-01', '25:00', '15m', '2026-11-23 1', '-15']) expect(parseTime(text, now)).toBeNull();
});
