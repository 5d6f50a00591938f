/** Brokers and topics as they are now, in answers that a screen can wait for. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import { LoopPacer } from '../base/turn.ts';
import type { Admin, ClusterInfo, TopicInfo } from '../kafka/contract.ts';
import { shareInfo, shareList, shareTopic } from './sharing.ts';

/** Taking in more partitions than that at once would keep a key waiting that is pressed meanwhile. */
const AT_ONCE_PARTITIONS = 2_000;
/** So many are asked for in one question each time. */
export const FEW_PARTITIONS = 20_000;
/** Only a question for all topics shows new ones: of those that must be asked in pieces, each tenth round. */
const ALL_EVERY = 10;

export class MetadataReader {
  info: ClusterInfo | null = null;
  topics: readonly TopicInfo[] = [];
  byName: ReadonlyMap<string, TopicInfo> = new Map();
  partitionCount = 0;
  readonly #admin: Admin;
  readonly #clock: Clock;
  #round = 0;

  constructor(admin: Admin, clock: Clock) {
    this.#admin = admin;
    this.#clock = clock;
  }

  /** The next round asks for all topics. */
  askAll(): void {
    this.#round = 0;
  }

  async read(): Promise<void> {
    const isFew = this.partitionCount <= FEW_PARTITIONS;
    const isAll = isFew || this.#round % ALL_EVERY === 0;
    this.#round++;
    const [info, answer] = await Promise.all([this.#admin.cluster(), isAll ? this.#admin.topics() : this.#inPieces()]);
    this.info = shareInfo(this.info, info);
    const topics = shareList(
      this.topics,
      isFew ? answer.map((topic) => shareTopic(this.byName, topic)) : isAll ? await this.#share(answer) : answer,
    );
    if (topics === this.topics) return;
    this.topics = topics;
    this.byName = new Map(topics.map((topic) => [topic.name, topic]));
    this.partitionCount = topics.reduce((all, { partitions }) => all + partitions.length, 0);
  }

  async #inPieces(): Promise<TopicInfo[]> {
    const found: TopicInfo[] = [];
    for (const piece of piecesOf(this.topics, AT_ONCE_PARTITIONS)) {
      const fresh = await this.#admin.topics(piece.map(({ name }) => name));
      // What is as it was is let go at once: a hundred thousand partitions that wait for the last of them would have to be cleaned up.
      for (const topic of await this.#share(fresh)) found.push(topic);
      await setImmediate();
    }
    return found;
  }

  async #share(fresh: readonly TopicInfo[]): Promise<TopicInfo[]> {
    const shared: TopicInfo[] = [];
    const pacer = new LoopPacer(this.#clock);
    for (const topic of fresh) {
      const turn = pacer.turnWhenDue();
      if (turn) await turn;
      shared.push(shareTopic(this.byName, topic));
    }
    return shared;
  }
}

/** Topics that together have so many partitions, or a little more. */
export function* piecesOf(topics: readonly TopicInfo[], partitionsAtOnce: number): Generator<readonly TopicInfo[]> {
  let [from, count] = [0, 0];
  for (const [i, { partitions }] of topics.entries()) {
    count += partitions.length;
    if (count < partitionsAtOnce && i < topics.length - 1) continue;
    yield topics.slice(from, i + 1);
    [from, count] = [i + 1, 0];
  }
}
