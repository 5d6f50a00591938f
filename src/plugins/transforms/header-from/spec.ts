/** Settings of HeaderFrom. Source: org.apache.kafka.connect.transforms.HeaderFrom. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { check } from '../../../spec/validators.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

const notEmpty = check((value) => (Array.isArray(value) && value.length > 0 ? null : 'Empty list'));

export const spec = defineSpec({
  fields: key.list({ validator: notEmpty, importance: 'HIGH', doc: 'Fields whose values become headers.' }),
  headers: key.list({ validator: notEmpty, importance: 'HIGH', doc: 'Names of the headers, one a field, in the same order.' }),
  operation: key.choice(['move', 'copy'], {
    importance: 'HIGH',
    doc: 'move: the fields leave the record. copy: they stay as well.',
  }),
  [REPLACE_NULL]: replaceNullKey,
});

export type HeaderFromConf = ConfOf<typeof spec>;
