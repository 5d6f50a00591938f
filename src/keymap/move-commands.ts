/** Moving in tables, texts and tails. */
import type { Viewport } from '../store/console-data.ts';
import type { Session } from '../store/session.ts';
import { isTail, windowTop } from '../store/view.ts';
import { type Command, command } from './command.ts';

type Move = number | 'page-up' | 'page-down' | 'top' | 'bottom';

function distance(session: Session, move: Move): number {
  const page = Math.max(1, session.viewport.height - 1);
  switch (move) {
    case 'page-up':
      return -page;
    case 'page-down':
      return page;
    case 'top':
      return Number.NEGATIVE_INFINITY;
    case 'bottom':
      return Number.POSITIVE_INFINITY;
    default:
      return move;
  }
}

function moveBy(session: Session, move: Move): void {
  const by = distance(session, move);
  const { view } = session;
  if (isTail(view.pane)) {
    moveInTail(session, by);
    return;
  }
  const { selection, cursorIndex } = session.current();
  if (selection) {
    if (selection.ids.length === 0) return;
    const index = Math.max(0, Math.min(selection.ids.length - 1, cursorIndex + by));
    session.updateView({ cursorId: selection.ids[index] ?? null, cursorIndex: index });
    return;
  }
  const { height, count, top, folds } = session.viewport;
  if (folds) {
    const index = Math.max(0, Math.min(count - 1, Math.min(view.cursorIndex, count - 1) + by));
    session.updateView({ cursorIndex: index, top: windowTop(top, index, height, count) });
    return;
  }
  const last = Math.max(0, count - height);
  const next = Math.max(0, Math.min(last, top + by));
  session.updateView({ top: next, isFollowing: view.pane === 'log' && next >= last && by > 0, failure: null });
}

/** Moving up leaves the newest behind: the view stands still, the tail goes on. At the end it follows again, unless it is frozen. */
function moveInTail(session: Session, by: number): void {
  const { view, tail } = session;
  if (!tail) return;
  const { ring } = tail.tail;
  if (by === Number.POSITIVE_INFINITY) {
    session.updateView({ cursorId: null, isFollowing: true });
    return;
  }
  const from = view.isFollowing || view.cursorId === null ? null : Number(view.cursorId);
  const last = tail.move(view, null, 0);
  const next = by === Number.NEGATIVE_INFINITY ? tail.move(view, ring.firstSequence, 0) : tail.move(view, from, by);
  if (next === null || last === null) return;
  if (by > 0 && next >= last) {
    session.updateView({ cursorId: null, isFollowing: true });
    return;
  }
  // The first step up keeps what is seen: the window begins where it began.
  const top = from === null ? (tail.move(view, null, -(session.viewport.height - 1)) ?? 0) : Math.min(view.top, next);
  const lowest = tail.move({ ...view, frozenAt: null }, next, -(session.viewport.height - 1)) ?? top;
  session.updateView({ cursorId: String(next), isFollowing: false, top: Math.max(top, lowest) });
}

/** Nothing is looked at yet: the first one from where one is, or the last one in sight. */
function nearest({ matches = [], top, height }: Viewport, by: 1 | -1): number {
  return (by > 0 ? matches.find((at) => at >= top) : matches.findLast((at) => at < top + height)) ?? matches.at(by > 0 ? 0 : -1)!;
}

/** To the next match of a search, round the end; into sight, and no further than needed. */
function toMatch(session: Session, by: 1 | -1): void {
  const { matches, match, height, count } = session.viewport;
  if (!matches)
    session.flash('info', session.view.filter === '' ? 'type / first, and what to look for' : 'only what matches is shown here');
  else if (matches.length === 0) session.flash('info', session.view.filter === '' ? 'there is nothing to go to' : 'not found');
  else {
    // Held down, it goes on before a frame has told where it is.
    const at = matches.indexOf(session.view.matchAt ?? match ?? -1);
    const next = at < 0 ? nearest(session.viewport, by) : matches[(at + by + matches.length) % matches.length]!;
    session.updateView({ matchAt: next, top: windowTop(session.view.top, next, height, count), isFollowing: false, failure: null });
  }
}

const CELLS = 20;
const MOST_CELLS = 2_000;

/** Texts by cells, tables by columns; the frame goes no further than the last column needs. */
function scroll(session: Session, by: 1 | -1): void {
  const { left } = session.view;
  const step = session.pane.kind === 'table' ? by : by * CELLS;
  session.updateView({ left: Math.max(0, Math.min(MOST_CELLS, left + step)) });
}

const inLists = ['table', 'text', 'tail'] as const;

const move = (id: string, keys: readonly string[], help: string, by: Move): Command =>
  command({ id: `move.${id}`, keys, title: id, help, scopes: inLists, run: ({ session }) => moveBy(session, by) });

export const MOVE_COMMANDS: readonly Command[] = [
  move('down', ['down', 'j'], 'One row down.', 1),
  move('up', ['up', 'k'], 'One row up.', -1),
  move('page-down', ['pgdn', 'ctrl-f'], 'One page down.', 'page-down'),
  move('page-up', ['pgup', 'ctrl-b'], 'One page up.', 'page-up'),
  move('top', ['g', 'home'], 'To the first row.', 'top'),
  move('bottom', ['G', 'end'], 'To the last row; tails and logs follow again.', 'bottom'),
  command({
    id: 'move.left',
    keys: ['left'],
    title: 'left',
    help: 'Texts and columns to the left.',
    scopes: inLists,
    run: ({ session }) => scroll(session, -1),
  }),
  command({
    id: 'move.right',
    keys: ['right'],
    title: 'right',
    help: 'Texts and columns to the right; what tells the rows apart stays.',
    scopes: inLists,
    run: ({ session }) => scroll(session, 1),
  }),
  command({
    id: 'move.next-match',
    keys: ['n'],
    title: 'next',
    help: 'To the next match; without a search to the next cause or error.',
    scopes: ['text'],
    run: ({ session }) => toMatch(session, 1),
  }),
  command({
    id: 'move.previous-match',
    keys: ['N'],
    title: 'previous',
    help: 'To the match before.',
    scopes: ['text'],
    run: ({ session }) => toMatch(session, -1),
  }),
];
