/** Which columns of a table are drawn, and how wide: what fits by priority, or a window of columns beside the pinned ones. */

export interface ColumnShape {
  /** Least cells. */
  readonly width: number;
  /** Cells up to which it is widened to hold its longest text, before the rest is shared out. */
  readonly fit?: number;
  /** Share of what is left then. */
  readonly grow?: number;
  /** 0 is always there; the greater the sooner it is left out. */
  readonly priority: number;
  /** Left out where no row has a text for it. */
  readonly isLeftOutWhenEmpty?: boolean;
  /** Says which row it is: stays while the others are scrolled. Default: the first column of priority 0. */
  readonly isPinned?: boolean;
}

export interface LayoutWishes {
  /** Columns scrolled out of sight on the left, pinned ones not counted. 0: what fits by priority. */
  readonly left: number;
  /** Every column, as wide as its texts; what does not fit is scrolled to. */
  readonly isWide: boolean;
}

export interface LaidOutColumn {
  readonly index: number;
  readonly width: number;
}

export interface Layout {
  readonly columns: readonly LaidOutColumn[];
  /** Columns really scrolled out of sight. */
  readonly left: number;
  /** Columns are out of sight. */
  readonly isCut: boolean;
}

export const GAP = 2;
/** Wide columns hold their texts up to here: one long error must not push all else out of sight. */
const WIDEST = 80;

interface Candidate {
  readonly column: ColumnShape;
  readonly index: number;
}

export function layOut(
  columns: readonly ColumnShape[],
  width: number,
  contentWidth: (index: number) => number,
  wishes: LayoutWishes = { left: 0, isWide: false },
): Layout {
  const known = new Map<number, number>();
  const content = (index: number) => {
    const found = known.get(index) ?? contentWidth(index);
    known.set(index, found);
    return found;
  };
  const all = columns
    .map((column, index) => ({ column, index }))
    .filter(({ column, index }) => !column.isLeftOutWhenEmpty || content(index) > 0);
  const natural = wishes.isWide
    ? all.map((one) => ({ ...one, column: { ...one.column, width: Math.max(one.column.width, Math.min(WIDEST, content(one.index))) } }))
    : all;
  const isWhole = needed(natural) <= width;
  if (!wishes.isWide && (wishes.left === 0 || isWhole)) {
    const shown = byPriority(natural, width);
    return { columns: shareOut(shown, width, content), left: 0, isCut: shown.length < all.length };
  }
  const { shown, left } = inWindow(natural, width, wishes.left);
  return { columns: shareOut(shown, width, content), left, isCut: shown.length < all.length };
}

function needed(shown: readonly Candidate[]): number {
  return shown.reduce((sum, { column }) => sum + column.width + GAP, 0) - GAP;
}

/** Leaves columns out by priority until the rest fits. */
function byPriority(all: readonly Candidate[], width: number): Candidate[] {
  let shown = [...all];
  while (needed(shown) > width && shown.some(({ column }) => column.priority > 0)) {
    const worst = Math.max(...shown.map(({ column }) => column.priority));
    const at = shown.findLastIndex(({ column }) => column.priority === worst);
    shown = shown.filter((_, i) => i !== at);
  }
  return shown;
}

/** The pinned columns, and of the others as many as fit from `left` on; no further than the last one needs. */
function inWindow(all: readonly Candidate[], width: number, wished: number): { shown: Candidate[]; left: number } {
  const hasPinned = all.some(({ column }) => column.isPinned);
  const first = all.find(({ column }) => column.priority === 0) ?? all[0];
  const pinned = all.filter((one) => (hasPinned ? one.column.isPinned : one === first));
  const others = all.filter((one) => !pinned.includes(one));
  const from = (left: number) => {
    const shown = [...pinned];
    for (const one of others.slice(left)) {
      if (shown.length > pinned.length && needed([...shown, one]) > width) break;
      shown.push(one);
    }
    return shown;
  };
  let left = Math.min(wished, Math.max(0, others.length - 1));
  while (left > 0 && from(left - 1).includes(others.at(-1)!)) left--;
  return { shown: from(left).sort((a, b) => Number(pinned.includes(b)) - Number(pinned.includes(a)) || a.index - b.index), left };
}

/** Widens those that want to hold their texts, then shares out what is left. What is too wide even so is cut at the end. */
function shareOut(shown: readonly Candidate[], width: number, contentWidth: (index: number) => number): LaidOutColumn[] {
  const wider = new Map<number, number>();
  const given = () => [...wider.values()].reduce((all, one) => all + one, 0);
  for (const { column, index } of shown.toSorted(
    (a, b) => a.column.priority - b.column.priority || (a.column.fit ?? 0) - (b.column.fit ?? 0),
  )) {
    if (column.fit === undefined) continue;
    const more = Math.max(0, Math.min(column.fit, contentWidth(index)) - column.width);
    wider.set(index, Math.min(more, Math.max(0, width - needed(shown) - given())));
  }
  let spare = Math.max(0, width - needed(shown) - given());
  let left = shown.reduce((all, { column }) => all + (column.grow ?? 0), 0);
  let over = Math.max(0, needed(shown) - width);
  const laid = shown.map(({ column, index }) => {
    const weight = column.grow ?? 0;
    const more = weight === 0 || left === 0 ? 0 : Math.floor((spare * weight) / left);
    spare -= more;
    left -= weight;
    return { index, width: column.width + (wider.get(index) ?? 0) + more };
  });
  // Two wide columns in a narrow window: the last one gives way.
  for (let i = laid.length - 1; i >= 0 && over > 0; i--) {
    const less = Math.min(over, laid[i]!.width - 1);
    laid[i] = { ...laid[i]!, width: laid[i]!.width - less };
    over -= less;
  }
  return laid;
}
