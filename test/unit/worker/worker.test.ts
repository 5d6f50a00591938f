import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../../src/base/errors.ts';
import { LogHub } from '../../../src/base/log.ts';
import { MemoryOffsetStore } from '../../../src/storage/offset/memory.ts';
import { SourceOffsets } from '../../../src/storage/offset/source-offsets.ts';
import { NO_GUARD } from '../../../src/worker/exactly-once-guard.ts';
import type { HostPort } from '../../../src/worker/host-link.ts';
import { openInLineHost } from '../../../src/worker/in-line-host.ts';
import { Worker } from '../../../src/worker/worker.ts';
import { createMemoryKafka } from '../../helpers/memory-kafka.ts';
import { createTestClock, settle } from '../../helpers/test-clock.ts';
import { lastConnectorContext, TEST_SOURCE, testCatalog } from '../../helpers/test-plugins.ts';

const properties = {
  'bootstrap.servers': '127.0.0.1:9092',
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
};
const samples = { windowMs: 30_000, windows: 2 };
const settings = { properties, flushIntervalMs: 1000, flushTimeoutMs: 500, isTopicCreationEnabled: true, samples, exactlyOnceGroup: null };

function rig(threads = 2) {
  const clock = createTestClock();
  const logHub = new LogHub(() => clock.wallMs());
  const lines: string[] = [];
  logHub.attach((event) => void lines.push(event.message));
  const kafka = createMemoryKafka();
  const hosts: HostPort[] = [];
  const events: string[] = [];
  const offsets = new SourceOffsets(new MemoryOffsetStore(), logHub.log('offsets'));
  const gone: ((reason: ConnectError) => void)[] = [];
  const worker = new Worker({
    openHost: () => {
      const inner = openInLineHost({ settings, plugins: testCatalog, createKafka: () => kafka, clock, logHub });
      const host: HostPort = {
        ...inner,
        listen: (receiver) => {
          gone.push(receiver.gone);
          inner.listen(receiver);
        },
      };
      hosts.push(host);
      return host;
    },
    threads,
    offsets,
    guard: NO_GUARD,
    gracefulStopMs: 5000,
    packages: { hangMs: 30_000, classesOf: () => [] },
    clock,
    log: logHub.log('worker'),
    logHub,
    listener: {
      onTask: (id, event, trace) => void events.push(`${id.connector}-${id.task} ${event}${trace ? ` ${trace.split('\n')[0]}` : ''}`),
      onConnectorFailed: (connector, fault) => void events.push(`${connector} failed: ${fault.message}`),
      onReconfigure: (connector) => void events.push(`${connector} reconfigure`),
      onActiveTopic: (connector, _task, topic) => void events.push(`${connector} topic ${topic}`),
    },
  });
  const config = (more: Record<string, string> = {}) => ({ 'connector.class': TEST_SOURCE, ...more });
  const startTask = (connector: string, taskId: number, more: Record<string, string> = {}) => {
    const connectorConfig = config(more);
    worker.startTask({ connector, taskId, connectorConfig, taskConfig: connectorConfig, taskGeneration: -1, target: 'STARTED' });
  };
  return { worker, clock, hosts, events, lines, offsets, gone, config, startTask };
}

