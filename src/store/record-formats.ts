/** Records as files for programs: the columns of a row that everybody wants as CSV, all of a record as JSON and NDJSON. */
import { isUtf8 } from 'node:buffer';
import { escapeUnsafe } from '../base/safe-json.ts';
import type { TailRecord } from '../cluster/record-ring.ts';
import type { RecordHeader } from '../kafka/contract.ts';
import { recordFacts } from './record-json.ts';
import { csvCell, type RowFormat } from './row-formats.ts';

/** What is told of a record beside itself, and which of its headers are its own. */
export interface RecordExtras {
  /** Names of `facts`, in their order. */
  readonly columns: readonly string[];
  facts(record: TailRecord): Readonly<Record<string, string | null>>;
  headers(record: TailRecord): readonly RecordHeader[];
}

export const PLAIN_RECORDS: RecordExtras = { columns: [], facts: () => ({}), headers: ({ headers }) => headers ?? [] };

/** In their order. Ends in a line feed, except NDJSON of none. */
export function formatRecords(format: RowFormat, records: readonly TailRecord[], extras: RecordExtras): string {
  const jsonOf = (record: TailRecord) => escapeUnsafe(JSON.stringify(allFacts(record, extras)));
  switch (format) {
    case 'csv':
      return [
        ['topic', 'partition', 'offset', 'timestamp', ...extras.columns, 'key', 'value'],
        ...records.map((record) => csvCells(record, extras)),
      ]
        .map((cells) => `${cells.map(csvCell).join(',')}\n`)
        .join('');
    case 'json':
      return records.length === 0 ? '[]\n' : `[\n${records.map((record) => `  ${jsonOf(record)}`).join(',\n')}\n]\n`;
    case 'ndjson':
      return records.map((record) => `${jsonOf(record)}\n`).join('');
  }
}

function allFacts(record: TailRecord, { facts, headers }: RecordExtras): object {
  const { problem } = record;
  return { ...recordFacts({ ...record, headers: headers(record) }), ...facts(record), ...(problem === null ? {} : { problem }) };
}

function csvCells(record: TailRecord, { columns, facts }: RecordExtras): Array<string | number | bigint | null> {
  const { topic, partition, offset, timestampMs, key, value } = record;
  const more = facts(record);
  const time = timestampMs < 0 ? null : new Date(timestampMs).toISOString();
  return [topic, partition, offset, time, ...columns.map((name) => more[name] ?? null), bytesCell(key), bytesCell(value)];
}

/** Base64 of what is no text, and says so. */
function bytesCell(bytes: Buffer | null): string | null {
  if (bytes === null) return null;
  return isUtf8(bytes) ? bytes.toString('utf8') : `base64:${bytes.toString('base64')}`;
}
