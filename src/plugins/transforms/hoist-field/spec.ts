/** Settings of HoistField. Source: org.apache.kafka.connect.transforms.HoistField. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';

export const spec = defineSpec({
  field: key.string({ importance: 'MEDIUM', doc: 'Name of the one field that the whole key or value becomes.' }),
});

export type HoistFieldConf = ConfOf<typeof spec>;
