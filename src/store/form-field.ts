/** The question for one setting of a form: what it means, what could be given, and what the worker says while it is typed. */
import { graphemes } from '../base/width.ts';
import type { ConnectorForm, FormField } from './connector-form.ts';
import { type Dialog, type DialogLine, line, paragraph } from './dialog.ts';
import { EMPTY_LINE, editLine, insertText, type LineEdit, lineOf, textOf } from './line-edit.ts';
import type { Session } from './session.ts';

const SHOWN_VALUES = 8;

export class FieldQuestion {
  readonly #session: Session;
  readonly #form: ConnectorForm;
  readonly #key: string;
  readonly #before: string | null;
  #line: LineEdit;
  /** Place among the values that could be given; −1: none was taken yet. */
  #candidate = -1;
  #typed = '';
  #shown: Dialog | null = null;

  constructor(session: Session, form: ConnectorForm, key: string) {
    this.#session = session;
    this.#form = form;
    this.#key = key;
    this.#before = this.#field?.value ?? null;
    this.#line = this.#before === null ? EMPTY_LINE : lineOf(this.#before);
    this.#typed = textOf(this.#line);
  }

  open(): void {
    this.#shown = this.#dialog();
    this.#session.openDialog(this.#shown);
    this.#form.watch(() => this.#refresh());
  }

  /** The worker has answered meanwhile. */
  #refresh(): void {
    if (this.#shown === null || this.#session.ui.dialog !== this.#shown) return;
    this.#shown = this.#dialog();
    this.#session.setDialog(this.#shown);
  }

  get #field(): FormField | null {
    return this.#form.data.fields.find((one) => one.key === this.#key) ?? null;
  }

  #dialog(): Dialog {
    const field = this.#field;
    const choices = choicesOf(field);
    const shownLine = field?.isSecret ? { before: dots(this.#line.before), after: dots(this.#line.after) } : this.#line;
    return {
      content: {
        title: this.#key,
        lines: [
          ...fieldLines(field),
          ...(choices.length > 0 ? [paragraph(`values: ${listed(choices)}`, 'dim')] : []),
          line(''),
          ...this.#verdict(field),
        ],
        input: { label: `${this.#key.length > 24 ? 'value' : this.#key}:`, line: shownLine },
        keys: [['⏎', 'keep'], ...(choices.length > 0 ? ([['tab', 'next value']] as const) : []), ['esc', 'as before']],
      },
      onKey: (key) => this.#onKey(key, choices),
      onPaste: (text) => this.#type(insertText(this.#line, text)),
    };
  }

  #verdict(field: FormField | null): DialogLine[] {
    const { error, isJudging } = this.#form.data;
    if (isJudging) return [line('the worker judges it …', 'dim')];
    if (error !== null) return [paragraph(`the worker cannot judge it: ${error}`, 'fail')];
    if (field && field.errors.length > 0) return field.errors.slice(0, 3).map((text) => paragraph(`✖ ${text}`, 'fail'));
    return [
      line(this.#line === EMPTY_LINE || textOf(this.#line) === '' ? 'left out: its default counts' : '✓ the worker accepts it', 'ok'),
    ];
  }

  #onKey(key: string, choices: readonly string[]): Dialog | null {
    if (key === 'enter') return null;
    if (key === 'esc' || key === 'ctrl-c') {
      // Taking the value back is told at once: that must not open the question anew.
      this.#shown = null;
      this.#form.set(this.#key, this.#before);
      return null;
    }
    if ((key === 'tab' || key === 'shift-tab') && choices.length > 0) return this.#cycle(choices, key === 'tab' ? 1 : -1);
    const next = editLine(this.#line, key);
    return next ? this.#type(next) : (this.#shown ?? this.#dialog());
  }

  /** Values that begin with what was typed, or all. */
  #cycle(choices: readonly string[], by: 1 | -1): Dialog {
    const starting = choices.filter((one) => one.startsWith(this.#typed));
    const from = starting.length > 0 ? starting : choices;
    this.#candidate = (this.#candidate + by + (this.#candidate < 0 && by < 0 ? 1 : 0) + from.length) % from.length;
    return this.#set(lineOf(from[this.#candidate]!));
  }

  #type(next: LineEdit): Dialog {
    this.#typed = textOf(next);
    this.#candidate = -1;
    return this.#set(next);
  }

  #set(next: LineEdit): Dialog {
    const isChanged = textOf(next) !== textOf(this.#line);
    this.#line = next;
    if (isChanged) this.#form.set(this.#key, textOf(next));
    this.#shown = this.#dialog();
    this.#session.setDialog(this.#shown);
    return this.#shown;
  }
}

/** What the definition says of it. */
export function fieldLines(field: FormField | null): DialogLine[] {
  const definition = field?.definition;
  if (!definition) return [line('no definition of this plugin names it: it is passed on as it is', 'dim')];
  const fallback = definition.required ? 'required' : `default ${definition.default_value ?? 'none'}`;
  const dependents = definition.dependents.length > 0 ? [paragraph(`what depends on it: ${definition.dependents.join(', ')}`, 'dim')] : [];
  return [
    ...(definition.documentation.trim() === '' ? [] : [paragraph(definition.documentation.replace(/\s+/g, ' '))]),
    line(`${definition.type.toLowerCase()} · ${definition.importance.toLowerCase()} · ${fallback}`, 'dim'),
    ...dependents,
  ];
}

export function choicesOf(field: FormField | null): readonly string[] {
  if (!field) return [];
  if (field.recommended.length > 0) return field.recommended;
  return field.definition?.type === 'BOOLEAN' ? ['true', 'false'] : [];
}

function listed(choices: readonly string[]): string {
  const shown = choices.slice(0, SHOWN_VALUES).join(', ');
  return choices.length > SHOWN_VALUES ? `${shown} … (${choices.length})` : shown;
}

function dots(text: string): string {
  return '•'.repeat(graphemes(text).length);
}