describe('the worker', () => {
  test('runs a connector, its tasks, and stores their offsets', async () => {
    const { worker, clock, events, offsets, startTask, config } = rig();
    await worker.startConnector('c', config({ 'tasks.max': '2' }));
    expect(await worker.taskConfigs('c', 2)).toEqual([
      { ...config({ 'tasks.max': '2' }), 'task.number': '0', 'task.class': 'test.ScriptedSourceTask' },
      { ...config({ 'tasks.max': '2' }), 'task.number': '1', 'task.class': 'test.ScriptedSourceTask' },
    ]);
    startTask('c', 0, { records: '3', topic: 't' });
    await clock.advance(1000);
    expect(events).toEqual(['c-0 startup', 'c topic t']);
    expect(await offsets.read('c', [{ task: '0' }])).toEqual([{ n: 3n }]);
    const polled = (await worker.metrics()).find((m) => m.name === 'source-record-poll-total');
    expect(polled).toEqual({
      group: 'source-task-metrics',
      tags: { connector: 'c', task: '0' },
      name: 'source-record-poll-total',
      value: 3,
    });
    lastConnectorContext()?.requestTaskReconfiguration();
    lastConnectorContext()?.raiseError(new ConnectError('lost its source'));
    await settle();
    await worker.stopTasks([{ connector: 'c', task: 0 }]);
    await worker.stopConnector('c');
    expect(events.slice(2)).toEqual(['c reconfigure', 'c failed: lost its source', 'c-0 shutdown']);
  });

  test('tells what a task tells of its own work, and of one that cannot', async () => {
    const { worker, startTask } = rig();
    startTask('a', 0, { records: '2', topic: 't' });
    startTask('b', 0, { fault: 'figures-fail' });
    await settle();
    const told = (await worker.metrics()).filter(({ group }) => group === 'scripted-metrics' || group === 'plugin-metrics');
    const tags = { table: 't', connector: 'a', task: '0' };
    expect(told).toEqual([
      { group: 'scripted-metrics', tags, name: 'rows-total', value: 2 },
      { group: 'scripted-metrics', tags, name: 'sql', value: 'SELECT ?' },
      { group: 'scripted-metrics', tags, name: 'parameters', value: 'n=2', isDetail: true },
      { group: 'plugin-metrics', tags: { connector: 'b', task: '0' }, name: 'figures-error', value: 'no figures' },
    ]);
  });

  test('a task without a class, and one whose start throws, fail by name', async () => {
    const { worker, events, startTask } = rig();
    startTask('a', 0, { fault: 'task-start-fails' });
    startTask('b', 0, { 'value.converter': 'no.Such' });
    await settle();
    expect(events.sort()).toEqual([
      'a-0 failure org.apache.kafka.connect.errors.ConnectException: the task cannot start',
      'b-0 failure org.apache.kafka.common.config.ConfigException: Class no.Such could not be found.',
    ]);
    await worker.stopTasks([{ connector: 'a', task: 0 }]);
    expect(await worker.metrics()).toEqual([]);
  });

  test('tasks get hosts of their own while there are any, then share', async () => {
    const { hosts, startTask } = rig(2);
    startTask('a', 0);
    startTask('a', 1);
    startTask('a', 2);
    await settle();
    expect(hosts).toHaveLength(2);
  });

  test('a task that hangs costs its host; its neighbours go on in a new one', async () => {
    const { worker, clock, events, hosts, lines, startTask } = rig(1);
    startTask('bad', 0, { fault: 'poll-hangs' });
    startTask('good', 0);
    await settle();
    const stopped = worker.stopTasks([{ connector: 'bad', task: 0 }]);
    await clock.advance(4999);
    expect(hosts).toHaveLength(1);
    await clock.advance(1);
    await stopped;
    await settle();
    expect(events).toEqual(['bad-0 startup', 'good-0 startup', 'good-0 moved', 'good-0 startup']);
    expect(hosts).toHaveLength(2);
    expect(lines).toContain('Task thread 1 is ended: task bad-0 did not stop within 5000 ms. Moved to a new thread: good-0.');
    startTask('bad', 0);
    await settle();
    expect(events.at(-1)).toBe('bad-0 startup');
  });

  test('a task that moves while it is stopped stays stopped', async () => {
    const { worker, clock, events, startTask } = rig(1);
    startTask('bad', 0, { fault: 'poll-hangs' });
    startTask('good', 0);
    await settle();
    const first = worker.stopTasks([{ connector: 'bad', task: 0 }]);
    await clock.advance(4999);
    const moving = clock.advance(1);
    const second = worker.stopTasks([{ connector: 'good', task: 0 }]);
    await Promise.all([first, moving, second]);
    await settle();
    expect(events.at(-1)).toBe('good-0 shutdown');
    expect(await worker.metrics()).toEqual([]);
  });

  test('a task that was told to stop before its neighbour cost them their host does not come back', async () => {
    const { worker, clock, events, hosts, startTask } = rig(1);
    for (const name of ['bad', 'slow', 'good']) startTask(name, 0, name === 'good' ? {} : { fault: 'poll-hangs' });
    await settle();
    const first = worker.stopTasks([{ connector: 'bad', task: 0 }]);
    await clock.advance(3000);
    const second = worker.stopTasks([{ connector: 'slow', task: 0 }]);
    await clock.advance(20_000);
    await Promise.all([first, second]);
    await settle();
    expect([hosts.length, events.filter((event) => event.endsWith('startup'))]).toEqual([
      2,
      ['bad-0 startup', 'slow-0 startup', 'good-0 startup', 'good-0 startup'],
    ]);
    expect((await worker.metrics()).some(({ tags }) => tags.connector === 'slow')).toBe(false);
  });

  test('a connector that hangs in stop costs its host as well', async () => {
    const { worker, clock, hosts, events, startTask, config } = rig(1);
    await worker.startConnector('c', config({ fault: 'connector-stop-hangs' }));
    await worker.startConnector('d', config());
    startTask('d', 0);
    await settle();
    const stopped = worker.stopConnector('c');
    await clock.advance(5000);
    await stopped;
    await settle();
    expect(hosts).toHaveLength(2);
    expect(events).toEqual(['d-0 startup', 'd-0 moved', 'd-0 startup']);
    expect(await worker.taskConfigs('d', 1)).toHaveLength(1);
    expect(worker.hasConnector('c')).toBe(false);
  });

  test('a connector that does not start in time is an error that says so', async () => {
    const { worker, clock, config } = rig();
    const started = worker.startConnector('c', config({ fault: 'start-hangs' })).catch((e: Error) => e.message);
    await clock.advance(60_000);
    expect(await started).toBe("Task thread 1 did not answer 'startConnector' within 60000 ms.");
  });

  test('a host that dies fails what lived there, by name, and the worker goes on', async () => {
    const { worker, events, gone, startTask, config } = rig(1);
    await worker.startConnector('c', config());
    startTask('c', 0);
    await settle();
    gone[0]?.(new ConnectError('Task thread 1 ran out of memory.'));
    expect(events).toEqual([
      'c-0 startup',
      'c-0 failure org.apache.kafka.connect.errors.ConnectException: Task thread 1 ran out of memory.',
      'c failed: Task thread 1 ran out of memory.',
    ]);
    await worker.stopTasks([{ connector: 'c', task: 0 }]);
    startTask('c', 0);
    await worker.startConnector('c', config());
    await settle();
    expect(events.at(-1)).toBe('c-0 startup');
  });

  test('stop waits for all, at most for the graceful time', async () => {
    const { worker, clock, events, lines, startTask, config } = rig(2);
    await worker.startConnector('c', config());
    startTask('c', 0, { records: '2' });
    startTask('c', 1, { fault: 'stop-hangs' });
    await settle();
    const stopped = worker.stop();
    await clock.advance(5000);
    await stopped;
    expect(events).toContain('c-0 shutdown');
    expect(events).not.toContain('c-1 shutdown');
    expect(lines).toContain('Task c-1 did not stop within 5000 ms (task.shutdown.graceful.timeout.ms) and is ended.');
  });

  test('pause and resume reach the task', async () => {
    const { worker, events, startTask } = rig();
    startTask('c', 0);
    await settle();
    worker.setTaskTarget({ connector: 'c', task: 0 }, 'PAUSED');
    await settle();
    // The scripted source polls until it is told to stop: the pause shows when the poll ends.
    expect(events).toEqual(['c-0 startup']);
    await worker.stopTasks([{ connector: 'c', task: 0 }]);
    worker.startTask({
      connector: 'c',
      taskId: 0,
      connectorConfig: { 'connector.class': TEST_SOURCE },
      taskConfig: {},
      taskGeneration: -1,
      target: 'PAUSED',
    });
    await settle();
    worker.setTaskTarget({ connector: 'c', task: 0 }, 'STARTED');
    await settle();
    expect(events).toEqual(['c-0 startup', 'c-0 shutdown', 'c-0 pause', 'c-0 startup']);
  });
});
