/** What a command is: one row of the table that gives keys, hints, help, the `:` line, the README's key table and the tests. */
import type { Operations } from '../store/operations.ts';
import type { Session } from '../store/session.ts';
import type { PaneId, Target } from '../store/view.ts';

/**
 * Where a key means this command. `all` everywhere; `table`, `text`, `tail` by the kind of the pane; `connector` where the row or the
 * view is a connector; or one pane. The narrowest scope wins.
 */
export type Scope = 'all' | 'table' | 'text' | 'connector' | PaneId;

/** 0 look, 1 reversible, 2 wide, 3 something may be lost: the object's name must be typed. One more in a protected context. */
export type Danger = 0 | 1 | 2 | 3;

export interface CommandContext {
  readonly session: Session;
  readonly operations: Operations;
  /** The row under the cursor with what the view stands for; of a `:` command with a name, that object. */
  readonly focus: Target;
  /** What a bulk acts on: the marked rows, or what the names and patterns of the `:` line mean. Empty: on `focus` alone. */
  readonly targets: readonly Target[];
  /** The targets are the marked rows; false: they were named. */
  readonly areMarked: boolean;
  /** Words after the command on the `:` line. */
  readonly args: readonly string[];
}

export interface Command {
  readonly id: string;
  /** First one is shown. Empty: only by word. */
  readonly keys: readonly string[];
  /** A word or two for the hint line. */
  readonly title: string;
  /** One sentence for the help. */
  readonly help: string;
  readonly scopes: readonly Scope[];
  /** Place in the hint line, smaller first; `null`: not there. */
  readonly hint: number | null;
  readonly danger: Danger;
  /** Changes something outside this console: absent in read-only contexts. */
  readonly isMutating: boolean;
  /** For the `:` line, the first one is shown. */
  readonly words: readonly string[];
  /** What its argument names. */
  readonly argument: 'connector' | 'topic' | 'group' | 'plugin' | 'worker' | 'context' | 'skin' | null;
  /** Acts on all marked rows, and on the `:` line on several names and patterns such as `pay-*`. */
  readonly isBulk: boolean;
  /** Why it cannot be done now; said when the key is pressed. */
  disabledReason?(context: CommandContext): string | null;
  run(context: CommandContext): void;
}

type Draft = Pick<Command, 'id' | 'title' | 'help' | 'run'> & Partial<Command>;

export function command(draft: Draft): Command {
  return { keys: [], scopes: ['all'], hint: null, danger: 0, isMutating: false, words: [], argument: null, isBulk: false, ...draft };
}

/** Where there is no other sign for a key, `<` would be read as the key `<`. */
const ASCII_LABELS: Readonly<Record<string, string>> = {
  enter: 'Enter',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  'shift-left': 'S-Left',
  'shift-right': 'S-Right',
};

/** Keys as people read them. */
export function keyLabel(key: string, isAscii = false): string {
  const labels: Readonly<Record<string, string>> = {
    enter: '⏎',
    up: '↑',
    down: '↓',
    left: '←',
    right: '→',
    'shift-left': 'S-←',
    'shift-right': 'S-→',
    pgdn: 'PgDn',
    pgup: 'PgUp',
    home: 'Home',
    end: 'End',
    space: 'Space',
    'ctrl-space': '^Space',
  };
  return (isAscii ? ASCII_LABELS[key] : undefined) ?? labels[key] ?? key.replace(/^ctrl-/, '^');
}
