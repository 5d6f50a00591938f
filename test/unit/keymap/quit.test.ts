/** Leaving: what is asked depends on where the worker runs, and staying is the default. */
import { expect, test } from 'vitest';
import { startSession } from '../../helpers/session-rig.ts';
import { troubledWorld } from '../../helpers/worlds.ts';

test('a worker in this program: leave it, stop it, or stay', async () => {
  using rig = await startSession(troubledWorld(), { isWorkerEmbedded: true });
  let isOver = false;
  void rig.session.exited.then(() => {
    isOver = true;
  });
  for (const stay of ['enter', 'esc', 'n']) {
    await rig.keys('q');
    expect(rig.dialog().join('\n')).toMatch(
      /leave kconsole\?\nThe worker runs in this program: 4 running connectors\..*l {2}leave it running.*s {2}stop the worker/s,
    );
    await rig.keys(stay, ...(stay === 'n' ? ['esc'] : []));
    expect(rig.dialog()).toEqual([]);
    expect(isOver).toBe(false);
  }
  await rig.keys('q', 'l');
  expect(await rig.session.exited).toMatchObject({ code: 0, worker: 'leave' });
});

test('what is typed after the choice to leave does nothing here', async () => {
  const world = troubledWorld();
  using rig = await startSession(world, { isWorkerEmbedded: true });
  await rig.keys('q', 's', 'p', 'y', ':', 'ctrl-d', 'e');
  expect(await rig.session.exited).toMatchObject({ code: 0, worker: 'stop' });
  expect(world.calls).toEqual([]);
  expect(rig.dialog()).toEqual([]);
  expect(rig.session.ui.prompt).toBeNull();
});

test('ctrl-c twice asks about a worker in this program, and its end is a choice', async () => {
  using rig = await startSession(troubledWorld(), { isWorkerEmbedded: true });
  await rig.keys('ctrl-c', 'ctrl-c');
  expect(rig.dialog()[0]).toBe('leave kconsole?');
  await rig.keys('s');
  expect(await rig.session.exited).toMatchObject({ code: 0, worker: 'stop' });
});

test('a worker that was left on this host is stopped only when that is chosen, and the log says so', async () => {
  using rig = await startSession(troubledWorld());
  let stops = 0;
  let fault: Error | null = new Error('it does not end');
  rig.session.host = {
    ...rig.session.host,
    leftWorker: {
      pid: 4711,
      logFile: '/x/worker.log',
      stop: async () => {
        stops++;
        if (fault) throw fault;
      },
    },
  };
  await rig.keys('q');
  expect(rig.dialog()[1]).toBe('The worker runs without a screen, pid 4711: 4 running connectors.');
  await rig.keys('s');
  expect(rig.flash()).toBe('it does not end');
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ target: 'worker, pid 4711', result: 'failed', detail: 'it does not end' });
  fault = null;
  await rig.keys('q', 's');
  expect(await rig.session.exited).toMatchObject({ code: 0, worker: 'stop' });
  expect(stops).toBe(2);
  expect(rig.session.actionLog.records.at(-1)).toMatchObject({ request: 'SIGTERM', result: 'ok' });
});

test('in a read-only context such a worker cannot be stopped', async () => {
  using rig = await startSession(troubledWorld(), { isReadOnly: true });
  rig.session.host = { ...rig.session.host, leftWorker: { pid: 1, logFile: '', stop: () => Promise.reject(new Error('asked')) } };
  await rig.keys('q');
  expect(rig.dialog().join('\n')).not.toContain('stop the worker');
});
