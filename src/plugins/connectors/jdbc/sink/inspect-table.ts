/** What writing a topic into its table would be like: is it there, does it fit, what would be made, what is worth knowing before. */
import type { DatabaseConnection } from '../../../../mysql/connection.ts';
import { quoteName, quoteTable, type TableName } from '../../../../mysql/dialect.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import { KAFKA_KEY_NAMES } from './fields-metadata.ts';
import type { SinkConf } from './sink-conf.ts';
import { type Column, readTableForm, tableWarnings } from './table-warnings.ts';

/** Longest name of a topic. */
const TOPIC_CHARACTERS = 249;

/** Rejects with SqlError. */
export async function inspectTable(
  connection: DatabaseConnection,
  conf: SinkConf,
  topic: string,
  table: TableName,
): Promise<InspectedPart> {
  const part = {
    title: quoteTable(table),
    facts: [['topic', topic]] as [string, string][],
    errors: [] as string[],
    warnings: [] as string[],
  };
  if (topic.includes('.') && conf.naming.byTopic.size === 0 && !conf.naming.isNormalized) {
    part.warnings.push(
      `The point in "${topic}" parts database and table: the table is ${table.table} in ${table.database}. RegexRouter gives it another name.`,
    );
  }
  const kind = await kindOf(connection, table);
  if (kind === null) return { ...part, ...missingTable(conf, table, part) };
  const form = await readTableForm(connection, table);
  const { columns, indexes } = form;
  part.facts.push(['table', kind], ['columns', columns.map(({ name, type }) => `${name} ${type}`).join(', ')]);
  part.facts.push(['unique keys', indexes.flatMap(({ isUnique, columns: of }) => (isUnique ? [of.join(' + ')] : [])).join(', ') || 'none']);
  const keys = knownKeys(conf);
  part.errors.push(...keyErrors(keys, columns));
  part.warnings.push(...tableWarnings(conf, keys, null, form));
  return part;
}

/** What the key columns are called, where that does not depend on the records; empty where it does. */
function knownKeys({ pkMode, pkFields }: SinkConf): readonly string[] {
  if (pkMode === 'none') return [];
  return pkMode === 'kafka' && pkFields.length === 0 ? KAFKA_KEY_NAMES : pkFields;
}

function missingTable(conf: SinkConf, table: TableName, part: InspectedPart): Pick<InspectedPart, 'facts' | 'errors'> {
  if (!conf.keys['auto.create']) {
    return { facts: part.facts, errors: ['The table is not there, and auto.create=false: create it, or set auto.create=true.'] };
  }
  const keys = knownKeys(conf);
  const lines = [
    'a column for each field: its type of SQL, NULL or NOT NULL',
    ...(keys.length > 0 ? [`PRIMARY KEY(${keys.map((key) => quoteName(key)).join(',')})`] : []),
  ];
  const ddl = `CREATE TABLE ${quoteTable(table)} (\n${lines.join(',\n')})`;
  const facts = [...part.facts, ['table', 'is not there; the first record makes it'] as const, ['DDL', ddl] as const];
  if (conf.pkMode !== 'kafka') return { facts, errors: [] };
  const [topicColumn = '', partition = '', offset = ''] = keys.map((key) => quoteName(key));
  const own = `${topicColumn} VARCHAR(${TOPIC_CHARACTERS}) NOT NULL, ${partition} INT NOT NULL, ${offset} BIGINT NOT NULL`;
  const error = `The server takes no TEXT as a key, and that is what ${topicColumn} becomes. Create the table before, with ${own}, and these as its primary key.`;
  return { facts, errors: [error] };
}

function keyErrors(keys: readonly string[], columns: readonly Column[]): string[] {
  const there = new Set(columns.map(({ name }) => name.toLowerCase()));
  const missing = keys.filter((key) => !there.has(key.toLowerCase()));
  if (missing.length === 0) return [];
  return [`The table lacks the key columns ${missing.join(', ')} (pk.mode, pk.fields), which auto.evolve never adds.`];
}

async function kindOf(connection: DatabaseConnection, { database, table }: TableName): Promise<string | null> {
  const { rows } = await connection.query(
    'SELECT TABLE_TYPE, ENGINE, TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [database, table],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return row[1] === null ? String(row[0]) : `${row[0]}, ${row[1]}, about ${row[2]} rows`;
}
