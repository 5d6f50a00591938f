/** The table of what is done to many: to it, and what failed once more. */
import { plural } from '../base/format.ts';
import { askBulk } from './bulk-gate.ts';
import { type Command, command } from './command.ts';

export const BULK_COMMANDS: readonly Command[] = [
  command({
    id: 'bulk.show',
    title: 'bulk',
    help: 'What is, or was last, done to many, with what came of each.',
    words: ['bulk'],
    disabledReason: ({ session }) =>
      session.bulk ? null : 'nothing has been done to many yet: mark rows (Space), then press a key that acts',
    run: ({ session }) => {
      if (session.view.pane !== 'bulk') session.open('bulk');
    },
  }),
  command({
    id: 'bulk.retry',
    keys: ['r'],
    title: 'retry failed',
    help: 'Do it once more, to those alone for which it failed.',
    scopes: ['bulk'],
    hint: 11,
    danger: 1,
    isMutating: true,
    disabledReason: ({ session: { bulk } }) => {
      if (bulk?.data.isRunning) return `${bulk.job.title} still runs`;
      return bulk && bulk.failed.length > 0 ? null : 'nothing has failed';
    },
    run: (context) => {
      const { bulk } = context.session;
      if (!bulk) return;
      const { failed, job } = bulk;
      const targets = job.targets.filter(({ id }) => failed.includes(id));
      const details = new Map(bulk.data.rows.map((row) => [row.id, row.detail ?? '']));
      askBulk(
        context,
        {
          job: { ...job, title: `${job.verb} once more: ${plural(targets.length, job.noun)}`, targets },
          describe: ({ id }) => details.get(id) ?? '',
        },
        () => void bulk.start(failed),
      );
    },
  }),
  command({
    id: 'bulk.stop',
    keys: ['s'],
    title: 'start no more',
    help: 'Start no more of them; those that run are waited for. So does esc.',
    scopes: ['bulk'],
    hint: 12,
    disabledReason: ({ session: { bulk } }) => (bulk?.data.isRunning && !bulk.data.isStopping ? null : 'nothing runs'),
    run: ({ session }) => session.bulk?.stop(),
  }),
  command({
    id: 'bulk.stop-at-error',
    title: 'stop at error',
    help: 'What is done to many stops at the first error, or not any more; also while it runs.',
    words: ['stop-at-error'],
    run: ({ session }) => {
      const stopsAtError = !session.ui.stopsAtError;
      session.update({ stopsAtError });
      session.flash('info', stopsAtError ? 'what is done to many stops at the first error' : 'what is done to many goes on after an error');
    },
  }),
];
