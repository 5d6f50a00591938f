/** Which rows of a table are shown, in which order: filter, sort, and an order that holds still under the finger. */
import { parseFilter } from './filter.ts';
import type { Sort } from './view.ts';

export interface SortColumn<T> {
  readonly id: string;
  /** What sorting and filtering see; `null` sorts last. */
  value(row: T): string | number | bigint | null;
}

export interface SelectionRequest<T> {
  readonly rows: readonly T[];
  readonly id: (row: T) => string;
  readonly columns: readonly SortColumn<T>[];
  /** `rowText`, by default; who asks often keeps what it gave. */
  readonly textOf?: (row: T) => string;
  /** Order without a chosen column. */
  readonly compare: ((a: T, b: T) => number) | null;
  readonly filter: string;
  readonly sort: Sort | null;
  /** Ids in the order they stand on the screen: kept, new ones at the end. `null`: sort anew. */
  readonly keptOrder: readonly string[] | null;
  /** They come in their order already: only the filter chooses. */
  readonly isSorted?: boolean;
}

export interface SelectedRows<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly filterProblem: string | null;
}

export function selectRows<T>(request: SelectionRequest<T>): SelectedRows<T> {
  const { rows, columns, id, textOf = (row) => rowText(columns, row) } = request;
  const filter = parseFilter(
    request.filter,
    columns.map((column) => column.id),
  );
  const found = filter.isEmpty
    ? [...rows]
    : rows.filter((row) =>
        filter.test(textOf(row), (name) => {
          const column = columns.find((one) => one.id === name);
          return column ? String(column.value(row) ?? '') : null;
        }),
      );
  return { rows: request.isSorted ? found : inOrder(found, request, id), total: rows.length, filterProblem: filter.problem };
}

/** All columns of a row, as a filter sees them. */
export function rowText<T>(columns: readonly SortColumn<T>[], row: T): string {
  return columns.map((column) => String(column.value(row) ?? '')).join('  ');
}

function inOrder<T>(found: T[], { columns, compare, sort, keptOrder }: SelectionRequest<T>, id: (row: T) => string): T[] {
  if (keptOrder) return isInPlace(found, keptOrder, id) ? found : inPlaces(found, keptOrder, id);
  const column = sort && columns.find((one) => one.id === sort.column);
  if (!column || !sort) return compare ? found.sort((a, b) => compare(a, b) || compareText(id(a), id(b))) : found;
  // Values are asked once a row, not once a comparison.
  return found
    .map((row) => ({ row, value: column.value(row) }))
    .sort(
      (a, b) => compareValues(a.value, b.value, sort.isDescending) || (compare?.(a.row, b.row) ?? 0) || compareText(id(a.row), id(b.row)),
    )
    .map(({ row }) => row);
}

function isInPlace<T>(found: readonly T[], order: readonly string[], id: (row: T) => string): boolean {
  return found.length === order.length && found.every((row, i) => id(row) === order[i]);
}

/** New ones at the end. */
function inPlaces<T>(found: readonly T[], order: readonly string[], id: (row: T) => string): T[] {
  const place = new Map<string, number>();
  for (const [i, one] of order.entries()) place.set(one, i);
  return found
    .map((row, i) => ({ row, at: place.get(id(row)) ?? order.length + i }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

type Value = string | number | bigint | null;

/** Unknown values, and texts that say nothing, come last in either direction. */
export function compareValues(a: Value, b: Value, isDescending: boolean): number {
  const [isUnknownA, isUnknownB] = [isUnknown(a), isUnknown(b)];
  if (isUnknownA || isUnknownB) return Number(isUnknownA) - Number(isUnknownB);
  const order = typeof a === 'string' || typeof b === 'string' ? compareText(String(a), String(b)) : a! < b! ? -1 : a! > b! ? 1 : 0;
  return isDescending ? -order : order;
}

function isUnknown(value: Value): boolean {
  return value === null || value === '' || (typeof value === 'number' && Number.isNaN(value));
}

/** By code units, with numbers inside names counted: `p2` before `p10`. A total order: 0 only for equal texts. Makes nothing but for numbers. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  const [isA, isB] = [isDigit(a, at), isDigit(b, at)];
  let from = at;
  while (from > 0 && isDigit(a, from - 1)) from--;
  if (from < at ? isA || isB : isA && isB) {
    const [x, y] = [digitsFrom(a, from), digitsFrom(b, from)];
    return compareDigits(x, y) || (x < y ? -1 : 1);
  }
  // A name that goes on with a number comes before one that goes on otherwise.
  if (isA !== isB && at > 0) return isA ? -1 : 1;
  return a.charCodeAt(at) < b.charCodeAt(at) ? -1 : 1;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function digitsFrom(text: string, from: number): string {
  let end = from;
  while (isDigit(text, end)) end++;
  return text.slice(from, end);
}

/** As numbers of any length. */
function compareDigits(x: string, y: string): number {
  const [a, b] = [x.replace(/^0+/, ''), y.replace(/^0+/, '')];
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
