/** Settings of ValueToKey. Source: org.apache.kafka.connect.transforms.ValueToKey. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { listOf } from '../../../spec/validators.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

export const spec = defineSpec({
  fields: key.list({
    validator: listOf({ isEmptyAllowed: false }),
    importance: 'HIGH',
    doc: 'Fields of the value that make the new key, in this order.',
  }),
  [REPLACE_NULL]: replaceNullKey,
});

export type ValueToKeyConf = ConfOf<typeof spec>;
