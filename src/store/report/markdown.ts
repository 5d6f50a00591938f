/** Markdown out of facts of any origin: text cannot end a table, a code span or a fence. */
import { sanitize, sanitizeLines } from '../../base/sanitize.ts';

/** Text inside a sentence or a cell. */
export function inline(text: string): string {
  return sanitize(text.replaceAll(/\s*[\r\n]+\s*/g, ' ')).replaceAll(/[\\`|*_[\]<>#]/g, (one) => `\\${one}`);
}

export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(inline).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
}

export function fenced(text: string, language = ''): string[] {
  const lines = sanitizeLines(text.replace(/\n+$/, ''));
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, ...lines, fence];
}
