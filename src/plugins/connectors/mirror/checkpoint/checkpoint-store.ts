/** The newest checkpoint of each partition of the groups of one task. Source: org.apache.kafka.connect.mirror.CheckpointStore (KAFKA-15905). */
import { partitionKey } from '../../../../kafka/partition-key.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';

export class CheckpointStore {
  readonly #groups: ReadonlyMap<string, Map<string, Checkpoint>>;

  /** Checkpoints of other groups are passed over. */
  constructor(groups: readonly string[]) {
    this.#groups = new Map(groups.map((group) => [group, new Map()]));
  }

  put(checkpoint: Checkpoint): void {
    this.#groups.get(checkpoint.group)?.set(partitionKey(checkpoint), checkpoint);
  }

  /**
   * Whether it is worth telling: the first of its partition, one of a group that went back upstream, or one that moves on downstream. One that only
   * says the same, or is less exact than what was told before, is not.
   */
  isNews(checkpoint: Checkpoint): boolean {
    const before = this.#groups.get(checkpoint.group)?.get(partitionKey(checkpoint));
    if (before === undefined) return true;
    return checkpoint.upstreamOffset < before.upstreamOffset || checkpoint.downstreamOffset > before.downstreamOffset;
  }

  /** In the order in which the partitions were first told. */
  of(group: string): readonly Checkpoint[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  /** Groups of which there is a checkpoint. */
  groups(): readonly string[] {
    return [...this.#groups].filter(([, partitions]) => partitions.size > 0).map(([group]) => group);
  }

  partitionCount(group: string): number {
    return this.#groups.get(group)?.size ?? 0;
  }
}
