/** What a fetcher knows of one partition. */
import type { TopicPartition } from '../../plugin-api/records.ts';
import type { OffsetSpec } from '../contract.ts';
import type { KafkaError } from '../kafka-error.ts';
import type { FetchedChunk } from './fetched-chunk.ts';

export class PartitionState implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  isPaused = false;
  /** Where to start, while that is not yet an offset. */
  wanted: Exclude<OffsetSpec, bigint> | null = null;
  isResolving = false;
  /** Next record to hand out, and next offset to ask a broker for. */
  position: bigint | null = null;
  fetchOffset: bigint = 0n;
  /** Log end or last stable offset as of the last fetch. */
  endOffset: bigint | null = null;
  /** The last fetch brought nothing, although the end may be further on. */
  cameEmpty = false;
  /** Counts seeks: what was asked before the last one is dropped. */
  generation = 0;
  isFetching = false;
  /** Pause after a fault (monotonic). */
  notBeforeMs = 0;
  faults = 0;
  fault: KafkaError | null = null;
  /** The newest fault of those that go on since that time (monotonic). */
  trouble: { readonly error: KafkaError; readonly sinceMs: number } | null = null;
  /** Where the reading was when the broker did not have that any more, until the new place is known. */
  lostAt: bigint | null = null;
  readonly chunks: FetchedChunk[] = [];

  constructor(topic: string, partition: number, offset: OffsetSpec) {
    this.topic = topic;
    this.partition = partition;
    this.moveTo(offset);
  }

  moveTo(offset: OffsetSpec): void {
    this.generation++;
    this.isFetching = false;
    this.isResolving = false;
    this.fault = null;
    this.trouble = null;
    this.lostAt = null;
    this.notBeforeMs = 0;
    this.chunks.length = 0;
    this.endOffset = null;
    this.cameEmpty = false;
    if (typeof offset === 'bigint') this.resolved(offset);
    else {
      this.wanted = offset;
      this.position = null;
    }
  }

  /** The place to start from is known. */
  resolved(offset: bigint): void {
    this.wanted = null;
    this.isResolving = false;
    this.fetchOffset = offset;
    this.position = offset;
  }

  /** The broker has no more than what was fetched, as far as is known. */
  get isCaughtUp(): boolean {
    return this.cameEmpty || (this.endOffset !== null && this.fetchOffset >= this.endOffset);
  }

  get bufferedBytes(): number {
    let sum = 0;
    for (const chunk of this.chunks) sum += chunk.sizeBytes;
    return sum;
  }
}
