/**
 * What the brokers' log folders hold, found by partition: made once for each answer, not for each look at it. Columns of numbers: as
 * objects the replicas of a hundred thousand partitions would be most of the console's memory.
 */
import { atOnce } from '../base/turn.ts';
import type { LogDirInfo } from '../kafka/contract.ts';

export interface ReplicaOnDisk {
  readonly brokerId: number;
  readonly path: string;
  readonly sizeBytes: bigint;
  /** Records behind the leader (or, of a future replica, behind the one that it takes the place of). */
  readonly offsetLag: bigint;
  /** A copy in another folder of the same broker, on its way to take the place of the first. */
  readonly isFuture: boolean;
}

/** A log folder without the single replicas. */
export interface DiskInfo extends Omit<LogDirInfo, 'partitions'> {
  readonly replicaCount: number;
  readonly sizeBytes: bigint;
}

/** Where the replicas of a topic stand. */
interface Range {
  readonly columns: Columns;
  from: number;
  count: number;
}

/** Of one answer. */
interface Columns {
  readonly dirs: ReadonlyArray<Pick<LogDirInfo, 'brokerId' | 'path'>>;
  readonly dirOf: Int32Array;
  readonly partition: Int32Array;
  readonly sizeBytes: BigInt64Array;
  readonly offsetLag: BigInt64Array;
  readonly isFuture: Uint8Array;
}

const NOWHERE: Range = { columns: makeColumns([], 0), from: 0, count: 0 };

/** Replicas between two places where filling may be left. */
const STEP = 1_000;

export class DiskIndex {
  readonly #byDir = new Map<string, DiskInfo>();
  #dirs: readonly DiskInfo[] = [];
  readonly #ranges = new Map<string, Range>();
  /** Sums that were asked for. */
  readonly #topicBytes = new Map<string, bigint>();

  constructor(dirs: readonly LogDirInfo[] = []) {
    atOnce(this.add(dirs));
  }

  get dirs(): readonly DiskInfo[] {
    return this.#dirs;
  }

  /** In steps: there are as many replicas as partitions on all brokers. Each topic comes in one answer alone. */
  *add(dirs: readonly LogDirInfo[]): Generator<void> {
    const ranges = new Map<string, { count: number }>();
    let total = 0;
    for (const { partitions } of dirs) {
      for (const { topic } of partitions) {
        const range = ranges.get(topic);
        if (range) range.count++;
        else ranges.set(topic, { count: 1 });
        if (++total % STEP === 0) yield;
      }
    }
    const columns = makeColumns(dirs, total);
    let from = 0;
    for (const [topic, { count }] of ranges) {
      this.#ranges.set(topic, { columns, from, count: 0 });
      from += count;
    }
    for (const [index, dir] of dirs.entries()) yield* this.#fill(columns, index, dir);
    this.#dirs = [...this.#byDir.values()];
  }

  *#fill(columns: Columns, dirIndex: number, { partitions, ...dir }: LogDirInfo): Generator<void> {
    const key = `${dir.brokerId} ${dir.path}`;
    const known = this.#byDir.get(key);
    let sum = known?.sizeBytes ?? 0n;
    let filled = 0;
    for (const { topic, partition, sizeBytes, offsetLag, isFuture } of partitions) {
      const range = this.#ranges.get(topic)!;
      const at = range.from + range.count++;
      columns.dirOf[at] = dirIndex;
      columns.partition[at] = partition;
      columns.sizeBytes[at] = sizeBytes;
      columns.offsetLag[at] = offsetLag;
      columns.isFuture[at] = Number(isFuture);
      sum += sizeBytes;
      if (++filled % STEP === 0) yield;
    }
    this.#byDir.set(key, { ...dir, replicaCount: (known?.replicaCount ?? 0) + partitions.length, sizeBytes: sum });
  }

  replicas(topic: string, partition: number): readonly ReplicaOnDisk[] {
    const found: ReplicaOnDisk[] = [];
    const { columns, from, count } = this.#placesOf(topic);
    for (let at = from; at < from + count; at++) {
      if (columns.partition[at] !== partition) continue;
      const { brokerId, path } = columns.dirs[columns.dirOf[at]!]!;
      found.push({
        brokerId,
        path,
        sizeBytes: columns.sizeBytes[at]!,
        offsetLag: columns.offsetLag[at]!,
        isFuture: columns.isFuture[at] === 1,
      });
    }
    return found;
  }

  /** Bytes of a partition: its largest replica. `null`: no broker has told of one. */
  partitionBytes(topic: string, partition: number): bigint | null {
    let most: bigint | null = null;
    const { columns, from, count } = this.#placesOf(topic);
    for (let at = from; at < from + count; at++) {
      if (columns.partition[at] !== partition || columns.isFuture[at] === 1) continue;
      const bytes = columns.sizeBytes[at]!;
      if (most === null || bytes > most) most = bytes;
    }
    return most;
  }

  /** Bytes of a topic, each partition once. */
  topicBytes(topic: string): bigint | null {
    if (!this.#ranges.has(topic)) return null;
    const bytes = this.#topicBytes.get(topic) ?? this.#sumOf(topic);
    this.#topicBytes.set(topic, bytes);
    return bytes;
  }

  #sumOf(topic: string): bigint {
    const { columns, from, count } = this.#placesOf(topic);
    const largest: bigint[] = [];
    for (let at = from; at < from + count; at++) {
      if (columns.isFuture[at] === 1) continue;
      const [partition, bytes] = [columns.partition[at]!, columns.sizeBytes[at]!];
      if (bytes > (largest[partition] ?? -1n)) largest[partition] = bytes;
    }
    return largest.reduce((all, bytes) => all + bytes, 0n);
  }

  #placesOf(topic: string): Range {
    return this.#ranges.get(topic) ?? NOWHERE;
  }
}

function makeColumns(dirs: readonly LogDirInfo[], count: number): Columns {
  return {
    dirs: dirs.map(({ brokerId, path }) => ({ brokerId, path })),
    dirOf: new Int32Array(count),
    partition: new Int32Array(count),
    sizeBytes: new BigInt64Array(count),
    offsetLag: new BigInt64Array(count),
    isFuture: new Uint8Array(count),
  };
}
