/** Who has to do with whom: connectors, topics and groups by what is known of each, the same for describe and for `i`. */
import { formatCount, plural } from '../base/format.ts';
import type { ConnectorRow } from './connect-model.ts';
import type { ConsoleData } from './console-data.ts';
import type { Target } from './view.ts';

export interface UserRow {
  readonly id: string;
  /** `reads`, `writes`, `dead letters`, `commits` … as seen from what is asked about. */
  readonly relation: string;
  readonly kind: 'connector' | 'topic' | 'group' | 'broker' | 'worker';
  readonly name: string;
  /** How it is, in a few words. */
  readonly note: string;
  readonly target: Target;
}

export function usersOf(data: ConsoleData, target: Target): UserRow[] {
  const found =
    target.connector !== undefined
      ? usedByConnector(data, target.connector)
      : target.topic !== undefined
        ? usersOfTopic(data, target.topic)
        : target.group !== undefined
          ? aboutGroup(data, target.group)
          : target.broker !== undefined
            ? onBroker(data, target.broker)
            : [];
  return found.map((row) => ({ ...row, id: `${row.relation} ${row.kind} ${row.name}` }));
}

type Draft = Omit<UserRow, 'id'>;

function connectorUser(row: ConnectorRow, relation: string): Draft {
  return { relation, kind: 'connector', name: row.name, note: row.health, target: { connector: row.name } };
}

/** What a connector has to do with a topic: reads or writes it, puts its dead letters there. A worker counts a dead-letter queue among a sink's topics. */
export function usageOf(row: ConnectorRow, topic: string): { readonly isUsed: boolean; readonly isQueue: boolean } {
  const isQueue = row.recordErrors.queue === topic;
  const isUsed = row.topics.includes(topic) && !(isQueue && row.type === 'sink' && !row.partitions.some((one) => one.topic === topic));
  return { isUsed, isQueue };
}

function usersOfTopic({ connect, cluster }: ConsoleData, topic: string): Draft[] {
  const connectors = (connect?.connectors ?? []).flatMap((row) => {
    const { isUsed, isQueue } = usageOf(row, topic);
    return [
      ...(isUsed ? [connectorUser(row, row.type === 'sink' ? 'is read by' : row.type === 'source' ? 'is written by' : 'is used by')] : []),
      ...(isQueue ? [connectorUser(row, 'dead letters of')] : []),
    ];
  });
  const groups = (cluster?.groups ?? []).flatMap((group): Draft[] => {
    if (!group.topics.includes(topic)) return [];
    const lags = group.partitions.filter((one) => one.topic === topic).map((one) => one.lag);
    return [groupUser(group.groupId, 'is read by', `${group.state}, lag ${lagOf(lags)}`)];
  });
  return [...connectors, ...groups];
}

/** Sum of what is known; with `≥` where some is not. */
function lagOf(lags: readonly (bigint | null)[]): string {
  const known = lags.filter((lag) => lag !== null);
  if (known.length === 0) return '?';
  return `${known.length < lags.length ? '≥ ' : ''}${formatCount(known.reduce((all, lag) => all + lag, 0n))}`;
}

function groupUser(name: string, relation: string, note: string): Draft {
  return { relation, kind: 'group', name, note, target: { group: name } };
}

function topicUser({ cluster }: ConsoleData, name: string, relation: string): Draft {
  const topic = cluster?.topics.find((row) => row.info.name === name);
  const note = topic
    ? `${plural(topic.info.partitions.length, 'partition')}${topic.offline > 0 ? `, ${topic.offline} OFFLINE` : ''}`
    : cluster
      ? 'is not there'
      : '?';
  return { relation, kind: 'topic', name, note, target: { topic: name } };
}

function usedByConnector(data: ConsoleData, name: string): Draft[] {
  const row = data.connect?.connectors.find((one) => one.name === name);
  if (!row) return [];
  const { queue } = row.recordErrors;
  const topics = row.topics
    .filter((topic) => topic !== queue)
    .map((topic) => topicUser(data, topic, row.type === 'source' ? 'writes' : 'reads'));
  const group = data.cluster?.groups?.find((one) => one.groupId === row.groupId);
  const workers = [...new Set([row.workerId, ...row.tasks.map((task) => task.workerId)])].filter((worker) => worker !== '');
  return [
    ...topics,
    ...(queue === null ? [] : [topicUser(data, queue, 'dead letters to')]),
    ...(row.groupId === null ? [] : [groupUser(row.groupId, 'commits in', group ? `${group.state}, lag ${formatCount(group.lag)}` : '?')]),
    ...workers.map((worker): Draft => ({ relation: 'runs on', kind: 'worker', name: worker, note: '', target: { connector: row.name } })),
  ];
}

function aboutGroup(data: ConsoleData, groupId: string): Draft[] {
  const group = data.cluster?.groups?.find((one) => one.groupId === groupId);
  const connectors = (data.connect?.connectors ?? [])
    .filter((row) => row.groupId === groupId)
    .map((row) => connectorUser(row, 'is the group of'));
  return [...connectors, ...(group?.topics ?? []).map((topic) => topicUser(data, topic, 'reads'))];
}

const MOST = 1_000;

/** Topics that would miss it first: those that it leads. */
function onBroker(data: ConsoleData, broker: number): Draft[] {
  const led = (data.cluster?.topics ?? []).filter((row) => row.info.partitions.some((one) => one.leader === broker));
  const groups = (data.cluster?.groups ?? []).filter((group) => group.coordinator === broker);
  return [
    ...led.slice(0, MOST).map((row) => topicUser(data, row.info.name, 'leads')),
    ...groups.map((group) => groupUser(group.groupId, 'coordinates', group.state)),
  ];
}
