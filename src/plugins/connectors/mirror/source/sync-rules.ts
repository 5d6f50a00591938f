/**
 * When it is written down which offset upstream lies where downstream: so often that no group is set back by much, so seldom that it costs little.
 * Source: org.apache.kafka.connect.mirror.OffsetSyncWriter.PartitionState (4.3).
 */
export class SyncState {
  readonly #maxLag: number;
  #previousUpstream = -1;
  #previousDownstream = -1;
  #lastSyncDownstream = -1;

  constructor(maxLag: number) {
    this.#maxLag = maxLag;
  }

  /** A record was written. True: a sync is due now, else it can wait for the next commit. */
  update(upstream: number, downstream: number): boolean {
    const isFirst = this.#lastSyncDownstream < 0;
    // Between two syncs an offset is translated to the one behind the first of them.
    const isFar = downstream - (this.#lastSyncDownstream + 1) >= this.#maxLag;
    const isGap = upstream - this.#previousUpstream !== 1;
    const isMadeAnew = downstream < this.#previousDownstream;
    this.#previousUpstream = upstream;
    this.#previousDownstream = downstream;
    if (!isFirst && !isFar && !isGap && !isMadeAnew) return false;
    this.#lastSyncDownstream = downstream;
    return true;
  }
}
