/** Indented JSON as rows that can be folded: an opening bracket stands for all up to its closing one. */

export interface FoldRow {
  readonly text: string;
  /** Number of its line in the whole text, when it opens something; the name of the fold. */
  readonly fold: number | null;
  /** Lines that are not shown because of it; 0: open. */
  readonly hidden: number;
}

/** `isFolded` is asked for each line that opens something. */
export function foldRows(lines: readonly string[], isFolded: (line: number) => boolean): FoldRow[] {
  const ends = endsOf(lines);
  const rows: FoldRow[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [text, end] = [lines[at]!, ends.get(at)];
    if (end === undefined) rows.push({ text, fold: null, hidden: 0 });
    else if (!isFolded(at)) rows.push({ text, fold: at, hidden: 0 });
    else {
      rows.push({ text: `${text}…${lines[end]!.trimStart()}`, fold: at, hidden: end - at });
      at = end;
    }
  }
  return rows;
}

/** Lines that open something. */
export function foldsOf(lines: readonly string[]): readonly number[] {
  return [...endsOf(lines).keys()];
}

/** The line that opens Connect's schema beside a payload: rarely what one wants to see. */
export function schemaFold(lines: readonly string[]): number | null {
  const at = lines.indexOf('  "schema": {');
  return at >= 0 && lines.some((line) => line.startsWith('  "payload": ')) ? at : null;
}

/** By the line that opens, the one that closes. */
function endsOf(lines: readonly string[]): Map<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const [at, line] of lines.entries()) {
    // A bracket inside a string is never the first or the last character of a line of indented JSON.
    if (/^\s*[\]}]/.test(line)) {
      const start = open.pop();
      if (start !== undefined) ends.set(start, at);
    }
    if (/[[{]$/.test(line)) open.push(at);
  }
  return new Map([...ends].sort(([a], [b]) => a - b));
}
