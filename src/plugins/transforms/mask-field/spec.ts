/** Settings of MaskField. Source: org.apache.kafka.connect.transforms.MaskField. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { listOf, nonEmptyString } from '../../../spec/validators.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

export const spec = defineSpec({
  fields: key.list({ validator: listOf({ isEmptyAllowed: false }), importance: 'HIGH', doc: 'Fields to mask.' }),
  replacement: key.string({
    default: null,
    validator: nonEmptyString(),
    importance: 'LOW',
    doc: 'What to write in place of the values: a number, or any text where all the fields are texts. Unset: 0, false, an empty text, list or map.',
  }),
  [REPLACE_NULL]: replaceNullKey,
});

export type MaskFieldConf = ConfOf<typeof spec>;
