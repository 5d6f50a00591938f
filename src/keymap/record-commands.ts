/** Commands of one record: folding its JSON, other forms of its value, the one before and after it. */
import { allFolds, VALUE_FORMS } from '../store/record-value.ts';
import type { Session } from '../store/session.ts';
import { isTail } from '../store/view.ts';
import { type Command, command } from './command.ts';

/** Folds or unfolds what the cursor is on. */
export function toggleFold(session: Session): void {
  const { folds, count } = session.viewport;
  const fold = folds?.get(Math.min(session.view.cursorIndex, count - 1));
  if (fold === undefined) {
    session.flash('info', 'the cursor is on nothing that folds: { and [ do');
    return;
  }
  const next = new Set(session.view.folds);
  if (!next.delete(fold)) next.add(fold);
  session.updateView({ folds: next });
}

/** The next one that passes the tail's filter; the tail's cursor goes along. */
function step(session: Session, by: 1 | -1): void {
  const { ui, view, tail } = session;
  const below = ui.stack.at(-2);
  const { record } = view.target;
  if (!tail || !below || !isTail(below.pane) || record === undefined) return;
  const next = tail.move(below, record, by);
  if (next === null || next === record) {
    session.flash('info', by > 0 ? 'this is the newest one that is shown' : 'this is the oldest one that is kept');
    return;
  }
  const moved = { ...view, target: { ...view.target, record: next }, folds: new Set<number>(), cursorIndex: 0, top: 0, left: 0 };
  session.update({ stack: [...ui.stack.slice(0, -2), { ...below, cursorId: String(next), isFollowing: false }, moved] });
}

export const RECORD_COMMANDS: readonly Command[] = [
  command({
    id: 'record.fold-all',
    keys: ['F'],
    title: 'fold all',
    help: 'Fold all of the JSON but its outermost level, or unfold all.',
    scopes: ['record'],
    hint: 12,
    run: ({ session }) => {
      const value = session.current().data.record?.value;
      if (value) session.updateView({ folds: allFolds(value, session.view), cursorIndex: 0, top: 0 });
    },
  }),
  command({
    id: 'record.form',
    keys: ['v'],
    title: 'form',
    help: 'The value as JSON, as the text it is, or as bytes.',
    scopes: ['record'],
    hint: 13,
    run: ({ session }) => {
      const at = VALUE_FORMS.indexOf(session.view.valueForm);
      session.updateView({ valueForm: VALUE_FORMS[(at + 1) % VALUE_FORMS.length]!, cursorIndex: 0, top: 0 });
    },
  }),
  command({
    id: 'record.next',
    keys: ['J'],
    title: 'next',
    help: 'The next record that passes the filter.',
    scopes: ['record', 'dead-letter'],
    hint: 14,
    run: ({ session }) => step(session, 1),
  }),
  command({
    id: 'record.previous',
    keys: ['K'],
    title: 'previous',
    help: 'The record before that passes the filter.',
    scopes: ['record', 'dead-letter'],
    hint: 15,
    run: ({ session }) => step(session, -1),
  }),
];
