/** Holds for records whose whole topic matches an expression. Source: org.apache.kafka.connect.transforms.predicates.TopicNameMatches. */
import { compileJavaRegex } from '../../../base/java-regex/java-pattern.ts';
import type { Predicate } from '../../../plugin-api/plugin.ts';
import type { ConnectRecord } from '../../../plugin-api/records.ts';
import { defineSpec, key } from '../../../spec/define.ts';
import { allOf, nonEmptyString, regex } from '../../../spec/validators.ts';
import { predicate } from '../shared/predicate.ts';

const spec = defineSpec({
  pattern: key.string({
    validator: allOf(nonEmptyString(), regex()),
    importance: 'MEDIUM',
    doc: 'Java regular expression that the whole topic must match.',
  }),
});

class TopicNameMatches implements Predicate {
  readonly #pattern: RegExp;
  /** Records come in runs of one topic. */
  #lastTopic: string | null = null;
  #lastAnswer = false;

  constructor(pattern: string) {
    this.#pattern = compileJavaRegex(pattern, true);
  }

  test({ topic }: ConnectRecord): boolean {
    if (topic !== this.#lastTopic) {
      this.#lastAnswer = this.#pattern.test(topic);
      this.#lastTopic = topic;
    }
    return this.#lastAnswer;
  }
}

export const topicNameMatches = predicate('TopicNameMatches', spec, (config) => new TopicNameMatches(spec.parse(config).pattern));
