/** Settings of the checkpoint connector. Source: org.apache.kafka.connect.mirror.MirrorCheckpointConfig (4.3). */
import { type ConfOf, defineSpec, extendSpec, key } from '../../../../spec/define.ts';
import { groupFilterClassKey, groupFilterSpec } from '../shared/group-filter.ts';
import { metricNamesKey, mirrorSpec, pollTimeoutKey, syncsLocationKey } from '../shared/spec.ts';
import { topicFilterClassKey, topicFilterSpec } from '../shared/topic-filter.ts';

const pollSpec = defineSpec({ 'consumer.poll.timeout.ms': pollTimeoutKey });

const checkpointSpec = defineSpec({
  'group.filter.class': groupFilterClassKey,
  'refresh.groups.enabled': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Whether new groups of the source cluster are looked for while the connector runs.',
  }),
  'refresh.groups.interval.seconds': key.long({
    default: 600n,
    importance: 'LOW',
    doc: 'Seconds between two looks for groups. A new one waits so long at most for its first checkpoint.',
  }),
  'emit.checkpoints.enabled': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'false: there is nothing to do for this connector, and its configuration is refused.',
  }),
  'emit.checkpoints.interval.seconds': key.long({
    default: 60n,
    importance: 'LOW',
    doc: 'Seconds between two checkpoints of a group that goes on.',
  }),
  'sync.group.offsets.enabled': key.boolean({
    default: false,
    importance: 'LOW',
    doc: 'true: the translated offsets are committed for the groups on the target cluster as well, while they have no members there.',
  }),
  'sync.group.offsets.interval.seconds': key.long({
    default: 60n,
    importance: 'LOW',
    doc: 'Seconds between two commits of translated offsets on the target cluster.',
  }),
  'checkpoints.topic.replication.factor': key.short({
    default: 3,
    importance: 'LOW',
    doc: 'Replicas of the topic of checkpoints, which is made on the target cluster when it is not there.',
  }),
  'offset-syncs.topic.location': syncsLocationKey,
  'topic.filter.class': topicFilterClassKey,
  'metric.names.formats': metricNamesKey,
});

/** What the topic filter reads. Not in the answers of the original, so in ours only when something is wrong with it. */
const topicKeys: typeof topicFilterSpec = {
  ...topicFilterSpec,
  keys: new Map([...topicFilterSpec.keys].map(([name, one]) => [name, { ...one, internal: true }])),
};

export const spec = extendSpec(extendSpec(extendSpec(extendSpec(mirrorSpec, pollSpec), groupFilterSpec), checkpointSpec), topicKeys);

export type CheckpointConf = ConfOf<typeof spec>;

/** Seconds of a setting as milliseconds, at least one: a negative or absurd number is no reason to spin. */
export function millis(seconds: bigint): number {
  const ms = seconds * 1000n;
  return ms < 1n ? 1 : ms > 2_147_483_647n ? 2_147_483_647 : Number(ms);
}
