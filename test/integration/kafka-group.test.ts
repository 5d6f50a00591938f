import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { GroupMember, GroupMemberOptions, Kafka } from '../../src/kafka/contract.ts';
import { commitGroupOffsets } from '../../src/kafka/group/group-offsets.ts';
import { leaveGroup } from '../../src/kafka/group/group-requests.ts';
import { createGroupConsumer } from '../../src/kafka/group-consumer.ts';
import { createGroupMember } from '../../src/kafka/group-member.ts';
import { KafkaError } from '../../src/kafka/kafka-error.ts';
import {
  openKafka,
  openLink,
  PollingConsumer,
  type Properties,
  produce,
  startJvmConsumer,
  uniqueName,
  waitForShares,
} from '../helpers/kafka-clients.ts';
import { JVM_START_MS, waitUntil } from '../helpers/wait-until.ts';

let kafka: Kafka;
const admin = () => kafka.admin();

beforeAll(() => {
  kafka = openKafka().kafka;
});
afterAll(async () => {
  await kafka.close();
});

async function newTopic(partitions: number): Promise<string> {
  const topic = uniqueName('t');
  await admin().createTopics([{ name: topic, partitions, replicationFactor: -1 }]);
  onTestFinished(() => admin().deleteTopics([topic]));
  return topic;
}

/** A client and consumer of its own, closed after the test. */
function consume(groupId: string, subscription: readonly string[] | RegExp, properties: Properties = {}) {
  const client = openKafka('consumer', properties);
  const polling = new PollingConsumer((options) => client.kafka.groupConsumer(options), groupId, subscription);
  onTestFinished(async () => {
    await polling.close();
    await client.kafka.close();
  });
  return Object.assign(polling, { client });
}

const kafkaNameOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof KafkaError ? error.kafkaName : String(error)),
  );

