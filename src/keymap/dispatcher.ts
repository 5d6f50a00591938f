/** Every key goes through here: to the dialog that asks, to the line that is typed, or to the command that it means in this pane. */

import { groupDigits } from '../base/format.ts';
import { editLine, insertText, type LineEdit, lineOf, MAX_LENGTH, textOf } from '../store/line-edit.ts';
import { markedTargets } from '../store/marks.ts';
import type { Operations } from '../store/operations.ts';
import type { Session } from '../store/session.ts';
import type { Flash, Prompt } from '../store/ui-state.ts';
import type { Target } from '../store/view.ts';
import { type Command, type CommandContext, keyLabel } from './command.ts';
import { complete, namesOf, parseCommandLine } from './command-line.ts';
import type { Keymap } from './keymap.ts';
import { isMissing } from './needs.ts';
import { askToQuit } from './quit.ts';
import { sortBy } from './table-commands.ts';

/** A second ctrl-c within this time leaves. */
const QUIT_TWICE_MS = 2_000;
const HISTORY = 100;

export class Dispatcher {
  readonly keymap: Keymap;
  readonly #session: Session;
  readonly #operations: Operations;
  #interruptedMs = Number.NEGATIVE_INFINITY;
  /** Why a key did nothing: true of that key alone, so it goes with the next one. */
  #denial: Flash | null = null;

  constructor(options: { session: Session; operations: Operations; keymap: Keymap }) {
    this.#session = options.session;
    this.#operations = options.operations;
    this.keymap = options.keymap;
    const context = this.context();
    this.#session.update({ missing: new Set(this.keymap.commands.filter((one) => isMissing(one, context)).map(({ id }) => id)) });
  }

