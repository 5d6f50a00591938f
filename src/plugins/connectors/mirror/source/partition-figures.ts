/** What a task tells of each partition that it copies. Source: org.apache.kafka.connect.mirror.MirrorSourceMetrics (KIP-1280), whose names these are. */
import type { Clock } from '../../../../base/clock.ts';
import type { TaskFigures } from '../../../../plugin-api/plugin.ts';

export const PARTITION_METRICS = 'mirror-source-metrics';

const RECORDS_A_LOOK = 64;

export interface FlowNames {
  readonly source: string;
  readonly target: string;
}

export class PartitionFigures {
  readonly #tags: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  #records = 0;
  #bytes = 0;
  #ageMs: number | null = null;
  #latencyMs: number | null = null;
  /** Upstream offset of the record that was written last. */
  #lastOffset: bigint | null = null;

  /** `topic`: the name of the copy, as in the original. */
  constructor(flow: FlowNames, topic: string, partition: number, clock: Clock) {
    this.#clock = clock;
    this.#tags = { source: flow.source, target: flow.target, topic, partition: String(partition) };
  }

  /** A record was read that was made at that time (−1: unknown). */
  read(valueBytes: number, timestampMs: number, nowMs: number): void {
    this.#bytes += valueBytes;
    if (timestampMs >= 0) this.#ageMs = nowMs - timestampMs;
  }

  /** A record was written whose time at the target is this. The clock is looked at once in so many records: that costs as much as all the rest here. */
  written(upstreamOffset: bigint, timestampMs: number): void {
    this.#lastOffset = upstreamOffset;
    if (this.#records++ % RECORDS_A_LOOK === 0 && timestampMs >= 0) this.#latencyMs = this.#clock.wallMs() - timestampMs;
  }

  /** `endOffset`: of the source's partition, as of the last fetch. */
  figures(endOffset: bigint | null): TaskFigures {
    const lag = endOffset === null || this.#lastOffset === null ? null : Number(endOffset - this.#lastOffset - 1n);
    return {
      group: PARTITION_METRICS,
      tags: this.#tags,
      values: {
        'record-total': this.#records,
        'byte-total': this.#bytes,
        ...(this.#ageMs === null ? {} : { 'record-age-ms': this.#ageMs }),
        ...(this.#latencyMs === null ? {} : { 'replication-latency-ms': this.#latencyMs }),
        ...(lag === null ? {} : { 'offset-lag': Math.max(0, lag) }),
      },
      ...(this.#lastOffset === null ? {} : { details: { offset: String(this.#lastOffset) } }),
    };
  }
}
