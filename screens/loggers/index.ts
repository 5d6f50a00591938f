/** Loggers of a worker with their levels, and which of them go back by themselves. */
import { formatAge, formatTimestamp } from '../../src/base/format.ts';
import { Memo } from '../../src/base/memo.ts';
import type { Token } from '../../src/skin/skin.ts';
import { hostOf } from '../../src/store/addresses.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { compareText } from '../../src/store/row-selection.ts';
import { counted } from '../parts/counted.ts';
import { span } from '../parts/line.ts';
import { connectEmpty, notice } from '../parts/no-rows.ts';
import type { TablePane } from '../parts/pane.ts';
import { type Column, defineTable } from '../parts/table.ts';

interface LoggerRow {
  readonly logger: string;
  readonly level: string;
  /** Wall time; `null`: not since the worker has started. */
  readonly modifiedMs: number | null;
  /** Wall time, and the level that it goes back to. */
  readonly revert: { readonly atMs: number; readonly level: string } | null;
}

const TOKEN: Readonly<Record<string, Token>> = { TRACE: 'warn', DEBUG: 'warn', OFF: 'fail', FATAL: 'dim', ERROR: 'dim' };

const columns: readonly Column<LoggerRow>[] = [
  {
    id: 'logger',
    title: 'LOGGER',
    width: 30,
    grow: 1,
    priority: 0,
    sortKey: 'L',
    value: (row) => row.logger,
    draw: (row, _, width) => span(shortLogger(row.logger, width)),
  },
  {
    id: 'level',
    title: 'LEVEL',
    width: 6,
    priority: 0,
    sortKey: 'V',
    value: (row) => row.level,
    draw: (row) => span(row.level, TOKEN[row.level] ?? 'text'),
  },
  {
    id: 'reverts',
    title: 'REVERTS',
    width: 16,
    priority: 1,
    sortKey: 'R',
    value: (row) => row.revert?.atMs ?? null,
    draw: ({ revert }, { nowMs }) =>
      span(revert === null ? '' : `${revert.level} in ${formatAge(Math.max(0, revert.atMs - nowMs))}`, 'accent'),
  },
  {
    id: 'modified',
    title: 'LAST MODIFIED',
    width: 13,
    fit: 23,
    priority: 2,
    sortKey: 'M',
    isDescendingFirst: true,
    value: (row) => row.modifiedMs,
    draw: (row) => span(row.modifiedMs === null ? '–' : formatTimestamp(row.modifiedMs), 'dim'),
  },
];

/** `o.a.k.connect.runtime.Worker`: what tells loggers apart stands at their end; no more is shortened than must be. */
export function shortLogger(name: string, width: number): string {
  const parts = name.split('.');
  for (let i = 0; i < parts.length - 1 && parts.join('.').length > width; i++) parts[i] = parts[i]!.slice(0, 1);
  return parts.join('.');
}

function toRows({ loggers, levelReverts }: Pick<ConsoleData, 'loggers' | 'levelReverts'>): LoggerRow[] {
  const here = levelReverts.filter(({ before }) => before.scope === 'cluster' || before.worker === loggers.worker);
  const reverts = new Map(here.map(({ before, atMs }) => [before.logger, { atMs, level: before.levels[0]![1] }]));
  return Object.entries(loggers.loggers ?? {}).map(([logger, { level, last_modified }]) => ({
    logger,
    level,
    modifiedMs: last_modified,
    revert: reverts.get(logger) ?? null,
  }));
}

/** Those that were changed on top, then root, then by name. */
function compare(a: LoggerRow, b: LoggerRow): number {
  return (
    Number(b.revert !== null) - Number(a.revert !== null) ||
    Number(b.logger === 'root') - Number(a.logger === 'root') ||
    compareText(a.logger, b.logger)
  );
}

const made = new Memo<readonly LoggerRow[]>();

export const loggersPane: TablePane = {
  id: 'loggers',
  kind: 'table',
  source: 'connect',
  table: defineTable<LoggerRow>({
    pane: 'loggers',
    columns,
    rows: (data) => made.get([data.loggers, data.levelReverts], () => toRows(data)),
    id: (row) => row.logger,
    target: (row) => ({ logger: row.logger }),
    raw: (row) => row,
    isFault: (row) => row.revert !== null,
    compare,
  }),
  title: () => 'log levels',
  info: (snapshot) => {
    const { worker, error } = snapshot.data.loggers;
    const whose = worker === null ? [] : [span(`of ${hostOf(worker)} · `, 'accent')];
    const old = error === null ? [] : [span('no answer: these are old · ', 'fail')];
    return [...whose, ...old, ...counted(snapshot)];
  },
  empty: (data) =>
    data.loggers.error === null
      ? connectEmpty(data, 'asking for the loggers …')
      : notice(`The worker does not tell its loggers: ${data.loggers.error}`, 'fail'),
};
