/**
 * Settings of the JDBC sink: those of kafka-connect-jdbc 10.3 and of every later release, in the later order, with the original's defaults.
 * Source: io.confluent.connect.jdbc.sink.JdbcSinkConfig.
 */
import type { Validator } from '../../../../spec/config-def.ts';
import { type ConfOf, defineSpec, extendSpec, type KeyOptions, key } from '../../../../spec/define.ts';
import { invalidValue } from '../../../../spec/parse.ts';
import { atLeast, nonEmptyString, oneOf, oneOfIgnoreCase } from '../../../../spec/validators.ts';
import { enumerator, type Recommender, recommending } from '../shared/enumeration.ts';
import { timeZone } from '../shared/time-zone.ts';
import { TOPIC_PLACEHOLDER } from './destination.ts';
import { connectionSpec } from './spec-connection.ts';

export const INSERT_MODES = ['insert', 'upsert', 'update'] as const;
export const PK_MODES = ['none', 'kafka', 'record_key', 'record_value'] as const;
export const TABLE_TYPES = ['TABLE', 'PARTITIONED TABLE', 'VIEW'] as const;

const isRecordKey = (config: Readonly<Record<string, string | null>>) => config['pk.mode']?.trim().toLowerCase() === 'record_key';

const deletes: Recommender = {
  validValues: (config) => (isRecordKey(config) ? ['true', 'false'] : ['false']),
  visible: isRecordKey,
};

const keyModes: Recommender = {
  validValues: (config) => (config['delete.enabled']?.trim().toLowerCase() === 'true' ? ['record_key'] : PK_MODES),
  visible: () => true,
};

const ownInsertMode = enumerator(...INSERT_MODES);
/** `multi`, statements of many rows, is how Aiven's fork has what insert is here anyway. */
const insertMode: Validator = (name, value) => {
  if (value !== 'multi' && value !== 'MULTI') ownInsertMode(name, value);
};

const tableType = enumerator(...TABLE_TYPES);

const tableTypes: Validator = (name, value) => {
  const types = value as readonly string[];
  if (types.length === 0) throw invalidValue(name, value, `At least one is needed of: ${TABLE_TYPES.join(', ')}`);
  for (const type of types) tableType(name, type);
};

function writes(orderInGroup: number, width: 'SHORT' | 'MEDIUM', displayName: string): Omit<KeyOptions, 'importance' | 'doc'> {
  return { group: 'Writes', orderInGroup, width, displayName };
}

function mapping(orderInGroup: number, width: 'MEDIUM' | 'LONG', displayName: string): Omit<KeyOptions, 'importance' | 'doc'> {
  return { group: 'Data Mapping', orderInGroup, width, displayName };
}

const writesSpec = defineSpec({
  'insert.mode': key.string({
    default: 'insert',
    validator: insertMode,
    importance: 'HIGH',
    doc: 'What a record does to its table. insert: a new row, an error when its key is there. upsert: a new row, or new values for the one that has the key. update: new values for the row that has the key, nothing when there is none.',
    ...writes(1, 'MEDIUM', 'Insert Mode'),
  }),
  'batch.size': key.int({
    default: 3000,
    validator: atLeast(0),
    importance: 'MEDIUM',
    doc: 'Most records that are written to a table at once. They go as statements of many rows, as large as the server takes.',
    ...writes(2, 'SHORT', 'Batch Size'),
  }),
  'delete.enabled': key.boolean({
    default: false,
    recommender: deletes,
    importance: 'MEDIUM',
    doc: 'A record without a value (tombstone) deletes the row that has its key. Needs pk.mode=record_key.',
    ...writes(3, 'SHORT', 'Enable deletes'),
  }),
  'table.types': key.list({
    default: ['TABLE'],
    validator: tableTypes,
    importance: 'LOW',
    doc: 'Kinds of tables that are written to: TABLE, VIEW, PARTITIONED TABLE. The columns of a view are never changed, whatever auto.evolve says.',
    ...writes(4, 'MEDIUM', 'Table Types'),
  }),
  'replace.null.with.default': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'A field that is null and has a default in its schema is written with that default; false: as NULL.',
    ...writes(5, 'MEDIUM', 'Replace null value with default value'),
  }),
});

