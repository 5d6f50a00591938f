import { describe, expect, test } from 'vitest';
import { AlreadyExistsError, NotFoundError, RestError } from '../../../../src/base/errors.ts';
import { type InternalRequests, NotHereError } from '../../../../src/herder/distributed/forwarder.ts';
import type { ConfigProviderPlugin } from '../../../../src/plugin-api/config-provider.ts';
import { distributedRig, LEADER_URL } from '../../../helpers/distributed-rig.ts';
import { settle } from '../../../helpers/test-clock.ts';
import { TEST_SINK, TEST_SOURCE } from '../../../helpers/test-plugins.ts';

const source = (more: Record<string, string> = {}) => ({ 'connector.class': TEST_SOURCE, ...more });
const create = { allowReplace: false } as const;

async function withConnector(config: Record<string, string> = {}) {
  const rig = await distributedRig();
  await rig.herder.putConnectorConfig('c', source(config), create);
  await rig.agree();
  return rig;
}

const SLOW = ['$', '{p:slow}'].join('');

/** Of a connector whose configuration is judged for as long as the test wants, where it refers to SLOW. */
async function judged() {
  const gate = Promise.withResolvers<void>();
  const plugin: ConfigProviderPlugin = {
    kind: 'config_provider',
    className: 'test.SlowConfigProvider',
    version: '1.0',
    create: () => ({
      get: async (_path, keys) => {
        await gate.promise;
        return { values: new Map([...keys].map((key) => [key, 'topic-of-a-slow-provider'])), ttlMs: null };
      },
      close: () => {},
    }),
  };
  const providerSettings = { 'config.providers': 'p', 'config.providers.p.class': 'test.SlowConfigProvider' };
  const rig = await distributedRig({ providerSettings, providers: [plugin] });
  await rig.herder.putConnectorConfig('c', source(), create);
  await rig.agree();
  return { ...rig, gate };
}

describe('while a plugin takes its time to judge a configuration', () => {
  test('what is asked of the same connector does not wait', async () => {
    const { herder, agree, gate } = await judged();
    const put = herder.putConnectorConfig('c', source({ topic: SLOW }), { allowReplace: true });
    await settle();
    await herder.fenceZombies('c');
    await herder.putTaskConfigs('c', [{ topic: 'a' }, { topic: 'b' }]);
    await herder.stopConnector('c');
    await agree();
    expect((await herder.connectorConfig('c')).topic).toBeUndefined();
    gate.resolve();
    await put;
    expect((await herder.connectorConfig('c')).topic).toBe(SLOW);
  });

  test('a patch is made on what came meanwhile, and another one on its outcome', async () => {
    const { herder, gate } = await judged();
    const patches = [{ topic: SLOW }, { records: '2' }].map((patch) => herder.patchConnectorConfig('c', patch));
    await settle();
    await herder.putConnectorConfig('c', source({ 'tasks.max': '3' }), { allowReplace: true });
    gate.resolve();
    const [first, second] = await Promise.all(patches);
    expect(first?.config).toEqual({ ...source({ topic: SLOW, 'tasks.max': '3' }), name: 'c' });
    expect(second?.config).toEqual({ ...first?.config, records: '2' });
  });
});

test('its health is late when its own queue is, and says when it drains', async () => {
  const { herder, group, configs, clock } = await withConnector({ fault: 'stop-hangs' });
  expect((await herder.health()).status).toBe('healthy');
  await configs.putTaskConfigs('c', [{ topic: 'x' }]);
  let health: string | null = null;
  void herder.health().then(({ message }) => {
    health = message;
  });
  await settle();
  expect(health).toBeNull();
  await clock.advance(60_000);
  expect(health).toContain('ready to handle requests');
  group.isLeader = false;
  await group.round();
  void herder.drain();
  await settle();
  expect(await herder.health()).toMatchObject({ status: 'healthy', message: expect.stringMatching(/^Worker drains: 1 connector and/) });
});

