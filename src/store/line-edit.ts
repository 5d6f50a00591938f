/** A line being typed: text and cursor by graphemes, with the keys that fingers know from the shell. */
import { graphemes } from '../base/width.ts';

export interface LineEdit {
  readonly before: string;
  readonly after: string;
}

export const EMPTY_LINE: LineEdit = { before: '', after: '' };
/** Characters (UTF-16 units) that a line holds. */
export const MAX_LENGTH = 2_000;

export function lineOf(text: string): LineEdit {
  return { before: text, after: '' };
}

export function textOf(line: LineEdit): string {
  return line.before + line.after;
}

/** Whole or not at all: a name that was cut in the middle is another name. */
export function insertText(line: LineEdit, text: string): LineEdit {
  // What is pasted becomes one line; controls never come in.
  const clean = text.replace(/[\r\n\t]+/g, ' ').replace(/[\p{Cc}\p{Cs}]/gu, '');
  return textOf(line).length + clean.length > MAX_LENGTH ? line : { before: line.before + clean, after: line.after };
}

/** The line after a key, or `null` when the key means nothing to a line. */
export function editLine(line: LineEdit, key: string): LineEdit | null {
  const all = textOf(line);
  switch (key) {
    case 'backspace':
      return { before: graphemes(line.before).slice(0, -1).join(''), after: line.after };
    case 'delete':
    case 'ctrl-d':
      return { before: line.before, after: graphemes(line.after).slice(1).join('') };
    case 'left': {
      const parts = graphemes(line.before);
      return { before: parts.slice(0, -1).join(''), after: (parts.at(-1) ?? '') + line.after };
    }
    case 'right': {
      const parts = graphemes(line.after);
      return { before: line.before + (parts[0] ?? ''), after: parts.slice(1).join('') };
    }
    case 'home':
    case 'ctrl-a':
      return { before: '', after: all };
    case 'end':
    case 'ctrl-e':
      return { before: all, after: '' };
    case 'ctrl-u':
      return { before: '', after: line.after };
    case 'ctrl-k':
      return { before: line.before, after: '' };
    case 'ctrl-w':
      return { before: line.before.replace(/\S+\s*$/, ''), after: line.after };
    default:
      return isTyped(key) ? insertText(line, key === 'space' ? ' ' : key) : null;
  }
}

/** True for a key that types something: one grapheme, or the space bar. */
export function isTyped(key: string): boolean {
  return key === 'space' || (!/^(ctrl|alt|shift)-./.test(key) && graphemes(key).length === 1 && !/\p{Cc}/u.test(key));
}
