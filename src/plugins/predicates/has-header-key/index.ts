/** Holds for records with a header of this name. Source: org.apache.kafka.connect.transforms.predicates.HasHeaderKey. */
import { defineSpec, key } from '../../../spec/define.ts';
import { nonEmptyString } from '../../../spec/validators.ts';
import { predicate } from '../shared/predicate.ts';

const spec = defineSpec({
  name: key.string({ validator: nonEmptyString(), importance: 'MEDIUM', doc: 'Name of the header.' }),
});

export const hasHeaderKey = predicate('HasHeaderKey', spec, (config) => {
  const { name } = spec.parse(config);
  return { test: (record) => record.headers?.some((header) => header.key === name) ?? false };
});
