/** Marking rows of tables: what several commands then act on. */
import { type MarkableRows, markAll, markRange, NO_MARKS, toggleMark } from '../store/marks.ts';
import type { Session } from '../store/session.ts';
import type { ViewState } from '../store/view.ts';
import { type Command, command } from './command.ts';

function mark(session: Session, change: (view: ViewState, rows: MarkableRows) => Partial<ViewState>): void {
  const { selection, view } = session.current();
  if (selection) session.updateView(change(view, selection));
}

export const MARK_COMMANDS: readonly Command[] = [
  command({
    id: 'mark.toggle',
    keys: ['space'],
    title: 'mark',
    help: 'Mark the row, or not any more: keys that act then act on all marked rows.',
    scopes: ['table'],
    hint: 95,
    run: ({ session }) => mark(session, toggleMark),
  }),
  command({
    id: 'mark.range',
    keys: ['ctrl-space'],
    title: 'mark range',
    help: 'Mark all from the row marked last to the cursor.',
    scopes: ['table'],
    run: ({ session }) => mark(session, markRange),
  }),
  command({
    id: 'mark.all',
    keys: ['*'],
    title: 'mark all',
    help: 'Mark all rows that pass the filter; again: none of them.',
    scopes: ['table'],
    words: ['mark-all'],
    run: ({ session }) => mark(session, markAll),
  }),
  command({
    id: 'mark.clear',
    keys: ['ctrl-\\'],
    title: 'clear marks',
    help: 'Clear all marks, also of rows that a filter hides.',
    scopes: ['table'],
    words: ['unmark'],
    run: ({ session }) => session.updateView(NO_MARKS),
  }),
];
