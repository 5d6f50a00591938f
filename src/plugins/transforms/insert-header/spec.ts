/** Settings of InsertHeader. Source: org.apache.kafka.connect.transforms.InsertHeader. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { nonNull } from '../../../spec/validators.ts';

export const spec = defineSpec({
  header: key.string({ validator: nonNull(), importance: 'HIGH', doc: 'Name of the header.' }),
  'value.literal': key.string({
    validator: nonNull(),
    importance: 'HIGH',
    doc: 'Value of the header as text: a number, true, a date, a list in brackets and so on become that; anything else is a text.',
  }),
});

export type InsertHeaderConf = ConfOf<typeof spec>;
