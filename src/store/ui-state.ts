/** The part of the console that is the user's: where they are, what they type, what was said to them. Immutable, replaced whole. */
import type { ConnectorForm } from './connector-form.ts';
import type { Dialog } from './dialog.ts';
import type { LevelRevert } from './level-reverts.ts';
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
  /** Incidents whose consequences are all shown. */
  readonly unfolded: ReadonlySet<string>;
  /** Log levels that go back by themselves. */
  readonly levelReverts: readonly LevelRevert[];
  /** Longest running request, if any: said when it takes long. */
  readonly running: { readonly title: string; readonly sinceMs: number } | null;
  /** Ids of commands that mean nothing in this console: what they need is not configured. */
  readonly missing: ReadonlySet<string>;
  /** What is done to many begins no more of them once one has come to an error. */
  readonly stopsAtError: boolean;
  readonly isHeaderShort: boolean;
  /** Without the line that says where one is. */
  readonly isCrumbless: boolean;
  /** The connector that is being made; it stays until it is there, or another one is begun. */
  readonly form: ConnectorForm | null;
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
    unfolded: new Set(),
    levelReverts: [],
    running: null,
    missing: new Set(),
    stopsAtError: false,
    isHeaderShort: false,
    form: null,
    isCrumbless: false,
  };
}

export function openPrompt(kind: Prompt['kind'], text: string, before = ''): Prompt {
  return { kind, line: text === '' ? EMPTY_LINE : { before: text, after: '' }, candidates: [], candidate: -1, historyAt: -1, before };
}
