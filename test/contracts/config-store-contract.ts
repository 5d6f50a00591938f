/** What every keeper of configurations does: in memory, over a topic. Each test uses connectors of its own in one store. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConfigListener, ConfigStore, SessionKey } from '../../src/storage/config/port.ts';
import { waitUntil } from '../helpers/wait-until.ts';

/** Notes what it is told, as `update orders`. */
export function noting(): { readonly listener: ConfigListener; readonly events: string[] } {
  const events: string[] = [];
  const note = (what: string) => (connector: string) => {
    events.push(`${what} ${connector}`);
  };
  return {
    events,
    listener: {
      onConnectorConfigUpdate: note('update'),
      onConnectorConfigRemove: note('remove'),
      onTaskConfigsUpdate: note('tasks'),
      onTargetStateChange: note('target'),
      onSessionKeyUpdate: ({ algorithm, createdMs }) => events.push(`key ${algorithm} ${createdMs}`),
      onRestartRequest: ({ connector, includeTasks, onlyFailed }) => events.push(`restart ${connector} ${includeTasks} ${onlyFailed}`),
      onLoggerLevel: (logger, level) => events.push(`level ${logger} ${level}`),
    },
  };
}

export function configStoreContract(open: () => ConfigStore | Promise<ConfigStore>): void {
  const { listener, events } = noting();
  let store: ConfigStore;
  beforeAll(async () => {
    store = await open();
    await store.start(listener);
    await store.claimWritePrivileges();
  });
  afterAll(() => store.stop());

  const of = (connector: string) => store.snapshot().connectors.get(connector);
  const eventsOf = (connector: string) => events.filter((event) => event.split(' ')[1] === connector);

  test('a configuration is in the snapshot when it was written, and no snapshot changes afterwards', async () => {
    const before = store.snapshot();
    await store.putConnectorConfig('a', { name: 'a', 'tasks.max': '1', text: 'ü\u0001"😀' }, null);
    const first = store.snapshot();
    expect(before.connectors.has('a')).toBe(false);
    expect(first.connectors.get('a')).toEqual({
      config: { name: 'a', 'tasks.max': '1', text: 'ü\u0001"😀' },
      target: 'STARTED',
      taskConfigs: [],
      taskCount: 0,
      isInconsistent: false,
      appliedConfig: null,
      taskGeneration: -1,
      fencedTaskCount: null,
      isPendingFencing: false,
    });
    expect(first.offset).toBe((before.offset < 0n ? 0n : before.offset) + 1n);
    await store.putConnectorConfig('a', { name: 'a' }, null);
    expect(first.connectors.get('a')?.config['tasks.max']).toBe('1');
    expect(of('a')?.config).toEqual({ name: 'a' });
    expect(eventsOf('a')).toEqual(['update a', 'update a']);
  });

  test('what has not changed is shared between snapshots', async () => {
    await store.putConnectorConfig('shared', { name: 'shared' }, null);
    const before = of('shared');
    await store.putConnectorConfig('other', { name: 'other' }, null);
    expect(of('shared')).toBe(before);
    expect(store.snapshot()).toBe(store.snapshot());
  });

  test('a first target state holds as soon as the connector is there', async () => {
    await store.putConnectorConfig('stopped', { name: 'stopped' }, 'STOPPED');
    expect(of('stopped')?.target).toBe('STOPPED');
    expect(eventsOf('stopped')).toEqual(['target stopped', 'update stopped']);
    await store.putTargetState('stopped', 'PAUSED');
    expect(of('stopped')?.target).toBe('PAUSED');
    await store.putTargetState('stopped', 'STARTED');
    expect(of('stopped')?.target).toBe('STARTED');
  });

  test('a set of tasks replaces the one before at once, and is counted', async () => {
    await store.putConnectorConfig('t-1', { v: '1' }, null);
    await store.putTaskConfigs('t-1', [{ n: '0' }, { n: '1' }, { n: '2' }]);
    expect(of('t-1')).toMatchObject({ taskConfigs: [{ n: '0' }, { n: '1' }, { n: '2' }], taskCount: 3, taskGeneration: 0 });
    expect(of('t-1')).toMatchObject({ appliedConfig: { v: '1' }, isPendingFencing: true, fencedTaskCount: null });
    await store.putConnectorConfig('t-1', { v: '2' }, null);
    expect(of('t-1')).toMatchObject({ config: { v: '2' }, appliedConfig: { v: '1' } });
    await store.putTaskConfigs('t-1', [{ n: 'x' }]);
    expect(of('t-1')).toMatchObject({ taskConfigs: [{ n: 'x' }], taskCount: 1, taskGeneration: 1, appliedConfig: { v: '2' } });
    await store.putTaskConfigs('t-1', []);
    expect(of('t-1')).toMatchObject({ taskConfigs: [], taskCount: 0, taskGeneration: 2, isInconsistent: false });
    expect(eventsOf('t-1').filter((event) => event.startsWith('tasks'))).toHaveLength(3);
  });

  test('sets that are written at once do not mix', async () => {
    await store.putConnectorConfig('busy', { name: 'busy' }, null);
    await store.putConnectorConfig('busy-1', { name: 'busy-1' }, null);
    const sets = Array.from({ length: 4 }, (_, set) => Array.from({ length: 4 - set }, (_, task) => ({ set: `${set}`, task: `${task}` })));
    await Promise.all(sets.flatMap((set) => [store.putTaskConfigs('busy', set), store.putTaskConfigs('busy-1', set)]));
    expect(of('busy')).toMatchObject({ taskConfigs: sets.at(-1), taskCount: 1, taskGeneration: 3, isInconsistent: false });
    expect(of('busy-1')).toMatchObject({ taskConfigs: sets.at(-1), taskCount: 1, taskGeneration: 3, isInconsistent: false });
  });

  test('fencing is due after each commit', async () => {
    await store.putConnectorConfig('fenced', { name: 'fenced' }, null);
    await store.putTaskConfigs('fenced', [{ n: '0' }, { n: '1' }]);
    await store.putFencedTaskCount('fenced', 2);
    expect(of('fenced')).toMatchObject({ fencedTaskCount: 2, isPendingFencing: false });
    await store.putTaskConfigs('fenced', [{ n: '0' }]);
    expect(of('fenced')).toMatchObject({ fencedTaskCount: 2, isPendingFencing: true });
  });

  test('a deleted connector is gone; one of its name begins anew but for what was fenced', async () => {
    await store.putConnectorConfig('gone', { v: '1' }, 'PAUSED');
    await store.putTaskConfigs('gone', [{ n: '0' }, { n: '1' }]);
    await store.putFencedTaskCount('gone', 2);
    await store.removeConnectorConfig('gone');
    expect(of('gone')).toBeUndefined();
    await store.putConnectorConfig('gone', { v: '2' }, null);
    expect(of('gone')).toMatchObject({ config: { v: '2' }, target: 'STARTED', taskConfigs: [], taskCount: 0, appliedConfig: null });
    expect(of('gone')?.fencedTaskCount).toBe(2);
    expect(eventsOf('gone')).toEqual(['target gone', 'update gone', 'tasks gone', 'remove gone', 'update gone']);
  });

  test('keys, restart requests and log levels are told', async () => {
    const key: SessionKey = { key: Buffer.alloc(32, 7), algorithm: 'HmacSHA256', createdMs: 1_795_422_487_804 };
    await store.putSessionKey(key);
    expect(store.snapshot().sessionKey).toEqual(key);
    await store.putRestartRequest({ connector: 'r', includeTasks: true, onlyFailed: false });
    await store.putLoggerLevel('org.apache.kafka', 'DEBUG');
    await waitUntil('all to be told', () => events.includes('level org.apache.kafka DEBUG') || events);
    expect(events).toEqual(expect.arrayContaining(['key HmacSHA256 1795422487804', 'restart r true false']));
  });

  test('a hundred writes at once are all told, in their order', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `many-${i}`);
    const before = store.snapshot().offset;
    await Promise.all(names.map((name) => store.putConnectorConfig(name, { name }, null)));
    expect(events.filter((event) => event.startsWith('update many-'))).toEqual(names.map((name) => `update ${name}`));
    expect(names.every((name) => of(name)?.config.name === name)).toBe(true);
    // Markers of transactions take offsets as well.
    expect(store.snapshot().offset).toBeGreaterThanOrEqual(before + 100n);
    await store.refresh(30_000);
  });
}
