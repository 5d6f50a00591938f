/** The group that workers form on real brokers: ours alone, ours with Apache Kafka's worker, each of them leading once, and one whose process stands still. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { LogHub } from '../../src/base/log.ts';
import { GroupMembership } from '../../src/herder/distributed/group-membership.ts';
import type { Assignment, ConfigView, ConnectorsAndTasks } from '../../src/herder/distributed/membership.ts';
import { toWork } from '../../src/herder/distributed/work.ts';
import { type ConnectWork, decodeWorkerAssignment, decodeWorkerMetadata } from '../../src/kafka/connect-protocol.ts';
import type { Kafka } from '../../src/kafka/contract.ts';
import { KafkaConfigStore } from '../../src/storage/config/kafka.ts';
import type { ClusterConfig, ConnectorConfig } from '../../src/storage/config/port.ts';
import { internalTopic } from '../../src/storage/internal-topic.ts';
import { openKafka, uniqueName } from '../helpers/kafka-clients.ts';
import { readTopic } from '../helpers/standalone-rig.ts';
import { JVM_START_MS, waitUntil } from '../helpers/wait-until.ts';
import { itemsOf } from '../helpers/work-items.ts';
import { groupTopics, startWorkerProcess, type WorkerProcess } from '../helpers/worker-process.ts';

const SESSION_MS = 6_000;
const log = new LogHub(() => Date.now()).log('test');
const group = uniqueName('workers');
const clients: Kafka[] = [];
const members: TestWorker[] = [];
let kafka: Kafka;
let store: KafkaConfigStore;
let jvm: WorkerProcess;
/** Leads the group of both while the JVM's worker starts. */
let first: TestWorker;

const NO_LISTENER = {
  onConnectorConfigUpdate: () => {},
  onConnectorConfigRemove: () => {},
  onTaskConfigsUpdate: () => {},
  onTargetStateChange: () => {},
  onSessionKeyUpdate: () => {},
  onRestartRequest: () => {},
  onLoggerLevel: () => {},
};

/** A worker that runs nothing and keeps an account of what it is told to run. */
class TestWorker {
  readonly membership: GroupMembership;
  readonly rounds: Assignment[] = [];
  /** Why it lost touch with its group: never, here. */
  readonly troubles: string[] = [];

  constructor(groupId: string, url: string, view: ConfigView, maxDelayMs: number) {
    const client = openKafka('admin', { 'client.id': `connect-${new URL(url).host}` }).kafka;
    clients.push(client);
    this.membership = new GroupMembership(view, {
      kafka: client,
      groupId,
      protocol: 'sessioned',
      url: () => url,
      sessionTimeoutMs: SESSION_MS,
      heartbeatIntervalMs: 500,
      rebalanceTimeoutMs: 30_000,
      maxDelayMs,
      clock: systemClock,
      log,
    });
    members.push(this);
  }

  start(): Promise<void> {
    return this.membership.start({
      beforeJoin: async () => {},
      onAssigned: async (assignment) => void this.rounds.push(assignment),
      onRevokedAll: async (reason) => void this.troubles.push(reason),
      onFailed: (error) => void this.troubles.push(error.message),
    });
  }

  /** What it runs now, sorted. */
  get owned(): string[] {
    return itemsOf(toWork(this.rounds.at(-1) ?? { connectors: [], tasks: [] })).sort();
  }
}

const sorted = (work: ConnectorsAndTasks | ConnectWork) => itemsOf(toWork(work)).sort();
const all = (...names: readonly string[]) => names.flatMap((name) => [name, `${name} 0`]).sort();

/** By URL: what each member says that it owns, as the brokers tell. */
async function described(groupId: string): Promise<Map<string, string[]>> {
  const [found] = await kafka.admin().describeGroups([groupId]);
  if (found?.state !== 'Stable') return new Map();
  expect(found).toMatchObject({ protocolType: 'connect', protocol: 'sessioned' });
  return new Map(
    found.members.map(({ rawMetadata, rawAssignment }) => {
      const { url, allocation } = decodeWorkerMetadata(rawMetadata);
      const { assigned, revoked } = decodeWorkerAssignment(rawAssignment);
      const before = sorted(allocation?.assigned ?? { connectors: [], tasks: [] });
      const kept = before.filter((item) => !sorted(revoked).includes(item));
      return [url, [...kept, ...sorted(assigned)].sort()] as const;
    }),
  );
}

