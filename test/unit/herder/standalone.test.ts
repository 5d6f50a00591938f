import { describe, expect, test } from 'vitest';
import { AlreadyExistsError, NotFoundError, RestError } from '../../../src/base/errors.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import { herderRig } from '../../helpers/herder-rig.ts';
import { settle } from '../../helpers/test-clock.ts';
import { lastConnectorContext, TEST_SINK, TEST_SOURCE } from '../../helpers/test-plugins.ts';

const source = (more: Record<string, string> = {}) => ({ 'connector.class': TEST_SOURCE, ...more });
const create = { allowReplace: false } as const;
const change = { allowReplace: true } as const;

test('says that it is standalone', async () => {
  expect(await herderRig().herder.workers()).toMatchObject([{ make: 'kconsole', isStandalone: true, error: null }]);
});

describe('creating and changing', () => {
  test('a new connector runs with its tasks; its answer has the config with its name last', async () => {
    const { herder, states } = herderRig();
    const { created, info } = await herder.putConnectorConfig('c', source({ 'tasks.max': '2' }), create);
    expect([created, info]).toEqual([
      true,
      {
        name: 'c',
        config: { 'connector.class': TEST_SOURCE, 'tasks.max': '2', name: 'c' },
        tasks: [
          { connector: 'c', task: 0 },
          { connector: 'c', task: 1 },
        ],
        type: 'source',
      },
    ]);
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
    expect(await herder.connectorStatus('c')).toEqual({
      name: 'c',
      connector: { state: 'RUNNING', worker_id: '127.0.0.1:8083', version: '1.0' },
      tasks: [0, 1].map((id) => ({ id, state: 'RUNNING', worker_id: '127.0.0.1:8083', version: '1.0' })),
      type: 'source',
    });
    expect((await herder.tasks('c'))[1]).toEqual({
      id: { connector: 'c', task: 1 },
      config: { ...info.config, 'task.number': '1', 'task.class': 'test.ScriptedSourceTask' },
    });
    await expect(herder.putConnectorConfig('c', source(), create)).rejects.toThrow(new AlreadyExistsError('Connector c already exists'));
  });

  test('what is invalid is refused with all findings, and nothing changes', async () => {
    const { herder } = herderRig();
    const refused = herder.putConnectorConfig('c', source({ 'tasks.max': '0', records: 'x' }), create);
    await expect(refused).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/contains the following 2 error\(s\):\nInvalid value 0 for configuration tasks.max/),
    });
    expect(await herder.connectors()).toEqual([]);
  });

  test('a changed config replaces the tasks, an equal one leaves them alone', async () => {
    const { herder, kafka } = herderRig();
    await herder.putConnectorConfig('c', source(), create);
    await settle();
    await herder.putConnectorConfig('c', source(), change);
    await settle();
    expect(kafka.producers).toHaveLength(1);
    const { created, info } = await herder.putConnectorConfig('c', source({ 'tasks.max': '2' }), change);
    await settle();
    expect([created, info.tasks.length, kafka.producers.length]).toEqual([false, 2, 3]);
  });

  test('PATCH sets and removes', async () => {
    const { herder } = herderRig();
    await herder.putConnectorConfig('c', source({ topic: 't', records: '1' }), create);
    const info = await herder.patchConnectorConfig('c', { records: null, extra: '1' });
    expect(info.config).toEqual({ 'connector.class': TEST_SOURCE, topic: 't', name: 'c', extra: '1' });
    await expect(herder.patchConnectorConfig('x', {})).rejects.toThrow(new NotFoundError('Connector x not found'));
  });

  test('PATCHes at once: none is lost', async () => {
    const { herder } = herderRig();
    await herder.putConnectorConfig('c', source(), create);
    await Promise.all([herder.patchConnectorConfig('c', { a: '1' }), herder.patchConnectorConfig('c', { b: '2' })]);
    expect(await herder.connectorConfig('c')).toMatchObject({ a: '1', b: '2' });
  });

  test('another name and null values are refused, whichever way they come', async () => {
    const { herder } = herderRig();
    const mismatch = new RestError(400, "Connector name configuration (d) doesn't match connector name in the URL (c)");
    await expect(herder.putConnectorConfig('c', source({ name: 'd' }), create)).rejects.toThrow(mismatch);
    await expect(herder.putConnectorConfig('c', { ...source(), fault: null }, create)).rejects.toMatchObject({
      status: 400,
      message: 'The value of fault is null. Give a value, or leave the key out.',
    });
    await herder.putConnectorConfig('c', source(), create);
    await expect(herder.patchConnectorConfig('c', { name: 'd' })).rejects.toThrow(mismatch);
    await expect(herder.patchConnectorConfig('c', { name: null })).rejects.toThrow('Missing required configuration "name"');
    expect(await herder.connectorConfig('c')).toEqual(source({ name: 'c' }));
  });

  test.each([
    ['start-fails', 'the connector cannot start'],
    ['tasks-fail', 'the connector has no tasks to give'],
    ['too-many-tasks', 'The connector c has generated 2 tasks, which is greater than 1'],
  ])('%s: the caller gets the error, the status is FAILED, a corrected config brings it back', async (fault, message) => {
    const { herder, states } = herderRig();
    await expect(herder.putConnectorConfig('c', source({ fault }), create)).rejects.toThrow(message);
    expect(await states('c')).toEqual(['FAILED']);
    expect((await herder.connectorStatus('c')).connector.trace).toContain(message);
    await herder.putConnectorConfig('c', source(), change);
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('initial states', async () => {
    const { herder, states } = herderRig();
    await herder.putConnectorConfig('s', source(), { ...create, initialState: 'STOPPED' });
    await herder.putConnectorConfig('p', source(), { ...create, initialState: 'PAUSED' });
    await herder.putConnectorConfig('p', source({ topic: 't' }), { ...change, initialState: 'STARTED' });
    expect([await states('s'), await states('p')]).toEqual([['STOPPED'], ['PAUSED']]);
    await herder.resumeConnector('s');
    await herder.resumeConnector('p');
    await settle();
    expect([await states('s'), await states('p')]).toEqual([
      ['RUNNING', 'RUNNING'],
      ['RUNNING', 'RUNNING'],
    ]);
  });

  test('delete forgets everything; the name can be used again', async () => {
    const { herder } = herderRig();
    await herder.putConnectorConfig('c', source({ records: '1' }), create);
    await settle();
    await herder.deleteConnector('c');
    expect(await herder.connectors()).toEqual([]);
    expect(await herder.activeTopics('c')).toEqual([]);
    await expect(herder.connectorStatus('c')).rejects.toThrow('No status found for connector c');
    await herder.putConnectorConfig('c', source(), create);
  });
});