describe('consumers of a group', () => {
  test('two of ours and a JVM consumer share partitions, and go on when one leaves or dies', async () => {
    const topic = await newTopic(6);
    const groupId = uniqueName('shared');
    const first = consume(groupId, [topic]);
    const second = consume(groupId, [topic]);
    const jvm = startJvmConsumer(groupId, topic);
    onTestFinished(() => jvm.kill());
    await waitForShares(kafka, groupId, [2, 2, 2], JVM_START_MS);

    await produce(kafka, topic, 600, (i) => i % 6);
    const seen = () => new Set([...jvm.lines, ...[...first.records, ...second.records].map(({ value }) => value?.toString() ?? '')]);
    await waitUntil('all 600 records at one of the three', () => seen().size === 600 || seen().size);
    expect(first.records.length).toBe(200);
    expect(second.records.length).toBe(200);
    expect(jvm.lines.length).toBe(200);

    await second.close();
    // It has left, and nobody waits for its session to end.
    expect((await kafka.admin().describeGroups([groupId]))[0]?.members).toHaveLength(2);
    await waitForShares(kafka, groupId, [3, 3]);
    expect(second.events.at(-1)).toMatch(/^revoked /);
    await jvm.kill();
    await waitForShares(kafka, groupId, [6]);
    expect(first.errors).toEqual([]);
    expect(first.events.filter((event) => event.startsWith('lost'))).toEqual([]);
  });

  test('a JVM consumer leads, assigns to ours, and takes over from one that dies without a word', async () => {
    const topic = await newTopic(3);
    const groupId = uniqueName('jvm-leads');
    const jvm = startJvmConsumer(groupId, topic);
    onTestFinished(() => jvm.kill());
    await waitForShares(kafka, groupId, [3], JVM_START_MS);
    const { link, metadata } = openLink();
    const ours = new PollingConsumer((options) => createGroupConsumer(link, metadata, options), groupId, [topic]);
    await waitForShares(kafka, groupId, [1, 2]);
    // The brokers know of a share before its member does.
    await waitUntil('ours to have its share', () => ours.events.at(-1)?.startsWith('assigned') || ours.events);
    await link.close();
    await waitForShares(kafka, groupId, [3]);
    await waitUntil('the dead one to know that it lost its partitions', () => ours.events.at(-1)?.startsWith('lost') || ours.events);
    await ours.close();
  });

  test('goes on at the committed offset, else where auto.offset.reset says', async () => {
    const topic = await newTopic(2);
    const groupId = uniqueName('positions');
    await produce(kafka, topic, 20, (i) => i % 2);
    await admin().alterGroupOffsets(groupId, [{ topic, partition: 0, offset: 7n }]);
    const client = openKafka('consumer');
    const positions: (bigint | null)[] = [];
    const consumer = client.kafka.groupConsumer({
      groupId,
      subscription: [topic],
      onAssigned: async (partitions) => {
        positions.push(...partitions.map((one) => consumer.position(one)));
        consumer.pause([{ topic, partition: 1 }]);
      },
      onRevoked: async () => {},
      onLost: async () => {},
    });
    onTestFinished(() => client.kafka.close());
    const records = await consumer.poll(10_000);
    expect(positions).toEqual([7n, 0n]);
    expect(records.map(({ partition, offset }) => `${partition} ${offset}`)).toEqual(['0 7', '0 8', '0 9']);
    expect(await consumer.poll(300)).toEqual([]);
    consumer.resume([{ topic, partition: 1 }]);
    expect((await consumer.poll(5_000)).length).toBe(10);
    consumer.seek({ topic, partition: 1 }, 9n);
    expect((await consumer.poll(5_000)).map(({ offset }) => offset)).toEqual([9n]);
    await consumer.commit([{ topic, partition: 1, offset: 10n }]);
    expect(await consumer.committed([0, 1].map((partition) => ({ topic, partition })))).toEqual([
      { topic, partition: 0, offset: 7n },
      { topic, partition: 1, offset: 10n },
    ]);
    consumer.wakeup();
    const startMs = performance.now();
    expect(await consumer.poll(5_000)).toEqual([]);
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect(await consumer.poll(5_000, AbortSignal.timeout(50))).toEqual([]);
    await consumer.close();
    expect((await admin().describeGroups([groupId]))[0]?.members).toEqual([]);
  });

  test('without a committed offset and with auto.offset.reset=none the poll says so', async () => {
    const topic = await newTopic(1);
    const polling = consume(uniqueName('none'), [topic], { 'auto.offset.reset': 'none' });
    await waitUntil('an error', () => polling.errors.length > 0);
    expect(polling.errors[0]).toMatchObject({
      kafkaName: 'OFFSET_OUT_OF_RANGE',
      message: expect.stringContaining(`"${topic}" partition 0`),
    });
    const startMs = performance.now();
    await waitUntil('it is said again', () => polling.errors.length > 3);
    expect(performance.now() - startMs, 'each is said after retry.backoff.ms at the earliest').toBeGreaterThan(150);
    expect(polling.events).toEqual([]);
  });

  test('a pattern finds new topics, and new partitions are found, within metadata.max.age.ms', async () => {
    const prefix = uniqueName('pattern');
    const create = async (suffix: string, partitions: number) => {
      await admin().createTopics([{ name: `${prefix}-${suffix}`, partitions, replicationFactor: -1 }]);
      onTestFinished(() => admin().deleteTopics([`${prefix}-${suffix}`]));
    };
    await create('a', 1);
    const polling = consume(uniqueName('pattern'), new RegExp(`${prefix}-[ab]`), { 'metadata.max.age.ms': '1000' });
    await waitUntil('the first topic', () => polling.consumer.assignment().length === 1);
    await create('b', 2);
    await create('b-not-matched-as-a-whole', 1);
    await waitUntil('the second topic', () => polling.consumer.assignment().length === 3);
    await admin().createPartitions(`${prefix}-a`, 3);
    await waitUntil('the new partitions', () => polling.consumer.assignment().length === 5);
    expect(polling.errors).toEqual([]);
  });

  test('a topic that does not exist yet is found soon after it was created', async () => {
    const topic = uniqueName('later');
    const polling = consume(uniqueName('later'), [topic]);
    await waitUntil('an empty assignment', () => polling.events.includes('assigned '));
    await admin().createTopics([{ name: topic, partitions: 2, replicationFactor: -1 }]);
    onTestFinished(() => admin().deleteTopics([topic]));
    await waitUntil('its partitions', () => polling.partitions().length === 2);
  });

  test('who does not poll leaves the group, says so, and joins again with the next poll', async () => {
    const topic = await newTopic(2);
    const groupId = uniqueName('slow');
    const client = openKafka('consumer', { 'max.poll.interval.ms': '1500' });
    onTestFinished(() => client.kafka.close());
    const events: string[] = [];
    const note = (what: string) => async () => {
      events.push(what);
    };
    const consumer = client.kafka.groupConsumer({
      groupId,
      subscription: [topic],
      onAssigned: note('assigned'),
      onRevoked: note('revoked'),
      onLost: note('lost'),
    });
    while (consumer.assignment().length === 0) await consumer.poll(200);
    const membersNow = async () => (await admin().describeGroups([groupId]))[0]?.members.length;
    // A poll that waits for records is no absence.
    let isPolling = true;
    const poll = consumer.poll(5_000).finally(() => {
      isPolling = false;
    });
    const seen = new Set<number | undefined>();
    while (isPolling) {
      const members = await membersNow();
      if (isPolling) seen.add(members);
    }
    expect([await poll, seen]).toEqual([[], new Set([1])]);
    await waitUntil('the group to be empty', async () => (await membersNow()) === 0);
    expect(client.warnings().join()).toMatch(/max\.poll\.interval\.ms \(1500\)/);
    expect(await kafkaNameOf(consumer.commit([{ topic, partition: 0, offset: 1n }]))).toBe('UNKNOWN_MEMBER_ID');
    while (events.length < 3) await consumer.poll(200);
    expect(events).toEqual(['assigned', 'lost', 'assigned']);
    expect(consumer.assignment().length).toBe(2);
    await consumer.close();
  });

  test('errors of callbacks come out of poll, and the group goes on', async () => {
    const topic = await newTopic(1);
    const client = openKafka('consumer');
    onTestFinished(() => client.kafka.close());
    let isBroken = true;
    const consumer = client.kafka.groupConsumer({
      groupId: uniqueName('callbacks'),
      subscription: [topic],
      onAssigned: async () => {
        if (isBroken) throw new Error('the sink is away');
      },
      onRevoked: async () => {},
      onLost: async () => {},
    });
    await expect(
      (async () => {
        while (isBroken) await consumer.poll(200);
      })(),
    ).rejects.toThrow('the sink is away');
    isBroken = false;
    await produce(kafka, topic, 1);
    expect((await consumer.poll(5_000)).length).toBe(1);
    await consumer.close();
  });
});

