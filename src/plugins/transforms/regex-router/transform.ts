/** Sends records to another topic, whose name a regular expression makes out of the old one. Source: org.apache.kafka.connect.transforms.RegexRouter. */
import { JavaReplacer } from '../../../base/java-regex/java-replacer.ts';
import type { Transformation } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import type { RegexRouterConf } from './spec.ts';

/** Topics whose answer is kept: most connectors write to few. */
const MAX_KNOWN = 1000;

export class RegexRouter implements Transformation {
  readonly #replacer: JavaReplacer;
  readonly #routes = new Map<string, string>();

  /** Throws ConfigError for an expression that is not exactly the same in JavaScript. */
  constructor(conf: RegexRouterConf) {
    this.#replacer = new JavaReplacer(conf.regex, conf.replacement);
  }

  apply<R extends ConnectRecord>(record: R): R {
    const topic = this.#routes.get(record.topic) ?? this.#route(record.topic);
    return topic === record.topic ? record : { ...record, topic };
  }

  #route(topic: string): string {
    const route = this.#replacer.replace(topic) ?? topic;
    if (this.#routes.size >= MAX_KNOWN) this.#routes.clear();
    this.#routes.set(topic, route);
    return route;
  }
}
