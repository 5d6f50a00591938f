/** What the offset wizard is asked to do, page by page: which partitions, which method, with what value. Keys in, state out. */
import { plural } from '../base/format.ts';
import { type Dialog, line } from './dialog.ts';
import { EMPTY_LINE, editLine, insertText, type LineEdit } from './line-edit.ts';
import { methodsFor, type OffsetFacts, type OffsetMethod, type OffsetPlan, partitionLabel } from './offset-plan.ts';
import type { OffsetTarget } from './offset-target.ts';
import type { SavedPoint } from './saved-points.ts';

export interface WizardState {
  readonly page: 'method' | 'scope' | 'value' | 'fields' | 'points' | 'preview';
  readonly method: OffsetMethod;
  /** Labels of the partitions that are to be changed; `null`: all. */
  readonly scope: ReadonlySet<string> | null;
  /** Row of the page's list. */
  readonly cursor: number;
  readonly value: LineEdit;
  /** What was typed for single partitions, by label. */
  readonly fields: ReadonlyMap<string, LineEdit>;
  readonly points: readonly SavedPoint[];
  readonly plan: OffsetPlan | null;
  readonly typed: LineEdit;
  readonly complaint: string | null;
}

export const FIRST_PAGE: WizardState = {
  page: 'method',
  method: 'earliest',
  scope: null,
  cursor: 0,
  value: EMPTY_LINE,
  fields: new Map(),
  points: [],
  plan: null,
  typed: EMPTY_LINE,
  complaint: null,
};

/** The wizard as its pages see it. */
export interface WizardPages {
  readonly target: OffsetTarget;
  readonly title: string;
  readonly facts: readonly OffsetFacts[];
  readonly state: WizardState;
  /** Gives the page that is shown then. */
  to(change: Partial<WizardState>): Dialog;
  /** The method is known, and its value if it needs one. */
  preview(): void;
  /** Reads the saved points and shows them. */
  listPoints(): void;
}

const METHOD_TEXT: Readonly<Record<OffsetMethod, { key: string; kafka: string; source: string }>> = {
  earliest: { key: 'e', kafka: 'the first record there is', source: 'forget everything: read from the start' },
  latest: { key: 'l', kafka: 'the end: skip what waits', source: '' },
  time: { key: 't', kafka: 'the first record at or after a time', source: '' },
  shift: { key: 's', kafka: 'so many records back or ahead', source: '' },
  explicit: { key: 'x', kafka: 'an offset for each partition', source: 'an offset as JSON for each partition' },
  file: { key: 'f', kafka: 'from a file: topic,partition,offset or JSON', source: 'from a file: JSON as the REST API answers' },
  saved: { key: 'p', kafka: 'a saved point: as it was before a change', source: 'a saved point: as it was before a change' },
  tombstone: { key: 'd', kafka: 'remove the committed offset', source: 'remove the offset' },
};

export function isClosing(key: string): boolean {
  return key === 'esc' || key === 'ctrl-c';
}

export function inScope(facts: readonly OffsetFacts[], scope: WizardState['scope']): readonly OffsetFacts[] {
  return scope === null ? facts : facts.filter((one) => scope.has(partitionLabel(one.partition)));
}

function scopeText({ facts, state }: WizardPages): string {
  const chosen = inScope(facts, state.scope);
  if (chosen.length === facts.length)
    return facts.length === 1 ? partitionLabel(facts[0]!.partition) : `all ${plural(facts.length, 'partition')}`;
  const of = `of ${facts.length}`;
  return chosen.length === 1 ? `${partitionLabel(chosen[0]!.partition)}  (1 ${of})` : `${chosen.length} ${of}`;
}

// ---- which method

export function methodPage(pages: WizardPages): Dialog {
  const { target, facts, state } = pages;
  const methods = methodsFor(
    target.kind,
    facts.some((one) => one.end !== null),
  );
  const text = target.kind === 'source' ? 'source' : 'kafka';
  const choose = (method: OffsetMethod): void => {
    if (method === 'saved') {
      pages.to({ method });
      pages.listPoints();
    } else if (method === 'explicit') pages.to({ method, page: 'fields', cursor: 0, fields: new Map(), complaint: null });
    else if (method === 'time' || method === 'shift' || method === 'file')
      pages.to({ method, page: 'value', value: EMPTY_LINE, complaint: null });
    else {
      pages.to({ method });
      pages.preview();
    }
  };
  const self: Dialog = {
    content: {
      title: pages.title,
      lines: [
        line(`partitions   ${scopeText(pages)}`),
        line(''),
        ...methods.map((method) => line(`  ${METHOD_TEXT[method].key}  ${method.padEnd(10)} ${METHOD_TEXT[method][text]}`)),
        line(''),
        ...(state.complaint ? [line(state.complaint, 'warn')] : []),
        line('Nothing is done before a preview and the typed name.', 'dim'),
      ],
      input: null,
      keys: [
        [methods.map((method) => METHOD_TEXT[method].key).join(' '), 'method'],
        ...(facts.length > 1 ? ([['tab', 'partitions']] as const) : []),
        ['esc', 'no'],
      ],
    },
    onKey: (key) => {
      if (isClosing(key) || key === 'q') return null;
      if (key === 'tab' && facts.length > 1) pages.to({ page: 'scope', cursor: 0, complaint: null });
      const method = methods.find((one) => METHOD_TEXT[one].key === key);
      if (method) choose(method);
      return self;
    },
  };
  return self;
}

// ---- one value for all

const VALUE_HELP: Readonly<Partial<Record<OffsetMethod, string>>> = {
  time: 'like 2026-11-23 11:00, 11:00, -30m, -2h, -1d (local time)',
  shift: 'records, like -500 or +10; stays within what there is',
  file: 'path of a file here; ~ is your home',
};

export function valuePage(pages: WizardPages): Dialog {
  const { state, to } = pages;
  const self: Dialog = {
    content: {
      title: pages.title,
      lines: [
        line(`partitions   ${scopeText(pages)}`),
        line(`method       ${state.method}`),
        line(''),
        line(VALUE_HELP[state.method] ?? '', 'dim'),
        ...(state.complaint ? [line(state.complaint, 'warn')] : []),
      ],
      input: { label: `${state.method}:`, line: state.value },
      keys: [
        ['⏎', 'preview'],
        ['esc', 'back'],
      ],
    },
    onKey: (key) => {
      if (key === 'ctrl-c') return null;
      if (key === 'esc') to({ page: 'method', complaint: null });
      else if (key === 'enter') pages.preview();
      else {
        const next = editLine(state.value, key);
        if (next) to({ value: next, complaint: null });
      }
      return self;
    },
    onPaste: (pasted) => to({ value: insertText(state.value, pasted), complaint: null }),
  };
  return self;
}
