/** The part of the console that is the user's: where they are, what they type, what was said to them. Immutable, replaced whole. */
import type { Dialog } from './dialog.ts';
import { EMPTY_LINE, type LineEdit } from './line-edit.ts';
import { makeView, type ViewState } from './view.ts';

export type FlashLevel = 'info' | 'warn' | 'error';

export interface Flash {
  readonly level: FlashLevel;
  readonly text: string;
  /** Monotonic time at which it goes; errors stay until a key. */
  readonly untilMs: number | null;
}

export interface Prompt {
  readonly kind: 'command' | 'filter';
  readonly line: LineEdit;
  /** What the line could become; shown above it. */
  readonly candidates: readonly string[];
  readonly candidate: number;
  /** Place in the history of commands; −1: the line itself. */
  readonly historyAt: number;
  /** Filter before the prompt was opened, put back by Esc. */
  readonly before: string;
}

export interface UiState {
  /** The way back; the last one is shown. Never empty. */
  readonly stack: readonly ViewState[];
  readonly prompt: Prompt | null;
  readonly dialog: Dialog | null;
  /** False for the first moment of a dialog, in which keys are thrown away. */
  readonly isDialogArmed: boolean;
  readonly flash: Flash | null;
  /** Errors that were flashed and not yet answered by a look at the action log. */
  readonly unreadErrors: number;
  readonly history: readonly string[];
  /** Incidents that were acknowledged: shown dimmed, not counted. */
  readonly acknowledged: ReadonlySet<string>;
  /** Longest running request, if any: said when it takes long. */
  readonly running: { readonly title: string; readonly sinceMs: number } | null;
  readonly isHeaderShort: boolean;
}

export function initialUi(): UiState {
  return {
    stack: [makeView('home')],
    prompt: null,
    dialog: null,
    isDialogArmed: false,
    flash: null,
    unreadErrors: 0,
    history: [],
    acknowledged: new Set(),
    running: null,
    isHeaderShort: false,
  };
}

export function openPrompt(kind: Prompt['kind'], text: string, before = ''): Prompt {
  return { kind, line: text === '' ? EMPTY_LINE : { before: text, after: '' }, candidates: [], candidate: -1, historyAt: -1, before };
}
