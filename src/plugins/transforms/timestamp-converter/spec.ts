/** Settings of TimestampConverter. Source: org.apache.kafka.connect.transforms.TimestampConverter. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

export const spec = defineSpec({
  field: key.string({ default: '', importance: 'HIGH', doc: 'Field with the time; empty: the whole key or value is one.' }),
  'target.type': key.choice(['string', 'unix', 'Date', 'Time', 'Timestamp'], {
    importance: 'HIGH',
    doc: 'What the time becomes: a text, a number since 1970 (unix), or one of Connect’s own types.',
  }),
  format: key.string({
    default: '',
    importance: 'MEDIUM',
    doc: 'Pattern of times that are texts, read or written, as java.text.SimpleDateFormat takes it, in UTC.',
  }),
  'unix.precision': key.choice(['nanoseconds', 'microseconds', 'milliseconds', 'seconds'], {
    default: 'milliseconds',
    importance: 'LOW',
    doc: 'Unit of times that are numbers, read or written. What is finer than milliseconds is cut when read.',
  }),
  [REPLACE_NULL]: replaceNullKey,
});

export type TimestampConverterConf = ConfOf<typeof spec>;
export type TargetType = TimestampConverterConf['target.type'];
export type UnixPrecision = TimestampConverterConf['unix.precision'];