describe('states', () => {
  test('stop takes the tasks away, pause keeps them away, resume makes them', async () => {
    const { herder, states } = herderRig();
    await herder.putConnectorConfig('c', source(), create);
    await herder.stopConnector('c');
    await herder.stopConnector('c');
    expect([await states('c'), await herder.tasks('c')]).toEqual([['STOPPED'], []]);
    await herder.pauseConnector('c');
    expect(await states('c')).toEqual(['PAUSED']);
    await herder.resumeConnector('c');
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('a config put while stopped is used at the resume', async () => {
    const { herder, states } = herderRig();
    await herder.putConnectorConfig('c', source(), create);
    await herder.stopConnector('c');
    await herder.putConnectorConfig('c', source({ 'tasks.max': '2' }), change);
    expect(await states('c')).toEqual(['STOPPED']);
    await herder.resumeConnector('c');
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  });

  test('a failed connector stays failed through pause and resume, and comes back by restart or stop', async () => {
    const { herder, states } = herderRig();
    await herder.putConnectorConfig('c', source(), create);
    await settle();
    lastConnectorContext()?.raiseError(new Error('source lost'));
    await settle();
    expect(await states('c')).toEqual(['FAILED', 'RUNNING']);
    await herder.pauseConnector('c');
    await herder.resumeConnector('c');
    expect((await states('c'))[0]).toBe('FAILED');
    await herder.restartConnector('c');
    expect((await states('c'))[0]).toBe('RUNNING');
    await herder.stopConnector('c');
    expect(await states('c')).toEqual(['STOPPED']);
  });

  test('a failed task shows its trace, and a restart of what failed brings it back', async () => {
    const { herder, states } = herderRig();
    await herder.putConnectorConfig('c', source({ fault: 'task-start-fails' }), create);
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'FAILED']);
    expect((await herder.taskStatus('c', 0)).trace).toMatch(/^org.apache.kafka.connect.errors.ConnectException: the task cannot start\n/);
    const plan = await herder.restartConnectorAndTasks('c', { includeTasks: true, onlyFailed: true });
    expect([plan.connector.state, plan.tasks[0]?.state, plan.tasks[0]?.trace]).toEqual(['RUNNING', 'RESTARTING', undefined]);
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'FAILED']);
    await herder.putConnectorConfig('c', source(), change);
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('restarts: the task, the connector, both by plan', async () => {
    const { herder, kafka, states } = herderRig();
    await herder.putConnectorConfig('c', source(), create);
    await settle();
    await herder.restartTask('c', 0);
    await herder.restartConnector('c');
    await settle();
    expect(kafka.producers).toHaveLength(2);
    const plan = await herder.restartConnectorAndTasks('c', { includeTasks: true, onlyFailed: false });
    expect([plan.connector.state, plan.tasks[0]?.state]).toEqual(['RESTARTING', 'RESTARTING']);
    await settle();
    expect([kafka.producers.length, await states('c')]).toEqual([3, ['RUNNING', 'RUNNING']]);
  });

  test('a connector may ask for new tasks', async () => {
    const { herder, kafka } = herderRig();
    await herder.putConnectorConfig('c', source(), create);
    await settle();
    lastConnectorContext()?.requestTaskReconfiguration();
    await settle();
    expect(kafka.producers).toHaveLength(1);
    expect((await herder.tasks('c')).length).toBe(1);
  });

  test('a connector that cannot tell its tasks yet runs without them, and tells them when it asks', async () => {
    const { herder, states } = herderRig();
    await herder.putConnectorConfig('c', source({ fault: 'tasks-late' }), create);
    await settle();
    expect(await states('c')).toEqual(['RUNNING']);
    lastConnectorContext()?.requestTaskReconfiguration();
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('every verb names a connector that is not there', async () => {
    const { herder } = herderRig();
    const cases: [Promise<unknown>, string][] = [
      [herder.connectorInfo('x'), 'Connector x not found'],
      [herder.connectorConfig('x'), 'Connector x not found'],
      [herder.tasks('x'), 'Connector x not found'],
      [herder.deleteConnector('x'), 'Connector x not found'],
      [herder.connectorOffsets('x'), 'Connector x not found'],
      [herder.resetConnectorOffsets('x'), 'Connector x not found'],
      [herder.taskStatus('x', 0), 'No status found for task x-0'],
      [herder.pauseConnector('x'), 'Unknown connector x'],
      [herder.resumeConnector('x'), 'Unknown connector x'],
      [herder.stopConnector('x'), 'Unknown connector x'],
      [herder.restartConnector('x'), 'Unknown connector: x'],
      [herder.restartConnectorAndTasks('x', { includeTasks: true, onlyFailed: false }), 'Unknown connector: x'],
      [herder.restartTask('x', 0), 'Unknown connector: x'],
    ];
    for (const [call, message] of cases) await expect(call).rejects.toThrow(new NotFoundError(message));
    await herder.putConnectorConfig('c', source(), create);
    await expect(herder.restartTask('c', 7)).rejects.toThrow(new NotFoundError('Unknown task: c-7'));
  });

  test('mutations of one connector come one after the other', async () => {
    const { herder, states } = herderRig();
    await herder.putConnectorConfig('c', source(), create);
    await Promise.all([
      herder.stopConnector('c'),
      herder.resumeConnector('c'),
      herder.putConnectorConfig('c', source({ 'tasks.max': '3' }), change),
      herder.pauseConnector('c'),
      herder.resumeConnector('c'),
    ]);
    await settle();
    expect(await states('c')).toEqual(['RUNNING', 'RUNNING', 'RUNNING', 'RUNNING']);
  });
});

describe('offsets and topics', () => {
  test('of a source: listed, altered and reset while it is stopped', async () => {
    const { herder, clock } = herderRig();
    await herder.putConnectorConfig('c', source({ records: '3' }), create);
    await clock.advance(1000);
    const partition = { task: '0' };
    expect(await herder.connectorOffsets('c')).toEqual({ offsets: [{ partition, offset: { n: 3n } }] });
    const running = herder.alterConnectorOffsets('c', [{ partition, offset: { n: 1n } }]);
    await expect(running).rejects.toMatchObject({ status: 400, message: expect.stringContaining('must be in the STOPPED state') });
    await herder.stopConnector('c');
    const framework = 'The Connect framework-managed offsets for this connector have been altered successfully.';
    const message = await herder.alterConnectorOffsets('c', [
      { partition, offset: { n: 1n } },
      { partition, offset: { n: 2n } },
    ]);
    expect(message.message.startsWith(framework)).toBe(true);
    expect(await herder.connectorOffsets('c')).toEqual({ offsets: [{ partition, offset: { n: 2n } }] });
    await herder.resetConnectorOffsets('c');
    await herder.resetConnectorOffsets('c');
    expect(await herder.connectorOffsets('c')).toEqual({ offsets: [] });
    await expect(herder.alterConnectorOffsets('c', [])).rejects.toThrow(
      new RestError(400, 'Partitions / offsets need to be provided for an alter offsets request'),
    );
    const nested = [{ partition, offset: { n: [1] } as unknown as Record<string, number> }];
    await expect(herder.alterConnectorOffsets('c', nested)).rejects.toThrow('but field n contains ARRAY');
  });

  test('of a sink: those of its group', async () => {
    const calls: unknown[] = [];
    const admin = {
      groupOffsets: async (group: string) => {
        calls.push(['list', group]);
        return [{ topic: 't', partition: 1, offset: 5n, metadata: '' }];
      },
      alterGroupOffsets: async (...call: unknown[]) => void calls.push(['alter', ...call]),
      deleteGroupOffsets: async (...call: unknown[]) => void calls.push(['forget', ...call]),
      deleteGroups: async (groups: readonly string[]) => {
        calls.push(['delete', groups]);
        throw new KafkaError('NON_EMPTY_GROUP', 'group connect-c has members');
      },
    };
    const { herder } = herderRig({ admin });
    await herder.putConnectorConfig('c', { 'connector.class': TEST_SINK, topics: 't', name: 'c' }, create);
    expect(await herder.connectorOffsets('c')).toEqual({
      offsets: [{ partition: { kafka_partition: 1n, kafka_topic: 't' }, offset: { kafka_offset: 5n } }],
    });
    await herder.stopConnector('c');
    await herder.alterConnectorOffsets('c', [
      { partition: { kafka_topic: 't', kafka_partition: '1' }, offset: { kafka_offset: '3' } },
      { partition: { kafka_topic: 't', kafka_partition: 2n }, offset: null },
    ]);
    await expect(herder.resetConnectorOffsets('c')).rejects.toThrow(
      "Failed to reset consumer group offsets for connector c either because its tasks haven't stopped completely yet",
    );
    expect(calls).toEqual([
      ['list', 'connect-c'],
      ['alter', 'connect-c', [{ topic: 't', partition: 1, offset: 3n }]],
      ['forget', 'connect-c', [{ topic: 't', partition: 2 }]],
      ['list', 'connect-c'],
      ['delete', ['connect-c']],
    ]);
    const bad = (partition: Record<string, string | number | null> | null, offset: Record<string, string | null> | null) =>
      herder.alterConnectorOffsets('c', [{ partition, offset }]);
    const place = { kafka_topic: 't', kafka_partition: 0 };
    await expect(bad(null, null)).rejects.toThrow('The partition for a sink connector offset cannot be null or missing');
    await expect(bad({ kafka_topic: 't' }, null)).rejects.toThrow("must contain the keys 'kafka_topic' and 'kafka_partition'");
    await expect(bad({ ...place, kafka_topic: null }, null)).rejects.toThrow('Kafka topic names must be valid strings and may not be null');
    await expect(bad({ ...place, kafka_partition: null }, null)).rejects.toThrow(
      'Kafka partitions must be valid numbers and may not be null',
    );
    await expect(bad({ ...place, kafka_partition: 'x' }, null)).rejects.toThrow("partition value in the provided offsets: 'x'");
    await expect(bad(place, { offset: '1' })).rejects.toThrow("should either be null or contain the key 'kafka_offset'");
    await expect(bad(place, { kafka_offset: '1.5' })).rejects.toThrow("Kafka offset value in the provided offsets: '1.5'");
    await expect(bad(place, { kafka_offset: '-1' })).rejects.toThrow(
      new RestError(400, 'The offset -1 is negative. Give 0 or more, or null for the offset to forget it.'),
    );
  });

  test('of a sink: what Kafka says against it is said', async () => {
    const alterGroupOffsets = async () => {
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'topic "t" partition 9');
    };
    const { herder } = herderRig({ admin: { alterGroupOffsets } });
    await herder.putConnectorConfig('c', { 'connector.class': TEST_SINK, topics: 't' }, { ...create, initialState: 'STOPPED' });
    const change = [{ partition: { kafka_topic: 't', kafka_partition: 9n }, offset: { kafka_offset: 1n } }];
    await expect(herder.alterConnectorOffsets('c', change)).rejects.toThrow(
      'Failed to alter consumer group offsets for connector c: topic "t" partition 9',
    );
  });

  test('topics in use, reset and used again', async () => {
    const { herder, clock } = herderRig();
    await herder.putConnectorConfig('c', source({ records: '2', topic: 't' }), create);
    await clock.advance(1);
    expect(await herder.activeTopics('c')).toEqual(['t']);
    await herder.resetActiveTopics('c');
    expect(await herder.activeTopics('c')).toEqual([]);
    await herder.restartTask('c', 0);
    await settle();
    expect(await herder.activeTopics('c')).toEqual(['t']);
    expect(await herder.activeTopics('nobody')).toEqual([]);
    const off = herderRig({ isTopicTrackingEnabled: false }).herder;
    await expect(off.activeTopics('c')).rejects.toThrow(new RestError(403, 'Topic tracking is disabled.'));
    await expect(off.resetActiveTopics('c')).rejects.toThrow(new RestError(403, 'Topic tracking is disabled.'));
  });
});

test('metrics, loggers and the log tell what happened', async () => {
  const { herder } = herderRig();
  await herder.putConnectorConfig('c', source({ records: '2' }), create);
  await herder.putConnectorConfig('d', source({ fault: 'task-start-fails' }), create);
  await settle();
  const samples = await herder.metrics();
  const value = (group: string, name: string, tags: Record<string, string> = {}) =>
    samples.find((s) => s.group === group && s.name === name && JSON.stringify(s.tags) === JSON.stringify(tags))?.value;
  expect(value('connect-worker-metrics', 'connector-count')).toBe(2);
  expect(value('connect-worker-metrics', 'task-startup-failure-total')).toBe(1);
  expect(value('connect-worker-metrics', 'task-startup-success-percentage')).toBe(0.5);
  expect(value('connect-worker-metrics', 'connector-failed-task-count', { connector: 'd' })).toBe(1);
  expect(value('connector-metrics', 'status', { connector: 'c' })).toBe('running');
  expect(value('connector-task-metrics', 'status', { connector: 'd', task: '0' })).toBe('failed');
  expect(value('source-task-metrics', 'source-record-poll-total', { connector: 'c', task: '0' })).toBe(2);
  expect(await herder.setLogger('worker', 'DEBUG', 'worker')).toEqual(['worker']);
  expect((await herder.logger('worker')).level).toBe('DEBUG');
  await expect(herder.logger('nope')).rejects.toThrow(new NotFoundError('Logger nope not found.'));
  const log = await herder.workerLog({ connector: 'd', task: 0 });
  expect(log.some((event) => event.level === 'ERROR' && event.message.startsWith('Task threw an uncaught'))).toBe(true);
});