beforeAll(async () => {
  ({ kafka } = openKafka('admin'));
  clients.push(kafka);
  const topic = internalTopic('config', { 'config.storage.topic': groupTopics(group)[0]! }, log);
  store = new KafkaConfigStore({ kafka, topic, clock: systemClock, log });
  await store.start(NO_LISTENER);
  for (const name of ['a', 'b']) {
    const config = { 'connector.class': 'FileStreamSource', 'tasks.max': '1', topic: `${group}-lines`, file: `/nowhere/${group}`, name };
    await store.putConnectorConfig(name, config, null);
    await store.putTaskConfigs(name, [{ ...config, 'task.class': 'org.apache.kafka.connect.file.FileStreamSourceTask' }]);
  }
  first = new TestWorker(group, 'http://127.0.0.1:1/', ofStore(), 0);
  await first.start();
  const quick = { 'session.timeout.ms': String(SESSION_MS), 'heartbeat.interval.ms': '500', 'scheduled.rebalance.max.delay.ms': '0' };
  jvm = await startWorkerProcess({ group, isJvm: true, isStartOnly: true, properties: quick });
});

afterAll(async () => {
  await Promise.all(members.map(({ membership }) => membership.stop('the test has ended')));
  await jvm[Symbol.asyncDispose]();
  await store.stop();
  await kafka.admin().deleteTopics([...groupTopics(group)]);
  await Promise.all(clients.map((client) => client.close()));
});

function ofStore(): ConfigView {
  return {
    snapshot: () => store.snapshot(),
    freshSnapshot: async () => {
      await store.refresh(10_000);
      return store.snapshot();
    },
  };
}

