/** Workers put together from statuses, from what each says itself, and from the group that they form. */
import { expect, test } from 'vitest';
import type { ConnectGroupMember } from '../../../src/cluster/connect-group.ts';
import type { WatchedConnectGroup } from '../../../src/cluster/connect-group-watch.ts';
import type { WorkerProbe } from '../../../src/herder/model.ts';
import { NO_WORK } from '../../../src/kafka/connect-protocol.ts';
import type { ConnectData, ConnectorRow } from '../../../src/store/connect-model.ts';
import { workerRows } from '../../../src/store/worker-rows.ts';

const info = { version: '4.3.1', commit: 'c', kafka_cluster_id: 'k' };
const probe = (address: string, more: Partial<WorkerProbe> = {}): WorkerProbe => ({
  address,
  workerId: null,
  error: null,
  latencyMs: 3,
  info,
  health: { status: 'healthy', message: '' },
  make: 'jvm',
  process: null,
  ...more,
});
const task = (workerId: string, state = 'RUNNING') => ({ workerId, state });
const connect = (ids: string[], connectors: unknown[] = [], lastOkMs: number | null = 1): ConnectData =>
  ({ reach: { lastOkMs }, workers: ids, knownWorkers: ids, connectors: connectors as ConnectorRow[] }) as unknown as ConnectData;

test('each worker with what it runs, in the words of the statuses', () => {
  const data = connect(
    ['10.0.0.1:8083', '10.0.0.2:8083'],
    [{ workerId: '10.0.0.1:8083', tasks: [task('10.0.0.2:8083'), task('10.0.0.2:8083', 'FAILED')] }],
  );
  expect(workerRows({ connect: data, probes: [probe('http://10.0.0.2:8083')], groups: null })).toMatchObject([
    { id: '10.0.0.1:8083', state: 'not asked', address: null, connectors: 1, tasks: 0, failed: 0, version: null, role: null },
    { id: '10.0.0.2:8083', state: 'up', address: 'http://10.0.0.2:8083', connectors: 0, tasks: 2, failed: 1, version: '4.3.1' },
  ]);
});

test('until one of them has answered they are being asked, not said to be well or unknown', () => {
  expect(workerRows({ connect: connect(['10.0.0.1:8083']), probes: null, groups: null })).toMatchObject([
    { state: 'asking', version: null },
  ]);
});

test('one that says that it is standalone has no other role, whatever groups there are', () => {
  const own = probe('this process', { workerId: '10.0.0.1:8083', isStandalone: true });
  expect(workerRows({ connect: connect(['10.0.0.1:8083']), probes: [own], groups: [] })).toMatchObject([
    { id: '10.0.0.1:8083', state: 'up', role: 'standalone', group: null },
  ]);
});

test('one that does not answer hides nothing of the others; one that is unwell says why', () => {
  const rows = workerRows({
    connect: connect([]),
    probes: [
      probe('http://a:1', { error: 'connection refused', info: null, health: null }),
      probe('http://b:1', { health: { status: 'unhealthy', message: 'cannot read its configs' } }),
      probe('http://c:1', { health: null }),
    ],
    groups: null,
  });
  expect(rows.map(({ id, state, problem }) => [id, state, problem])).toEqual([
    ['a:1', 'down', 'connection refused'],
    ['b:1', 'unhealthy', 'cannot read its configs'],
    ['c:1', 'up', null],
  ]);
});

test('what a worker runs is not known, and not none, until a list of connectors has come', () => {
  const dead = probe('http://a:1', { error: 'connection refused', info: null, health: null });
  const unknown = { id: 'a:1', state: 'down', connectors: null, tasks: null, failed: null };
  expect(workerRows({ connect: connect([], [], null), probes: [dead], groups: null })).toMatchObject([unknown]);
  expect(workerRows({ connect: null, probes: [dead], groups: null })).toMatchObject([unknown]);
});

