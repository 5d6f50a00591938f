/** Rows of topics: made anew only for topics of which something has changed. */
import type { TopicInfo } from '../kafka/contract.ts';
import type { TopicRow } from './cluster-model.ts';
import { type TopicFacts, toTopicRow } from './partition-health.ts';

export class TopicRows {
  #byName: ReadonlyMap<string, TopicRow> = new Map();
  #list: readonly TopicRow[] = [];

  /** Topic by topic. The same list as before when all of it is. */
  *of(topics: readonly TopicInfo[], factsOf: (name: string) => TopicFacts): Generator<void, readonly TopicRow[]> {
    const list: TopicRow[] = [];
    for (const [i, info] of topics.entries()) {
      const at = this.#list[i];
      const before = at?.info.name === info.name ? at : this.#byName.get(info.name);
      const facts = factsOf(info.name);
      list.push(before && before.info === info && isSameFacts(before, facts) ? before : toTopicRow(info, facts));
      yield;
    }
    if (list.length === this.#list.length && list.every((row, i) => row === this.#list[i])) return this.#list;
    this.#list = list;
    this.#byName = new Map(list.map((row) => [row.info.name, row]));
    return list;
  }
}

function isSameFacts(row: TopicRow, facts: TopicFacts): boolean {
  return (
    row.rules === facts.rules &&
    row.endOffset === facts.endOffset &&
    row.recordsPerSec === facts.recordsPerSec &&
    row.sizeBytes === facts.sizeBytes
  );
}
