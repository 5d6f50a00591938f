/** Pages of the offset wizard that are lists: partitions to choose, a field for each of them, saved points. */
import { plural } from '../base/format.ts';
import { cutTextStart, fitText } from '../base/width.ts';
import { type Dialog, line } from './dialog.ts';
import { listLines, movedCursor } from './dialog-list.ts';
import { EMPTY_LINE, editLine, insertText, type LineEdit, lineOf, textOf } from './line-edit.ts';
import { inScope, type WizardPages, type WizardState } from './offset-pages.ts';
import { canonical, type OffsetFacts, offsetLabel, partitionLabel } from './offset-plan.ts';

// ---- which partitions

export function scopePage({ title, facts, state, to }: WizardPages): Dialog {
  const labels = facts.map((one) => partitionLabel(one.partition));
  const chosen = state.scope ?? new Set(labels);
  const choose = (scope: ReadonlySet<string>) => to({ scope: scope.size === labels.length ? null : scope });
  const self: Dialog = {
    content: {
      title,
      lines: [
        line('partitions to change', 'title'),
        ...listLines(labels, state.cursor, (label, isCursor) =>
          line(`${isCursor ? '▸' : ' '} ${chosen.has(label) ? '●' : '○'} ${cutTextStart(label, 60)}`, isCursor ? 'accent' : 'text'),
        ),
        ...(state.complaint ? [line(state.complaint, 'warn')] : []),
      ],
      input: null,
      keys: [
        ['Space', 'choose'],
        ['*', 'all'],
        ['o', 'only this'],
        ['⏎', 'back'],
      ],
    },
    onKey: (key) => {
      if (key === 'ctrl-c') return null;
      const label = labels[state.cursor]!;
      const moved = movedCursor(state.cursor, key === 'j' ? 'down' : key === 'k' ? 'up' : key, labels.length);
      if (moved !== null) to({ cursor: moved });
      else if (key === 'space') {
        const next = new Set(chosen);
        if (!next.delete(label)) next.add(label);
        choose(next);
      } else if (key === '*') to({ scope: chosen.size === labels.length ? new Set() : null });
      else if (key === 'o') choose(new Set([label]));
      else if (key === 'enter' || key === 'esc' || key === 'tab') {
        if (chosen.size === 0) to({ complaint: 'choose at least one partition' });
        else to({ page: 'method', complaint: null });
      }
      return self;
    },
  };
  return self;
}

// ---- one value for each partition

/** What a field holds before somebody types into it. */
function fieldOf(state: WizardState, facts: OffsetFacts): LineEdit {
  const typed = state.fields.get(partitionLabel(facts.partition));
  if (typed) return typed;
  if (facts.offset === null) return EMPTY_LINE;
  return lineOf(facts.offset.kafka_offset === undefined ? canonical(facts.offset) : offsetLabel(facts.offset));
}

export function fieldsPage(pages: WizardPages): Dialog {
  const { target, state, to } = pages;
  const facts = inScope(pages.facts, state.scope);
  const at = facts[state.cursor] ?? facts[0]!;
  const label = partitionLabel(at.partition);
  const width = Math.min(36, Math.max(9, ...facts.slice(0, 200).map((one) => partitionLabel(one.partition).length)));
  const typed = (value: LineEdit): Partial<WizardState> => ({ fields: new Map([...state.fields, [label, value]]), complaint: null });
  const self: Dialog = {
    content: {
      title: pages.title,
      lines: [
        line(
          target.kind === 'source'
            ? 'a JSON object for each, members as they are now; none removes it'
            : 'an offset for each; none removes it',
          'dim',
        ),
        line('only what you change is changed', 'dim'),
        line(''),
        ...listLines(facts, facts.indexOf(at), (one, isCursor) => {
          const own = partitionLabel(one.partition);
          const next = state.fields.has(own) ? `  →  ${textOf(fieldOf(state, one))}` : '';
          return line(
            `${isCursor ? '▸' : ' '} ${fitText(cutTextStart(own, width), width)}  ${offsetLabel(one.offset)}${next}`,
            isCursor ? 'accent' : 'text',
          );
        }),
        ...(state.complaint ? [line(state.complaint, 'warn')] : []),
      ],
      input: { label: `${cutTextStart(label, 30)}:`, line: fieldOf(state, at) },
      keys: [...(facts.length > 1 ? ([['↑ ↓', 'partition']] as const) : []), ['⏎', 'preview'], ['esc', 'back']],
    },
    onKey: (key) => {
      if (key === 'ctrl-c') return null;
      const moved = movedCursor(state.cursor, key === 'tab' ? 'down' : key === 'shift-tab' ? 'up' : key, facts.length);
      if (key === 'esc') to({ page: 'method', complaint: null });
      else if (key === 'enter') pages.preview();
      else if (moved !== null) to({ cursor: moved });
      else {
        const next = editLine(fieldOf(state, at), key);
        if (next) to(typed(next));
      }
      return self;
    },
    onPaste: (pasted) => to(typed(insertText(fieldOf(state, at), pasted))),
  };
  return self;
}

// ---- a saved point

export function pointsPage({ title, state, to, preview }: WizardPages): Dialog {
  const { points, cursor } = state;
  const self: Dialog = {
    content: {
      title,
      lines: [
        line('saved points, newest first', 'title'),
        ...listLines(points, cursor, (point, isCursor) =>
          line(
            `${isCursor ? '▸' : ' '} ${point.time.slice(0, 19).replace('T', ' ')}Z  ${plural(point.offsets.length, 'partition')}  ${point.reason}  (${point.user})`,
            isCursor ? 'accent' : 'text',
          ),
        ),
        ...(state.complaint ? [line(state.complaint, 'warn')] : []),
      ],
      input: null,
      keys: [
        ['↑ ↓', 'point'],
        ['⏎', 'preview'],
        ['esc', 'back'],
      ],
    },
    onKey: (key) => {
      if (key === 'ctrl-c') return null;
      const moved = movedCursor(cursor, key === 'j' ? 'down' : key === 'k' ? 'up' : key, points.length);
      if (moved !== null) to({ cursor: moved });
      else if (key === 'esc') to({ page: 'method', complaint: null });
      else if (key === 'enter') preview();
      return self;
    },
  };
  return self;
}
