/** What every table can: sort by any column, more columns than fit, only what is not well. */
import type { PaneLogic } from '../store/console-data.ts';
import type { Session } from '../store/session.ts';
import { type Command, type CommandContext, command } from './command.ts';

type Columns = PaneLogic['columns'];

/** The column that `O` means goes one to the side, round the end. */
function chooseColumn({ session }: CommandContext, by: 1 | -1): void {
  const columns = session.pane.columns.filter((one) => one.title !== '');
  if (columns.length === 0) return;
  const { sortCursor, sort } = session.view;
  const at = columns.findIndex((one) => one.id === (sortCursor ?? sort?.column));
  const next = columns[(at + by + columns.length + (at < 0 && by < 0 ? 1 : 0)) % columns.length]!;
  session.updateView({ sortCursor: next.id });
  session.flash('info', `O sorts by ${next.title}`);
}

function sortHere({ session }: CommandContext): void {
  const { sortCursor, sort } = session.view;
  const wanted = sortCursor ?? sort?.column;
  const column = session.pane.columns.find((one) => one.id === wanted);
  if (column) sortBy(session, column);
  else session.flash('info', 'choose a column with shift-← and shift-→ first');
}

/** By a column as it is mostly wanted; by the same one again the other way round. */
export function sortBy(session: Session, column: Pick<Columns[number], 'id' | 'isDescendingFirst'>): void {
  const { sort } = session.view;
  const isSame = sort?.column === column.id;
  session.updateView({ sort: { column: column.id, isDescending: isSame ? !sort.isDescending : column.isDescendingFirst } });
}

/** `sort=lag`, `sort=-lag`, by id or title of a column. False: there is no such column. */
export function sortByWord(session: Session, word: string): boolean {
  const name = word.replace(/^[-+]/, '').toLowerCase();
  const column = session.pane.columns.find((one) => one.id.toLowerCase() === name || one.title.toLowerCase() === name);
  if (!column) return false;
  const isDescending = word.startsWith('-') || (!word.startsWith('+') && column.isDescendingFirst);
  session.updateView({ sort: { column: column.id, isDescending } });
  return true;
}

export const TABLE_COMMANDS: readonly Command[] = [
  command({
    id: 'table.faults',
    keys: ['!'],
    title: 'faults only',
    help: 'Show only what is not well.',
    scopes: ['table'],
    hint: 50,
    words: ['faults'],
    disabledReason: ({ session }) => (session.pane.hasFaults ? null : 'nothing in this table can be wrong'),
    run: ({ session }) => session.updateView({ isFaultsOnly: !session.view.isFaultsOnly }),
  }),
  command({
    id: 'table.sort',
    keys: ['O'],
    title: 'sort',
    help: 'Sort by the chosen column; again turns the order round.',
    scopes: ['table'],
    run: sortHere,
  }),
  command({
    id: 'table.sort-next',
    keys: ['shift-right'],
    title: 'sort column',
    help: 'Choose the column to the right for O.',
    scopes: ['table'],
    run: (context) => chooseColumn(context, 1),
  }),
  command({
    id: 'table.sort-previous',
    keys: ['shift-left'],
    title: 'sort column',
    help: 'Choose the column to the left for O.',
    scopes: ['table'],
    run: (context) => chooseColumn(context, -1),
  }),
  command({
    id: 'table.wide',
    keys: ['w'],
    title: 'wide',
    help: 'All columns, as wide as their texts; ← and → scroll them.',
    scopes: ['table'],
    words: ['wide'],
    run: ({ session }) => session.updateView({ isWide: !session.view.isWide, left: 0 }),
  }),
];
