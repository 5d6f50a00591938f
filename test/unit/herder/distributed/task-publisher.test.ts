import { expect, test } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import { TaskPublisher, type TaskPublisherParts } from '../../../../src/herder/distributed/task-publisher.ts';
import { createTestClock } from '../../../helpers/test-clock.ts';

/** A connector whose tasks are not what is stored. */
function scene(publish: TaskPublisherParts['publish'], makeTasks: TaskPublisherParts['launcher']['makeTasks']) {
  const clock = createTestClock();
  const hub = new LogHub(() => 0);
  const lines: string[] = [];
  hub.attach(({ level, message }) => lines.push(`${level} ${message.replace(/\d+ ms/, 'N ms')}`));
  const faults: (string | null)[] = [];
  const running = { name: 'c' } as unknown as ReturnType<TaskPublisherParts['connectors']['running']>;
  const stored = { target: 'STARTED', config: {}, appliedConfig: {}, taskConfigs: [], isInconsistent: false };
  const publisher = new TaskPublisher({
    connectors: { running: () => running, onTasksMade: (_, fault) => faults.push(fault?.trace.split('\n')[0] ?? null) },
    launcher: { makeTasks },
    config: () => ({ connectors: new Map([['c', stored]]) }) as unknown as ReturnType<TaskPublisherParts['config']>,
    publish,
    clock,
    log: hub.log('test'),
  });
  return { publisher, clock, lines, faults };
}

const TRIED_AGAIN = 'The tasks could not be configured anew; tried again in N ms.';
const tasks = async () => ({ configs: [{ 'task.class': 'T' }], digest: 'd' });

test('a leader that refuses for a moment is a warning, one that goes on refusing an error; the connector is not to blame', async () => {
  let isLeaderBack = false;
  const published: string[] = [];
  const { publisher, clock, lines, faults } = scene(async (connector) => {
    if (!isLeaderBack) throw new Error('403');
    published.push(connector);
  }, tasks);
  publisher.request('c');
  await clock.advance(60_000);
  expect(lines.slice(0, 5)).toEqual(['WARN', 'WARN', 'WARN', 'ERROR', 'ERROR'].map((level) => `${level} ${TRIED_AGAIN}`));
  isLeaderBack = true;
  await clock.advance(120_000);
  expect([published, faults]).toEqual([['c'], []]);
});

test('a connector that makes no tasks is an error at once, and its fault until it does', async () => {
  let isMended = false;
  const published: string[] = [];
  const { publisher, clock, lines, faults } = scene(
    async (connector) => void published.push(connector),
    async () => {
      if (!isMended) throw new Error('no tables');
      return tasks();
    },
  );
  publisher.request('c');
  await clock.advance(1);
  expect([lines, faults]).toEqual([[`ERROR ${TRIED_AGAIN}`], ['Error: no tables']]);
  isMended = true;
  await clock.advance(1_000);
  expect([published, faults]).toEqual([['c'], ['Error: no tables', null]]);
});
