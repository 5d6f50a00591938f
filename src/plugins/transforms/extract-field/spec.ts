/** Settings of ExtractField. Source: org.apache.kafka.connect.transforms.ExtractField, …transforms.field.FieldSyntaxVersion. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { oneOfIgnoreCase } from '../../../spec/validators.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

export const spec = defineSpec({
  field: key.string({ importance: 'MEDIUM', doc: 'Name of the field that becomes the whole key or value.' }),
  [REPLACE_NULL]: replaceNullKey,
  'field.syntax.version': key.string({
    default: 'V1',
    validator: oneOfIgnoreCase('V1', 'V2'),
    importance: 'HIGH',
    doc: 'V1: the name is one field. V2: it is a path into nested fields, steps divided by dots; a step that has dots itself stands between backticks: `foo.bar`.baz.',
  }),
});

export type ExtractFieldConf = ConfOf<typeof spec>;
