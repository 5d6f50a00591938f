/** Settings of the mirror source. Source: org.apache.kafka.connect.mirror.MirrorSourceConfig (4.3), DefaultTopicFilter, DefaultConfigPropertyFilter. */
import { type ConfOf, defineSpec, extendSpec, key } from '../../../../spec/define.ts';
import { DEFAULT_CONFIG_PROPERTY_FILTER, oneOfClasses } from '../shared/class-names.ts';
import { anyList, metricNamesKey, mirrorSpec, pollTimeoutKey, syncsLocationKey } from '../shared/spec.ts';
import { topicFilterClassKey, topicFilterSpec } from '../shared/topic-filter.ts';

const filterSpec = extendSpec(
  topicFilterSpec,
  defineSpec({
    'config.properties.exclude': key.list({
      default: [
        'follower.replication.throttled.replicas',
        'leader.replication.throttled.replicas',
        'message.timestamp.difference.max.ms',
        'log.message.timestamp.before.max.ms',
        'log.message.timestamp.after.max.ms',
        'message.timestamp.type',
        'unclean.leader.election.enable',
        'min.insync.replicas',
      ],
      validator: anyList,
      importance: 'HIGH',
      doc: 'Settings of topics that are not copied: names or Java regular expressions, separated by commas.',
    }),
    'topic.filter.class': topicFilterClassKey,
    'config.property.filter.class': key.class({
      default: DEFAULT_CONFIG_PROPERTY_FILTER,
      resolve: oneOfClasses(DEFAULT_CONFIG_PROPERTY_FILTER),
      importance: 'LOW',
      doc: 'Who decides which settings of topics are copied. Only the default is known here: it goes by config.properties.exclude and use.defaults.from.',
    }),
  }),
);

const ownSpec = defineSpec({
  'consumer.poll.timeout.ms': pollTimeoutKey,
  'refresh.topics.enabled': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Whether new topics and partitions of the source are looked for while the connector runs.',
  }),
  'refresh.topics.interval.seconds': key.long({
    default: 600n,
    importance: 'LOW',
    doc: 'Seconds between two looks for new topics and partitions.',
  }),
  'sync.topic.configs.enabled': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Whether the settings of topics are copied, and copied again when they change.',
  }),
  'sync.topic.configs.interval.seconds': key.long({
    default: 600n,
    importance: 'LOW',
    doc: 'Seconds between two rounds of copying settings of topics.',
  }),
  'sync.topic.acls.enabled': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Whether ACLs of topics are copied: all but those that allow to write.',
  }),
  'sync.topic.acls.interval.seconds': key.long({
    default: 600n,
    importance: 'LOW',
    doc: 'Seconds between two rounds of copying ACLs.',
  }),
  'replication.factor': key.int({
    default: 2,
    importance: 'LOW',
    doc: 'Replication factor of the topics that are made on the target. -1: what its brokers have as default.',
  }),
  'offset-syncs.topic.replication.factor': key.short({
    default: 3,
    importance: 'LOW',
    doc: 'Replication factor of the topic of offset syncs, when it is made.',
  }),
  'offset.lag.max': key.long({
    default: 100n,
    importance: 'LOW',
    doc: 'An offset sync is written once the last one is so many records behind. 0: for each record.',
  }),
  'offset-syncs.topic.location': syncsLocationKey,
  'emit.offset-syncs.enabled': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Whether it is written down which offset upstream lies where downstream. Without it offsets of groups cannot be translated.',
  }),
  'heartbeats.replication.enabled': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Whether topics of heartbeats are copied although topics does not name them.',
  }),
  'metric.names.formats': metricNamesKey,
  // Read by the original's filter, not listed by its connector.
  'use.defaults.from': key.string({
    default: 'target',
    importance: 'LOW',
    internal: true,
    doc: 'Whose default holds for a setting that the source’s topic has none for: target, or source, which is written down at the target then.',
  }),
});

export const spec = extendSpec(extendSpec(mirrorSpec, filterSpec), ownSpec);

/** What a task is started with. */
export const taskSpec = extendSpec(
  spec,
  defineSpec({
    'task.assigned.partitions': key.string({
      importance: 'HIGH',
      internal: true,
      doc: 'Partitions of the source that this task copies: topic, hyphen, partition, separated by commas.',
    }),
  }),
);

export type MirrorSourceConf = ConfOf<typeof spec>;
