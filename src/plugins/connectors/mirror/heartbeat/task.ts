/** A heartbeat at every interval. Source: org.apache.kafka.connect.mirror.MirrorHeartbeatTask. */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConnectError } from '../../../../base/errors.ts';
import type { Config, SourceTask, SourceTaskContext } from '../../../../plugin-api/plugin.ts';
import type { SourceOffset, SourcePartition, SourceRecord } from '../../../../plugin-api/records.ts';
import { BYTES_SCHEMA } from '../../../../record/schema-builder.ts';
import { replicationPolicyOf } from '../shared/replication-policy.ts';
import { heartbeatKey, heartbeatPartition, heartbeatValue } from './heartbeat.ts';
import { spec } from './spec.ts';

/** A poll comes back after a second at the latest, so that a task can be paused. */
const POLL_LIMIT_MS = 1_000;
/** It says nothing: a heartbeat begins anywhere. */
const NO_OFFSET: SourceOffset = { offset: 0n };

interface Started {
  readonly context: SourceTaskContext;
  readonly topic: string;
  readonly key: Buffer;
  readonly sourcePartition: SourcePartition;
  readonly intervalMs: number;
  /** When the next one is due (monotonic). */
  dueMs: number;
}

export class MirrorHeartbeatTask implements SourceTask {
  readonly #clock: Clock;
  #started: Started | null = null;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  start(config: Config, context: SourceTaskContext): void {
    const conf = spec.parse(config);
    const flow = { sourceAlias: conf['source.cluster.alias'], targetAlias: conf['target.cluster.alias'] };
    const intervalMs = Number(conf['emit.heartbeats.interval.seconds']) * 1000;
    this.#started = {
      ...{ context, intervalMs },
      topic: replicationPolicyOf(config).heartbeatsTopic(),
      key: heartbeatKey(flow),
      sourcePartition: heartbeatPartition(flow),
      dueMs: this.#clock.monoMs() + intervalMs,
    };
  }

  async poll(): Promise<readonly SourceRecord[] | null> {
    if (!this.#started) throw new ConnectError('The heartbeat task is polled before it is started.');
    const { context, intervalMs, dueMs } = this.#started;
    const waitMs = dueMs - this.#clock.monoMs();
    if (waitMs > 0) await this.#clock.sleep(Math.min(waitMs, POLL_LIMIT_MS), context.signal);
    if (context.signal.aborted || waitMs > POLL_LIMIT_MS) return null;
    // What was missed while the task was paused is not made up for.
    this.#started.dueMs = Math.max(dueMs + intervalMs, this.#clock.monoMs());
    return [this.#record(this.#started)];
  }

  stop(): void {}

  #record({ topic, key, sourcePartition }: Started): SourceRecord {
    const timestampMs = this.#clock.wallMs();
    return {
      topic,
      kafkaPartition: 0,
      keySchema: BYTES_SCHEMA,
      key,
      valueSchema: BYTES_SCHEMA,
      value: heartbeatValue(timestampMs),
      timestampMs,
      headers: null,
      sourcePartition,
      sourceOffset: NO_OFFSET,
    };
  }
}