const mappingSpec = defineSpec({
  'table.name.format': key.string({
    default: TOPIC_PLACEHOLDER,
    validator: nonEmptyString(),
    importance: 'MEDIUM',
    doc: `Name of the table for a record, with ${TOPIC_PLACEHOLDER} for its topic. A point parts database and table; a name with points of its own stands in back-ticks.`,
    ...mapping(1, 'LONG', 'Table Name Format'),
  }),
  'pk.mode': key.string({
    default: 'none',
    validator: enumerator(...PK_MODES),
    recommender: keyModes,
    importance: 'HIGH',
    doc: 'Where the columns of the primary key come from. none: there are none. kafka: topic, partition and offset. record_key: the key of the record. record_value: fields of its value. See pk.fields.',
    ...mapping(2, 'MEDIUM', 'Primary Key Mode'),
  }),
  'pk.fields': key.list({
    default: [],
    importance: 'MEDIUM',
    doc: 'Fields of the primary key. With pk.mode=kafka three names, or none for __connect_topic, __connect_partition and __connect_offset. With record_key and record_value some fields, or none for all; a key that is no struct needs one name.',
    ...mapping(3, 'LONG', 'Primary Key Fields'),
  }),
  'fields.whitelist': key.list({
    default: [],
    importance: 'MEDIUM',
    doc: 'Fields of the value that are written, besides those of the primary key. Empty: all.',
    ...mapping(4, 'LONG', 'Fields Whitelist'),
  }),
  'db.timezone': key.string({
    default: 'UTC',
    validator: timeZone(),
    importance: 'MEDIUM',
    doc: 'Time zone whose clock the columns show: a Timestamp, Time or Date becomes what that clock said.',
    ...mapping(5, 'MEDIUM', 'DB Time Zone'),
  }),
  'date.timezone': key.string({
    default: 'DB_TIMEZONE',
    validator: enumerator('DB_TIMEZONE', 'UTC'),
    recommender: recommending('db_timezone', 'utc'),
    importance: 'LOW',
    doc: 'Time zone for Date alone. DB_TIMEZONE: that of db.timezone, which west of Greenwich gives the day before. UTC: the day as it is in the record.',
    ...mapping(6, 'MEDIUM', 'Time Zone used for Date'),
  }),
  'timestamp.fields.list': key.list({
    default: [],
    importance: 'MEDIUM',
    doc: 'Fields that hold a time as a number since 1970 (a whole number or its text, see timestamp.precision.mode) and are written as DATETIME(6).',
    ...mapping(7, 'MEDIUM', 'Timestamp Fields Whitelist'),
  }),
  'timestamp.precision.mode': key.string({
    default: 'MICROSECONDS',
    validator: enumerator('microseconds', 'nanoseconds'),
    recommender: recommending('microseconds', 'nanoseconds'),
    importance: 'LOW',
    doc: 'Unit of the numbers in timestamp.fields.list.',
    ...mapping(8, 'MEDIUM', 'Sink Timestamp Precision mode'),
  }),
  'date.calendar.system': key.string({
    default: 'LEGACY',
    validator: oneOf('LEGACY', 'PROLEPTIC_GREGORIAN'),
    importance: 'LOW',
    doc: 'Calendar of days before 1582-10-15: LEGACY counts them as Java of old does, PROLEPTIC_GREGORIAN as the database does.',
    ...mapping(9, 'MEDIUM', 'Date Calendar System'),
  }),
  'string.output.value.column.name': key.string({
    default: 'record_value',
    validator: nonEmptyString(),
    importance: 'LOW',
    doc: 'Column for values that are one text and no struct.',
    ...mapping(10, 'MEDIUM', 'String Value Column Name'),
  }),
});

