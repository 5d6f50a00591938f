/** Changes of offsets worked out before anything is touched. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  appliedCount,
  canonical,
  methodsFor,
  type OffsetFacts,
  offsetLabel,
  parseOffset,
  parseTime,
  partitionLabel,
  planOffsets,
  type Wanted,
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
/** Facts with bounds are of a sink. */
const plan = (facts: OffsetFacts[], wanted: Wanted, isWhole = true) =>
  planOffsets({ kind: facts[0]?.partition.filename === undefined ? 'sink' : 'source', wanted, facts, isWhole });
const to = (partition: number, offset: bigint | null, topic = 'orders') => ({
  partition: { kafka_topic: topic, kafka_partition: BigInt(partition) },
  offset: offset === null ? null : { kafka_offset: offset },
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
  expect(methodsFor('source', false)).toEqual(['earliest', 'explicit', 'file', 'saved', 'tombstone']);
  expect(methodsFor('group', true)).toEqual(['earliest', 'latest', 'time', 'shift', 'explicit', 'file', 'saved', 'tombstone']);
  expect(methodsFor('sink', false)).not.toContain('earliest');
});

test('a sink goes to its bounds; what comes again and what is lost is counted', () => {
  const facts = [sink(0, 700n, 100n, 1000n), sink(1, null, 50n, 60n)];
  const rows = (wanted: Wanted) =>
    plan(facts, wanted).changes.map((one) => [one.label, one.now, one.next, one.delta, one.rereads, one.skips]);
  expect(rows({ method: 'earliest' })).toEqual([
    ['orders p0', '700', '100', -600n, 600n, 0n],
    ['orders p1', '–', '50', 0n, 0n, 0n],
  ]);
  expect(rows({ method: 'latest' })).toEqual([
    ['orders p0', '700', '1000', 300n, 0n, 300n],
    ['orders p1', '–', '60', 10n, 0n, 10n],
  ]);
});

test('a time takes the place that was found, and the end where nothing is that new', () => {
  const facts = [sink(0, 700n, 100n, 1000n), sink(1, 50n, 50n, 60n)];
  const { changes } = plan(facts, { method: 'time', byTime: new Map([['orders p0', 640n]]) });
  expect(changes.map((one) => [one.next, one.note])).toEqual([
    ['640', null],
    ['60', 'nothing that new: the end'],
  ]);
});

test('what is not possible says which value and why', () => {
  const facts = [sink(0, 700n, 100n, 1000n)];
  const explicit = (offset: bigint) => plan(facts, { method: 'explicit', offsets: [to(0, offset)] }).problem;
  expect(explicit(1001n)).toBe('1001 lies beyond the end of orders p0 (1000)');
  expect(explicit(99n)).toBe('99 lies before the first record of orders p0 (100)');
  expect(() => parseOffset('sink', '-1')).toThrow('"-1" is not an offset');
  expect(parseOffset('sink', ' 17 ')).toEqual({ kafka_offset: 17n });
  expect(parseOffset('sink', 'none')).toBeNull();
  expect(plan(facts, { method: 'shift', by: 'ten' }).problem).toContain('"ten" is not a whole number');
  expect(plan([sink(0, null, 1n, 2n)], { method: 'shift', by: '-1' }).problem).toContain('no committed offset to shift');
  expect(plan([], { method: 'earliest' }).problem).toBe('there are no offsets to change');
  expect(plan([source('a', { position: 1n })], { method: 'shift', by: '-1' }).problem).toContain('cannot be said of a source');
});

test('offsets that were written down move into what there is now, and say so', () => {
  const facts = [sink(0, 700n, 100n, 1000n), sink(1, 5n, 0n, 60n)];
  const { changes, problem } = plan(facts, { method: 'saved', offsets: [to(0, 40n), to(1, 99n)] });
  expect(problem).toBeNull();
  expect(changes.map((one) => [one.next, one.note])).toEqual([
    ['100', '40 is gone: the first record'],
    ['60', '99 lies ahead: the end'],
  ]);
});

