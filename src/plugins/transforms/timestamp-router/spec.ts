/** Settings of TimestampRouter. Source: org.apache.kafka.connect.transforms.TimestampRouter. */
import { type ConfOf, defineSpec, key } from '../../../spec/define.ts';

const placeholder = (name: string) => `$\{${name}}`;
export const TOPIC = placeholder('topic');
export const TIMESTAMP = placeholder('timestamp');

export const spec = defineSpec({
  'topic.format': key.string({
    default: `${TOPIC}-${TIMESTAMP}`,
    importance: 'HIGH',
    doc: `The new topic; ${TOPIC} and ${TIMESTAMP} stand for the old one and for the time of the record.`,
  }),
  'timestamp.format': key.string({
    default: 'yyyyMMdd',
    importance: 'HIGH',
    doc: 'Pattern of that time, as java.text.SimpleDateFormat takes it, in UTC.',
  }),
});

export type TimestampRouterConf = ConfOf<typeof spec>;
