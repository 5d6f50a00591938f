/** ISR arithmetic: what is offline, below its minimum, under-replicated, and what each broker carries. */
import type { ClusterInfo, LogDirInfo, PartitionInfo, TopicInfo } from '../kafka/contract.ts';
import type { BrokerRow, IsrSummary, PartitionHealth, TopicRow } from './cluster-model.ts';

export function partitionHealth(partition: PartitionInfo, minIsr: number | null): PartitionHealth {
  if (partition.leader < 0) return 'offline';
  if (minIsr !== null && partition.isr.length < Math.min(minIsr, partition.replicas.length)) return 'below-min';
  return partition.isr.length < partition.replicas.length ? 'under' : 'ok';
}

const RANK: Readonly<Record<PartitionHealth, number>> = { offline: 0, 'below-min': 1, under: 2, ok: 3 };

export function healthRank(health: PartitionHealth): number {
  return RANK[health];
}

export function toTopicRow(
  info: TopicInfo,
  facts: { minIsr: number | null; endOffset: bigint | null; recordsPerSec: number | null; sizeBytes: bigint | null },
): TopicRow {
  const counts: Record<PartitionHealth, number> = { offline: 0, 'below-min': 0, under: 0, ok: 0 };
  for (const partition of info.partitions) counts[partitionHealth(partition, facts.minIsr)]++;
  return {
    info,
    replicationFactor: info.partitions[0]?.replicas.length ?? 0,
    offline: counts.offline,
    belowMin: counts['below-min'],
    under: counts.under + counts['below-min'],
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

/** One row for each broker that is up, that was seen before, or that some partition still counts on. */
export function toBrokerRows(
  info: ClusterInfo,
  topics: readonly TopicInfo[],
  knownIds: ReadonlySet<number>,
  logDirs: readonly LogDirInfo[] | null,
): BrokerRow[] {
  const counts = new Map<number, { leaders: number; replicas: number; underReplicated: number; outOfSync: number }>();
  const of = (id: number) => {
    const one = counts.get(id) ?? { leaders: 0, replicas: 0, underReplicated: 0, outOfSync: 0 };
    counts.set(id, one);
    return one;
  };
  for (const topic of topics) {
    for (const { leader, replicas, isr } of topic.partitions) {
      if (leader >= 0) {
        of(leader).leaders++;
        if (isr.length < replicas.length) of(leader).underReplicated++;
      }
      for (const id of replicas) {
        of(id).replicas++;
        if (!isr.includes(id)) of(id).outOfSync++;
      }
    }
  }
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
      ...of(id),
      // What a broker that is gone has told of its disks is not true any more.
      ...diskFacts(id, broker ? logDirs : null),
    };
  });
}

/** A broker that did not answer comes as one folder without a name. */
export function isSilence(dir: LogDirInfo): boolean {
  return dir.path === '' && dir.error !== null;
}

function diskFacts(
  id: number,
  logDirs: readonly LogDirInfo[] | null,
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
    sizeBytes: own.reduce((sum, dir) => sum + dir.partitions.reduce((all, partition) => all + partition.sizeBytes, 0n), 0n),
    silence: null,
    logDirErrors: own.flatMap((dir) => (dir.error === null ? [] : [`${dir.path}: ${dir.error}`])),
  };
}
