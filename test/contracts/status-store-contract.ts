/** What every keeper of states does: in memory, over a topic. Each test uses connectors of its own in one store; what was written is read after a while. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Status, StatusStore } from '../../src/storage/status/port.ts';
import { waitUntil } from '../helpers/wait-until.ts';

export const statusOf = (state: Status['state'], changes: Partial<Status> = {}): Status => ({
  ...{ state, trace: null, workerId: 'me:8083', generation: 5, version: '4.3.1' },
  ...changes,
});

export function statusStoreContract(open: () => StatusStore | Promise<StatusStore>): void {
  let store: StatusStore;
  beforeAll(async () => {
    store = await open();
    await store.start();
  });
  afterAll(() => store.stop());

  const reads = (what: string, read: () => unknown, wanted: unknown) =>
    waitUntil(what, () => {
      expect(read()).toEqual(wanted);
      return true;
    });

  test('states of connectors and tasks are read as they were written', async () => {
    const failed = statusOf('FAILED', { trace: 'org.apache.kafka.connect.errors.ConnectException: ü "😀"\n\tat x', version: null });
    store.putConnector('a', statusOf('RUNNING'));
    store.putTask({ connector: 'a', task: 0 }, statusOf('RUNNING', { generation: 7 }));
    store.putTask({ connector: 'a', task: 11 }, failed);
    await store.flush(30_000);
    await reads('the connector', () => store.connector('a'), statusOf('RUNNING'));
    await reads(
      'its tasks',
      () => store.tasks('a'),
      new Map([
        [0, statusOf('RUNNING', { generation: 7 })],
        [11, failed],
      ] as const),
    );
    expect(store.task({ connector: 'a', task: 11 })).toEqual(failed);
    expect([store.connector('b'), store.task({ connector: 'a', task: 1 }), store.tasks('b').size]).toEqual([null, null, 0]);
  });

  test('of many states of one task the last one stays', async () => {
    const id = { connector: 'quick', task: 0 };
    for (let i = 0; i < 50; i++) store.putTask(id, statusOf(i % 2 === 0 ? 'RUNNING' : 'PAUSED', { version: `${i}` }));
    await store.flush(30_000);
    await reads('the last', () => store.task(id)?.version, '49');
  });

  test('a safe write gives way to another worker of a higher generation only', async () => {
    const id = { connector: 'safe', task: 0 };
    const now = () => [store.connector('safe')?.version, store.task(id)?.version];
    const put = (version: string, workerId: string, generation: number, isSafe?: boolean) => {
      const options = isSafe === undefined ? {} : { isSafe };
      store.putConnector('safe', statusOf('UNASSIGNED', { version, workerId, generation }), options);
      store.putTask(id, statusOf('FAILED', { version, workerId, generation }), options);
    };
    put('1', 'you:1', 5, true);
    await reads('the first', now, ['1', '1']);
    put('2', 'me:1', 4, true);
    put('3', 'you:1', 4, true);
    await reads('the same worker, lower', now, ['3', '3']);
    put('4', 'me:1', 4, true);
    await reads('another worker, equal', now, ['4', '4']);
    put('5', 'you:1', 9);
    await reads('another worker, higher', now, ['5', '5']);
    put('6', 'me:1', 8, true);
    put('7', 'me:1', 8);
    await reads('another worker, lower, but not asked to be safe', now, ['7', '7']);
  });

  test('what was removed is gone, and only that', async () => {
    store.putConnector('gone', statusOf('RUNNING'));
    store.putConnector('gone-1', statusOf('RUNNING'));
    for (const task of [0, 1]) store.putTask({ connector: 'gone', task }, statusOf('RUNNING'));
    await reads('both tasks', () => [...store.tasks('gone').keys()].sort(), [0, 1]);
    store.removeConnector('gone');
    store.removeTask({ connector: 'gone', task: 0 });
    await reads('the removal', () => [store.connector('gone'), [...store.tasks('gone').keys()]], [null, [1]]);
    expect(store.connectors()).toContain('gone');
    store.removeTask({ connector: 'gone', task: 1 });
    await reads('the last removal', () => store.connectors().has('gone'), false);
    await reads('the one of a similar name', () => store.connectors().has('gone-1'), true);
  });

  test('topics are known by connector, until they are removed', async () => {
    const used = (topic: string, connector = 'c', task = 0) => ({ topic, connector, task, discoveredMs: 1_795_422_645_868 });
    store.putTopic(used('t-1'));
    store.putTopic(used('t-2', 'c', 3));
    store.putTopic(used('t-1', 'c:connector-x'));
    const topics = (connector: string) =>
      store
        .topics(connector)
        .map(({ topic, task }) => `${topic} ${task}`)
        .sort();
    await reads('the topics', () => topics('c'), ['t-1 0', 't-2 3']);
    await reads('those of the odd one', () => store.topics('c:connector-x'), [used('t-1', 'c:connector-x')]);
    store.putTopic(used('t-3'));
    store.removeTopics('c');
    await store.flush(30_000);
    await reads('no topics', () => topics('c'), []);
    expect(topics('c:connector-x')).toEqual(['t-1 0']);
  });
}
