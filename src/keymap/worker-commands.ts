/** What is done to a worker of the group. */
import { THIS_PROCESS } from '../herder/own-process.ts';
import { line } from '../store/dialog.ts';
import { drainLines, drainRefusal, drainStep } from '../store/worker-drain.ts';
import { type WorkerRow, workersOf } from '../store/worker-rows.ts';
import { type Command, type CommandContext, command } from './command.ts';
import { gate } from './gate.ts';
import { needsConnect } from './needs.ts';

function rowOf({ session, focus }: CommandContext): WorkerRow | null {
  return workersOf(session).find(({ id }) => id === focus.workerId) ?? null;
}

function groupOf({ session }: CommandContext, row: WorkerRow) {
  return session.cluster?.data.details.connectGroups.value?.find(({ groupId }) => groupId === row.group) ?? null;
}

function refusal(context: CommandContext): string | null {
  if (context.session.view.pane !== 'workers') return 'go to :workers first: it knows who would take the work';
  const row = rowOf(context);
  return row === null ? 'put the cursor on a worker first' : drainRefusal(row, groupOf(context, row), workersOf(context.session));
}

function drain(context: CommandContext): void {
  const { session, operations } = context;
  const row = rowOf(context);
  if (row === null) return;
  const isThisProcess = row.address === THIS_PROCESS;
  gate(
    context,
    {
      danger: 2,
      title: `drain ${row.id}?`,
      lines: [
        ...drainLines(row, groupOf(context, row), workersOf(session)),
        line(isThisProcess ? 'Then its process ends, and this console with it.' : 'Then its process ends: start it again to have it back.'),
      ],
      verb: 'drain',
      name: row.id,
    },
    () => void perform(),
  );

  async function perform(): Promise<void> {
    let told: string | null = null;
    const step = drainStep(row!.id, (message) => {
      told = message;
    });
    if ((await operations.run(step)) && told !== null) session.flash('info', told);
  }
}

export const WORKER_COMMANDS: readonly Command[] = [
  command({
    id: 'worker.drain',
    keys: ['ctrl-d'],
    title: 'drain',
    help: 'Drain the worker: the others take its work, then it leaves the group and ends.',
    scopes: ['workers'],
    hint: 70,
    danger: 2,
    isMutating: true,
    words: ['drain'],
    argument: 'worker',
    disabledReason: (context) => needsConnect(context) ?? refusal(context),
    run: drain,
  }),
];
