/** Settings of the JDBC source: how rows that are new are told from old ones. Source: io.confluent.connect.jdbc.source.JdbcSourceConnectorConfig. */
import { ConfigError, messageOf } from '../../../../base/errors.ts';
import { compileJavaRegex } from '../../../../base/java-regex/java-pattern.ts';
import type { Validator } from '../../../../spec/config-def.ts';
import { defineSpec, type KeyOptions, key } from '../../../../spec/define.ts';
import { invalidValue, javaTrim } from '../../../../spec/parse.ts';
import { type Recommender, recommending } from '../shared/enumeration.ts';

export const MODES = ['', 'bulk', 'timestamp', 'incrementing', 'timestamp+incrementing'] as const;
export type Mode = (typeof MODES)[number];

export const ISOLATION_MODES = ['DEFAULT', 'READ_UNCOMMITTED', 'READ_COMMITTED', 'REPEATABLE_READ', 'SERIALIZABLE', 'SQL_SERVER_SNAPSHOT'];

export const usesTimestamp = (mode: string): boolean => mode === 'timestamp' || mode === 'timestamp+incrementing';
export const usesIncrementing = (mode: string): boolean => mode === 'incrementing' || mode === 'timestamp+incrementing';

type Place = Pick<KeyOptions, 'group' | 'orderInGroup' | 'width' | 'displayName'>;

function place(orderInGroup: number, width: 'SHORT' | 'MEDIUM' | 'LONG', displayName: string): Place {
  return { group: 'Mode', orderInGroup, width, displayName };
}

/** Of a key that some modes need; without a mode it is an error of the key itself, as the original answers. */
function inModes(isNeeded: (mode: string) => boolean): Recommender {
  return {
    validValues: () => [],
    visible: (config) => {
      const mode = javaTrim(config.mode ?? '');
      if (mode === '') throw new ConfigError('Query mode must be specified');
      if (!MODES.some((one) => one === mode)) throw new ConfigError(`Invalid mode: ${mode}`);
      return isNeeded(mode);
    },
  };
}

/** Items `regex:rest`; `problemOf` says what is wrong with the rest. */
function mapping(form: string, problemOf: (rest: string) => string | null): Validator {
  return (name, value) => {
    for (const item of value as readonly string[]) {
      const [pattern, rest, ...more] = item.split(':').map((part) => part.trim());
      if (pattern === undefined || rest === undefined || more.length > 0)
        throw invalidValue(name, item, `Invalid format. Expected '${form}'`);
      try {
        compileJavaRegex(pattern);
      } catch (error) {
        throw invalidValue(name, pattern, `Invalid regular expression: ${messageOf(error)}`);
      }
      const problem = problemOf(rest);
      if (problem !== null) throw invalidValue(name, rest, problem);
    }
  };
}

function problemOfColumns(list: string): string | null {
  if (!list.startsWith('[') || !list.endsWith(']') || list.length < 2) return 'Columns list must be enclosed in square brackets';
  const names = list.slice(1, -1);
  if (names.trim() === '') return 'Columns list cannot be empty';
  return names.split('|').every((column) => column.trim() !== '') ? null : 'Every column name should be non-empty string';
}

const timestampKey = inModes(usesTimestamp);
const incrementingKey = inModes(usesIncrementing);