  /** Keys that came together: a held key, or fast typing over a slow line. One frame for all of them. */
  press(keys: readonly string[]): void {
    this.#session.pressed();
    if (this.#denial !== null && this.#session.ui.flash === this.#denial) this.#session.update({ flash: null });
    this.#denial = null;
    for (const key of keys) this.#one(key);
    this.#session.frames.flush();
  }

  /** Pasted text is text: it never acts. */
  paste(text: string): void {
    const { dialog, prompt } = this.#session.ui;
    if (dialog) this.#session.setDialog(dialog.onPaste ? dialog.onPaste(text) : dialog);
    else if (prompt) {
      const line = insertText(prompt.line, text);
      if (line === prompt.line) this.#session.flash('warn', `the paste was not taken: a line holds ${groupDigits(MAX_LENGTH)} characters`);
      else this.#typed(prompt, line);
    } else this.#session.flash('info', 'a paste does nothing here; open : or / first');
    this.#session.frames.flush();
  }

  #one(key: string): void {
    const { ui } = this.#session;
    // Typed ahead for the shell: it must not act here any more, above all not open an editor that the end would wait for.
    if (this.#session.isLeaving) return;
    if (key === 'ctrl-c' && this.#interrupt()) return;
    if (ui.dialog) {
      // What was typed before the question could be read is not its answer.
      if (!ui.isDialogArmed) return;
      const before = ui.dialog;
      const next = before.onKey(key);
      // An answer may have opened the next question itself.
      if (this.#session.ui.dialog === before) this.#session.setDialog(next);
      return;
    }
    if (ui.prompt) this.#prompt(ui.prompt, key);
    else this.#command(key);
  }

  /** First ctrl-c starts no more of what is done to many, or ends what is open; the second leaves. True: done with. */
  #interrupt(): boolean {
    const nowMs = this.#session.clock.monoMs();
    if (nowMs - this.#interruptedMs < QUIT_TWICE_MS) {
      if (this.#session.context.isWorkerEmbedded) {
        this.#interruptedMs = Number.NEGATIVE_INFINITY;
        this.#session.update({ prompt: null });
        askToQuit(this.#session);
      } else this.#session.exit(0);
      return true;
    }
    const { bulk } = this.#session;
    if (bulk?.data.isRunning && !bulk.data.isStopping) {
      bulk.stop();
      return true;
    }
    this.#interruptedMs = nowMs;
    const { dialog, prompt } = this.#session.ui;
    if (prompt?.kind === 'filter') this.#session.updateView({ filter: prompt.before });
    this.#session.update({ dialog: null, prompt: null });
    if (!dialog && !prompt) this.#session.flash('warn', 'ctrl-c again leaves kconsole');
    return true;
  }

  // ---- commands

  context(focus: Target = this.#session.focus(), args: readonly string[] = [], named: readonly Target[] | null = null): CommandContext {
    const targets = named ?? markedTargets(this.#session.view);
    return { session: this.#session, operations: this.#operations, focus, targets, areMarked: named === null, args };
  }

  #command(key: string): void {
    const focus = this.#session.focus();
    const found = this.keymap.find(key, { pane: this.#session.pane, focus });
    if (found) this.run(found, this.context(focus));
    else if (!this.#sort(key)) this.#deny('info', `${keyLabel(key)} means nothing here; ? shows the keys`);
  }

  /** False: it would only say why it cannot be done now. */
  isAvailable(command: Command, focus: Target): boolean {
    return (command.disabledReason?.(this.context(focus)) ?? null) === null;
  }

  run(command: Command, context: CommandContext): void {
    const reason = command.disabledReason?.(context) ?? null;
    if (reason !== null) this.#deny('warn', reason);
    else command.run(context);
  }

  #deny(level: 'info' | 'warn', text: string): void {
    this.#session.flash(level, text);
    this.#denial = this.#session.ui.flash;
  }

  /** A capital letter sorts by the column that shows it; again turns round. */
  #sort(key: string): boolean {
    const found = this.#session.pane.sortKeys.find((one) => one.letter === key);
    if (!found) return false;
    sortBy(this.#session, { id: found.column, isDescendingFirst: found.isDescendingFirst });
    return true;
  }

  // ---- the line being typed

  #prompt(prompt: Prompt, key: string): void {
    if (key === 'esc') {
      if (prompt.kind === 'filter') this.#session.updateView({ filter: prompt.before });
      this.#session.update({ prompt: null });
    } else if (key === 'enter') this.#accept(prompt);
    else if (prompt.kind === 'command' && (key === 'tab' || key === 'shift-tab')) this.#cycle(prompt, key === 'tab' ? 1 : -1);
    else if (prompt.kind === 'command' && key === 'right' && prompt.line.after === '' && prompt.candidates.length > 0)
      this.#cycle(prompt, 1);
    else if (prompt.kind === 'command' && (key === 'up' || key === 'down')) this.#recall(prompt, key === 'up' ? 1 : -1);
    else if (key === 'backspace' && textOf(prompt.line) === '') this.#session.update({ prompt: null });
    else {
      const line = editLine(prompt.line, key);
      if (line) this.#typed(prompt, line);
    }
  }

  #typed(prompt: Prompt, line: LineEdit): void {
    const text = textOf(line);
    const candidates = prompt.kind === 'command' ? this.#complete(text) : [];
    this.#session.update({ prompt: { ...prompt, line, candidates, candidate: -1, historyAt: -1 } });
    if (prompt.kind === 'filter') this.#session.updateView({ filter: text });
  }

  #complete(text: string): string[] {
    const { missing } = this.#session.ui;
    const offered = this.keymap.commands.filter(({ id }) => !missing.has(id));
    return complete(text, offered, namesOf(this.#session));
  }

  #cycle(prompt: Prompt, by: number): void {
    const candidates = prompt.candidates.length > 0 ? prompt.candidates : this.#complete(textOf(prompt.line));
    if (candidates.length === 0) return;
    const only = candidates.length === 1 ? ' ' : '';
    const candidate = (prompt.candidate + by + candidates.length) % candidates.length;
    this.#session.update({
      prompt: { ...prompt, line: lineOf(candidates[candidate]! + only), candidates: only ? [] : candidates, candidate },
    });
  }

  #recall(prompt: Prompt, by: number): void {
    const { history } = this.#session.ui;
    const at = Math.max(-1, Math.min(history.length - 1, prompt.historyAt + by));
    const text = at < 0 ? '' : history[history.length - 1 - at]!;
    this.#session.update({ prompt: { ...prompt, line: lineOf(text), historyAt: at, candidates: [], candidate: -1 } });
  }

  #accept(prompt: Prompt): void {
    this.#session.update({ prompt: null });
    if (prompt.kind === 'filter') return;
    const text = textOf(prompt.line).trim();
    if (text === '') return;
    const history = [...this.#session.ui.history.filter((one) => one !== text), text].slice(-HISTORY);
    this.#session.update({ history });
    const parsed = parseCommandLine(text, this.keymap.commands, namesOf(this.#session));
    if (!parsed.ok) {
      this.#deny('warn', parsed.problem);
      return;
    }
    const { command, target, targets, args, filter } = parsed.line;
    const isNamed = Object.keys(target).length > 0;
    // What is named is meant, not what is marked.
    const context = this.context(
      isNamed ? target : this.#session.focus(),
      command.id === 'app.quit' ? ['now', ...args] : args,
      isNamed ? targets : null,
    );
    this.run(command, context);
    if (filter !== null && this.#session.ui.dialog === null) this.#session.updateView({ filter });
  }
}
