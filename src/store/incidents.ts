/** Everything that is wrong now, worst first, over Connect and Kafka: rules over what is known, folded under their likely cause. */
import { formatCount, formatRate } from '../base/format.ts';
import type { BrokerRow, ClusterData, TopicRow } from '../cluster/cluster-model.ts';
import { isStale, type Reach } from '../cluster/poll-loop.ts';
import { type ConnectData, type ConnectorRow, type Since, wantedText } from './connect-model.ts';
import type { Target } from './view.ts';

/** 0 we cannot see, 1 data is not available or may be lost, 2 something has stopped, 3 it does not move, 4 less safe than it should be. */
export type Severity = 0 | 1 | 2 | 3 | 4;

export interface Incident {
  readonly id: string;
  readonly severity: Severity;
  readonly since: Since;
  /** The object, in a few words: `orders-sink 2/4`. */
  readonly what: string;
  /** In one word: FAILED, STUCK, OFFLINE … */
  readonly state: string;
  readonly cause: string;
  /** The key that helps first. */
  readonly key: string;
  readonly target: Target;
}

const DISK_FULL_SHARE = 0.85;

/** Remembers since when each incident holds. */
export class IncidentLog {
  readonly #since = new Map<string, Since>();
  /** True once what was so before we looked has been seen. */
  #hadAnswers = false;
  #hadDisks = false;

