/** Figures in a table: at the right of their column, drawn by their value alone, `?` where it is not known. */
import { formatCount, formatRate } from '../../src/base/format.ts';
import type { Token } from '../../src/skin/skin.ts';
import { type Span, span } from './line.ts';
import type { Column } from './table.ts';

type Figure = number | bigint | null;

export function figureColumn<T, V extends Figure>(
  column: Omit<Column<T>, 'align' | 'value' | 'draw'> & { value(row: T): V },
  figure: (value: V) => Span,
): Column<T> {
  return { ...column, align: 'right', draw: (row) => figure(column.value(row)) };
}

export function known<V>(format: (value: V) => string, token: Token = 'text'): (value: V | null) => Span {
  return (value) => (value === null ? span('?', 'dim') : span(format(value), token));
}

/** None of something does not catch the eye. */
export function counts(token: Token = 'text'): (value: number | null) => Span {
  const [none, some] = [known(formatCount, 'dim'), known(formatCount, token)];
  return (value) => (value === 0 ? none : some)(value);
}

/** What does not move does not catch the eye. */
export function rateSpan(perSec: number | null): Span {
  return span(formatRate(perSec), perSec ? 'text' : 'dim');
}
