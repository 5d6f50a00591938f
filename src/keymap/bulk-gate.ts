/** The question before something is done to many: the first targets by name, how many there are, and what is skipped. */
import { sanitize } from '../base/sanitize.ts';
import { textWidth } from '../base/width.ts';
import type { BulkJob, BulkTarget } from '../store/bulk-run.ts';
import { type DialogLine, line } from '../store/dialog.ts';
import { hiddenMarks } from '../store/marks.ts';
import type { CommandContext, Danger } from './command.ts';
import { gate } from './gate.ts';

const SHOWN = 10;

export interface BulkQuestion {
  readonly job: BulkJob;
  /** About one target, behind its name: `PAUSED · skipped`. */
  describe(target: BulkTarget): string;
  readonly more?: readonly DialogLine[];
}

export function gateBulk(context: CommandContext, question: BulkQuestion): void {
  askBulk(context, question, () => void context.operations.startBulk(question.job));
}

/** `onYes` instead of a start from the beginning. */
export function askBulk(context: CommandContext, { job, describe, more = [] }: BulkQuestion, onYes: () => void): void {
  const { session } = context;
  const { targets } = job;
  if (targets.length === 0) {
    session.flash('warn', `no ${job.noun} is marked`);
    return;
  }
  const width = Math.max(...targets.slice(0, SHOWN).map(({ id }) => textWidth(sanitize(id))));
  const padded = (id: string) => id + ' '.repeat(width - textWidth(sanitize(id)));
  const rest = targets.length - SHOWN;
  const { selection, view } = session.current();
  const hidden = context.areMarked ? hiddenMarks(view.marks, selection) : 0;
  gate(
    context,
    {
      danger: targets.length > 1 ? (Math.max(2, job.danger) as Danger) : job.danger,
      title: `${job.title}?`,
      lines: [
        ...targets.slice(0, SHOWN).map((one) => line(`${padded(one.id)}  ${describe(one)}`)),
        ...(rest > 0 ? [line(`… and ${rest} more`, 'dim')] : []),
        ...(hidden > 0 ? [line(`${hidden} of the marked rows are not in sight: a filter hides them, or they are gone`, 'warn')] : []),
        ...more,
        ...(targets.length > 1 && session.ui.stopsAtError
          ? [line('It stops at the first error (:stop-at-error takes that back).', 'dim')]
          : []),
      ],
      verb: job.verb,
      name: targets.length === 1 ? targets[0]!.id : `${targets.length} ${job.noun}s`,
    },
    onYes,
  );
}
