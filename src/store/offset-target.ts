/**
 * What the offset wizard can change: a connector (over Connect's REST API), or a consumer group (over Kafka). Both speak Connect's
 * form: a partition and an offset, of sinks and groups `{kafka_topic, kafka_partition}` and `{kafka_offset}`.
 */
import type { ConnectorOffset } from '../herder/model.ts';
import type { OffsetFacts, OffsetKind } from './offset-plan.ts';

export interface OffsetTarget {
  readonly name: string;
  readonly kind: OffsetKind;
  /** Id of the command, for the action log. */
  readonly action: string;
  readFacts(): Promise<readonly OffsetFacts[]>;
  /** By partition label; partitions that hold nothing that new are left out. Throws why times cannot be looked up. */
  offsetsAt(facts: readonly OffsetFacts[], timestampMs: number): Promise<ReadonlyMap<string, bigint>>;
  /** It goes on until the first step of a change: figures shown before are those of a moment. */
  isMoving(): boolean;
  work(): OffsetWork;
}

/** One change, step by step. Used once: it remembers what it found at the beginning. */
export interface OffsetWork {
  /** `stop` of a connector; a group is only looked at, whether somebody is in it. */
  readonly first: string;
  /** `resume`; `null`: nothing is to be put back. */
  readonly last: string | null;
  /** Resolves with what it came to when offsets can be changed, like `STOPPED`. */
  begin(): Promise<string>;
  read(): Promise<readonly ConnectorOffset[]>;
  /** `isReset`: all there is, by one call where there is one. Resolves with the answer. */
  apply(changes: readonly ConnectorOffset[], isReset: boolean): Promise<string>;
  /** As it was before `begin`. Resolves with the state then, like `RUNNING again`. */
  end(): Promise<string>;
  /** What was asked, for the action log. */
  request(isReset: boolean): string;
  /** Said when `begin` failed: what state that leaves, and what to do. */
  readonly notBegun: string;
  /** Said when `end` is left out because nobody knows what the offsets are: where that leaves it, and what to do. */
  readonly leftOpen: string;
}

/** `offsets of orders (sink)`. */
export function targetTitle({ name, kind }: Pick<OffsetTarget, 'name' | 'kind'>): string {
  return `offsets of ${name} (${kind})`;
}
