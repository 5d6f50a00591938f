/** Settings of the JDBC source: when it polls, how much, into which topics. Source: io.confluent.connect.jdbc.source.JdbcSourceConnectorConfig. */
import { defineSpec, type KeyOptions, key } from '../../../../spec/define.ts';
import { check } from '../../../../spec/validators.ts';
import { enumerator, recommending } from '../shared/enumeration.ts';
import { timeZone } from '../shared/time-zone.ts';

export const GRANULARITIES = [
  'connect_logical',
  'micros_long',
  'micros_string',
  'micros_iso_datetime_string',
  'nanos_long',
  'nanos_string',
  'nanos_iso_datetime_string',
] as const;
export type Granularity = (typeof GRANULARITIES)[number];

const MAX_TOPIC_LENGTH = 249;

type Place = Pick<KeyOptions, 'group' | 'orderInGroup' | 'width' | 'displayName'>;

function place(orderInGroup: number, width: 'SHORT' | 'MEDIUM' | 'LONG', displayName: string): Place {
  return { group: 'Connector', orderInGroup, width, displayName };
}

function problemOfPrefix(value: unknown): string | null {
  if (value === null) return 'Topic prefix must not be null.';
  const prefix = String(value).trim();
  if (prefix.length > MAX_TOPIC_LENGTH) return `Topic prefix length must not exceed max topic name length, ${MAX_TOPIC_LENGTH} chars`;
  if (/[^a-zA-Z0-9._-]/.test(prefix)) {
    return "Topic prefix must not contain any character other than ASCII alphanumerics, '.', '_' and '-'.";
  }
  return null;
}

export const connectorSpec = defineSpec({
  'table.types': key.list({
    default: ['TABLE'],
    importance: 'LOW',
    doc: 'Kinds of tables to look for: TABLE, VIEW, SYSTEM TABLE. Other kinds that the original names are not in MariaDB and MySQL.',
    ...place(1, 'MEDIUM', 'Table Types'),
  }),
  'poll.interval.ms': key.int({
    default: 5000,
    importance: 'HIGH',
    doc: 'Milliseconds from the end of one reading of a table to the next.',
    ...place(2, 'SHORT', 'Poll Interval (ms)'),
  }),
  // The releases since 10.8 say 1000: what one poll returns, not what one statement reads.
  'batch.max.rows': key.int({
    default: 100,
    importance: 'LOW',
    doc: 'Most records that one poll hands over. A statement is not limited by it: its rows are read as they are handed over.',
    ...place(3, 'SHORT', 'Max Rows Per Batch'),
  }),
  'max.buffer.size': key.int({
    default: 0,
    importance: 'LOW',
    doc: 'Most records that are read ahead. 0: four times batch.max.rows.',
    ...place(4, 'SHORT', 'Maximum Buffer Size'),
  }),
  'poll.linger.ms': key.long({
    default: 5000n,
    importance: 'LOW',
    doc: 'Milliseconds that a poll without rows may wait for the first one.',
    ...place(5, 'SHORT', 'Poll Linger Milliseconds'),
  }),
  'table.monitoring.startup.polling.limit.ms': key.long({
    default: 10_000n,
    importance: 'LOW',
    doc: 'Milliseconds that a start of tasks waits for the first list of tables.',
    // As in the original: an empty group, which its answers name.
    group: '',
    internal: true,
  }),
  'table.poll.interval.ms': key.long({
    default: 60_000n,
    importance: 'LOW',
    doc: 'Milliseconds between two looks at the list of tables; tasks are made anew when it has changed.',
    ...place(6, 'SHORT', 'Metadata Change Monitoring Interval (ms)'),
  }),
  'topic.prefix': key.string({
    default: '',
    validator: check(problemOfPrefix),
    importance: 'HIGH',
    doc: 'What stands before the name of the table in the name of its topic; with query, the whole name of the topic.',
    ...place(7, 'MEDIUM', 'Topic Prefix'),
  }),
  'timestamp.delay.interval.ms': key.long({
    default: 0n,
    importance: 'HIGH',
    doc: 'How old in milliseconds a row must be, by its timestamp and the clock of the database, to be read: time for transactions that commit late.',
    ...place(8, 'MEDIUM', 'Delay Interval (ms)'),
  }),
  'db.timezone': key.string({
    default: 'UTC',
    validator: timeZone(),
    importance: 'MEDIUM',
    doc: 'Time zone in which times without one are read, and written into statements: an IANA name or an offset.',
    ...place(9, 'MEDIUM', 'DB time zone'),
  }),
  'timestamp.granularity': key.string({
    default: 'connect_logical',
    validator: enumerator(...GRANULARITIES),
    recommender: recommending(...GRANULARITIES),
    importance: 'LOW',
    doc: 'What a DATETIME or TIMESTAMP becomes: milliseconds as a logical Timestamp, or micro- or nanoseconds as a number, its text, or an ISO date and time.',
    ...place(10, 'MEDIUM', 'Timestamp granularity for timestamp columns'),
  }),
});
