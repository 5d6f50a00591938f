/** Moving in tables, texts and tails. */
import type { Session } from '../store/session.ts';
import { isTail } from '../store/view.ts';
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

export function moveBy(session: Session, move: Move): void {
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
  const { height, count, top } = session.viewport;
  const last = Math.max(0, count - height);
  const next = Math.max(0, Math.min(last, top + by));
  session.updateView({ top: next, isFollowing: view.pane === 'log' && next >= last && by > 0 });
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
    help: 'Text to the left.',
    scopes: ['text', 'tail'],
    run: ({ session }) => session.updateView({ left: Math.max(0, session.view.left - 20) }),
  }),
  command({
    id: 'move.right',
    keys: ['right'],
    title: 'right',
    help: 'Text to the right.',
    scopes: ['text', 'tail'],
    run: ({ session }) => session.updateView({ left: Math.min(2_000, session.view.left + 20) }),
  }),
];
