/** What tasks of JDBC connectors tell about each of their tables, out of a worker's samples. */
import type { MetricSample } from '../herder/model.ts';

export interface TableRow {
  readonly connector: string;
  readonly task: number;
  /** As the task names it: quoted, or `query`. */
  readonly table: string;
  readonly isSink: boolean;
  /** Rows read (written by a sink) since the task has started. */
  readonly rows: number | null;
  readonly deleted: number | null;
  /** Of the last reading, or of the last batch written. */
  readonly lastRows: number | null;
  readonly lastMs: number | null;
  /** Since it began. */
  readonly ageMs: number | null;
  /** How old what the topic shows of the table is; null: nothing is read yet. */
  readonly lagMs: number | null;
  readonly isReading: boolean;
  /** As it is stored. */
  readonly offset: string | null;
  readonly sql: string | null;
  /** In the order of the `?`. */
  readonly parameters: readonly string[];
  readonly errors: number | null;
  /** In a row, since the last reading that came to its end. */
  readonly retries: number;
  readonly lastError: string | null;
  /** Wall time. */
  readonly lastErrorMs: number | null;
  /** Wall time; of a sink. */
  readonly lastWriteMs: number | null;
  readonly warnings: readonly string[];
}

const SOURCE = 'jdbc-source-table-metrics';
const SINK = 'jdbc-sink-table-metrics';

type Told = Map<string, number | string>;

/** Takes in samples one by one; those that are not about tables are passed over. */
export class TableSamples {
  readonly #tables = new Map<string, { readonly tags: MetricSample['tags']; readonly isSink: boolean; readonly told: Told }>();

  take({ group, tags, name, value }: MetricSample): void {
    const { connector, task, table } = tags;
    if ((group !== SOURCE && group !== SINK) || connector === undefined || task === undefined || table === undefined) return;
    const id = `${group} ${task} ${connector}\n${table}`;
    const one = this.#tables.get(id) ?? { tags, isSink: group === SINK, told: new Map() };
    this.#tables.set(id, one);
    one.told.set(name, value);
  }

  /** By connector; each in the order of tasks and names. */
  rows(): ReadonlyMap<string, readonly TableRow[]> {
    const rows = [...this.#tables.values()].map(({ tags, isSink, told }) => toRow(tags, isSink, told));
    rows.sort((a, b) => a.task - b.task || (a.table < b.table ? -1 : 1));
    return Map.groupBy(rows, ({ connector }) => connector);
  }
}

function toRow({ connector = '', task = '', table = '' }: MetricSample['tags'], isSink: boolean, told: Told): TableRow {
  const number = (name: string) => {
    const value = told.get(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  const word = (name: string) => {
    const value = told.get(name);
    return value === undefined || value === '' ? null : String(value);
  };
  return {
    connector,
    task: Number(task),
    table,
    isSink,
    rows: number(isSink ? 'records-written-total' : 'rows-total'),
    deleted: number('records-deleted-total'),
    lastRows: number(isSink ? 'last-write-rows' : 'last-reading-rows'),
    lastMs: number(isSink ? 'last-write-took-ms' : 'last-reading-ms'),
    ageMs: number('last-reading-age-ms'),
    lagMs: number('lag-ms'),
    isReading: number('reading') === 1,
    offset: word('offset'),
    sql: word(isSink ? 'last-statement' : 'sql'),
    parameters: words(word('parameters')),
    errors: number('errors-total'),
    retries: number('retries') ?? 0,
    lastError: word('last-error'),
    lastErrorMs: number('last-error-timestamp'),
    lastWriteMs: number('last-write-ms'),
    warnings: words(word('warnings')),
  };
}

/** A list of texts as JSON; what is none is told as it is. */
function words(text: string | null): string[] {
  if (text === null) return [];
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // Another release may write it in another way.
  }
  return [text];
}
