/** Tables of one JDBC connector, and below them what was asked of the database last for the one under the cursor. */
import { compactAge, formatAge, formatTimestamp } from '../../src/base/format.ts';
import { sanitize } from '../../src/base/sanitize.ts';
import { wrapWords } from '../../src/base/wrap-words.ts';
import type { TableRow } from '../../src/store/connector-tables.ts';
import { counted } from '../parts/counted.ts';
import { type Line, span } from '../parts/line.ts';
import { connectEmpty } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { connectorOf } from '../tasks/index.ts';
import { tableTable } from './rows.ts';

const HEIGHT = 9;
/** Of a small screen without many tables: the longest statement of a mode, and what is worth knowing, whole. */
const MOST = 16;
/** Rows that each text may take: whole where there is room, else cut. */
const WHOLE = { sql: 8, values: 2, words: 4 } as const;
const CUT = { sql: 3, values: 1, words: 2 } as const;
type Most = { readonly [K in keyof typeof WHOLE]: number };

/** Texts of others, in lines of this width. */
function wrapped(label: string, text: string, width: number, most: number, token: 'text' | 'warn' | 'fail' = 'text'): Line[] {
  const indent = label.length + 3;
  return wrapWords(sanitize(text), Math.max(20, width - indent - 1), most).map((line, i) => [
    span(`  ${i === 0 ? label : ' '.repeat(label.length)} `, 'dim'),
    span(line, token),
  ]);
}

function statementLines({ sql, parameters, isSink }: TableRow, width: number, most: Most): Line[] {
  if (sql === null) return [[span(isSink ? '  nothing was written yet' : '  nothing was asked yet', 'dim')]];
  const values = parameters.length === 0 ? [] : wrapped('? =   ', parameters.join('  '), width, most.values);
  return [...wrapped('SQL   ', sql, width, most.sql), ...values];
}

function placeLines({ offset, lagMs, isSink }: TableRow, width: number, most: Most): Line[] {
  if (isSink) return [];
  const lag = lagMs === null ? 'not read to its end yet' : `${compactAge(lagMs)} behind now`;
  return wrapped('offset', `${offset === null || offset === '{}' ? 'none' : offset}  ${lag}`, width, most.values);
}

function troubleLines({ retries, errors, lastError, lastErrorMs, warnings }: TableRow, nowMs: number, width: number, most: Most): Line[] {
  const when = lastErrorMs === null ? '' : ` ${formatTimestamp(lastErrorMs)}, ${formatAge(nowMs - lastErrorMs)} ago:`;
  const failed =
    lastError === null
      ? []
      : wrapped(
          retries > 0 ? `failing, attempt ${retries}:` : `${errors ?? ''} errors, last${when}`,
          lastError,
          width,
          most.words,
          retries > 0 ? 'fail' : 'text',
        );
  return [...failed, ...warnings.flatMap((warning) => wrapped('!     ', warning, width, most.words, 'warn'))];
}

function detailLines(row: TableRow, nowMs: number, width: number, most: Most): Line[] {
  return [...statementLines(row, width, most), ...placeLines(row, width, most), ...troubleLines(row, nowMs, width, most)];
}

export const tablesPane: TablePane = {
  id: 'tables',
  kind: 'table',
  source: 'connect',
  table: tableTable,
  title: (view) => `tables of ${view.target.connector ?? '?'}`,
  info: counted,
  empty: (data, view) => {
    const row = connectorOf(data, view);
    if (!row) return connectEmpty(data, `There is no connector ${view.target.connector} any more.`);
    if (data.connect?.hasMetrics === false)
      return connectEmpty(data, 'This worker does not tell of tables: a JVM worker has no figures over its API.');
    return connectEmpty(
      data,
      row.tasks.length === 0 ? 'It has no tasks, and so reads no tables.' : 'Its tasks have not told of a table yet.',
    );
  },
  detail: {
    height: HEIGHT,
    most: MOST,
    lines: ({ data, view }, id, { nowMs }, width, rows) => {
      const row = connectorOf(data, view)?.tables.find((one) => `${one.task} ${one.table}` === id);
      if (!row) return [];
      const whole = detailLines(row, nowMs, width, WHOLE);
      return whole.length <= rows ? whole : detailLines(row, nowMs, width, CUT);
    },
  },
};
