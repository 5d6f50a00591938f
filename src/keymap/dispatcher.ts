/** Every key goes through here: to the dialog that asks, to the line that is typed, or to the command that it means in this pane. */

import type { PaneLogic } from '../store/console-data.ts';
import { editLine, type LineEdit, lineOf, textOf } from '../store/line-edit.ts';
import type { Operations } from '../store/operations.ts';
import type { Session } from '../store/session.ts';
import type { Prompt } from '../store/ui-state.ts';
import type { PaneId, Target } from '../store/view.ts';
import type { Command, CommandContext } from './command.ts';
import { complete, namesOf, parseCommandLine } from './command-line.ts';
import type { Keymap } from './keymap.ts';

/** A second ctrl-c within this time leaves. */
const QUIT_TWICE_MS = 2_000;
const HISTORY = 100;

export class Dispatcher {
  readonly keymap: Keymap;
  readonly #session: Session;
  readonly #operations: Operations;
  readonly #panes: ReadonlyMap<PaneId, PaneLogic>;
  #interruptedMs = Number.NEGATIVE_INFINITY;

  constructor(options: { session: Session; operations: Operations; keymap: Keymap; panes: ReadonlyMap<PaneId, PaneLogic> }) {
    this.#session = options.session;
    this.#operations = options.operations;
    this.keymap = options.keymap;
    this.#panes = options.panes;
  }

  /** Keys that came together: a held key, or fast typing over a slow line. One frame for all of them. */
  press(keys: readonly string[]): void {
    this.#session.pressed();
    for (const key of keys) this.#one(key);
    this.#session.frames.flush();
  }

  /** Pasted text is text: it never acts. */
  paste(text: string): void {
    const { dialog, prompt } = this.#session.ui;
    if (dialog) this.#session.setDialog(dialog.onPaste ? dialog.onPaste(text) : dialog);
    else if (prompt) this.#typed(prompt, { before: prompt.line.before + text.replace(/[\p{Cc}\p{Cs}]+/gu, ' '), after: prompt.line.after });
    else this.#session.flash('info', 'a paste does nothing here; open : or / first');
    this.#session.frames.flush();
  }

  #one(key: string): void {
    const { ui } = this.#session;
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

  /** First ctrl-c ends what is open, the second leaves. True: done with. */
  #interrupt(): boolean {
    const nowMs = this.#session.clock.monoMs();
    if (nowMs - this.#interruptedMs < QUIT_TWICE_MS) {
      this.#session.exit(0);
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

  get #pane(): PaneLogic {
    return this.#panes.get(this.#session.view.pane)!;
  }

  context(focus: Target = this.#session.focus(), args: readonly string[] = []): CommandContext {
    return { session: this.#session, operations: this.#operations, focus, args };
  }

  #command(key: string): void {
    const focus = this.#session.focus();
    const found = this.keymap.find(key, { pane: this.#pane, focus });
    if (found) this.run(found, this.context(focus));
    else if (!this.#sort(key)) this.#session.flash('info', `${key} means nothing here; ? shows the keys`);
  }

  /** False: it would only say why it cannot be done now. */
  isAvailable(command: Command, focus: Target): boolean {
    return (command.disabledReason?.(this.context(focus)) ?? null) === null;
  }

  run(command: Command, context: CommandContext): void {
    const reason = command.disabledReason?.(context) ?? null;
    if (reason !== null) this.#session.flash('warn', reason);
    else command.run(context);
  }

  /** A capital letter sorts by the column that shows it; again turns round. */
  #sort(key: string): boolean {
    const found = this.#pane.sortKeys.find((one) => one.letter === key);
    if (!found) return false;
    const { sort } = this.#session.view;
    const isSame = sort?.column === found.column;
    this.#session.updateView({ sort: { column: found.column, isDescending: isSame ? !sort.isDescending : found.isDescendingFirst } });
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
    const candidates = prompt.kind === 'command' ? complete(text, this.keymap.commands, namesOf(this.#session)) : [];
    this.#session.update({ prompt: { ...prompt, line, candidates, candidate: -1, historyAt: -1 } });
    if (prompt.kind === 'filter') this.#session.updateView({ filter: text });
  }

  #cycle(prompt: Prompt, by: number): void {
    const candidates =
      prompt.candidates.length > 0 ? prompt.candidates : complete(textOf(prompt.line), this.keymap.commands, namesOf(this.#session));
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
      this.#session.flash('warn', parsed.problem);
      return;
    }
    const { command, target, args, filter } = parsed.line;
    const focus = Object.keys(target).length > 0 ? target : this.#session.focus();
    this.run(command, this.context(focus, command.id === 'app.quit' ? ['now', ...args] : args));
    if (filter !== null && this.#session.ui.dialog === null) this.#session.updateView({ filter });
  }
}
