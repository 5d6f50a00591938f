/** `--once ctx`: what this console could go to, saved contexts and workers that were left on this host. */
import { sanitize } from '../src/base/sanitize.ts';
import { fitText, textWidth } from '../src/base/width.ts';
import { NO_HOST } from '../src/store/host-port.ts';
import type { PlaceChoice } from '../src/store/place.ts';
import { toPlain } from '../src/store/plain.ts';
import { formatRows } from '../src/store/row-formats.ts';
import type { OnceAnswer, OnceOptions } from './once.ts';

const COLUMNS = ['name', 'kind', 'detail'] as const;

/** 1 when one of the files cannot be used: `problem` says why. */
export function printPlaces({ line, format, host = NO_HOST }: Pick<OnceOptions, 'line' | 'format' | 'host'>): OnceAnswer {
  const [word = '', name] = line.trim().split(/\s+/);
  if (name !== undefined)
    return { text: '', problem: `"${word}" alone prints the contexts; kconsole --context NAME --once VIEW looks at one`, exit: 2 };
  const rows = host.places.map(rowOf);
  const text =
    format === 'text'
      ? textOf(rows)
      : formatRows(format, {
          ids: rows.map((_, i) => String(i)),
          columns: COLUMNS,
          cells: (id) => COLUMNS.map((title) => ({ title, text: rows[Number(id)]![title], value: rows[Number(id)]![title] })),
          raw: (id) => toPlain(rows[Number(id)]),
        });
  return { text, problem: host.problems.join('\n'), exit: host.problems.length > 0 ? 1 : 0 };
}

type Row = Readonly<Record<(typeof COLUMNS)[number], string>>;

function rowOf({ place, label, detail }: PlaceChoice): Row {
  return { name: label, kind: place.kind, detail };
}

function textOf(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no context is set up: kconsole asks for brokers or a Connect URL and keeps them as one\n';
  const lines = [COLUMNS.map((title) => title.toUpperCase()), ...rows.map((row) => COLUMNS.map((title) => sanitize(row[title])))];
  const widths = COLUMNS.map((_, i) => Math.max(...lines.map((cells) => textWidth(cells[i]!))));
  return lines.map((cells) => `${cells.map((cell, i) => fitText(cell, widths[i]!)).join('  ')}`.trimEnd() + '\n').join('');
}
