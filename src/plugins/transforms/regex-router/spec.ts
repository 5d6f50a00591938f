/** Settings of RegexRouter. Source: org.apache.kafka.connect.transforms.RegexRouter. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';
import { regex } from '../../../spec/validators.ts';

export const spec = defineSpec({
  regex: key.string({ validator: regex(), importance: 'HIGH', doc: 'Java regular expression that the whole topic must match.' }),
  replacement: key.string({
    importance: 'HIGH',
    doc: 'The new topic; $1, or the name of a group in braces behind a dollar, stand for what a group of the expression matched, a backslash makes them literal.',
  }),
});

export type RegexRouterConf = ConfOf<typeof spec>;
