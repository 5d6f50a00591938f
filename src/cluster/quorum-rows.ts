/** Voters and observers of the metadata quorum, each beside the leader. */
import type { QuorumInfo } from '../kafka/contract.ts';

export interface QuorumRow {
  readonly id: number;
  readonly role: 'leader' | 'voter' | 'observer';
  readonly logEndOffset: bigint;
  /** Records behind the leader; `null`: nothing was ever heard of it. */
  readonly lag: bigint | null;
  readonly caughtUpAgoMs: number | null;
  readonly fetchedAgoMs: number | null;
}

/** The leader, the voters, the observers. */
export function toQuorumRows({ leaderId, voters, observers }: QuorumInfo, nowMs: number): QuorumRow[] {
  const end = voters.find(({ id }) => id === leaderId)?.logEndOffset ?? null;
  const ago = (atMs: number) => (atMs < 0 ? null : Math.max(0, nowMs - atMs));
  const toRow = (role: QuorumRow['role'], { id, logEndOffset, lastFetchMs, lastCaughtUpMs }: QuorumInfo['voters'][number]): QuorumRow => ({
    id,
    role,
    logEndOffset,
    lag: end === null || logEndOffset < 0n ? null : end > logEndOffset ? end - logEndOffset : 0n,
    caughtUpAgoMs: ago(lastCaughtUpMs),
    fetchedAgoMs: ago(lastFetchMs),
  });
  const byId = (list: QuorumInfo['voters']) => list.toSorted((a, b) => a.id - b.id);
  return [
    ...byId(voters).map((one) => toRow(one.id === leaderId ? 'leader' : 'voter', one)),
    ...byId(observers).map((one) => toRow('observer', one)),
  ].sort((a, b) => Number(b.role === 'leader') - Number(a.role === 'leader'));
}
