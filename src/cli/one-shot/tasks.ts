/** `kconsole tasks …` */
import type { Command } from 'commander';
import type { HttpHerder } from '../../control/over-http.ts';
import { fetchOverview } from '../../control/overview.ts';
import type { ConnectorStateInfo, TaskState } from '../../herder/model.ts';
import { type Answer, EXIT, type OneShotDeps, runOnConnect, UsageError, withConnectOptions } from './context.ts';
import { exitOfStatuses } from './health.ts';
import { formatFacts, formatTable } from './table.ts';

export function registerTasks(program: Command, deps: OneShotDeps): void {
  const tasks = program.command('tasks').description('tasks: list, look, restart');
  withConnectOptions(tasks.command('list [connector]', { isDefault: true }))
    .description('all tasks, or those of one connector')
    .action((connector: string | undefined, _, command: Command) =>
      runOnConnect(command, deps, async (herder) => listAnswer(await statusesOf(herder, connector))),
    );
  withConnectOptions(tasks.command('show <connector> <task>').alias('status'))
    .description('one task with its trace')
    .action((connector: string, task: string, _, command: Command) =>
      runOnConnect(command, deps, async (herder) => showAnswer(connector, await herder.taskStatus(connector, taskIn(task)))),
    );
  withConnectOptions(tasks.command('restart <connector> <task>'))
    .description('start one task again')
    .action((connector: string, task: string, _, command: Command) =>
      runOnConnect(command, deps, async (herder) => {
        const id = taskIn(task);
        await herder.restartTask(connector, id);
        return {
          table: `${connector}-${id}: restart requested\n`,
          json: { connector, task: id, outcome: 'restart requested' },
          exit: EXIT.healthy,
        };
      }),
    );
}

async function statusesOf(herder: HttpHerder, connector: string | undefined): Promise<ConnectorStateInfo[]> {
  if (connector !== undefined) return [await herder.connectorStatus(connector)];
  return [...(await fetchOverview(herder)).values()].map(({ status }) => status);
}

function listAnswer(statuses: readonly ConnectorStateInfo[]): Answer {
  const rows = statuses.flatMap((status) => status.tasks.map((task) => ({ connector: status.name, ...task })));
  const table = formatTable(
    rows,
    [
      { title: 'CONNECTOR', cell: (row) => row.connector },
      { title: 'TASK', align: 'right', cell: (row) => row.id },
      { title: 'STATE', cell: (row) => row.state },
      { title: 'WORKER', cell: (row) => row.worker_id },
      { title: 'ERROR', cell: (row) => row.trace?.split('\n', 1)[0] ?? '' },
    ],
    'no tasks',
  );
  return { table, json: rows, exit: exitOfStatuses(statuses) };
}

function showAnswer(connector: string, task: TaskState): Answer {
  const facts = formatFacts([
    ['connector', connector],
    ['task', task.id],
    ['state', task.state],
    ['worker', task.worker_id],
    ['version', task.version ?? null],
    ...(task.trace ? [['trace', task.trace] as const] : []),
  ]);
  return { table: facts, json: task, exit: task.state === 'FAILED' || task.state === 'UNASSIGNED' ? EXIT.failed : EXIT.healthy };
}

function taskIn(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`"${text}" is no task number; give 0 or more.`);
  return Number(text);
}
