/** The one gate before anything is changed: how much may be lost decides what must be answered. */
import { confirmDialog, type DialogLine, line, typeNameDialog } from '../store/dialog.ts';
import type { CommandContext, Danger } from './command.ts';

export interface GateQuestion {
  readonly danger: Danger;
  readonly title: string;
  readonly lines: readonly DialogLine[];
  /** What yes does: `pause`. */
  readonly verb: string;
  /** Typed at the highest level. */
  readonly name: string;
}

export function gate({ session }: CommandContext, question: GateQuestion, onYes: () => void): void {
  const { isProtected, isReadOnly, name: context } = session.context;
  if (isReadOnly) {
    session.flash('warn', `${context} is read-only: ${question.verb} is not possible here`);
    return;
  }
  const level = question.danger === 0 ? 0 : question.danger + (isProtected ? 1 : 0);
  if (level === 0) {
    onYes();
    return;
  }
  const lines = isProtected ? [...question.lines, line(`${context} is protected`, 'warn')] : question.lines;
  session.openDialog(
    level >= 3
      ? typeNameDialog({ title: question.title, lines, name: question.name, verb: question.verb, onYes })
      : confirmDialog({ title: question.title, lines, yes: question.verb, onYes }),
  );
}