describe('a worker that leads', () => {
  test('a new connector: a round starts it, the next one its tasks; its answer has no tasks yet', async () => {
    const { herder, group, agree, states } = await distributedRig();
    const { created, info } = await herder.putConnectorConfig('c', source({ 'tasks.max': '2' }), create);
    expect([created, info.tasks]).toEqual([true, []]);
    await settle();
    expect([group.asked.length, states('c')]).toEqual([1, [null]]);
    await agree();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    expect((await herder.connectorInfo('c')).tasks).toHaveLength(2);
    await expect((async () => herder.putConnectorConfig('c', source(), create))()).rejects.toThrow(
      new AlreadyExistsError('Connector c already exists'),
    );
  });

  test('a replaced set of tasks: the old ones stop at once, the new ones wait for the group', async () => {
    const { herder, group, agree, states, configs, taskEvents } = await withConnector({ 'tasks.max': '2' });
    taskEvents.length = 0;
    await herder.putConnectorConfig('c', source({ 'tasks.max': '2', topic: 'other' }), { allowReplace: true });
    await settle();
    expect((await herder.tasks('c'))[0]?.config.topic).toBe('other');
    expect([group.asked.length > 0, taskEvents]).toEqual([true, ['c-0 shutdown', 'c-1 shutdown']]);
    await agree();
    expect(taskEvents.slice(2)).toEqual(['c-0 startup', 'c-1 startup']);
    expect(states('c')).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    expect(configs.snapshot().connectors.get('c')?.taskGeneration).toBe(1);
  });

  test('a changed configuration alone asks for no round of the group', async () => {
    const { herder, group, states } = await withConnector({ 'connector.class': TEST_SINK, topics: 't' });
    await herder.pauseConnector('c');
    await settle();
    expect([group.asked, states('c')]).toEqual([[], ['PAUSED', 'PAUSED']]);
    await herder.resumeConnector('c');
    await settle();
    expect([group.asked, states('c')]).toEqual([[], ['RUNNING', 'RUNNING']]);
  });

  test('stopped: no tasks and no status of one; resumed: they come back', async () => {
    const { herder, agree, states } = await withConnector();
    await herder.stopConnector('c');
    await agree();
    expect(states('c')).toEqual(['STOPPED']);
    await herder.resumeConnector('c');
    await agree();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('deleted: nothing of it is left', async () => {
    const { herder, agree, states, statusStore } = await withConnector();
    statusStore.putTopic({ connector: 'c', task: 0, topic: 't', discoveredMs: 1 });
    await herder.deleteConnector('c');
    await agree();
    expect([await herder.connectors(), states('c'), await herder.activeTopics('c')]).toEqual([[], [null], []]);
    await expect(herder.connectorStatus('c')).rejects.toThrow(new NotFoundError('No status found for connector c'));
    await expect(herder.pauseConnector('c')).rejects.toThrow(new NotFoundError('Unknown connector c'));
  });

  test('created PAUSED: neither connector nor tasks run before it is resumed', async () => {
    const { herder, agree, states } = await distributedRig();
    await herder.putConnectorConfig('c', source(), { ...create, initialState: 'PAUSED' });
    await agree();
    expect(states('c')).toEqual(['PAUSED']);
    await herder.resumeConnector('c');
    await agree();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('restarts of what has failed alone', async () => {
    const { herder, states, kafka } = await withConnector({ 'tasks.max': '2', fault: 'task-start-fails' });
    expect(states('c')).toEqual(['RUNNING', 'FAILED', 'FAILED']);
    const producers = kafka.producers.length;
    const answer = await herder.restartConnectorAndTasks('c', { includeTasks: true, onlyFailed: true });
    expect([answer.connector.state, ...answer.tasks.map(({ state }) => state)]).toEqual(['RUNNING', 'RESTARTING', 'RESTARTING']);
    await settle();
    expect([states('c'), kafka.producers.length]).toEqual([['RUNNING', 'FAILED', 'FAILED'], producers + 2]);
    await expect(herder.restartConnectorAndTasks('x', { includeTasks: true, onlyFailed: true })).rejects.toThrow('Unknown connector: x');
    await expect(herder.restartTask('c', 7)).rejects.toThrow('Unknown task: c-7');
  });

  test('a connector whose tasks cannot be made has failed, and runs when they can', async () => {
    const { herder, states, agree, clock } = await withConnector({ fault: 'tasks-fail' });
    expect(states('c')).toEqual(['FAILED']);
    expect((await herder.connectorStatus('c')).connector.trace).toMatch(/the connector has no tasks to give/);
    await herder.patchConnectorConfig('c', { fault: null });
    await agree();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
    await clock.advance(120_000);
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('one that may not write asks for another round ever more seldom, until it may', async () => {
    const { coordination, configs, group, clock, herder, logRing, agree, states } = await distributedRig();
    const claim = configs.claimWritePrivileges;
    configs.claimWritePrivileges = async () => Promise.reject(new Error('no right to write'));
    coordination.onPrivilegesLost('fenced');
    expect(group.asked).toEqual(['a write as the leader was refused']);
    for (const waitMs of [250, 500, 1_000]) {
      await group.round();
      await clock.advance(waitMs * 0.7);
      expect(group.asked).toEqual([]);
      await clock.advance(waitMs * 0.6);
      expect(group.asked).toEqual(['the leader could not write: no right to write']);
    }
    expect(logRing.read({ limit: 10 }).filter(({ message }) => /duties of the leader.*: no right to write$/.test(message))).toHaveLength(3);
    configs.claimWritePrivileges = claim;
    await agree();
    await herder.putConnectorConfig('c', source(), create);
    await agree();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('the session key is made once, and renewed when it is old', async () => {
    const { configs, clock } = await distributedRig();
    const first = configs.snapshot().sessionKey;
    expect([first?.algorithm, first?.key.length]).toEqual(['HmacSHA256', 32]);
    await clock.advance(3_590_000);
    expect(configs.snapshot().sessionKey).toEqual(first);
    await clock.advance(20_000);
    expect(configs.snapshot().sessionKey?.key.equals(first!.key)).toBe(false);
  });

  test('the session key is renewed in time also when the wall clock is set back, and once when it is set forward', async () => {
    const { configs, clock } = await distributedRig();
    const first = configs.snapshot().sessionKey;
    clock.setWall(-5 * 3_600_000);
    await clock.advance(3_590_000);
    expect(configs.snapshot().sessionKey).toEqual(first);
    await clock.advance(20_000);
    const second = configs.snapshot().sessionKey;
    expect(second?.key.equals(first!.key)).toBe(false);
    clock.setWall(7 * 3_600_000);
    await clock.advance(10_000);
    const third = configs.snapshot().sessionKey;
    expect(third?.key.equals(second!.key)).toBe(false);
    await clock.advance(3_580_000);
    expect(configs.snapshot().sessionKey).toEqual(third);
  });

  test('statuses of tasks and connectors that are no longer configured are cleared', async () => {
    const { statusStore, group, configs } = await withConnector();
    const dead = { state: 'RUNNING', trace: null, workerId: 'gone:1', generation: 1, version: null } as const;
    statusStore.putTask({ connector: 'c', task: 5 }, dead);
    statusStore.putConnector('gone', dead);
    statusStore.putTask({ connector: 'gone', task: 0 }, dead);
    await group.round();
    expect([[...statusStore.connectors()], [...statusStore.tasks('c').keys()]]).toEqual([['c'], [0]]);
    expect(configs.snapshot().connectors.has('gone')).toBe(false);
  });
});

describe('a worker that follows', () => {
  async function follower(putTaskConfigs: InternalRequests['putTaskConfigs'] = async () => undefined) {
    const rig = await distributedRig({ internalRequests: { putTaskConfigs } });
    await rig.configs.putConnectorConfig('c', { ...source(), name: 'c' }, null);
    rig.group.isLeader = false;
    return rig;
  }

  test('what is the leader’s to do is not done here, and says where', async () => {
    const { herder, group, configs } = await follower();
    await group.round();
    const { offset } = configs.snapshot();
    for (const call of [
      () => herder.putConnectorConfig('d', source(), create),
      () => herder.patchConnectorConfig('c', {}),
      () => herder.deleteConnector('c'),
      () => herder.stopConnector('c'),
      () => herder.restartConnectorAndTasks('c', { includeTasks: true, onlyFailed: false }),
      () => herder.resetConnectorOffsets('c'),
    ])
      await expect(call()).rejects.toThrow(NotHereError);
    await expect(herder.deleteConnector('c')).rejects.toMatchObject({ url: LEADER_URL });
    expect(configs.snapshot().offset).toBe(offset);
  });

  test('a connector of another worker is restarted there: a follower names the leader, the leader the owner', async () => {
    const { herder, group } = await follower();
    await group.round({ connectors: [], tasks: [] });
    await expect(herder.restartConnector('c')).rejects.toMatchObject({ url: LEADER_URL });
    group.isLeader = true;
    await group.round({ connectors: [], tasks: [] });
    await expect(herder.restartConnector('c')).rejects.toMatchObject({ url: 'http://owner:8083/' });
    group.owner = null;
    await expect(herder.restartConnector('c')).rejects.toMatchObject({ url: null });
  });

  test('the tasks that its connector makes go to the leader, again and again until it takes them', async () => {
    const sent: unknown[] = [];
    const { group, clock, states } = await follower(async (url, connector, configs, key) => {
      sent.push([url, connector, configs.length, key?.algorithm]);
      if (sent.length < 3) throw new RestError(409, 'a rebalance goes on');
    });
    await group.round();
    await clock.advance(10_000);
    expect(sent).toEqual(Array.from({ length: 3 }, () => [LEADER_URL, 'c', 1, 'HmacSHA256']));
    expect(states('c')).toEqual(['RUNNING']);
  });
});

describe('the group', () => {
  test('what is revoked has stopped, and says so, before the round is done; what is kept is not touched', async () => {
    const { group, states, kafka } = await withConnector({ 'tasks.max': '2' });
    const kept = [{ connector: 'c', task: 0 }];
    await group.round({ connectors: [], tasks: kept, revoked: { connectors: ['c'], tasks: [{ connector: 'c', task: 1 }] } });
    expect([states('c'), kafka.producers.length]).toEqual([['UNASSIGNED', 'RUNNING', 'UNASSIGNED'], 2]);
  });

  test('forgotten by the group: everything stops before the worker joins again', async () => {
    const { group, states, taskEvents } = await withConnector();
    await group.lose();
    expect([states('c')[0], taskEvents.at(-1)]).toEqual(['UNASSIGNED', 'c-0 shutdown']);
    await group.round();
    await settle();
    expect([states('c'), taskEvents.at(-1)]).toEqual([['RUNNING', 'RUNNING'], 'c-0 startup']);
  });

  test('an assignment for a configuration that this worker has not read yet starts nothing: another round is asked for', async () => {
    const { group, states, clock, configs, statusStore } = await distributedRig();
    await configs.putConnectorConfig('c', source({ name: 'c' }), null);
    await settle();
    const round = group.round({ configOffset: configs.snapshot().offset + 5n });
    await clock.advance(30_000);
    await round;
    expect([states('c'), group.asked]).toEqual([[null], ['the worker was behind the config topic']]);
    expect(statusStore.connectors().size).toBe(0);
  });

  test('a leader that was behind: nothing changes, another round is asked for', async () => {
    const { group, states } = await withConnector();
    await group.round({ error: 'CONFIG_MISMATCH', connectors: [], tasks: [] });
    expect([states('c'), group.asked]).toEqual([['RUNNING', 'RUNNING'], ['the leader was behind the config topic']]);
  });

  test('an end: all stops and says so, then the group is left', async () => {
    const { stop, group, states, taskEvents } = await withConnector();
    await stop();
    expect([states('c')[0], taskEvents.at(-1), group.leftFor]).toEqual(['UNASSIGNED', 'c-0 shutdown', 'the worker is stopping']);
  });

  test('the leader makes changes while rounds go on that these bring about; what was agreed on starts, what came later waits', async () => {
    const { herder, group, states, agree } = await withConnector();
    await herder.putConnectorConfig('d', source(), create);
    const agreedOffset = await group.round();
    await settle();
    expect([states('d'), group.asked.length]).toEqual([['RUNNING'], 1]);
    await herder.putConnectorConfig('e', source(), create);
    await group.round({
      connectors: ['c', 'd'],
      tasks: ['c', 'd'].map((connector) => ({ connector, task: 0 })),
      configOffset: agreedOffset,
    });
    await settle();
    expect([states('d'), states('e')]).toEqual([['RUNNING'], [null]]);
    group.requestRejoin('test');
    await agree();
    expect([states('d'), states('e')]).toEqual([
      ['RUNNING', 'RUNNING'],
      ['RUNNING', 'RUNNING'],
    ]);
  });

  test('one change is settled at once; of many that follow each other a few share a round, and none waits for the next one', async () => {
    const { herder, group, clock, states, agree } = await withConnector();
    const names = Array.from({ length: 40 }, (_, i) => `d${i}`);
    const first = group.generation;
    for (const name of names) {
      await herder.putConnectorConfig(name, source(), create);
      await settle();
      if (name === 'd0') expect(group.asked).toHaveLength(1);
      if (group.asked.length > 0) await group.round();
      await clock.advance(25);
    }
    // A second of changes: those that may follow closely, and four more.
    expect(group.generation - first).toBeLessThanOrEqual(7);
    await agree();
    expect(new Set(names.flatMap(states))).toEqual(new Set(['RUNNING']));
    expect(states('d39')).toHaveLength(2);
    const soFar = group.generation;
    await clock.advance(60_000);
    expect([group.asked, group.generation]).toEqual([[], soFar]);
  });

  test('a request waits for the round that goes on, and is refused with 409 when that takes too long', async () => {
    const { herder, group, clock } = await withConnector();
    group.requestRejoin('test');
    const refused = expect(herder.restartConnector('c')).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/stale configuration/),
    });
    await clock.advance(31_000);
    await refused;
    const taken = herder.restartConnector('c');
    await group.round();
    await clock.advance(100);
    await taken;
  });
});

test('tasks that were made while the connector was being stopped are left out', async () => {
  const rig = await distributedRig();
  await rig.herder.putConnectorConfig('c', source(), create);
  await rig.agree();
  await rig.herder.stopConnector('c');
  await rig.herder.putTaskConfigs('c', [{ topic: 'a' }]);
  await settle();
  expect(await rig.herder.tasks('c')).toEqual([]);
  await rig.herder.resumeConnector('c');
  await rig.herder.putTaskConfigs('c', [{ topic: 'a' }]);
  expect(await rig.herder.tasks('c')).toHaveLength(1);
});
