/**
 * Where logs end, by partition: columns of numbers. As a map of texts and numbers those of a hundred thousand partitions would be made and
 * thrown away every few seconds.
 */
import type { TopicInfo } from '../kafka/contract.ts';
import { isSameList } from './sharing.ts';

const UNKNOWN = -1n;

/** Where the partitions of a topic stand in the column, and how many there are. */
interface Place {
  readonly from: number;
  readonly count: number;
}

/** Ends that are looked up one by one. */
export interface Ends {
  /** By `topic partition` (partition-key.ts). */
  get(key: string): bigint | undefined;
}

export class EndOffsets implements Ends {
  readonly #topics: readonly TopicInfo[];
  readonly #places: ReadonlyMap<string, Place>;
  readonly #ends: BigInt64Array;

  /** `before`: of the last look, mostly at the same topics. */
  constructor(topics: readonly TopicInfo[], before: EndOffsets | null = null) {
    this.#topics = topics;
    this.#places = before !== null && isSameList(before.#topics, topics) ? before.#places : placesOf(topics);
    let length = 0;
    for (const { from, count } of this.#places.values()) length = Math.max(length, from + count);
    this.#ends = new BigInt64Array(length).fill(UNKNOWN);
  }

  set(topic: string, partition: number, end: bigint): void {
    const place = this.#places.get(topic);
    if (place && partition < place.count) this.#ends[place.from + partition] = end;
  }

  get(key: string): bigint | undefined {
    const at = key.lastIndexOf(' ');
    const place = this.#places.get(key.slice(0, at));
    const partition = Number(key.slice(at + 1));
    const end = place && partition < place.count ? this.#ends[place.from + partition] : undefined;
    return end === UNKNOWN ? undefined : end;
  }

  /** Of all partitions; `null`: not known of all of them. */
  sumOf(topic: string): bigint | null {
    const { from, count } = this.#places.get(topic) ?? { from: 0, count: 0 };
    let sum: bigint | null = null;
    for (let at = from; at < from + count; at++) {
      const end = this.#ends[at]!;
      if (end === UNKNOWN) return null;
      sum = (sum ?? 0n) + end;
    }
    return sum;
  }
}

function placesOf(topics: readonly TopicInfo[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  let from = 0;
  for (const { name, partitions } of topics) {
    let count = 0;
    for (const { partition } of partitions) count = Math.max(count, partition + 1);
    places.set(name, { from, count });
    from += count;
  }
  return places;
}
