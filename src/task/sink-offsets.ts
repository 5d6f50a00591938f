/**
 * Where a sink task stands in each of its partitions. Three marks: `delivered` (what the task took), `committed` (what the group knows)
 * and `fetched` (end of the batch at hand, which becomes `delivered` when the task has taken it). All are offsets of the next record.
 */
import type { FetchedRecord } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import type { SinkOffsets } from '../plugin-api/plugin.ts';
import type { TopicPartition } from '../plugin-api/records.ts';

export type PartitionOffset = TopicPartition & { readonly offset: bigint };

interface Marks extends TopicPartition {
  delivered: bigint;
  committed: bigint;
  fetched: bigint | null;
}

export class SinkPartitionOffsets {
  readonly #marks = new Map<string, Marks>();

  get size(): number {
    return this.#marks.size;
  }

  has(partition: TopicPartition): boolean {
    return this.#marks.has(partitionKey(partition));
  }

  /** A partition comes in, or is moved: the task starts at `offset`, and nothing of it is to be committed. */
  startAt({ topic, partition }: TopicPartition, offset: bigint): void {
    this.#marks.set(partitionKey({ topic, partition }), { topic, partition, delivered: offset, committed: offset, fetched: null });
  }

  remove(partitions: readonly TopicPartition[]): void {
    for (const p of partitions) this.#marks.delete(partitionKey(p));
  }

  partitions(): TopicPartition[] {
    return [...this.#marks.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  /** Notes the end of a fetched batch; records of one partition follow each other, so that only the last of each stretch counts. */
  recordFetched(records: readonly FetchedRecord[]): void {
    for (let i = records.length - 1; i >= 0; ) {
      const last = records[i]!;
      const marks = this.#marks.get(partitionKey(last));
      const next = last.offset + 1n;
      if (marks && (marks.fetched === null || marks.fetched < next)) marks.fetched = next;
      do i--;
      while (i >= 0 && records[i]!.partition === last.partition && records[i]!.topic === last.topic);
    }
  }

  /** The task has taken the batch at hand. */
  batchDelivered(): void {
    for (const marks of this.#marks.values()) {
      if (marks.fetched === null) continue;
      marks.delivered = marks.fetched;
      marks.fetched = null;
    }
  }

  delivered(partitions: readonly TopicPartition[]): SinkOffsets {
    return this.#of(partitions).map(({ topic, partition, delivered }) => ({ topic, partition, offset: delivered }));
  }

  committed(partitions: readonly TopicPartition[]): PartitionOffset[] {
    return this.#of(partitions).map(({ topic, partition, committed }) => ({ topic, partition, offset: committed }));
  }

  setCommitted(offsets: readonly PartitionOffset[]): void {
    for (const o of offsets) {
      const marks = this.#marks.get(partitionKey(o));
      if (marks) marks.committed = o.offset;
    }
  }

  #of(partitions: readonly TopicPartition[]): Marks[] {
    return partitions.map((p) => this.#marks.get(partitionKey(p))).filter((m) => m !== undefined);
  }
}
