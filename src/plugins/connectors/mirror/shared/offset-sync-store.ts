/**
 * Translates offsets of partitions upstream to offsets downstream, from offset syncs. Source: org.apache.kafka.connect.mirror.OffsetSyncStore
 * (KAFKA-12468, 15202, 15905).
 *
 * A partition has 64 slots: slot 0 is the newest sync, the last slot the oldest that is kept. Neighbours may be the same sync. The further a slot is
 * from the newest, the coarser it may be, so that a partition of any length takes the same memory and a group that lags little is translated most
 * exactly. For slots i < j that hold different syncs:
 *
 *     recent      upstream(i) <= upstream(j) + 2^j − 2^i          slot j is not too old for its place
 *     separated   upstream(i) >= upstream(j) + 2^max(i − 2, 0)    and not so near that it says the same
 */
import { partitionKey } from '../../../../kafka/partition-key.ts';
import type { TopicPartition } from '../../../../plugin-api/records.ts';
import type { OffsetSync } from './offset-sync.ts';

/** As many as a signed 64-bit offset has doublings. */
export const SLOTS = 64;

/**
 * An offset downstream, or why there is none: `not-read`, the syncs that were there at the start are not all read; `no-sync`, nothing of the partition
 * is known; `too-old`, the offset lies before the oldest sync.
 */
export type Translation = bigint | 'not-read' | 'no-sync' | 'too-old';

export interface OffsetSyncStoreOptions {
  /**
   * False: of the syncs that are there at the start only the last of each partition counts. Needed when it is not known what was told before, or
   * groups could be sent back.
   */
  readonly keepsHistory: boolean;
}

export class OffsetSyncStore {
  readonly #keepsHistory: boolean;
  readonly #slots = new Map<string, readonly OffsetSync[]>();
  #isRead = false;

  constructor({ keepsHistory }: OffsetSyncStoreOptions) {
    this.#keepsHistory = keepsHistory;
  }

  /** In the order of the topic. */
  add(sync: OffsetSync): void {
    const key = partitionKey(sync);
    const before = this.#slots.get(key);
    const [newest] = before ?? [];
    const isRewound = newest !== undefined && sync.upstreamOffset < newest.upstreamOffset;
    const isAlone = before === undefined || isRewound || (!this.#isRead && !this.#keepsHistory);
    this.#slots.set(key, isAlone ? new Array<OffsetSync>(SLOTS).fill(sync) : withSync(before, sync));
  }

  /** All that was there at the start has been added. */
  startIsRead(): void {
    this.#isRead = true;
  }

  get isRead(): boolean {
    return this.#isRead;
  }

  /** Partitions of which there is a sync. */
  get partitionCount(): number {
    return this.#slots.size;
  }

  /**
   * Never past the record that the group would read next. Behind the sync that is used it is the next offset, whatever the distance: how many records
   * lie between downstream is not known.
   */
  translate(partition: TopicPartition, upstreamOffset: bigint): Translation {
    if (!this.#isRead) return 'not-read';
    const slots = this.#slots.get(partitionKey(partition));
    if (slots === undefined) return 'no-sync';
    const sync = slots.find((slot) => slot.upstreamOffset <= upstreamOffset);
    if (sync === undefined) return 'too-old';
    return sync.upstreamOffset === upstreamOffset ? sync.downstreamOffset : sync.downstreamOffset + 1n;
  }

  /** The slots of a partition, newest first; null: nothing of it is known. */
  slotsOf(partition: TopicPartition): readonly OffsetSync[] | null {
    return this.#slots.get(partitionKey(partition)) ?? null;
  }
}

/** How much older the sync in slot j may be than the one in slot i. */
const AGE_LIMITS: readonly bigint[] = Array.from({ length: SLOTS }, (_, slot) => 2n ** BigInt(slot));
/** How much newer the sync in a slot is at least than the next one. */
const DISTANCES: readonly bigint[] = Array.from({ length: SLOTS }, (_, slot) => 2n ** BigInt(Math.max(slot - 2, 0)));

/** Whether the sync `older` may stand in slot `j` when `newer` stands in slot `i`. */
export function isRecent(newer: OffsetSync, older: OffsetSync, i: number, j: number): boolean {
  const limit = (AGE_LIMITS[j] ?? 0n) - (AGE_LIMITS[i] ?? 0n);
  return newer === older || newer.upstreamOffset <= older.upstreamOffset + limit;
}

/** Whether the sync `older` is far enough from `newer`, which stands in slot `i`. */
export function isSeparated(newer: OffsetSync, older: OffsetSync, i: number): boolean {
  return newer === older || newer.upstreamOffset >= older.upstreamOffset + (DISTANCES[i] ?? 0n);
}

/**
 * The slots with `sync` as the newest. Each following slot is looked at until one is found that may stay as it is: all behind it may, too. Before
 * that, a slot gets the newest of the earlier syncs that fits there; where none does, what was put in the slot before it.
 */
function withSync(before: readonly OffsetSync[], sync: OffsetSync): readonly OffsetSync[] {
  const slots = [...before];
  slots[0] = sync;
  let previous = sync;
  let replacement = sync;
  let candidateAt = 0;
  for (let slot = 1; slot < SLOTS; slot++) {
    // What is in the slot before, or too near to it, is not worth a slot of its own.
    let candidate = before[candidateAt] as OffsetSync;
    while (candidateAt < slot && (candidate === previous || !isSeparated(previous, candidate, slot - 1))) {
      candidateAt++;
      candidate = before[candidateAt] as OffsetSync;
    }
    const next = before[slot + 1];
    const isFit =
      isRecent(previous, candidate, slot - 1, slot) &&
      isSeparated(previous, candidate, slot - 1) &&
      (next === undefined || isSeparated(candidate, next, slot));
    if (isFit) replacement = candidate;
    const current = before[slot] as OffsetSync;
    if (isRecent(previous, current, slot - 1, slot)) break;
    slots[slot] = replacement;
    previous = replacement;
  }
  return slots;
}
