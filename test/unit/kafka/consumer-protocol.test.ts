import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from '../../../src/kafka/consumer-protocol.ts';
import { KafkaProtocolError } from '../../../src/kafka/kafka-error.ts';
import { assignRanges } from '../../../src/kafka/range-assignor.ts';
import type { TopicPartition } from '../../../src/plugin-api/records.ts';

type Pair = readonly [string, number];
interface SubscriptionCase {
  readonly kind: 'subscription';
  readonly version: number;
  readonly topics: readonly string[];
  readonly userData: string | null;
  readonly owned: readonly Pair[];
  readonly generation: number;
  readonly rack: string | null;
  readonly hex: string;
}
interface AssignmentCase {
  readonly kind: 'assignment';
  readonly version: number;
  readonly partitions: readonly Pair[];
  readonly userData: string | null;
  readonly hex: string;
}
interface RangeCase {
  readonly kind: 'range';
  readonly topics: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly members: ReadonlyArray<{ memberId: string; groupInstanceId: string | null; rackId: string | null; topics: string[] }>;
  readonly assignment: Readonly<Record<string, readonly Pair[]>>;
}

/** Written by the JVM client: see ConsumerProtocolGolden.java beside it. */
const cases = readFileSync(path.resolve(import.meta.dirname, '../../golden/wire/consumer-protocol.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SubscriptionCase | AssignmentCase | RangeCase);
const subscriptions = cases.filter((one) => one.kind === 'subscription');
const assignments = cases.filter((one) => one.kind === 'assignment');
const ranges = cases.filter((one) => one.kind === 'range');

const toPartition = ([topic, partition]: Pair): TopicPartition => ({ topic, partition });
const hexOrNull = (hex: string | null) => (hex === null ? null : Buffer.from(hex, 'hex'));
const sorted = (list: readonly TopicPartition[]) =>
  [...list].sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));

describe('bytes of the JVM client', () => {
  test.each(subscriptions)('subscription v$version of $topics', ({ version, topics, userData, owned, generation, rack, hex }) => {
    const content = Buffer.from(hex, 'hex');
    const subscription = { topics, userData: hexOrNull(userData), ownedPartitions: owned.map(toPartition), generation, rackId: rack };
    expect(encodeSubscription(subscription, version).toString('hex')).toBe(hex);
    expect(decodeSubscription(content)).toEqual({
      topics: [...topics].sort(),
      userData: hexOrNull(userData),
      ownedPartitions: version >= 1 ? sorted(owned.map(toPartition)) : [],
      generation: version >= 2 ? generation : -1,
      rackId: version >= 3 ? rack : null,
    });
  });

  test.each(assignments)('assignment v$version of $partitions', ({ version, partitions, userData, hex }) => {
    const assignment = { partitions: partitions.map(toPartition), userData: hexOrNull(userData) };
    expect(encodeAssignment(assignment, version).toString('hex')).toBe(hex);
    const decoded = decodeAssignment(Buffer.from(hex, 'hex'));
    expect(sorted(decoded.partitions)).toEqual(sorted(assignment.partitions));
    expect(decoded.userData).toEqual(assignment.userData);
  });

  test('a newer version is read as the newest known one, what follows is left', () => {
    const newer = Buffer.concat([encodeSubscription({ topics: ['a'], rackId: 'r' }), Buffer.from('future')]);
    newer.writeInt16BE(9);
    expect(decodeSubscription(newer)).toMatchObject({ topics: ['a'], rackId: 'r' });
  });

  test('a negative version and cut bytes are refused', () => {
    expect(() => decodeSubscription(Buffer.from('ffff00000000', 'hex'))).toThrow(/version -1/);
    expect(() => decodeSubscription(encodeSubscription({ topics: ['orders'] }).subarray(0, 9))).toThrow(KafkaProtocolError);
    expect(decodeAssignment(Buffer.alloc(0)).partitions).toEqual([]);
  });
});

describe('range assignor', () => {
  test(`assigns ${ranges.length} random groups as the JVM's does`, () => {
    expect(ranges.length).toBeGreaterThan(100);
    for (const { topics, members, assignment } of ranges) {
      const counts = new Map(Object.entries(topics).map(([topic, racks]) => [topic, racks.length]));
      const ours = assignRanges(members, counts, (topic, partition) => topics[topic]?.[partition] ?? []);
      const expected = Object.fromEntries(Object.entries(assignment).map(([id, list]) => [id, list.map(toPartition)]));
      expect(Object.fromEntries([...ours].map(([id, list]) => [id, sorted(list)])), JSON.stringify({ topics, members })).toEqual(expected);
    }
  });

  test('every partition of a subscribed topic has exactly one owner', () => {
    const member = fc.record({
      memberId: fc.string({ minLength: 1 }),
      groupInstanceId: fc.option(fc.string()),
      topics: fc.subarray(['a', 'b', 'c']),
      rackId: fc.option(fc.constantFrom('r1', 'r2')),
    });
    const members = fc.uniqueArray(member, { minLength: 1, maxLength: 8, selector: ({ memberId }) => memberId });
    fc.assert(
      fc.property(members, fc.array(fc.nat(12), { minLength: 3, maxLength: 3 }), (group, sizes) => {
        const counts = new Map(['a', 'b', 'c'].map((topic, i) => [topic, sizes[i] ?? 0]));
        const assignment = assignRanges(group, counts, (_, partition) => (partition % 2 ? ['r1'] : ['r2']));
        const owned = [...assignment.values()].flat().map(({ topic, partition }) => `${topic} ${partition}`);
        const wanted = [...counts].flatMap(([topic, count]) =>
          group.some(({ topics }) => topics.includes(topic)) ? Array.from({ length: count }, (_, i) => `${topic} ${i}`) : [],
        );
        expect(owned.sort()).toEqual(wanted.sort());
        for (const { memberId, topics } of group) for (const { topic } of assignment.get(memberId) ?? []) expect(topics).toContain(topic);
      }),
    );
  });
});

describe('bytes from anybody', () => {
  const onlyOwnErrors = (decode: (content: Buffer) => unknown, content: Buffer) => {
    try {
      decode(content);
    } catch (error) {
      expect(error).toBeInstanceOf(KafkaProtocolError);
    }
  };

  test('decoders end with their own error only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        onlyOwnErrors(decodeSubscription, Buffer.from(noise));
        onlyOwnErrors(decodeAssignment, Buffer.from(noise));
      }),
      { numRuns: 2000 },
    );
  });

  test('flipped bytes of real messages too', () => {
    const real = [...subscriptions, ...assignments].map(({ hex }) => Buffer.from(hex, 'hex'));
    fc.assert(
      fc.property(fc.constantFrom(...real), fc.nat(), fc.nat(255), (content, at, value) => {
        const flipped = Buffer.from(content);
        flipped[at % flipped.length] = value;
        onlyOwnErrors(decodeSubscription, flipped);
        onlyOwnErrors(decodeAssignment, flipped);
      }),
      { numRuns: 2000 },
    );
  });

  test('what was written is read back', () => {
    const partitions = fc.uniqueArray(fc.record({ topic: fc.string({ maxLength: 20 }), partition: fc.nat(1000) }), {
      selector: ({ topic, partition }) => `${topic} ${partition}`,
    });
    fc.assert(
      fc.property(partitions, fc.integer({ min: 0, max: 3 }), (list, version) => {
        expect(sorted(decodeAssignment(encodeAssignment({ partitions: list }, version)).partitions)).toEqual(sorted(list));
      }),
    );
  });
});