interface TestMember {
  readonly member: GroupMember;
  readonly events: string[];
}

function joinAs(
  create: (options: GroupMemberOptions) => GroupMember,
  groupId: string,
  name: string,
  more: Partial<GroupMemberOptions> = {},
): TestMember {
  const events: string[] = [];
  const member = create({
    groupId,
    protocolType: 'connect',
    sessionTimeoutMs: 6_000,
    rebalanceTimeoutMs: 10_000,
    heartbeatIntervalMs: 500,
    protocols: () => [{ name: 'default', metadata: Buffer.from(name) }],
    assign: async (_, members) =>
      new Map(members.map(({ memberId, metadata }) => [memberId, Buffer.from(`${metadata} of ${members.length}`)])),
    onJoinPrepare: async (generation) => {
      events.push(`prepare ${generation}`);
    },
    onAssigned: async (assignment, { generation }) => {
      events.push(`${assignment} in ${generation}`);
    },
    onLost: async (error) => {
      events.push(`lost: ${error instanceof KafkaError ? error.kafkaName : error}`);
    },
    ...more,
  });
  onTestFinished(() => member.leave());
  return { member, events };
}

describe('members of any protocol type', () => {
  test('join, rebalance on request, and leave at once', async () => {
    const groupId = uniqueName('connect');
    const a = joinAs((options) => kafka.groupMember(options), groupId, 'a');
    await a.member.start();
    expect(a.events).toEqual(['a of 1 in 1']);
    expect([a.member.generation, a.member.isStable]).toEqual([1, true]);
    let metadata = 'b';
    const protocols = () => [{ name: 'default', metadata: Buffer.from(metadata) }];
    const b = joinAs((options) => kafka.groupMember(options), groupId, 'b', { protocols });
    await b.member.start();
    await waitUntil('both in generation 2', () => a.events.includes('a of 2 in 2') || a.events);
    expect(a.events).toEqual(['a of 1 in 1', 'prepare 1', 'a of 2 in 2']);
    b.member.requestRejoin('nothing changed');
    await waitUntil('a follower with the same metadata to get the same again', () => b.events.length === 3 || b.events);
    expect(b.events).toEqual(['b of 2 in 2', 'prepare 2', 'b of 2 in 2']);
    metadata = 'b+';
    b.member.requestRejoin('configuration changed');
    await waitUntil(
      'both in generation 3',
      () => (a.events.includes('a of 2 in 3') && b.events.includes('b+ of 2 in 3')) || [a.events, b.events],
    );
    const [group] = await kafka.admin().describeGroups([groupId]);
    expect(group).toMatchObject({ state: 'Stable', protocolType: 'connect', protocol: 'default', error: null });
    expect(group?.members.map(({ rawMetadata }) => rawMetadata.toString()).sort()).toEqual(['a', 'b+']);
    await b.member.leave();
    expect((await kafka.admin().describeGroups([groupId]))[0]?.members).toHaveLength(1);
    await waitUntil('a alone', () => a.events.includes('a of 1 in 4') || a.events);
    expect(b.events.filter((event) => event.startsWith('lost'))).toEqual([]);
  });

  test('heartbeats go on while a callback takes longer than the session', async () => {
    const groupId = uniqueName('slow-callback');
    const slow = joinAs((options) => kafka.groupMember(options), groupId, 'slow', {
      onAssigned: () => new Promise((resolve) => setTimeout(resolve, 8_000)),
    });
    await slow.member.start();
    expect(slow.member.isStable).toBe(true);
    expect((await kafka.admin().describeGroups([groupId]))[0]?.members.length).toBe(1);
    expect(slow.events).toEqual([]);
  });

  test('the join waits for the work of the last generation, and its commits still count', async () => {
    const topic = await newTopic(1);
    const groupId = uniqueName('prepare');
    let prepared = 'no';
    const a = joinAs((options) => kafka.groupMember(options), groupId, 'a', {
      onJoinPrepare: async () => {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        prepared = await kafkaNameOf(a.member.commitOffsets([{ topic, partition: 0, offset: 5n }]));
      },
    });
    await a.member.start();
    const startMs = performance.now();
    const b = joinAs((options) => kafka.groupMember(options), groupId, 'b');
    await b.member.start();
    expect(performance.now() - startMs).toBeGreaterThan(1_000);
    expect(prepared).toBe('no error');
    expect(await b.member.committedOffsets([{ topic, partition: 0 }])).toEqual(new Map([[`${topic} 0`, 5n]]));
  });

  test('commits of an older generation and of a member that was removed are fenced', async () => {
    const topic = await newTopic(1);
    const groupId = uniqueName('fenced');
    const { link } = openLink();
    onTestFinished(() => link.close());
    const a = joinAs((options) => createGroupMember(link, options), groupId, 'a');
    await a.member.start();
    const old = { groupId, generation: a.member.generation, memberId: a.member.memberId, groupInstanceId: null };
    const offsets = [{ topic, partition: 0, offset: 3n }];
    await a.member.commitOffsets(offsets);
    a.member.requestRejoin('test');
    await waitUntil('the next generation', () => a.events.includes('a of 1 in 2') || a.events);
    expect(await kafkaNameOf(commitGroupOffsets(link, old, [{ topic, partition: 0, offset: 1n }]))).toBe('ILLEGAL_GENERATION');
    await leaveGroup(link, { ...old, generation: 2 }, 'removed by an operator', 5_000);
    expect(await kafkaNameOf(a.member.commitOffsets([{ topic, partition: 0, offset: 2n }]))).toBe('UNKNOWN_MEMBER_ID');
    await waitUntil('the loss to be told and a new membership', () => /^a of 1 in/.test(a.events.at(-1) ?? '') && a.events.length === 5);
    expect(a.events).toEqual(['a of 1 in 1', 'prepare 1', 'a of 1 in 2', 'lost: UNKNOWN_MEMBER_ID', expect.stringMatching(/^a of 1 in/)]);
    expect(a.member.memberId).not.toBe(old.memberId);
    expect(await kafka.admin().groupOffsets(groupId)).toEqual([{ topic, partition: 0, offset: 3n, metadata: '' }]);
  });

  test('a static member comes back without a rebalance; a second one with its id fences it', async () => {
    const groupId = uniqueName('static');
    const a = joinAs((options) => kafka.groupMember(options), groupId, 'a', { groupInstanceId: 'one' });
    await a.member.start();
    const other = joinAs((options) => kafka.groupMember(options), groupId, 'b');
    await other.member.start();
    await waitUntil('both', () => a.events.includes('a of 2 in 2') || a.events);
    await a.member.leave();
    const again = joinAs((options) => kafka.groupMember(options), groupId, 'a', { groupInstanceId: 'one' });
    await again.member.start();
    expect(again.events).toEqual(['a of 2 in 2']);
    expect(other.events).toEqual(['b of 2 in 2']);

    const faults: string[] = [];
    again.member.onError((error) => faults.push(error.message));
    const thief = joinAs((options) => kafka.groupMember(options), groupId, 'a', { groupInstanceId: 'one' });
    await thief.member.start();
    await waitUntil('the first to be fenced', () => again.events.at(-1) === 'lost: FENCED_INSTANCE_ID' || again.events);
    expect(again.member.isEnded).toBe(true);
    expect(faults.join()).toMatch(/FENCED_INSTANCE_ID/);
  });

  test('what can never work is said at the start', async () => {
    const short = joinAs((options) => kafka.groupMember(options), uniqueName('bad'), 'a', { sessionTimeoutMs: 5 });
    expect(await kafkaNameOf(short.member.start())).toBe('INVALID_SESSION_TIMEOUT');
    const nameless = joinAs((options) => kafka.groupMember(options), '', 'a');
    expect(await kafkaNameOf(nameless.member.start())).toBe('INVALID_GROUP_ID');
    const groupId = uniqueName('mixed');
    const a = joinAs((options) => kafka.groupMember(options), groupId, 'a');
    await a.member.start();
    const alien = joinAs((options) => kafka.groupMember(options), groupId, 'b', { protocolType: 'consumer' });
    expect(await kafkaNameOf(alien.member.start())).toBe('INCONSISTENT_GROUP_PROTOCOL');
  });
});
