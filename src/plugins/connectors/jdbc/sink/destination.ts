/** Which table a topic's records go to. Source: JdbcDbWriter.destinationTable, IdentifierRules.parseQualifiedIdentifier. */
import { ConnectError } from '../../../../base/errors.ts';
import type { TableName } from '../../../../mysql/dialect.ts';

const QUOTE = '`';

// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is written so
export const TOPIC_PLACEHOLDER = '${topic}';

/** How tables are named. */
export interface TableNaming {
  /** `table.name.format` */
  readonly format: string;
  readonly isNormalized: boolean;
  /** When there are any, the only topics that have a table. */
  readonly byTopic: ReadonlyMap<string, string>;
}

/**
 * The table for `topic`. One part is a table of `database`, two are a database and its table. Throws ConnectError when the name has more parts or
 * cannot be read: the original then gives the server a statement that it refuses.
 */
export function destinationTable(naming: TableNaming, topic: string, database: string | null): TableName {
  const name = nameFor(naming, topic);
  const parts = partsOf(name, topic);
  if (parts.some((part) => part === '')) throw unusable(name, topic, 'a part of it is empty');
  const [first = '', second] = parts;
  if (parts.length > 2) {
    throw unusable(
      name,
      topic,
      'a table is reached by database.table, no more. Put a name with points of its own into back-ticks, or rename the topic (RegexRouter)',
    );
  }
  if (second !== undefined) return { database: first, table: second };
  if (database === null)
    throw unusable(name, topic, 'connection.url names no database. Name one there, or write table.name.format as database.table');
  return { database, table: first };
}

/** As Java's log and messages show it. */
export function tableText({ database, table }: TableName): string {
  return database === null ? `"${table}"` : `"${database}"."${table}"`;
}

function nameFor({ format, isNormalized, byTopic }: TableNaming, topic: string): string {
  const name = byTopic.size > 0 ? byTopic.get(topic) : format.replaceAll(TOPIC_PLACEHOLDER, () => topic);
  if (name === undefined)
    throw new ConnectError(`Topic '${topic}' has no table in topics.to.tables.mapping: add it there as ${topic}:table.`);
  return isNormalized && byTopic.size === 0 ? name.replace(/[^a-zA-Z0-9_]/g, '_') : name;
}

function partsOf(name: string, topic: string): string[] {
  const parts: string[] = [];
  let rest = name;
  do {
    const isQuoted = rest.startsWith(QUOTE);
    const end = isQuoted ? rest.indexOf(QUOTE, 1) : rest.indexOf('.');
    if (isQuoted && end < 0) throw unusable(name, topic, 'its last back-tick is missing');
    parts.push(isQuoted ? rest.slice(1, end) : end < 0 ? rest : rest.slice(0, end));
    rest = end < 0 ? '' : rest.slice(end + (isQuoted ? 1 : 0));
    if (rest === '.') throw unusable(name, topic, 'it ends with a point');
    if (rest.startsWith('.')) rest = rest.slice(1);
  } while (rest !== '');
  return parts;
}

function unusable(name: string, topic: string, reason: string): ConnectError {
  return new ConnectError(`Table name '${name}' for topic '${topic}' cannot be used: ${reason}.`);
}
