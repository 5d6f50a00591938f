/** What follows from a change of settings, counted where it can be: records that go, partitions that cannot be written to. */
import { formatBytes, formatDuration, plural } from '../base/format.ts';
import type { TopicRow } from '../cluster/cluster-model.ts';
import type { DiskIndex } from '../cluster/disk-index.ts';
import { fetchOffsets } from '../cluster/progress.ts';
import type { Admin, ConfigEntry } from '../kafka/contract.ts';
import { type DialogLine, line } from './dialog.ts';
import type { SettingChanges } from './settings-steps.ts';

export interface Consequences {
  readonly lines: readonly DialogLine[];
  /** Records go, or may: there is no way back for them. */
  readonly isLossy: boolean;
}

export interface ConsequenceFacts {
  readonly admin: Admin;
  readonly topic: TopicRow;
  readonly disks: DiskIndex | null;
  readonly entries: readonly ConfigEntry[];
  readonly nowMs: number;
}

export async function topicConsequences(facts: ConsequenceFacts, changes: SettingChanges): Promise<Consequences> {
  const before = (name: string) => facts.entries.find((entry) => entry.name === name)?.value ?? null;
  // What the default will be is not told: only a value that is given can be judged.
  const after = (name: string) => changes[name] ?? before(name);
  const lines: DialogLine[] = [];
  let isLossy = false;
  const deletes = after('cleanup.policy')?.includes('delete') ?? true;
  const isTimeChanged = 'retention.ms' in changes || 'cleanup.policy' in changes;
  if (
    deletes &&
    isTimeChanged &&
    isShorter(before('cleanup.policy')?.includes('delete') ? before('retention.ms') : '-1', after('retention.ms'))
  ) {
    const keptMs = Number(after('retention.ms'));
    const { records, bytes, isWhole } = await olderThan(facts, facts.nowMs - keptMs);
    isLossy = records > 0n || !isWhole;
    const size = bytes === null ? '' : `, about ${formatBytes(bytes)}`;
    lines.push(
      records === 0n
        ? line(`Nothing is older than ${formatDuration(keptMs)} now.`, 'dim')
        : line(
            `About ${plural(Number(records), 'record')} older than ${formatDuration(keptMs)} go${size}: segment by segment, for good.`,
            'warn',
          ),
    );
    if (!isWhole) lines.push(line('Of some partitions it is not known: more may go.', 'warn'));
  }
  if (deletes && 'retention.bytes' in changes && isShorter(before('retention.bytes'), after('retention.bytes'))) {
    const limit = BigInt(after('retention.bytes') ?? '-1');
    const over = facts.topic.info.partitions.map(({ partition }) => {
      const size = facts.disks?.partitionBytes(facts.topic.info.name, partition) ?? null;
      return size === null ? null : size > limit ? size - limit : 0n;
    });
    const known = over.filter((one) => one !== null).reduce((sum, one) => sum + one, 0n);
    const isWhole = over.every((one) => one !== null);
    if (known > 0n || !isWhole) isLossy = true;
    lines.push(
      known === 0n && isWhole
        ? line(`No partition is larger than ${formatBytes(limit)} now.`, 'dim')
        : line(`About ${isWhole ? '' : '(or more than) '}${formatBytes(known)} go, the oldest first, for good.`, 'warn'),
    );
  }
  if (after('cleanup.policy')?.includes('compact') && before('cleanup.policy')?.includes('compact') === false) {
    isLossy = true;
    lines.push(line('Compaction keeps the newest record of each key only; records without a key are refused.', 'warn'));
  }
  if ('min.insync.replicas' in changes) lines.push(...minIsrLines(facts.topic, Number(after('min.insync.replicas'))));
  if (changes['unclean.leader.election.enable'] === 'true')
    lines.push(line('A replica that lacks records may lead then, by itself: what it lacks is lost.', 'warn'));
  return { lines, isLossy };
}

/** −1 is for ever; what is not known is not judged. */
function isShorter(before: string | null, after: string | null): boolean {
  const [was, is] = [Number(before ?? Number.NaN), Number(after ?? Number.NaN)];
  return is >= 0 && (was < 0 || is < was);
}

function minIsrLines(topic: TopicRow, minIsr: number): DialogLine[] {
  const below = topic.info.partitions.filter(({ isr, replicas }) => isr.length < Math.min(minIsr, replicas.length)).length;
  const eligible = line('Replicas that are eligible to lead (ELR) are forgotten by this change.', 'dim');
  if (below > 0) return [line(`${plural(below, 'partition')} would be read only at once: fewer replicas are in sync.`, 'fail'), eligible];
  return minIsr > topic.replicationFactor
    ? [line(`There are ${topic.replicationFactor} replicas: all of them must be in sync then.`, 'warn'), eligible]
    : [eligible];
}

/** Records before a time, and their share of the bytes. */
async function olderThan(
  { admin, topic, disks }: ConsequenceFacts,
  timestampMs: number,
): Promise<{ records: bigint; bytes: bigint | null; isWhole: boolean }> {
  const { name, partitions } = topic.info;
  const places = partitions.flatMap(({ partition, leader }) => (leader < 0 ? [] : [{ topic: name, partition }]));
  const [earliest, latest, at] = await Promise.all([
    fetchOffsets(admin, places, 'earliest'),
    fetchOffsets(admin, places, 'latest'),
    admin.listOffsets(places, { timestampMs }),
  ]);
  let [records, bytes]: [bigint, bigint | null] = [0n, 0n];
  let isWhole = places.length === partitions.length;
  for (const { partition, offset, error } of at) {
    const key = `${name} ${partition}`;
    const [first, end] = [earliest.get(key), latest.get(key)];
    if (first === undefined || end === undefined || error !== null) {
      isWhole = false;
      continue;
    }
    // None is that new: all of them are older.
    const until = offset === null || offset < 0n ? end : offset;
    const gone = until > first ? until - first : 0n;
    const size = disks?.partitionBytes(name, partition) ?? null;
    records += gone;
    bytes = bytes === null || size === null ? null : bytes + (end > first ? (size * gone) / (end - first) : 0n);
  }
  return { records, bytes, isWhole };
}
