/** Marks of a table: by id, with what each row stands for, so that they outlive refresh and filter. Changes of a view, nothing else. */
import { cursorIndexOf, type Target, type ViewState } from './view.ts';

export type Marks = ReadonlyMap<string, Target>;

/** The rows in sight, as far as marking needs them. */
export interface MarkableRows {
  readonly ids: readonly string[];
  target(id: string): Target | null;
}

type MarkChange = Pick<ViewState, 'marks' | 'markAnchor'>;

function added(marks: Marks, ids: readonly string[], rows: MarkableRows): Marks {
  const next = new Map(marks);
  for (const id of ids) {
    const target = rows.target(id);
    if (target !== null) next.set(id, target);
  }
  return next;
}

/** The row under the cursor: marked, or not any more. */
export function toggleMark(view: ViewState, rows: MarkableRows): MarkChange {
  const id = rows.ids[cursorIndexOf(view, rows.ids)];
  if (id === undefined) return view;
  if (!view.marks.has(id)) return { marks: added(view.marks, [id], rows), markAnchor: id };
  const marks = new Map(view.marks);
  marks.delete(id);
  return { marks, markAnchor: null };
}

/** From the row marked last, or the first one, to the cursor. */
export function markRange(view: ViewState, rows: MarkableRows): MarkChange {
  const cursor = cursorIndexOf(view, rows.ids);
  const from = view.markAnchor === null ? 0 : Math.max(0, rows.ids.indexOf(view.markAnchor));
  const range = rows.ids.slice(Math.min(from, cursor), Math.max(from, cursor) + 1);
  return { marks: added(view.marks, range, rows), markAnchor: rows.ids[cursor] ?? null };
}

/** All that pass the filter; when they are marked already, they are so no more. */
export function markAll(view: ViewState, rows: MarkableRows): MarkChange {
  if (!rows.ids.every((id) => view.marks.has(id))) return { marks: added(view.marks, rows.ids, rows), markAnchor: view.markAnchor };
  const marks = new Map(view.marks);
  for (const id of rows.ids) marks.delete(id);
  return { marks, markAnchor: null };
}

export const NO_MARKS: MarkChange = { marks: new Map(), markAnchor: null };

/** Asked for by each hint of each frame. */
const merged = new WeakMap<Marks, { readonly own: Target; readonly targets: readonly Target[] }>();

/** What the marked rows of a view stand for, also those that a filter hides. */
export function markedTargets({ marks, target: own }: ViewState): readonly Target[] {
  const known = merged.get(marks);
  if (known?.own === own) return known.targets;
  const targets = [...marks.values()].map((target) => ({ ...own, ...target }));
  merged.set(marks, { own, targets });
  return targets;
}

/** Marked rows that are not in sight: a filter hides them, or they are gone. */
export function hiddenMarks(marks: Marks, rows: MarkableRows | null): number {
  if (rows === null) return 0;
  let hidden = 0;
  for (const id of marks.keys()) if (rows.target(id) === null) hidden++;
  return hidden;
}

/** `5 marked (2 hidden)`; empty without marks. */
export function marksText(marks: Marks, rows: MarkableRows | null): string {
  if (marks.size === 0) return '';
  const hidden = hiddenMarks(marks, rows);
  return `${marks.size} marked${hidden > 0 ? ` (${hidden} hidden)` : ''}`;
}