const columnKeys = defineSpec({
  mode: key.choice(MODES, {
    default: '',
    importance: 'HIGH',
    doc: 'What a poll reads: bulk the whole table each time; incrementing the rows with a higher id; timestamp those that changed since; timestamp+incrementing both, so that each row has a place of its own.',
    dependents: [
      'incrementing.column.name',
      'timestamp.column.name',
      'incrementing.column.mapping',
      'timestamp.columns.mapping',
      'validate.non.null',
    ],
    ...place(1, 'MEDIUM', 'Table Loading Mode'),
  }),
  'incrementing.column.name': key.string({
    default: '',
    recommender: incrementingKey,
    importance: 'MEDIUM',
    doc: 'Column whose values only grow and are never NULL. Empty: the AUTO_INCREMENT column of each table.',
    ...place(2, 'MEDIUM', 'Incrementing Column Name'),
  }),
  'timestamp.column.name': key.list({
    default: [],
    recommender: timestampKey,
    importance: 'MEDIUM',
    doc: 'Columns that say when a row changed; of several the first that is not NULL counts. One at least must be NOT NULL.',
    ...place(3, 'MEDIUM', 'Timestamp Column Name'),
  }),
  'timestamp.columns.mapping': key.list({
    default: [],
    validator: mapping('regex:[col1|col2|...]', problemOfColumns),
    recommender: timestampKey,
    importance: 'MEDIUM',
    doc: 'Timestamp columns by table, as regex:[column|column]; the expression must fit the whole of database.table, and one alone may fit a table.',
    ...place(4, 'LONG', 'Table to timestamp columns mappings'),
  }),
  'incrementing.column.mapping': key.list({
    default: [],
    validator: mapping('regex:columnName', (column) => (column === '' ? 'Column name cannot be empty' : null)),
    recommender: incrementingKey,
    importance: 'MEDIUM',
    doc: 'Incrementing column by table, as regex:column; the expression must fit the whole of database.table, and one alone may fit a table.',
    ...place(5, 'LONG', 'Table to incrementing column mappings'),
  }),
  'timestamp.initial': key.long({
    default: null,
    recommender: inModes(() => false),
    importance: 'LOW',
    doc: 'Where a table without a stored offset begins: milliseconds since 1970, or -1 for the time of the database now. Unset: at its first row.',
    ...place(6, 'MEDIUM', 'Unix time value of initial timestamp'),
  }),
  'validate.non.null': key.boolean({
    default: true,
    recommender: inModes((mode) => mode !== 'bulk'),
    importance: 'LOW',
    doc: 'Whether a task refuses to start on a tracked column that may be NULL. Rows with NULL there are never read.',
    ...place(7, 'SHORT', 'Validate Non Null'),
  }),
});

const queryKeys = defineSpec({
  query: key.string({
    default: '',
    importance: 'MEDIUM',
    doc: 'A SELECT to copy from in place of tables, into the topic named topic.prefix. All modes but bulk add WHERE and ORDER BY to it, so it can have none of its own; put such a one into a sub-select.',
    ...place(8, 'SHORT', 'Query'),
  }),
  'query.masked': key.password({
    default: '',
    recommender: { validValues: () => [], visible: () => false },
    importance: 'MEDIUM',
    doc: 'The same as query, not shown in answers and logs. Not together with it.',
    ...place(9, 'SHORT', 'Query (Masked)'),
  }),
  'quote.sql.identifiers': key.string({
    default: 'ALWAYS',
    recommender: recommending('always', 'never'),
    importance: 'MEDIUM',
    doc: 'Whether names of tables and columns are quoted in statements: always or never.',
    ...place(10, 'MEDIUM', 'Quote Identifiers'),
  }),
  'query.suffix': key.string({
    default: '',
    importance: 'LOW',
    doc: 'Text at the end of each statement, such as LIMIT 1000.',
    ...place(11, 'MEDIUM', 'Query suffix'),
  }),
  'transaction.isolation.mode': key.string({
    default: 'DEFAULT',
    recommender: recommending(...ISOLATION_MODES.map((mode) => mode.toLowerCase())),
    importance: 'LOW',
    doc: `Isolation of the transactions that read: ${ISOLATION_MODES.slice(0, -1).join(', ')}. DEFAULT leaves it to the database.`,
    ...place(12, 'MEDIUM', 'Transaction Isolation Mode'),
  }),
  'query.retry.attempts': key.int({
    default: -1,
    importance: 'LOW',
    doc: 'How often a statement is tried again after an error that may pass, before the task fails. 0 and less: for ever.',
    ...place(13, 'MEDIUM', 'Query Retry Attempts'),
  }),
});

export { columnKeys, queryKeys };
