/** How far a move of replicas has come: by the bytes that the new ones hold beside the leader's, and the records that they lack. */
import type { Reassignment, TopicInfo } from '../kafka/contract.ts';
import type { DiskIndex } from './disk-index.ts';
import { paceKey, type ReassignmentPace, type ReassignmentPaces, UNKNOWN_PACE } from './reassignment-pace.ts';

export interface ReassignmentProgress extends Reassignment {
  /** New replicas that have caught up. */
  readonly inSync: readonly number[];
  /** Bytes that the new replicas hold, and are to hold together; `null`: not known. */
  readonly doneBytes: bigint | null;
  readonly totalBytes: bigint | null;
  /** Records that the new replicas lack; `null`: not known. */
  readonly lagRecords: bigint | null;
  /** New replicas whose broker tells nothing of them: away, or not begun. */
  readonly silent: readonly number[];
}

export interface ReassignmentRow extends ReassignmentProgress, ReassignmentPace {}

export function toReassignmentRows(moves: readonly ReassignmentProgress[], paces: ReassignmentPaces): ReassignmentRow[] {
  return moves.map((move) => ({ ...move, ...(paces.get(paceKey(move)) ?? UNKNOWN_PACE) }));
}

export function reassignmentProgress(
  moves: readonly Reassignment[],
  topics: ReadonlyMap<string, TopicInfo>,
  disks: DiskIndex | null,
): ReassignmentProgress[] {
  return moves.map((move) => {
    const { topic, partition, adding } = move;
    const isr = topics.get(topic)?.partitions.find((one) => one.partition === partition)?.isr ?? [];
    const inSync = adding.filter((id) => isr.includes(id));
    const found = (disks?.replicas(topic, partition) ?? []).filter(({ isFuture }) => !isFuture);
    const of = (id: number) => found.find(({ brokerId }) => brokerId === id) ?? null;
    const full = disks?.partitionBytes(topic, partition) ?? null;
    const present = adding.map(of);
    const known = present.filter((one) => one !== null);
    return {
      ...move,
      inSync,
      silent: adding.filter((id) => !inSync.includes(id) && of(id) === null),
      doneBytes: full === null ? null : known.reduce((sum, { sizeBytes }) => (sizeBytes > full ? sum + full : sum + sizeBytes), 0n),
      totalBytes: full === null ? null : full * BigInt(adding.length),
      lagRecords: known.length < adding.length ? null : known.reduce((sum, { offsetLag }) => (offsetLag < 0n ? sum : sum + offsetLag), 0n),
    };
  });
}

/** 0 to 1; a move that only takes replicas away, or that lacks nothing, is done. `null`: not known. */
export function shareOf(row: ReassignmentProgress): number | null {
  if (row.adding.length === row.inSync.length) return 1;
  if (row.doneBytes === null || row.totalBytes === null) return null;
  return row.totalBytes === 0n ? 0 : Number(row.doneBytes) / Number(row.totalBytes);
}
