/** Two texts line by line: what went, what came, what stayed. Pure. */

export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** Pairs of lines that are compared at most; larger texts are told as gone and new. */
const MOST_PAIRS = 4_000_000;

export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let [endA, endB] = [before.length, after.length];
  while (endA > start && endB > start && before[endA - 1] === after[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  return [...same(before.slice(0, start)), ...diffMiddle(before.slice(start, endA), after.slice(start, endB)), ...same(before.slice(endA))];
}

function diffMiddle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const out: DiffLine[] = [];
  // `common[i][j]`: lines that the ends from i and from j have in common.
  const width = b.length + 1;
  const common = a.length * b.length > MOST_PAIRS ? null : new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; common && i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (common && i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: 'same', text: a[i++]! });
      j++;
    } else if (i < a.length && (j >= b.length || !common || common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      out.push({ kind: 'gone', text: a[i++]! });
    } else out.push({ kind: 'new', text: b[j++]! });
  }
  return out;
}
