/** What the connector would do with its configuration, looked at before it is started: both clusters, topics with their copies, internal topics. */
import { messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { Admin, ClusterInfo, TopicInfo } from '../../../../kafka/contract.ts';
import type { InspectedPart } from '../../../../plugin-api/inspection.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import { type CreateKafka, MirrorClients } from '../shared/clients.ts';
import { replicationPolicyOf } from '../shared/replication-policy.ts';
import { topicFilterOf } from '../shared/topic-filter.ts';
import { type MirrorSourceConf, spec } from './spec.ts';
import { offsetSyncsPlace, type SyncsPlace } from './syncs-place.ts';
import { isCopied } from './topic-selection.ts';

interface Seen {
  readonly admin: Admin;
  readonly alias: string;
  readonly info: ClusterInfo | null;
  readonly topics: readonly TopicInfo[];
  readonly facts: Array<readonly [name: string, value: string]>;
  readonly errors: string[];
  readonly warnings: string[];
}

const MOST_NAMES = 20;

/** Throws ConfigError for settings; what a cluster refuses is in its part. Nothing is changed. */
export async function inspectMirror(config: Config, log: Log, create?: CreateKafka): Promise<InspectedPart[]> {
  const conf = spec.parse(config);
  const clients = new MirrorClients(config, log, create);
  try {
    const [source, target] = await Promise.all([
      look(clients.of('source', 'admin', 'replication-source-admin').kafka.admin(), conf['source.cluster.alias']),
      look(clients.of('target', 'admin', 'replication-target-admin').kafka.admin(), conf['target.cluster.alias']),
    ]);
    const isOneCluster = source.info !== null && source.info.clusterId === target.info?.clusterId;
    if (source.info !== null) tellOfTopics(config, conf, source, target, isOneCluster);
    if (isOneCluster) tellOfOneCluster(config, source, target);
    if (conf['emit.offset-syncs.enabled']) {
      const place = offsetSyncsPlace(conf, replicationPolicyOf(config));
      tellOfSyncs(place, conf, place.side === 'source' ? source : target);
    }
    return [part(`cluster ${source.alias}, the source`, source), part(`cluster ${target.alias}, the target`, target)];
  } finally {
    await clients.close();
  }
}

function part(title: string, { facts, errors, warnings }: Seen): InspectedPart {
  return { title, facts, errors, warnings };
}

async function look(admin: Admin, alias: string): Promise<Seen> {
  const nothing = { admin, alias, errors: [], warnings: [] };
  try {
    const [info, topics] = await Promise.all([admin.cluster(), admin.topics()]);
    return { ...nothing, info, topics, facts: [['cluster', `${info.clusterId}, ${count(info.brokers.length, 'broker')}`]] };
  } catch (error) {
    return { ...nothing, info: null, topics: [], facts: [], errors: [messageOf(error)] };
  }
}

function tellOfTopics(config: Config, conf: MirrorSourceConf, source: Seen, target: Seen, isOneCluster: boolean): void {
  const policy = replicationPolicyOf(config);
  const selection = {
    ...{ policy, filter: topicFilterOf(config), areHeartbeatsCopied: conf['heartbeats.replication.enabled'] },
    returning: isOneCluster ? [target.alias, source.alias] : [target.alias],
  };
  const chosen = source.topics.filter(({ name }) => isCopied(name, selection));
  const partitions = chosen.reduce((sum, one) => sum + one.partitions.length, 0);
  const there = new Map(target.topics.map((one) => [one.name, one.partitions.length]));
  const lines = chosen.slice(0, MOST_NAMES).map(({ name, partitions: own }) => {
    const copy = policy.formatRemoteTopic(source.alias, name);
    return `${name} (${count(own.length, 'partition')}) → ${copy}${target.info === null ? '' : stateOf(there.get(copy), own.length)}`;
  });
  const more = chosen.length > MOST_NAMES ? [`and ${chosen.length - MOST_NAMES} more`] : [];
  source.facts.push(['topics', chosen.length === 0 ? 'none' : [...lines, ...more].join('\n')]);
  source.facts.push([
    'tasks',
    `${Math.min(partitions, Math.max(1, Number(config['tasks.max'] ?? 1)))}, for ${count(partitions, 'partition')}`,
  ]);
  if (chosen.length === 0)
    source.warnings.push(
      'No topic is to be copied: check topics and topics.exclude, whose expressions match whole names. New topics are looked for every ' +
        `${conf['refresh.topics.interval.seconds']} s.`,
    );
  const isMissing = chosen.some(({ name }) => !there.has(policy.formatRemoteTopic(source.alias, name)));
  if (target.info !== null && isMissing && conf['replication.factor'] > target.info.brokers.length)
    target.errors.push(tooMany('Copies', 'replication.factor', conf['replication.factor'], target.info));
}

/** Of the copy: how many partitions it has, if it is there. */
function stateOf(there: number | undefined, wanted: number): string {
  if (there === undefined) return ', to be made';
  return there < wanted ? `, to grow from ${count(there, 'partition')}` : '';
}

function tellOfOneCluster(config: Config, source: Seen, target: Seen): void {
  const what = `'${source.alias}' and '${target.alias}' are one cluster`;
  if (replicationPolicyOf(config).isIdentity)
    target.errors.push(`${what}, and the copies keep their names: each record would be copied onto its own topic, again and again.`);
  else target.warnings.push(`${what}: topics whose names begin with '${source.alias}' count as copies and are not copied again.`);
}

function tellOfSyncs({ topic }: SyncsPlace, conf: MirrorSourceConf, { topics, info, facts, errors }: Seen): void {
  if (info === null) return;
  const factor = conf['offset-syncs.topic.replication.factor'];
  const isThere = topics.some(({ name }) => name === topic);
  facts.push(['offset syncs', `${topic}${isThere ? '' : `, to be made with ${count(factor, 'replica')}`}`]);
  if (!isThere && factor > info.brokers.length)
    errors.push(tooMany(`Topic ${topic}`, 'offset-syncs.topic.replication.factor', factor, info));
}

function tooMany(what: string, key: string, factor: number, { brokers }: ClusterInfo): string {
  return `${what} cannot be made with ${factor} replicas on ${count(brokers.length, 'broker')}: lower ${key}.`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
