/** Settings of SetSchemaMetadata. Source: org.apache.kafka.connect.transforms.SetSchemaMetadata. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { REPLACE_NULL, replaceNullKey } from '../shared/struct-fields.ts';

export const spec = defineSpec({
  'schema.name': key.string({ default: null, importance: 'HIGH', doc: 'New name of the schema.' }),
  'schema.version': key.int({ default: null, importance: 'HIGH', doc: 'New version of the schema.' }),
  [REPLACE_NULL]: replaceNullKey,
});

export type SetSchemaMetadataConf = ConfOf<typeof spec>;
