import { expect, test } from 'vitest';
import type { ConnectorStateInfo } from '../../../src/herder/model.ts';
import { restartPlan } from '../../../src/herder/restart-plan.ts';

const at = { worker_id: 'w:1', version: '1' };
const status: ConnectorStateInfo = {
  name: 'c',
  connector: { state: 'RUNNING', ...at },
  tasks: [
    { id: 0, state: 'RUNNING', ...at },
    { id: 1, state: 'FAILED', ...at, trace: 'boom' },
    { id: 2, state: 'PAUSED', ...at },
  ],
  type: 'source',
};

test.each([
  { includeTasks: true, onlyFailed: true, connector: false, tasks: [1] },
  { includeTasks: true, onlyFailed: false, connector: true, tasks: [0, 1, 2] },
  { includeTasks: false, onlyFailed: true, connector: false, tasks: [] },
  { includeTasks: false, onlyFailed: false, connector: true, tasks: [] },
])('includeTasks=$includeTasks onlyFailed=$onlyFailed', ({ includeTasks, onlyFailed, connector, tasks }) => {
  const plan = restartPlan({ includeTasks, onlyFailed }, status);
  expect(plan.restartsConnector).toBe(connector);
  expect(plan.tasks).toEqual(tasks);
  expect(plan.state.connector.state).toBe(connector ? 'RESTARTING' : 'RUNNING');
  expect(plan.state.tasks.map((task) => task.state)).toEqual(
    status.tasks.map((task) => (tasks.includes(task.id) ? 'RESTARTING' : task.state)),
  );
  expect(plan.state.tasks.some((task) => task.state === 'RESTARTING' && task.trace !== undefined)).toBe(false);
});
