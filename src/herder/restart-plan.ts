/** What a restart request touches (KIP-745), and the answer that shows it. Source: org.apache.kafka.connect.runtime.RestartPlan. */
import type { ConnectorState, ConnectorStateInfo, TaskState } from './model.ts';

export interface RestartRequest {
  readonly includeTasks: boolean;
  readonly onlyFailed: boolean;
}

export interface RestartPlan {
  readonly restartsConnector: boolean;
  /** Numbers of the tasks, in order. */
  readonly tasks: readonly number[];
  /** The status, with RESTARTING where something will be restarted. */
  readonly state: ConnectorStateInfo;
}

export function restartPlan(request: RestartRequest, status: ConnectorStateInfo): RestartPlan {
  const isMeant = (state: ConnectorState) => !request.onlyFailed || state === 'FAILED';
  const restartsConnector = isMeant(status.connector.state);
  const tasks = request.includeTasks ? status.tasks.filter((task) => isMeant(task.state)).map((task) => task.id) : [];
  const restarting = (task: TaskState): TaskState => (tasks.includes(task.id) ? withState(task) : task);
  return {
    restartsConnector,
    tasks,
    state: {
      ...status,
      connector: restartsConnector ? withState(status.connector) : status.connector,
      tasks: status.tasks.map(restarting),
    },
  };
}

/** A trace belongs to the failure that the restart ends. */
function withState<E extends { readonly state: ConnectorState; readonly trace?: string }>(
  entry: E,
): Omit<E, 'trace'> & { state: ConnectorState } {
  const { trace: _, ...rest } = entry;
  return { ...rest, state: 'RESTARTING' };
}
