/** The one gate before anything is changed: how much may be lost decides what must be answered. */
import { confirmDialog, type DialogLine, typeNameDialog } from '../store/dialog.ts';
import { gateLines } from '../store/gate-lines.ts';
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

export function gate(context: CommandContext, question: GateQuestion, onYes: () => void): void {
  const { session } = context;
  const { isProtected, isReadOnly, name } = session.context;
  if (isReadOnly) {
    session.flash('warn', `${name} is read-only: ${question.verb} is not possible here`);
    return;
  }
  const level = question.danger === 0 ? 0 : question.danger + (isProtected ? 1 : 0);
  if (level === 0) {
    onYes();
    return;
  }
  const about = (context.targets[0] ?? context.focus).connector === undefined ? 'Kafka' : 'Connect';
  const lines = [...question.lines, ...gateLines(session, about)];
  session.openDialog(
    level >= 3
      ? typeNameDialog({ title: question.title, lines, name: question.name, verb: question.verb, onYes })
      : confirmDialog({ title: question.title, lines, yes: question.verb, onYes }),
  );
}
