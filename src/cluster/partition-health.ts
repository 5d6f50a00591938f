/** ISR arithmetic: what is offline, below its minimum, under-replicated, and what each broker carries. */
import { atOnce } from '../base/turn.ts';
import type { ClusterInfo, PartitionInfo, TopicInfo } from '../kafka/contract.ts';
import type { BrokerRow, IsrSummary, PartitionHealth, TopicRow } from './cluster-model.ts';
import type { DiskInfo } from './disk-index.ts';

export function partitionHealth(partition: PartitionInfo, minIsr: number | null): PartitionHealth {
  if (partition.leader < 0) return 'offline';
  if (minIsr !== null && partition.isr.length < Math.min(minIsr, partition.replicas.length)) return 'below-min';
  return partition.isr.length < partition.replicas.length ? 'under' : 'ok';
}

export function isNotWhole({ partitions }: TopicInfo): boolean {
  return partitions.some(({ isr, replicas }) => isr.length < replicas.length);
}

const RANK: Readonly<Record<PartitionHealth, number>> = { offline: 0, 'below-min': 1, under: 2, ok: 3 };

export function healthRank(health: PartitionHealth): number {
  return RANK[health];
}

export type TopicFacts = Pick<TopicRow, 'rules' | 'endOffset' | 'recordsPerSec' | 'sizeBytes'>;

export function toTopicRow(info: TopicInfo, facts: TopicFacts): TopicRow {
  const minIsr = facts.rules?.minIsr ?? null;
  const counts: Record<PartitionHealth, number> = { offline: 0, 'below-min': 0, under: 0, ok: 0 };
  for (const partition of info.partitions) counts[partitionHealth(partition, minIsr)]++;
  return {
    info,
    replicationFactor: info.partitions[0]?.replicas.length ?? 0,
    offline: counts.offline,
    belowMin: counts['below-min'],
    under: counts.under + counts['below-min'],
    minIsr,
    ...facts,
  };
}

export function summariseIsr(topics: readonly TopicRow[]): IsrSummary {
  let [offline, belowMin, under] = [0, 0, 0];
  for (const topic of topics) {
    offline += topic.offline;
    belowMin += topic.belowMin;
    under += topic.under;
  }
  return { offline, belowMin, under };
}

export type Carried = {
  -readonly [K in 'leaders' | 'replicas' | 'underReplicated' | 'outOfSync' | 'preferred' | 'preferredLed']: BrokerRow[K];
};

const NOTHING: Readonly<Carried> = { leaders: 0, replicas: 0, underReplicated: 0, outOfSync: 0, preferred: 0, preferredLed: 0 };

/** Share of the partitions that a broker should lead, and does not: Kafka moves leaders back by itself above 10 %. `null`: it should lead none. */
export function imbalanceOf({ preferred, preferredLed }: Pick<BrokerRow, 'preferred' | 'preferredLed'>): number | null {
  return preferred === 0 ? null : (preferred - preferredLed) / preferred;
}

/** What brokers carry, by their ids; topic by topic. */
export function* countReplicas(topics: readonly TopicInfo[]): Generator<void, ReadonlyMap<number, Carried>> {
  const counts = new Map<number, Carried>();
  const of = (id: number): Carried => {
    const known = counts.get(id);
    if (known) return known;
    const one = { ...NOTHING };
    counts.set(id, one);
    return one;
  };
  for (const topic of topics) {
    for (const { leader, replicas, isr } of topic.partitions) {
      const [preferred] = replicas;
      if (leader >= 0) {
        of(leader).leaders++;
        if (isr.length < replicas.length) of(leader).underReplicated++;
      }
      if (preferred !== undefined) {
        of(preferred).preferred++;
        if (leader === preferred) of(preferred).preferredLed++;
      }
      for (const id of replicas) {
        const carried = of(id);
        carried.replicas++;
        if (!isr.includes(id)) carried.outOfSync++;
      }
    }
    yield;
  }
  return counts;
}

/** One row for each broker that is up, that was seen before, or that some partition still counts on. */
export function toBrokerRows(
  info: ClusterInfo,
  topics: readonly TopicInfo[],
  knownIds: ReadonlySet<number>,
  logDirs: readonly DiskInfo[] | null,
): BrokerRow[] {
  return brokerRows(info, atOnce(countReplicas(topics)), knownIds, logDirs);
}

export function brokerRows(
  info: ClusterInfo,
  counts: ReadonlyMap<number, Readonly<Carried>>,
  knownIds: ReadonlySet<number>,
  logDirs: readonly DiskInfo[] | null,
): BrokerRow[] {
  const up = new Map(info.brokers.map((broker) => [broker.id, broker]));
  const ids = [...new Set([...up.keys(), ...counts.keys(), ...knownIds])].filter((id) => id >= 0).sort((a, b) => a - b);
  return ids.map((id) => {
    const broker = up.get(id);
    return {
      id,
      address: broker ? `${broker.host}:${broker.port}` : null,
      rack: broker?.rack ?? null,
      isUp: broker !== undefined,
      isController: info.controllerId === id,
      ...(counts.get(id) ?? NOTHING),
      // What a broker that is gone has told of its disks is not true any more.
      ...diskFacts(id, broker ? logDirs : null),
    };
  });
}

/** A broker that did not answer comes as one folder without a name. */
export function isSilence(dir: Pick<DiskInfo, 'path' | 'error'>): boolean {
  return dir.path === '' && dir.error !== null;
}

function diskFacts(
  id: number,
  logDirs: readonly DiskInfo[] | null,
): Pick<BrokerRow, 'usedShare' | 'sizeBytes' | 'logDirErrors' | 'silence'> {
  const own = logDirs?.filter((dir) => dir.brokerId === id) ?? [];
  const silence = own.find(isSilence)?.error ?? null;
  if (own.length === 0 || silence !== null) return { usedShare: null, sizeBytes: null, logDirErrors: [], silence };
  const shares = own.flatMap((dir) =>
    dir.totalBytes && dir.usableBytes !== null ? [1 - Number(dir.usableBytes) / Number(dir.totalBytes)] : [],
  );
  return {
    // The fullest folder is the one that stops the broker.
    usedShare: shares.length > 0 ? Math.max(...shares) : null,
    sizeBytes: own.reduce((sum, dir) => sum + dir.sizeBytes, 0n),
    silence: null,
    logDirErrors: own.flatMap((dir) => (dir.error === null ? [] : [`${dir.path}: ${dir.error}`])),
  };
}