const ddlSpec = defineSpec({
  'auto.create': key.boolean({
    default: false,
    importance: 'MEDIUM',
    doc: 'A table that is not there is created from the schemas of the record. Keys of text need a table that is there already: the server takes no TEXT as a key.',
    group: 'DDL Support',
    orderInGroup: 1,
    width: 'SHORT',
    displayName: 'Auto-Create',
  }),
  'auto.evolve': key.boolean({
    default: false,
    importance: 'MEDIUM',
    doc: 'Fields without a column get one, when they are optional or have a default. No column is changed or dropped.',
    group: 'DDL Support',
    orderInGroup: 2,
    width: 'SHORT',
    displayName: 'Auto-Evolve',
  }),
  'quote.sql.identifiers': key.string({
    default: 'ALWAYS',
    validator: oneOfIgnoreCase('always', 'never'),
    recommender: recommending('always', 'never'),
    importance: 'MEDIUM',
    doc: 'Names of tables and columns in back-ticks: always or never. Without them names that are words of SQL, or hold anything but letters, digits, $ and _, are refused.',
    group: 'DDL Support',
    orderInGroup: 3,
    width: 'MEDIUM',
    displayName: 'Quote Identifiers',
  }),
  'mssql.use.merge.holdlock': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Of no effect here: it is for SQL Server.',
    group: 'DML Support',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'SQL Server - Use HOLDLOCK in MERGE',
  }),
});

const retriesSpec = defineSpec({
  'max.retries': key.int({
    default: 10,
    validator: atLeast(0),
    importance: 'MEDIUM',
    doc: 'How often records that the database refused are given to it again, before the task fails or bad records go to the dead letter queue.',
    group: 'Retries',
    orderInGroup: 1,
    width: 'SHORT',
    displayName: 'Maximum Retries',
  }),
  'retry.backoff.ms': key.int({
    default: 3000,
    validator: atLeast(0),
    importance: 'MEDIUM',
    doc: 'Milliseconds before each of these.',
    group: 'Retries',
    orderInGroup: 2,
    width: 'SHORT',
    displayName: 'Retry Backoff (millis)',
  }),
  'trim.sensitive.log': key.boolean({
    default: false,
    // As in the original: an empty group, which its answers name.
    group: '',
    importance: 'LOW',
    doc: 'Errors of the database are told without the values that they name.',
    internal: true,
  }),
});

/** A topic and its table. */
const mappings: Validator = (name, value) => {
  const wrong = (value as readonly string[]).find((item) => !/^[^:]+:.+$/.test(item));
  if (wrong !== undefined) throw invalidValue(name, value, `"${wrong}" is not written as topic:table.`);
};

/** Of Aiven's fork; not in the answers of the original, so not in ours. */
const forkSpec = defineSpec({
  'topics.to.tables.mapping': key.list({
    default: [],
    validator: mappings,
    importance: 'LOW',
    internal: true,
    doc: 'topic:table, …: the table of each topic, in place of table.name.format. When it is set, a topic that is not in it is refused.',
  }),
  'table.name.normalize': key.boolean({
    default: false,
    importance: 'LOW',
    internal: true,
    doc: 'In the name that table.name.format gives, everything but letters of English, digits and _ becomes _.',
  }),
  'sql.quote.identifiers': key.boolean({
    default: null,
    importance: 'LOW',
    internal: true,
    doc: 'quote.sql.identifiers as true or false.',
  }),
});

export const spec = extendSpec(
  extendSpec(connectionSpec, writesSpec),
  extendSpec(extendSpec(mappingSpec, ddlSpec), extendSpec(retriesSpec, forkSpec)),
);

export type SinkKeys = ConfOf<typeof spec>;
