/** Which names of topics are asked for. Source: org.apache.kafka.connect.mirror.DefaultTopicFilter, MirrorUtils.compilePatternList. */
import { ConfigError, messageOf } from '../../../../base/errors.ts';
import { compileJavaRegex } from '../../../../base/java-regex/java-pattern.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { type ConfOf, defineSpec, key } from '../../../../spec/define.ts';
import { DEFAULT_TOPIC_FILTER, oneOfClasses } from './class-names.ts';
import { anyList } from './spec.ts';

export const topicFilterSpec = defineSpec({
  topics: key.list({
    default: ['.*'],
    validator: anyList,
    importance: 'HIGH',
    doc: 'Topics to copy: names or Java regular expressions, separated by commas. One must match the whole name. Empty: none.',
  }),
  'topics.exclude': key.list({
    default: ['mm2.*\\.internal', '.*\\.replica', '__.*'],
    validator: anyList,
    importance: 'HIGH',
    doc: 'Topics that are not copied although topics names them: names or Java regular expressions, separated by commas.',
  }),
});

/** `topic.filter.class`, which the source and the checkpoint connector have. */
export const topicFilterClassKey = key.class({
  default: DEFAULT_TOPIC_FILTER,
  resolve: oneOfClasses(DEFAULT_TOPIC_FILTER),
  importance: 'LOW',
  doc: 'Who decides which topics are copied. Only the default is known here: it goes by topics and topics.exclude.',
});

export type TopicFilterConf = ConfOf<typeof topicFilterSpec>;

/** Throws ConfigError, with the name of the key, for an expression that cannot be run. */
export function topicFilterOf(config: Config): (topic: string) => boolean {
  const conf = topicFilterSpec.parse(config);
  return includeExclude(patternOf('topics', conf.topics), patternOf('topics.exclude', conf['topics.exclude']));
}

/** True for what `include` matches and `exclude` does not. */
export function includeExclude(include: RegExp | null, exclude: RegExp | null): (name: string) => boolean {
  return (name) => (include?.test(name) ?? false) && !(exclude?.test(name) ?? false);
}

/** One expression for the whole list, which matches whole names; null: an empty list, which matches nothing. */
export function patternOf(name: string, list: readonly string[]): RegExp | null {
  if (list.length === 0) return null;
  const joined = list.join('|');
  try {
    return compileJavaRegex(joined, true);
  } catch (error) {
    throw new ConfigError(`Invalid value ${joined} for configuration ${name}: ${messageOf(error)}`, { cause: error });
  }
}
