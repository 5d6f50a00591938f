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
  /** Order without a chosen column. */
  readonly compare: ((a: T, b: T) => number) | null;
  readonly filter: string;
  readonly sort: Sort | null;
  /** Ids in the order they stand on the screen: kept, new ones at the end. `null`: sort anew. */
  readonly keptOrder: readonly string[] | null;
}

export interface SelectedRows<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly filterProblem: string | null;
}

export function selectRows<T>(request: SelectionRequest<T>): SelectedRows<T> {
  const { rows, columns, id } = request;
  const filter = parseFilter(
    request.filter,
    columns.map((column) => column.id),
  );
  const textOf = (row: T, column: SortColumn<T>): string => String(column.value(row) ?? '');
  const found = filter.isEmpty
    ? [...rows]
    : rows.filter((row) =>
        filter.test(columns.map((column) => textOf(row, column)).join('  '), (name) => {
          const column = columns.find((one) => one.id === name);
          return column ? textOf(row, column) : null;
        }),
      );
  return { rows: inOrder(found, request, id), total: rows.length, filterProblem: filter.problem };
}

function inOrder<T>(found: T[], { columns, compare, sort, keptOrder }: SelectionRequest<T>, id: (row: T) => string): T[] {
  if (keptOrder) {
    const place = new Map(keptOrder.map((one, i) => [one, i]));
    const end = keptOrder.length;
    return found
      .map((row, i) => ({ row, at: place.get(id(row)) ?? end + i }))
      .sort((a, b) => a.at - b.at)
      .map(({ row }) => row);
  }
  const column = sort && columns.find((one) => one.id === sort.column);
  if (column && sort) return found.sort((a, b) => compareValues(column.value(a), column.value(b), sort.isDescending));
  return compare ? found.sort(compare) : found;
}

/** Unknown values come last in either direction. */
export function compareValues(a: string | number | bigint | null, b: string | number | bigint | null, isDescending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === 'string' || typeof b === 'string' ? compareText(String(a), String(b)) : a < b ? -1 : a > b ? 1 : 0;
  return isDescending ? -order : order;
}

/** By code points, with numbers inside names counted: `p2` before `p10`. */
export function compareText(a: string, b: string): number {
  const [partsA, partsB] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []];
  for (let i = 0; i < Math.min(partsA.length, partsB.length); i++) {
    const [x, y] = [partsA[i]!, partsB[i]!];
    if (x === y) continue;
    const [numberX, numberY] = [Number(x), Number(y)];
    if (!Number.isNaN(numberX) && !Number.isNaN(numberY) && numberX !== numberY) return numberX - numberY;
    return x < y ? -1 : 1;
  }
  return partsA.length - partsB.length;
}
