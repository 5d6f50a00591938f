/** What to restart: of one connector, or of all that are marked. */
import { plural } from '../base/format.ts';
import type { ConnectorRow } from '../store/connect-model.ts';
import { connectorsOf, hasFailed, restartJob } from '../store/connector-bulk.ts';
import { type Dialog, line, type MenuItem, menuDialog } from '../store/dialog.ts';
import { gateBulk } from './bulk-gate.ts';
import type { CommandContext } from './command.ts';
import { describeState } from './connector-lines.ts';
import { gate } from './gate.ts';

export function restartMenu(context: CommandContext, row: ConnectorRow): Dialog {
  const { operations, session } = context;
  const failed = row.tasks.filter((task) => task.state === 'FAILED');
  const parts = [
    ...(row.state === 'FAILED' ? ['the connector'] : []),
    ...(failed.length > 0 ? [`task ${failed.map((task) => task.id).join(', ')}`] : []),
  ];
  const task = context.focus.task;
  // What restarts things that run is one level up; in a protected context every choice is asked again.
  const asked = (danger: 1 | 2, what: string, run: () => void) => () => {
    if (danger === 1 && !session.context.isProtected) run();
    else gate(context, { danger, title: `restart ${what}?`, lines: [line(describeState(row))], verb: 'restart', name: row.name }, run);
  };
  const items: MenuItem[] = [
    {
      key: 'f',
      label: 'what failed',
      detail: parts.length > 0 ? parts.join(' and ') : 'nothing has failed',
      isDisabled: parts.length === 0,
      run: asked(1, `what failed of ${row.name}`, () => void operations.restart(row.name, 'failed')),
    },
    {
      key: 't',
      label: 'one task',
      detail: task === undefined ? 'put the cursor on a task first' : `task ${task}`,
      isDisabled: task === undefined,
      run: asked(1, `task ${task} of ${row.name}`, () => void operations.restart(row.name, task ?? 0)),
    },
    {
      key: 'c',
      label: 'connector',
      detail: 'the connector alone; tasks go on',
      isDisabled: false,
      run: asked(1, row.name, () => void operations.restart(row.name, 'connector')),
    },
    {
      key: 'a',
      label: 'all',
      detail: `the connector and ${plural(row.tasks.length, 'task')}, also those that run`,
      isDisabled: false,
      run: asked(2, `${row.name} and all its tasks`, () => void operations.restart(row.name, 'all')),
    },
  ];
  return menuDialog({ title: `restart ${row.name}`, lines: [], items });
}

/** For marked rows, and for patterns; each choice is asked again with the list. */
export function restartManyMenu(context: CommandContext): Dialog {
  const { operations, targets } = context;
  const rows = connectorsOf(targets).map((name) => operations.row(name));
  const failed = rows.filter((row) => row !== null && hasFailed(row)).length;
  const tasks = targets.filter((one) => one.task !== undefined).length;
  const describe = (name: string) => {
    const row = operations.row(name);
    return row ? describeState(row) : 'not there any more · skipped';
  };
  const choose = (scope: Parameters<typeof restartJob>[1]) => () =>
    gateBulk(context, {
      job: restartJob(operations, scope, targets),
      describe: ({ target }) => {
        const row = operations.row(target.connector!);
        const skipped = scope === 'failed' && row && !hasFailed(row) ? ' · skipped: nothing has failed' : '';
        return (
          (target.task === undefined ? describe(target.connector!) : (row?.tasks.find((one) => one.id === target.task)?.state ?? '?')) +
          skipped
        );
      },
    });
  const items: MenuItem[] = [
    {
      key: 'f',
      label: 'what failed',
      detail: failed > 0 ? `of ${failed} of ${plural(rows.length, 'connector')}` : 'nothing has failed',
      isDisabled: failed === 0,
      run: choose('failed'),
    },
    {
      key: 't',
      label: 'tasks',
      detail: tasks > 0 ? plural(tasks, 'marked task') : 'mark tasks first',
      isDisabled: tasks === 0,
      run: choose('tasks'),
    },
    { key: 'c', label: 'connectors', detail: 'the connectors alone; tasks go on', isDisabled: false, run: choose('connector') },
    { key: 'a', label: 'all', detail: 'connectors and tasks, also those that run', isDisabled: false, run: choose('all') },
  ];
  return menuDialog({ title: `restart ${plural(rows.length, 'connector')}`, lines: [], items });
}