describe.concurrent('groups', () => {
  test('two of ours: the loads become even, and what one leaves waits for it, and then is the other’s', async () => {
    const groupId = uniqueName('ours');
    const taskConfigs = [{}];
    const connectors = new Map(
      ['p', 'q', 'r', 's'].map((name) => [name, { taskConfigs, isInconsistent: false } as unknown as ConnectorConfig]),
    );
    const config: ClusterConfig = { offset: 9n, sessionKey: null, connectors };
    const view = { snapshot: () => config, freshSnapshot: async () => config };
    const leader = new TestWorker(groupId, 'http://127.0.0.1:11/', view, 1_500);
    await leader.start();
    expect(leader.owned).toEqual(all('p', 'q', 'r', 's'));
    expect(leader.membership.memberId).toMatch(/^connect-127\.0\.0\.1:11-/);
    const second = new TestWorker(groupId, 'http://127.0.0.1:12/', view, 1_500);
    await second.start();
    await waitUntil('the second one has its half', () => second.owned.length === 4 || second.owned);
    await waitUntil('the brokers tell of both halves', async () => {
      const shares = await described(groupId);
      return [...shares.values()].every((share) => share.length === 4) && shares.size === 2;
    });
    expect([...leader.owned, ...second.owned].sort()).toEqual(all('p', 'q', 'r', 's'));
    const { membership } = leader;
    expect([membership.isLeader, second.membership.leaderUrl]).toEqual([true, 'http://127.0.0.1:11/']);
    expect(new Map(membership.members().map(({ url, ...share }) => [url, sorted(share)]))).toEqual(
      new Map([
        ['http://127.0.0.1:11/', leader.owned],
        ['http://127.0.0.1:12/', second.owned],
      ]),
    );
    expect(membership.ownerUrl({ connector: second.owned.find((item) => !item.includes(' '))! })).toBe('http://127.0.0.1:12/');

    const left = second.owned;
    const before = leader.rounds.length;
    await second.membership.stop('the worker is drained');
    await waitUntil('the leader has all of it', () => leader.owned.length === 8 || leader.owned);
    const waiting = leader.rounds[before]!;
    expect(waiting.delayMs).toBeGreaterThan(0);
    expect(itemsOf(toWork(waiting)).filter((item) => left.includes(item))).toEqual([]);
    expect(leader.rounds.at(-1)?.delayMs).toBe(0);
    expect([...leader.troubles, ...second.troubles]).toEqual([]);
    expect(membership.scheduledRebalanceMs).toBeNull();
  });

  test('ours leads the JVM’s worker, which runs what it is given; then it leads ours', async () => {
    const jvmUrl = `http://127.0.0.1:${jvm.port}/`;
    const runsAt = async (count: number) => {
      const answer = await jvm.rest('GET', '/connectors?expand=status');
      const statuses = Object.values(
        JSON.parse(answer.text) as Record<string, { status: { connector: { state: string; worker_id: string } } }>,
      );
      const mine = statuses.filter(
        ({ status: { connector } }) => connector.worker_id === `127.0.0.1:${jvm.port}` && connector.state === 'RUNNING',
      );
      return mine.length === count || answer.text;
    };
    await waitUntil(
      () => `the JVM has joined; it says: ${jvm.log().slice(-600)}`,
      () => first.membership.members().length === 2,
      JVM_START_MS,
    );
    await waitUntil('each has one connector with its task, as the leader and the brokers say', async () => {
      const shares = await described(group);
      const known = new Map(first.membership.members().map(({ url, ...share }) => [url, sorted(share)]));
      return (
        (shares.get(jvmUrl)?.length === 2 && first.owned.length === 2 && String(shares.get(jvmUrl)) === String(known.get(jvmUrl))) || [
          ...shares,
        ]
      );
    });
    await waitUntil('the JVM runs its connector', () => runsAt(1));
    const { generation } = first.membership;
    expect(first.membership.isLeader).toBe(true);

    await first.membership.stop('it is the JVM’s turn');
    await waitUntil('the JVM runs both', () => runsAt(2));
    const again = new TestWorker(group, 'http://127.0.0.1:2/', ofStore(), 0);
    await again.start();
    await waitUntil('the JVM has given one to ours', () => again.owned.length === 2 || again.owned);
    await waitUntil('the brokers say the same', async () => {
      const shares = await described(group);
      return (String(shares.get('http://127.0.0.1:2/')) === String(again.owned) && shares.get(jvmUrl)?.length === 2) || [...shares];
    });
    const { membership } = again;
    expect([membership.isLeader, membership.leaderUrl, membership.protocol]).toEqual([false, jvmUrl, 'sessioned']);
    expect(membership.generation).toBeGreaterThan(generation);
    expect([...again.owned, ...((await described(group)).get(jvmUrl) ?? [])].sort()).toEqual(all('a', 'b'));
    expect([...first.troubles, ...again.troubles]).toEqual([]);
    expect(jvm.log()).not.toMatch(/SchemaException|Uncaught exception|ERROR .*WorkerCoordinator/);
  });

  test('who stood still past its session ends its work before it joins again, and nothing runs twice', async () => {
    const groupId = uniqueName('still');
    const topic = `${groupId}-lines`;
    const string = 'org.apache.kafka.connect.storage.StringConverter';
    const properties = {
      'session.timeout.ms': String(SESSION_MS),
      'heartbeat.interval.ms': '500',
      'scheduled.rebalance.max.delay.ms': '0',
      'key.converter': string,
      'value.converter': string,
    };
    await using leader = await startWorkerProcess({ group: groupId, properties });
    await using follower = await startWorkerProcess({ group: groupId, properties });
    const names = ['a', 'b'];
    const fileOf = (name: string) => path.join(leader.folder, name);
    const append = (from: number) => {
      for (const name of names) for (let line = from; line < from + 20; line++) appendFileSync(fileOf(name), `${name} ${line}\n`);
    };
    /** Ports of the workers that run the two tasks. */
    const runners = async () => {
      const answer = await leader.rest('GET', '/connectors?expand=status');
      const statuses = JSON.parse(answer.text) as Record<string, { status: { tasks: { state: string; worker_id: string }[] } }>;
      const tasks = names.flatMap((name) => statuses[name]?.status.tasks ?? []);
      return tasks.filter(({ state }) => state === 'RUNNING').map((task) => Number(task.worker_id.split(':')[1]));
    };
    const linesThere = async () => {
      const lines: string[] = [];
      await readTopic(kafka, topic, ({ value }) => void lines.push(String(value)));
      return lines.sort();
    };
    append(0);
    for (const name of names) {
      const config = { 'connector.class': 'FileStreamSource', 'tasks.max': '1', file: fileOf(name), topic };
      expect((await leader.rest('POST', '/connectors', { name, config })).status).toBe(201);
    }
    const each = [leader.port, follower.port].sort().join();
    await waitUntil('each runs one', async () => (await runners()).sort().join() === each || runners());

    process.kill(follower.pid, 'SIGSTOP');
    await waitUntil('the leader runs both', async () => (await runners()).join() === `${leader.port},${leader.port}` || runners());
    process.kill(follower.pid, 'SIGCONT');
    await waitUntil('each runs one again', async () => (await runners()).sort().join() === each || runners());
    const said = follower.log();
    const lost = said.indexOf('the membership was lost for');
    expect([lost > 0, said.indexOf('Joined group', lost) > lost, said.slice(0, lost).includes('(membership lost')]).toEqual([
      true,
      true,
      false,
    ]);
    const before = (await linesThere()).length;
    for (const [more, from] of [
      [40, 20],
      [80, 40],
    ] as const) {
      append(from);
      await waitUntil('the new lines', async () => (await linesThere()).length >= before + more || linesThere());
    }
    const lines = (await linesThere()).filter((line) => Number(line.split(' ')[1]) >= 20);
    expect(new Set(lines).size).toBe(80);
    expect(lines).toHaveLength(80);
    await kafka.admin().deleteTopics([...groupTopics(groupId), topic]);
  });
});
