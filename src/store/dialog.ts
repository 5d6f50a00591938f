/** Questions over the screen. Enter alone never means yes; the default is No. */
import { groupDigits } from '../base/format.ts';
import { EMPTY_LINE, editLine, insertText, type LineEdit, MAX_LENGTH, textOf } from './line-edit.ts';

export type Tone = 'text' | 'dim' | 'title' | 'accent' | 'ok' | 'warn' | 'fail';

export interface DialogLine {
  readonly text: string;
  readonly tone: Tone;
  /** Too long for the box it takes more rows, and is not cut. */
  readonly wraps?: boolean;
}

export interface DialogContent {
  readonly title: string;
  readonly lines: readonly DialogLine[];
  /** A field to type into, below the lines. */
  readonly input: { readonly label: string; readonly line: LineEdit } | null;
  /** What can be pressed, as pairs of key and word. */
  readonly keys: ReadonlyArray<readonly [key: string, word: string]>;
}

/** `onKey` and `onPaste` give the dialog that follows; `null` closes. */
export interface Dialog {
  readonly content: DialogContent;
  /** Nothing can be done wrong in it: its keys count at once. */
  readonly isHarmless?: boolean;
  onKey(key: string): Dialog | null;
  onPaste?(text: string): Dialog;
}

export function line(text: string, tone: Tone = 'text'): DialogLine {
  return { text, tone };
}

/** Text of others, which may be long: what is wrong, what a setting means. */
export function paragraph(text: string, tone: Tone = 'text'): DialogLine {
  return { text, tone, wraps: true };
}

/** y goes on; every other key is No. */
export function confirmDialog(options: { title: string; lines: readonly DialogLine[]; yes: string; onYes(): void }): Dialog {
  return {
    content: {
      title: options.title,
      lines: options.lines,
      input: null,
      keys: [
        ['y', options.yes],
        ['N', 'no'],
      ],
    },
    onKey: (key) => {
      if (key === 'y') options.onYes();
      return null;
    },
  };
}

/** Goes on only when exactly `name` was typed (either composition of Hangul) and Enter pressed. A paste is refused. */
export function typeNameDialog(options: {
  title: string;
  lines: readonly DialogLine[];
  name: string;
  verb: string;
  onYes(): void;
  typed?: LineEdit;
  complaint?: string | null;
}): Dialog {
  const typed = options.typed ?? EMPTY_LINE;
  const complaint = options.complaint ?? null;
  const self: Dialog = {
    content: {
      title: options.title,
      lines: complaint === null ? options.lines : [...options.lines, line(complaint, 'warn')],
      input: { label: `type ${options.name} to ${options.verb}:`, line: typed },
      keys: [['esc', 'no']],
    },
    onKey: (key) => {
      if (key === 'esc' || key === 'ctrl-c') return null;
      if (key === 'enter') {
        if (textOf(typed).normalize('NFC') === options.name.normalize('NFC')) {
          options.onYes();
          return null;
        }
        return textOf(typed) === '' ? null : typeNameDialog({ ...options, complaint: 'that is not its name; nothing was done' });
      }
      const next = editLine(typed, key);
      return next ? typeNameDialog({ ...options, typed: next, complaint: null }) : self;
    },
    onPaste: () => typeNameDialog({ ...options, typed, complaint: 'type it: a paste is not taken here' }),
  };
  return self;
}

/** A line of text, which may be empty; Enter takes it. */
export function textDialog(options: {
  title: string;
  lines: readonly DialogLine[];
  label: string;
  verb: string;
  onText(text: string): void;
  typed?: LineEdit;
  complaint?: string | null;
  /** What Esc means. */
  no?: string;
  onNo?(): void;
}): Dialog {
  const typed = options.typed ?? EMPTY_LINE;
  const withText = (line: LineEdit, complaint: string | null = null) => textDialog({ ...options, typed: line, complaint });
  const complaint = options.complaint ?? null;
  const self: Dialog = {
    content: {
      title: options.title,
      lines: complaint === null ? options.lines : [...options.lines, line(complaint, 'warn')],
      input: { label: options.label, line: typed },
      keys: [
        ['⏎', options.verb],
        ['esc', options.no ?? 'no'],
      ],
    },
    onKey: (key) => {
      if (key === 'esc' || key === 'ctrl-c') {
        options.onNo?.();
        return null;
      }
      if (key === 'enter') {
        options.onText(textOf(typed).trim());
        return null;
      }
      const next = editLine(typed, key);
      return next ? withText(next) : self;
    },
    onPaste: (text) => {
      const next = insertText(typed, text);
      return withText(next, next === typed ? `the paste was not taken: the field holds ${groupDigits(MAX_LENGTH)} characters` : null);
    },
  };
  return self;
}

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  /** What it does, or why it cannot. */
  readonly detail: string;
  readonly isDisabled: boolean;
  run(): void;
}

/** One key chooses; Enter takes the marked one, and nothing is marked at first. */
export function menuDialog(options: {
  title: string;
  lines: readonly DialogLine[];
  items: readonly MenuItem[];
  marked?: number;
  /** What Esc means. */
  no?: string;
  isHarmless?: boolean;
  onNo?(): void;
}): Dialog {
  const { items } = options;
  const marked = options.marked ?? -1;
  const labelWidth = Math.max(...items.map((item) => item.label.length));
  const choose = (item: MenuItem | undefined): Dialog | null => {
    if (!item || item.isDisabled) return self;
    item.run();
    return null;
  };
  const keys = items
    .filter((item) => !item.isDisabled)
    .map((item) => item.key)
    .join(' ');
  const self: Dialog = {
    content: {
      title: options.title,
      lines: [
        ...options.lines,
        ...items.map((item, i) =>
          line(
            `${i === marked ? '▸' : ' '} ${item.key}  ${item.label.padEnd(labelWidth)}  ${item.detail}`,
            item.isDisabled ? 'dim' : i === marked ? 'accent' : 'text',
          ),
        ),
      ],
      input: null,
      keys: [...(keys === '' ? [] : ([[keys, 'choose']] as const)), ['esc', options.no ?? 'no']],
    },
    isHarmless: options.isHarmless ?? false,
    onKey: (key) => {
      if (key === 'esc' || key === 'ctrl-c' || key === 'q') {
        options.onNo?.();
        return null;
      }
      const own = items.find((item) => item.key === key);
      if (own) return choose(own);
      if (key === 'down' || key === 'j') return menuDialog({ ...options, marked: (marked + 1) % items.length });
      if (key === 'up' || key === 'k') return menuDialog({ ...options, marked: marked <= 0 ? items.length - 1 : marked - 1 });
      if (key === 'enter') return marked < 0 ? null : choose(items[marked]);
      return self;
    },
  };
  return self;
}

/** Something to read. */
export function noticeDialog(title: string, lines: readonly DialogLine[]): Dialog {
  const self: Dialog = {
    content: { title, lines, input: null, keys: [['esc', 'close']] },
    onKey: (key) => (['esc', 'enter', 'q', 'ctrl-c'].includes(key) ? null : self),
  };
  return self;
}