  /** `connect` and `cluster` null: not configured. */
  update(connect: ConnectData | null, cluster: ClusterData | null, nowMs: number): Incident[] {
    const found = [
      ...reachIncidents(connect?.reach ?? null, cluster?.reach ?? null, nowMs),
      ...(connect ? connectIncidents(connect) : []),
      ...(cluster ? clusterIncidents(cluster) : []),
    ];
    const ids = new Set(found.map((one) => one.id));
    for (const id of this.#since.keys()) if (!ids.has(id)) this.#since.delete(id);
    const [hadAnswers, hadDisks] = [this.#hadAnswers, this.#hadDisks];
    this.#hadAnswers ||= [connect?.reach, cluster?.reach].every((reach) => reach?.lastOkMs !== null);
    this.#hadDisks ||= cluster?.logDirs != null;
    return found
      .map(({ since, ...draft }) => {
        // Disks are asked rarely, and after everything else.
        const isExact = /^(?:disk|silent)-/.test(draft.id) ? hadDisks : hadAnswers;
        const kept = since ?? this.#since.get(draft.id) ?? { atMs: nowMs, isExact };
        this.#since.set(draft.id, kept);
        return { ...draft, since: kept };
      })
      .sort((a, b) => a.severity - b.severity || b.since.atMs - a.since.atMs || (a.what < b.what ? -1 : 1));
  }
}

type Draft = Omit<Incident, 'since'> & { readonly since: Since | null };

function reachIncidents(connect: Reach | null, cluster: Reach | null, nowMs: number): Draft[] {
  const one = (id: string, what: string, reach: Reach | null): Draft[] => {
    if (!reach || (reach.error === null && !isStale(reach, nowMs, 5))) return [];
    const since = reach.failingSinceMs === null ? null : { atMs: reach.failingSinceMs, isExact: true };
    const age = reach.lastOkMs === null ? 'no answer yet' : 'what is shown is old';
    return [
      {
        id,
        severity: 0,
        since,
        what,
        state: 'UNREACHABLE',
        cause: `${reach.error ?? 'no answer'} · ${age}`,
        key: '',
        target: { incident: id },
      },
    ];
  };
  return [...one('reach-connect', 'Connect', connect), ...one('reach-kafka', 'Kafka', cluster)];
}

function connectIncidents({ connectors, workers, knownWorkers }: ConnectData): Draft[] {
  const found = connectors.flatMap(connectorIncident);
  const missing = knownWorkers.filter((worker) => !workers.includes(worker));
  if (missing.length > 0 && workers.length > 0)
    found.push({
      id: 'workers',
      severity: 4,
      since: null,
      what: `worker ${missing.join(', ')}`,
      state: 'IDLE',
      cause: 'was seen with connectors or tasks and has none now',
      key: '',
      target: { incident: 'workers' },
    });
  return found;
}

function connectorIncident(row: ConnectorRow): Draft[] {
  const id = `connector-${row.name}`;
  const target: Target = { connector: row.name, incident: id };
  const base = { id, since: row.since, what: row.name, state: row.health as string, target };
  if (row.requested?.isLate) {
    return [
      {
        ...base,
        id: `late-${row.name}`,
        severity: 3,
        since: { atMs: row.requested.sinceMs, isExact: true },
        state: 'LATE',
        cause: `${wantedText(row.requested)} was asked for; the status still says ${row.state}`,
        key: 'l',
      },
      ...stateIncident(row, base),
    ];
  }
  return stateIncident(row, base);
}

function stateIncident(row: ConnectorRow, base: Pick<Draft, 'id' | 'since' | 'what' | 'state' | 'target'>): Draft[] {
  switch (row.health) {
    case 'FAILED': {
      const failed = row.tasks.filter((task) => task.state === 'FAILED');
      const what = row.state === 'FAILED' || row.tasks.length < 2 ? row.name : `${row.name} ${failed.length}/${row.tasks.length}`;
      const first = row.state !== 'FAILED' && failed.length === 1 ? { task: failed[0]!.id } : {};
      return [{ ...base, severity: 2, what, cause: row.lastError ?? 'no trace', key: 'r', target: { ...base.target, ...first } }];
    }
    case 'STUCK': {
      const growth = row.lagPerSec !== null && row.lagPerSec > 0.05 ? ` +${formatRate(row.lagPerSec)}/s` : '';
      return [
        {
          ...base,
          severity: 3,
          since: row.stuckSince,
          cause: `running, 0 rec/s, lag ${row.isLagWhole ? '' : '≥ '}${formatCount(row.lagRecords)}${growth}`,
          key: 'l',
        },
      ];
    }
    case 'FLAPPING':
      return [
        {
          ...base,
          severity: 3,
          cause: `${row.stateChanges} failures and recoveries in 10 min${row.lastError ? `: ${row.lastError}` : ''}`,
          key: 'l',
        },
      ];
    case 'UNASSIGNED':
      return [{ ...base, severity: 2, cause: 'no worker runs it', key: 'r' }];
    case 'RESTARTING':
    case 'PAUSED':
    case 'STOPPED':
    case 'RUNNING':
      return [];
  }
}

function clusterIncidents(cluster: ClusterData): Draft[] {
  const found: Draft[] = [];
  const down = cluster.brokers.filter((broker) => !broker.isUp);
  for (const broker of down) {
    const cause = broker.outOfSync > 0 ? `${broker.outOfSync} replicas are missing` : 'no partition waits for it';
    found.push({
      id: `broker-${broker.id}`,
      severity: 1,
      since: null,
      what: `broker ${broker.id}`,
      state: 'DOWN',
      cause,
      key: '⏎',
      target: { broker: broker.id, incident: `broker-${broker.id}` },
    });
  }
  for (const broker of cluster.brokers.filter((one) => one.isUp)) found.push(...brokerIncidents(broker, cluster.reach.error !== null));
  if (cluster.info?.controllerId === -1)
    found.push({
      id: 'controller',
      severity: 1,
      since: null,
      what: 'controller',
      state: 'NONE',
      cause: 'no controller: topics and leaders cannot change',
      key: '⏎',
      target: { incident: 'controller' },
    });
  const isDown = new Set(down.map((broker) => broker.id));
  for (const topic of cluster.topics) found.push(...topicIncident(topic, isDown));
  return found;
}

function brokerIncidents({ id, silence, usedShare, logDirErrors: errors }: BrokerRow, isUnreachable: boolean): Draft[] {
  const target = { broker: id, incident: `disk-${id}` };
  if (silence !== null) {
    // When nothing can be reached at all, that is said already.
    if (isUnreachable) return [];
    const cause = `in the metadata, but does not answer (${silence})`;
    return [
      {
        id: `silent-${id}`,
        severity: 1,
        since: null,
        what: `broker ${id}`,
        state: 'SILENT',
        cause,
        key: '⏎',
        target: { broker: id, incident: `silent-${id}` },
      },
    ];
  }
  if (errors.length > 0)
    return [
      {
        id: `disk-${id}`,
        severity: 1,
        since: null,
        what: `broker ${id} disk`,
        state: 'BROKEN',
        cause: errors.join('; '),
        key: '⏎',
        target,
      },
    ];
  if (usedShare === null || usedShare < DISK_FULL_SHARE) return [];
  return [
    {
      id: `disk-${id}`,
      severity: 4,
      since: null,
      what: `broker ${id} disk`,
      state: 'FULL',
      cause: `${Math.round(usedShare * 100)} % used`,
      key: '⏎',
      target,
    },
  ];
}

function replicasOf(partitions: TopicRow['info']['partitions']): string {
  return [...new Set(partitions.flatMap((one) => one.replicas))].sort((a, b) => a - b).join(',');
}

function topicIncident(topic: TopicRow, down: ReadonlySet<number>): Draft[] {
  const { name, partitions } = topic.info;
  const id = `topic-${name}`;
  const base = { id, since: null, key: '⏎', target: { topic: name, incident: id } };
  const list = (wanted: (typeof partitions)[number][]) =>
    wanted
      .slice(0, 4)
      .map((one) => `p${one.partition}`)
      .join(' ') + (wanted.length > 4 ? ` +${wanted.length - 4}` : '');
  if (topic.offline > 0) {
    const offline = partitions.filter((one) => one.leader < 0);
    return [
      {
        ...base,
        severity: 1,
        what: `topic ${name} ${list(offline)}`,
        state: 'OFFLINE',
        cause: `no leader: replicas ${replicasOf(offline)} · neither read nor written`,
      },
    ];
  }
  if (topic.belowMin > 0) {
    const below = partitions.filter((one) => one.isr.length < Math.min(topic.minIsr ?? 0, one.replicas.length));
    return [
      {
        ...base,
        severity: 1,
        what: `topic ${name} ${list(below)}`,
        state: 'READ-ONLY',
        cause: `ISR ${below[0]?.isr.join(',')} of ${below[0]?.replicas.join(',')} · below min.insync ${topic.minIsr}`,
      },
    ];
  }
  if (topic.under === 0) return [];
  const under = partitions.filter((one) => one.isr.length < one.replicas.length);
  // A broker that is down says it already, for all its partitions.
  if (under.every((one) => one.replicas.every((replica) => one.isr.includes(replica) || down.has(replica)))) return [];
  const first = under[0];
  const margin = topic.minIsr !== null && under.some((one) => one.isr.length === topic.minIsr) ? ` · at min.insync ${topic.minIsr}` : '';
  return [
    {
      ...base,
      severity: 4,
      what: `topic ${name} ${list(under)}`,
      state: 'UNDER',
      cause: `ISR ${first?.isr.join(',')} of ${first?.replicas.join(',')}${margin}`,
    },
  ];
}
