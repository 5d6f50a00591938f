/** What a member tells its owner about time: how long it was silent when its membership is gone, and when there is no coordinator. */
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { LogHub } from '../../../src/base/log.ts';
import { createClusterLink } from '../../../src/kafka/cluster-link.ts';
import { CoordinatorContact } from '../../../src/kafka/group/coordinator-contact.ts';
import { createGroupMember } from '../../../src/kafka/group-member.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import { FixtureBroker } from '../../helpers/fixture-broker.ts';
import { clientOptions } from '../../helpers/kafka-options.ts';
import { createTestClock } from '../../helpers/test-clock.ts';
import { waitUntil } from '../../helpers/wait-until.ts';

const UNKNOWN_MEMBER_ID = 25;
/** No machine is so slow. */
const STOPPED_MS = 10_000_000;

/** A member in its first generation. `stopFor`: its process stands still for so long. */
async function joined() {
  const broker = await FixtureBroker.start();
  let skewMs = 0;
  const clock = { ...systemClock, monoMs: () => systemClock.monoMs() + skewMs };
  const link = createClusterLink(clientOptions(broker.address), new LogHub(() => 0).log('test'), clock);
  const losses: number[] = [];
  const member = createGroupMember(link, {
    groupId: 'g',
    protocolType: 'connect',
    sessionTimeoutMs: 6_000,
    rebalanceTimeoutMs: 6_000,
    heartbeatIntervalMs: 20,
    protocols: () => [{ name: 'default', metadata: Buffer.alloc(0) }],
    assign: async () => new Map(),
    onJoinPrepare: async () => {},
    onAssigned: async () => {},
    onLost: async (_, silentMs) => void losses.push(silentMs),
  });
  onTestFinished(async () => {
    await member.leave();
    await link.close();
    await broker[Symbol.asyncDispose]();
  });
  await member.start();
  const beats = () => broker.requests.filter((name) => name === 'Heartbeat').length;
  const nextBeat = async () => {
    const before = beats();
    await waitUntil('another heartbeat', () => beats() > before || beats());
  };
  await nextBeat();
  const stopFor = (ms: number) => {
    skewMs += ms;
  };
  return {
    broker,
    member,
    losses,
    stopFor,
    nextBeat,
    rejoined: () => waitUntil('the next generation', () => member.generation > 1 || member.generation),
  };
}

test('forgotten by the coordinator all of a sudden: it was silent for no longer than between two heartbeats', async () => {
  const { broker, losses, rejoined } = await joined();
  broker.next('Heartbeat', UNKNOWN_MEMBER_ID);
  await rejoined();
  expect(losses).toHaveLength(1);
  expect(losses[0]).toBeLessThan(STOPPED_MS);
});

test('forgotten while its process stood still: it was silent all that time', async () => {
  const { broker, losses, stopFor, rejoined } = await joined();
  broker.next('Heartbeat', () => {
    stopFor(STOPPED_MS);
    return { throttleTimeMs: 0, errorCode: UNKNOWN_MEMBER_ID };
  });
  await rejoined();
  expect(losses).toHaveLength(1);
  expect(losses[0]).toBeGreaterThanOrEqual(STOPPED_MS);
});

test('one that was stopped is overdue, and no stable member, until the coordinator has taken its next heartbeat', async () => {
  const { member, stopFor, nextBeat } = await joined();
  expect([member.isOverdue, member.isStable]).toEqual([false, true]);
  stopFor(STOPPED_MS);
  expect([member.isOverdue, member.isStable]).toEqual([true, false]);
  await nextBeat();
  await waitUntil('it is stable again', () => !member.isOverdue && member.isStable);
});

test('an answer that is read late says nothing about now', async () => {
  const { broker, losses, stopFor, rejoined } = await joined();
  const takeAndStop = () => {
    stopFor(STOPPED_MS);
    return { throttleTimeMs: 0, errorCode: 0 };
  };
  broker.next('Heartbeat', takeAndStop, UNKNOWN_MEMBER_ID);
  await rejoined();
  expect(losses).toHaveLength(1);
  expect(losses[0]).toBeGreaterThanOrEqual(STOPPED_MS);
});

test('the coordinator counts as lost when none was found for so long after the first fault, once', async () => {
  const clock = createTestClock();
  const told: number[] = [];
  const forgotten: string[] = [];
  const lines: string[] = [];
  const hub = new LogHub(() => 0);
  hub.attach(({ message }) => lines.push(message));
  const contact = new CoordinatorContact(
    { clock, log: hub.log('test'), forgetCoordinator: ({ coordinator }) => void forgotten.push(coordinator) },
    'g',
  );
  const { signal } = new AbortController();
  const fault = (name: string) =>
    void contact.fault(new KafkaError(name, `${name}: join of group "g"`), 3_000, signal, (ms) => told.push(ms));
  // Silence alone, as of a process that stood still, is no outage.
  await clock.advance(60_000);
  fault('DISCONNECTED');
  await clock.advance(2_999);
  contact.note(clock.monoMs());
  await clock.advance(60_000);
  expect(told).toEqual([]);
  fault('NOT_COORDINATOR');
  await clock.advance(1_000);
  fault('COORDINATOR_LOAD_IN_PROGRESS');
  await clock.advance(2_000);
  expect(told).toEqual([3_000]);
  await clock.advance(60_000);
  fault('DISCONNECTED');
  await clock.advance(60_000);
  expect(told).toEqual([3_000]);
  expect(forgotten).toEqual(['g', 'g', 'g']);
  expect(lines).toEqual(['No coordinator of group "g" for 3000 ms: NOT_COORDINATOR: join of group "g"']);
});
