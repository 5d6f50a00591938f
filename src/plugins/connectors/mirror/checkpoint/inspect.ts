/** What the connector would do with its configuration, looked at before it is started: both clusters, groups and their tasks, internal topics. */
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { Admin, ClusterInfo } from '../../../../kafka/contract.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import type { CreateKafka } from '../shared/clients.ts';
import { groupFilterOf } from '../shared/group-filter.ts';
import { findGroups } from './find-groups.ts';
import { chunksOf } from './task-groups.ts';
import { type TaskParts, taskParts } from './task-start.ts';

type Facts = Array<readonly [name: string, value: string]>;

interface Looked {
  readonly facts: Facts;
  readonly errors: string[];
  readonly warnings: string[];
}

const MOST_NAMES = 20;

/** Throws ConfigError for settings; what a cluster refuses is in its part. */
export async function inspectCheckpoints(config: Config, log: Log, clock: Clock, create?: CreateKafka): Promise<InspectedPart[]> {
  const parts = taskParts(config, log, clock, create);
  const { sourceAlias, targetAlias, sourceAdmin, targetAdmin, clients } = parts;
  try {
    const [source, target] = await Promise.all([clusterOf(sourceAdmin), clusterOf(targetAdmin)]);
    const [groups, atTarget] = await Promise.all([
      source.info === null ? null : lookAtGroups(config, parts),
      target.info === null ? null : lookAtTarget(parts, target.info),
    ]);
    if (source.info !== null && source.info.clusterId === target.info?.clusterId)
      target.warnings.push(
        `Clusters "${sourceAlias}" and "${targetAlias}" are one and the same: copies lie beside what they are copies of.`,
      );
    return [part(`cluster ${sourceAlias}, the source`, source, groups), part(`cluster ${targetAlias}, the target`, target, atTarget)];
  } finally {
    await clients.close();
  }
}

function part(title: string, cluster: Looked, more: Looked | null): InspectedPart {
  return {
    title,
    facts: [...cluster.facts, ...(more?.facts ?? [])],
    errors: [...cluster.errors, ...(more?.errors ?? [])],
    warnings: [...cluster.warnings, ...(more?.warnings ?? [])],
  };
}

async function clusterOf(admin: Admin): Promise<Looked & { readonly info: ClusterInfo | null }> {
  try {
    const info = await admin.cluster();
    return { info, facts: [['cluster', `${info.clusterId}, ${count(info.brokers.length, 'broker')}`]], errors: [], warnings: [] };
  } catch (error) {
    return { info: null, facts: [], errors: [messageOf(error)], warnings: [] };
  }
}

async function lookAtGroups(config: Config, { conf, sourceAdmin: admin, isTopicWanted, syncs }: TaskParts): Promise<Looked> {
  const looked: Looked = { facts: [], errors: [], warnings: [] };
  try {
    const { groups, gaps } = await findGroups({ admin, isGroupWanted: groupFilterOf(config), isTopicWanted });
    looked.warnings.push(...gaps.map((gap) => `Groups may be missing: ${gap}.`));
    const tasks = chunksOf(groups, Math.max(1, Number(config['tasks.max'] ?? 1))).map((some, task) => `task ${task}: ${named(some)}`);
    looked.facts.push(['groups', groups.length === 0 ? 'none' : tasks.join('\n')]);
    if (groups.length === 0)
      looked.warnings.push(
        'No group has offsets to translate: check groups and groups.exclude, and topics and topics.exclude, which go by the topics that a group has ' +
          `committed offsets of. New groups are looked for every ${conf['refresh.groups.interval.seconds']} s.`,
      );
    if (conf['offset-syncs.topic.location'] === 'source') await lookAtSyncs(admin, syncs.topic, looked);
  } catch (error) {
    looked.errors.push(messageOf(error));
  }
  return looked;
}

async function lookAtTarget({ conf, targetAdmin: admin, checkpoints, syncs }: TaskParts, { brokers }: ClusterInfo): Promise<Looked> {
  const looked: Looked = { facts: [], errors: [], warnings: [] };
  try {
    const factor = conf['checkpoints.topic.replication.factor'];
    const isThere = await exists(admin, checkpoints.topic);
    looked.facts.push(['checkpoints', `${checkpoints.topic}${isThere ? '' : `, to be made with ${count(factor, 'replica')}`}`]);
    if (!isThere && factor > brokers.length)
      looked.errors.push(
        `Topic ${checkpoints.topic} cannot be made with ${factor} replicas on ${count(brokers.length, 'broker')}: lower checkpoints.topic.replication.factor.`,
      );
    if (conf['offset-syncs.topic.location'] === 'target') await lookAtSyncs(admin, syncs.topic, looked);
  } catch (error) {
    looked.errors.push(messageOf(error));
  }
  return looked;
}

async function lookAtSyncs(admin: Admin, topic: string, { facts, warnings }: Looked): Promise<void> {
  const isThere = await exists(admin, topic);
  facts.push(['offset syncs', isThere ? topic : `${topic}, not there`]);
  if (!isThere)
    warnings.push(
      `Topic ${topic} is not there: the source connector of this flow makes it. Without it nothing is translated; aliases and offset-syncs.topic.location ` +
        'must be the same for both.',
    );
}

async function exists(admin: Admin, topic: string): Promise<boolean> {
  const [found] = await admin.topics([topic]);
  return found !== undefined && found.error === null;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function named(groups: readonly string[]): string {
  const more = groups.length > MOST_NAMES ? ` and ${groups.length - MOST_NAMES} more` : '';
  return `${groups.slice(0, MOST_NAMES).join(', ')}${more}`;
}