test('a partition that is not read here is refused with its place; outside of the scope it stays as it is', () => {
  const facts = [sink(0, 700n, 100n, 1000n)];
  const offsets = [to(0, 500n), { ...to(9, 1n), where: 'o.csv, line 2' }];
  expect(plan(facts, { method: 'file', offsets }).problem).toBe('o.csv, line 2: orders p9 is not a partition that is read here');
  expect(plan(facts, { method: 'file', offsets }, false).changes.map((one) => one.next)).toEqual(['500']);
  expect(plan(facts, { method: 'file', offsets: [offsets[1]!] }, false).problem).toBe('none of the partitions in scope is named there');
});

test('a shift stays within what there is, and counts what it does', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 1000n), fc.bigInt(0n, 1000n), fc.bigInt(0n, 1000n), fc.bigInt(-3000n, 3000n), (a, b, c, by) => {
      const [earliest, committed, end] = [a, b, c].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0)) as [bigint, bigint, bigint];
      const { changes } = plan([sink(0, committed, earliest, end)], { method: 'shift', by: String(by) });
      const next = BigInt(changes[0]!.next);
      expect(next >= earliest && next <= end).toBe(true);
      expect(changes[0]!.rereads! - changes[0]!.skips).toBe(committed - next);
      expect(changes[0]!.note === null).toBe(next === committed + by);
    }),
  );
});

test('a source that is reset whole is forgotten by one call, one of its partitions by a tombstone', () => {
  const facts = [source('/a', { position: 40n }), source('/b', { position: 7n })];
  expect(plan(facts, { method: 'earliest' })).toMatchObject({ isReset: true, problem: null });
  const one = plan([facts[0]!], { method: 'tombstone' }, false);
  expect(one.isReset).toBe(false);
  expect(one.changes).toMatchObject([
    {
      label: '/a',
      now: '{"position":40}',
      next: 'none',
      delta: -40n,
      rereads: 40n,
      change: { partition: { filename: '/a' }, offset: null },
    },
  ]);
});

test("a source's offset is given as JSON, exact beyond 2^53; a partition that is not stored yet may be given", () => {
  const facts = [source('/a', { position: 9007199254740995n, gtid: 'x' })];
  const offset = parseOffset('source', '{"position":9007199254740993,"gtid":"x"}');
  const { changes } = plan(facts, { method: 'explicit', offsets: [{ partition: { filename: '/a' }, offset }] });
  expect(changes[0]?.change.offset).toEqual({ position: 9007199254740993n, gtid: 'x' });
  expect(changes[0]?.rereads).toBe(2n);
  for (const text of ['', '7', '[1]', '{"a":{"b":1}}', '{"a"'])
    expect(() => parseOffset('source', text)).toThrow(/JSON object|plain value/);
  const other = plan(facts, { method: 'file', offsets: [{ partition: { filename: '/b' }, offset: { position: 1n } }] });
  expect(other.changes).toMatchObject([{ label: '/b', now: '–', next: '{"position":1}' }]);
});

test('what was read back is what was asked for, or it is not', () => {
  const change = { partition: { kafka_topic: 't', kafka_partition: 0n }, offset: { kafka_offset: 5n } };
  const other = { ...change, partition: { kafka_topic: 't', kafka_partition: 1n } };
  const read = { partition: { kafka_partition: 0n, kafka_topic: 't' }, offset: { kafka_offset: 5n } };
  expect(appliedCount([change, other], [read])).toBe(1);
  expect(appliedCount([change], [{ ...change, offset: { kafka_offset: 6n } }])).toBe(0);
  expect(appliedCount([change], [])).toBe(0);
  expect(appliedCount([{ ...change, offset: null }], [])).toBe(1);
  expect(appliedCount([{ ...change, offset: null }], [change])).toBe(0);
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
