/** Where a tail begins in each partition, and what of the wish cannot be met: said in one line each, while the rest goes on. */
import { groupDigits, plural } from '../base/format.ts';
import type { Admin, OffsetSpec, TopicInfo } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import type { TopicPartition } from '../plugin-api/records.ts';
import { fetchOffsets } from './progress.ts';

/** `last`: so many records before the end, over all partitions. */
export type TailStart = 'end' | 'beginning' | { readonly last: number } | { readonly offset: bigint } | { readonly timestampMs: number };

export interface WantedPartitions {
  readonly partitions: readonly TopicPartition[];
  /** Without a leader when the tail began: read as soon as they have one. */
  readonly leaderless: readonly TopicPartition[];
  /** Topics that are not there (yet). */
  readonly missing: readonly string[];
  readonly notes: readonly string[];
}

/** `only`: `null` for all partitions. */
export function wantedPartitions(topics: readonly string[], infos: readonly TopicInfo[], only: readonly number[] | null): WantedPartitions {
  const byName = new Map(infos.map((info) => [info.name, info]));
  const partitions: TopicPartition[] = [];
  const leaderless: TopicPartition[] = [];
  const missing: string[] = [];
  const notes: string[] = [];
  for (const topic of topics) {
    const info = byName.get(topic);
    if (!info || info.error === 'UNKNOWN_TOPIC_OR_PARTITION') {
      missing.push(topic);
      continue;
    }
    if (info.error !== null) {
      notes.push(`topic ${topic}: ${info.error}`);
      continue;
    }
    const known = new Set(info.partitions.map((one) => one.partition));
    const unknown = (only ?? []).filter((partition) => !known.has(partition));
    if (unknown.length > 0)
      notes.push(`${topic} has no partition ${unknown.join(', ')}: it has ${plural(known.size, 'partition')}, from 0 on`);
    for (const { partition, leader } of info.partitions) {
      if (only !== null && !only.includes(partition)) continue;
      partitions.push({ topic, partition });
      if (leader < 0) leaderless.push({ topic, partition });
    }
  }
  return { partitions, leaderless, missing, notes };
}

/** «The last n» is n over all partitions, shared by how many there are. An offset that a partition does not have becomes its nearest. */
export async function startOffsets(
  admin: Pick<Admin, 'listOffsets'>,
  partitions: readonly TopicPartition[],
  start: TailStart,
): Promise<{ offsets: readonly OffsetSpec[]; notes: readonly string[] }> {
  const all = (spec: OffsetSpec) => ({ offsets: partitions.map(() => spec), notes: [] });
  if (start === 'end') return all('latest');
  if (start === 'beginning') return all('earliest');
  if ('timestampMs' in start) return all({ timestampMs: start.timestampMs });
  const [earliest, latest] = await Promise.all([fetchOffsets(admin, partitions, 'earliest'), fetchOffsets(admin, partitions, 'latest')]);
  const share = 'last' in start ? BigInt(Math.max(1, Math.ceil(start.last / Math.max(1, partitions.length)))) : 0n;
  const elsewhere: string[] = [];
  const offsets = partitions.map((one): OffsetSpec => {
    const [first, end] = [earliest.get(partitionKey(one)), latest.get(partitionKey(one))];
    // One that does not answer (no leader) begins where it can as soon as it does.
    if (first === undefined || end === undefined) return 'last' in start ? 'latest' : start.offset;
    if ('last' in start) return end - share > first ? end - share : first;
    if (start.offset >= first && start.offset <= end) return start.offset;
    const isGone = start.offset < first;
    elsewhere.push(`p${one.partition} ${isGone ? `begins at ${groupDigits(first)}` : `ends at ${groupDigits(end)}`}`);
    return isGone ? first : end;
  });
  return { offsets, notes: elsewhere.length === 0 || !('offset' in start) ? [] : [outOfRange(start.offset, elsewhere)] };
}

const NAMED = 3;

function outOfRange(offset: bigint, elsewhere: readonly string[]): string {
  const more = elsewhere.length > NAMED ? ` and ${plural(elsewhere.length - NAMED, 'other partition')} as well` : '';
  return `offset ${groupDigits(offset)} is out of range: ${elsewhere.slice(0, NAMED).join(', ')}${more}; read from there`;
}
