/** Settings of DropHeaders. Source: org.apache.kafka.connect.transforms.DropHeaders. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { listOf } from '../../../spec/validators.ts';

export const spec = defineSpec({
  headers: key.list({ validator: listOf({ isEmptyAllowed: false }), importance: 'HIGH', doc: 'Names of the headers to remove.' }),
});

export type DropHeadersConf = ConfOf<typeof spec>;
