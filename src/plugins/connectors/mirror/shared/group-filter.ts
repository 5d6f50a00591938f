/** Which groups are asked for. Source: org.apache.kafka.connect.mirror.DefaultGroupFilter. */
import type { Config } from '../../../../plugin-api/plugin.ts';
import { type ConfOf, defineSpec, key } from '../../../../spec/define.ts';
import { DEFAULT_GROUP_FILTER, oneOfClasses } from './class-names.ts';
import { anyList } from './spec.ts';
import { includeExclude, patternOf } from './topic-filter.ts';

export const groupFilterSpec = defineSpec({
  groups: key.list({
    default: ['.*'],
    validator: anyList,
    importance: 'HIGH',
    doc: 'Groups whose offsets are translated: names or Java regular expressions, separated by commas. One must match the whole name. Empty: none.',
  }),
  'groups.exclude': key.list({
    default: ['console-consumer-.*', 'connect-.*', '__.*'],
    validator: anyList,
    importance: 'HIGH',
    doc: 'Groups that are left out although groups names them: names or Java regular expressions, separated by commas.',
  }),
});

export const groupFilterClassKey = key.class({
  default: DEFAULT_GROUP_FILTER,
  resolve: oneOfClasses(DEFAULT_GROUP_FILTER),
  importance: 'LOW',
  doc: 'Who decides which groups count. Only the default is known here: it goes by groups and groups.exclude.',
});

export type GroupFilterConf = ConfOf<typeof groupFilterSpec>;

/** Throws ConfigError, with the name of the key, for an expression that cannot be run. */
export function groupFilterOf(config: Config): (group: string) => boolean {
  const conf = groupFilterSpec.parse(config);
  return includeExclude(patternOf('groups', conf.groups), patternOf('groups.exclude', conf['groups.exclude']));
}
