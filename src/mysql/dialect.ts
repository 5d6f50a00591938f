/** Names of tables and columns in SQL, and the time zone of a session. */
import { ConfigError } from '../base/errors.ts';

/** `quote.sql.identifiers`. */
export type Quoting = 'ALWAYS' | 'NEVER';

/** `name` in back-ticks; one inside of it is doubled. */
export function quoteName(name: string, quoting: Quoting = 'ALWAYS'): string {
  return quoting === 'ALWAYS' ? `\`${name.replaceAll('`', '``')}\`` : name;
}

/** A table with the database that it is in; `null`: the database of the session. */
export interface TableName {
  readonly database: string | null;
  readonly table: string;
}

/** `` `kafkadb`.`customers` `` */
export function quoteTable(name: TableName, quoting: Quoting = 'ALWAYS'): string {
  const table = quoteName(name.table, quoting);
  return name.database === null ? table : `${quoteName(name.database, quoting)}.${table}`;
}

/** `kafkadb.customers`: how the original writes tables into partitions of offsets and compares them with lists. */
export function plainTable(name: TableName): string {
  return name.database === null ? name.table : `${name.database}.${name.table}`;
}

/**
 * The parts of a name, from the left: `` `kafkadb`.`a.b` `` → `kafkadb`, `a.b`. Parts are in back-ticks (or double quotes) or bare; a doubled
 * quote stands for itself. Throws ConfigError when the text is no name.
 */
export function parseNameParts(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  do {
    const [part, end] = readPart(text, at);
    if (part === '') throw new ConfigError(`"${text}" is no name of a table: part ${parts.length + 1} is empty.`);
    parts.push(part);
    at = end + 1;
    if (end < text.length && text[end] !== '.')
      throw new ConfigError(`"${text}" is no name of a table: a "." is missing at character ${end + 1}.`);
  } while (at <= text.length);
  return parts;
}

function readPart(text: string, start: number): [part: string, end: number] {
  const quote = text[start];
  if (quote !== '`' && quote !== '"') {
    const dot = text.indexOf('.', start);
    const end = dot < 0 ? text.length : dot;
    return [text.slice(start, end), end];
  }
  let part = '';
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== quote) part += text[at];
    else if (text[at + 1] === quote) part += text[++at];
    else return [part, at + 1];
  }
  throw new ConfigError(`"${text}" is no name of a table: the quote ${quote} at character ${start + 1} is not closed.`);
}

/** `table` or `database.table`, quoted or not. Throws ConfigError for anything else. */
export function parseTableName(text: string): TableName {
  const parts = parseNameParts(text.trim());
  if (parts.length === 1) return { database: null, table: parts[0]! };
  if (parts.length === 2) return { database: parts[0]!, table: parts[1]! };
  throw new ConfigError(`"${text}" has ${parts.length} parts; a table of MySQL has two at most: database.table.`);
}

/** Names in a list, divided by commas outside of quotes: the task's `tables`. Empty text gives none. */
export function parseTableList(text: string): TableName[] {
  if (text.trim() === '') return [];
  return (text.match(/(?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|[^,`"])+/g) ?? []).map(parseTableName);
}
