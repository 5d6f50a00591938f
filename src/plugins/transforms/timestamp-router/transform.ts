/** Sends records to a topic with their time in its name. Source: org.apache.kafka.connect.transforms.TimestampRouter. */
import { DataError } from '../../../base/errors.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import { dateFormatter } from '../../../record/java-date-format/date-formatter.ts';
import { TIMESTAMP, type TimestampRouterConf, TOPIC } from './spec.ts';

export class TimestampRouter implements Transformation {
  readonly #topicFormat: string;
  readonly #timestampFormat: string;
  #format: ((date: Date) => string) | null = null;

  constructor(conf: TimestampRouterConf) {
    this.#topicFormat = conf['topic.format'];
    this.#timestampFormat = conf['timestamp.format'];
  }

  apply<R extends ConnectRecord>(record: R): R {
    const { topic, timestampMs } = record;
    if (timestampMs === null) throw new DataError(`Timestamp missing on record: topic='${topic}', kafkaPartition=${record.kafkaPartition}`);
    // A faulty pattern fails the first record, as on the JVM.
    this.#format ??= dateFormatter(this.#timestampFormat);
    const time = this.#format(new Date(timestampMs));
    return { ...record, topic: this.#topicFormat.replaceAll(TOPIC, () => topic).replaceAll(TIMESTAMP, () => time) };
  }
}
