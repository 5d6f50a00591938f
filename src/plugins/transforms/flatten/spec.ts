/** Settings of Flatten. Source: org.apache.kafka.connect.transforms.Flatten. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';

export const spec = defineSpec({
  delimiter: key.string({
    default: '.',
    importance: 'MEDIUM',
    doc: 'What stands between the names of the outer and the inner field in the new name.',
  }),
});

export type FlattenConf = ConfOf<typeof spec>;