test('a single worker is the one that statuses name, whatever address it was reached by; of two nobody guesses', () => {
  expect(workerRows({ connect: connect(['host:8083']), probes: [probe('http://127.0.0.1:8083')], groups: null })).toMatchObject([
    { id: 'host:8083', address: 'http://127.0.0.1:8083' },
  ]);
  const two = workerRows({
    connect: connect(['host:8083']),
    probes: [probe('http://127.0.0.1:1'), probe('http://127.0.0.1:2')],
    groups: null,
  });
  expect(two.map((row) => row.id)).toEqual(['127.0.0.1:1', '127.0.0.1:2', 'host:8083']);
});

const worker = (url: string, more: Partial<ConnectGroupMember> = {}): ConnectGroupMember => ({
  memberId: `m-${url}`,
  url,
  host: '10.0.0.1',
  configOffset: 8n,
  owned: NO_WORK,
  isDraining: false,
  ...more,
});
const group = (groupId: string, workers: readonly ConnectGroupMember[], more: Partial<WatchedConnectGroup> = {}): WatchedConnectGroup => ({
  groupId,
  state: 'Stable',
  protocol: 'sessioned',
  memberCount: workers.length,
  leaderUrl: workers.at(-1)?.url ?? null,
  leader: workers.at(-1)?.memberId ?? null,
  configOffset: 8n,
  delayMs: 0,
  workers,
  rebalanceDueMs: null,
  isDueExact: false,
  isOfLastRound: false,
  ...more,
});
const OWNED = { connectors: ['orders'], tasks: [{ connector: 'orders', task: 0 }] };

test('the group tells who leads, and of workers that run nothing', () => {
  const groups = [group('other', [worker('http://x:1/')]), group('ours', [worker('http://a:1/'), worker('http://b:1/')])];
  const rows = workerRows({ connect: connect(['a:1']), probes: [], groups });
  expect(rows.map(({ id, role, group: of, state }) => [id, role, of, state])).toEqual([
    ['a:1', 'member', 'ours', 'member'],
    ['b:1', 'leader', 'ours', 'member'],
  ]);
});

test('a worker that statuses name and its group does not have is gone; while they rebalance nobody can tell', () => {
  const statuses = connect(['a:1', 'b:1'], [{ workerId: 'a:1', tasks: [task('a:1')] }]);
  const one = [worker('http://b:1/', { owned: OWNED, configOffset: 6n })];
  expect(workerRows({ connect: statuses, probes: [], groups: [group('ours', one)] })).toMatchObject([
    { id: 'a:1', role: 'gone', state: 'gone', connectors: 1, tasks: 1, memberId: null },
    { id: 'b:1', role: 'leader', state: 'member', connectors: 1, tasks: 1, configOffset: 6n, configBehind: 2n, protocol: 'sessioned' },
  ]);
  const between = group('ours', one, { state: 'PreparingRebalance', isOfLastRound: true });
  expect(workerRows({ connect: statuses, probes: [], groups: [between] })).toMatchObject([
    { id: 'a:1', role: null, state: 'not asked' },
    {},
  ]);
});

test('on a cluster alone, without Connect: the workers of all its groups, each once a group', () => {
  const groups = [group('one', [worker('http://a:1/', { owned: OWNED })]), group('two', [worker('http://a:1/')])];
  expect(workerRows({ connect: null, probes: null, groups })).toMatchObject([
    { id: 'a:1', group: 'one', role: 'leader', state: 'member', connectors: 1, tasks: 1, failed: null },
    { id: 'a:1', group: 'two', connectors: 0, tasks: 0 },
  ]);
});

test('a worker that drains says so itself, or its group does', () => {
  const info = { version: '1', commit: 'c', kafka_cluster_id: 'k' };
  const probes = [
    probe('http://a:1', { info: { ...info, draining: { connectors: 1, tasks: 2 } } }),
    probe('http://b:1', { error: 'connection refused', info: null, health: null }),
  ];
  const workers = ['a', 'b', 'c', 'd'].map((name) => worker(`http://${name}:1/`, { isDraining: 'bc'.includes(name) }));
  const rows = workerRows({ connect: connect([]), probes, groups: [group('ours', workers)] });
  expect(rows.map(({ id, state, draining }) => [id, state, draining])).toEqual([
    ['a:1', 'draining', { connectors: 1, tasks: 2 }],
    ['b:1', 'down', null],
    ['c:1', 'draining', null],
    ['d:1', 'member', null],
  ]);
});
