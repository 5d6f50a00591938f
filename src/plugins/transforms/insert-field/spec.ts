/** Settings of InsertField. Source: org.apache.kafka.connect.transforms.InsertField. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

const fieldName = (what: string) =>
  key.string({
    default: null,
    importance: 'MEDIUM',
    doc: `Name of the field that gets ${what}. A ! at its end makes the field required, a ? optional, which it is without either.`,
  });

export const spec = defineSpec({
  'topic.field': fieldName('the topic'),
  'partition.field': fieldName('the partition, where the record has one'),
  'offset.field': fieldName('the offset; records of sinks only'),
  'timestamp.field': fieldName('the time of the record, where it has one'),
  'static.field': fieldName('the text of static.value'),
  'static.value': key.string({ default: null, importance: 'MEDIUM', doc: 'Text for the field that static.field names.' }),
  [REPLACE_NULL]: replaceNullKey,
});

export type InsertFieldConf = ConfOf<typeof spec>;
