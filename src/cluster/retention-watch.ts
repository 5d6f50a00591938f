/** Watches readers that lag: where their logs begin, how old the next record is, and so when retention will overtake them. */
import type { Admin } from '../kafka/contract.ts';
import { partitionKey } from '../kafka/partition-key.ts';
import type { PartitionLag } from './cluster-model.ts';
import type { PositionTimes } from './position-times.ts';
import { fetchOffsets } from './progress.ts';
import { outlookOf, type ReaderSample, type RetentionOutlook, type StartMove } from './retention.ts';
import type { TopicRules } from './topic-rules.ts';

export interface Reader {
  readonly groupId: string;
  readonly partitions: readonly PartitionLag[];
}

export interface RetentionSources {
  readonly admin: Admin;
  readonly times: PositionTimes;
  refreshRules(topics: readonly string[]): Promise<void>;
  rules(topic: string): TopicRules | null;
  bytes(topic: string, partition: number): bigint | null;
  /** Wall time. */
  nowMs(): number;
}

/** A reader within this share of its log, counted from the end, is far from what is deleted. */
const NEAR_SHARE = 0.25;
/** Records read for their time in one round: the readers that are the farthest behind. */
const MOST_TIMES = 50;
const MOST_PARTITIONS = 2_000;
/** At a look each ten seconds, some minutes: longer than several commits. */
const SAMPLES = 36;
const STARTS = 12;

interface Lagging {
  readonly key: string;
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: bigint;
  readonly end: bigint;
}

export class RetentionWatch {
  readonly #sources: RetentionSources;
  readonly #samples = new Map<string, readonly ReaderSample[]>();
  readonly #starts = new Map<string, readonly StartMove[]>();
  #outlooks: ReadonlyMap<string, readonly RetentionOutlook[]> = new Map();

  constructor(sources: RetentionSources) {
    this.#sources = sources;
  }

  /** By group, the worst partition first. Groups without lag are not among them. */
  get outlooks(): ReadonlyMap<string, readonly RetentionOutlook[]> {
    return this.#outlooks;
  }

  /** Asks nothing of Kafka when nobody lags. */
  async read(readers: readonly Reader[]): Promise<void> {
    const lagging = readers.flatMap(laggingOf).slice(0, MOST_PARTITIONS);
    if (lagging.length === 0) {
      this.#forget(new Set());
      this.#outlooks = new Map();
      return;
    }
    const { admin, times } = this.#sources;
    const [starts] = await Promise.all([
      fetchOffsets(admin, lagging, 'earliest'),
      // Without the right to read settings there is still the log's start.
      this.#sources.refreshRules([...new Set(lagging.map((one) => one.topic))]).catch(() => undefined),
    ]);
    await times.read(this.#near(lagging, starts));
    this.#forget(new Set(lagging.map((one) => one.key)));
    const found = lagging.flatMap((one) => {
      const earliest = starts.get(partitionKey(one));
      return earliest === undefined ? [] : [{ groupId: one.groupId, outlook: this.#look(one, earliest) }];
    });
    const byGroup = Map.groupBy(found, (one) => one.groupId);
    this.#outlooks = new Map([...byGroup].map(([id, some]) => [id, some.map((one) => one.outlook).sort(worstFirst)]));
  }

  /** Only readers far behind in a log that something is deleted from by age. */
  #near(lagging: readonly Lagging[], starts: ReadonlyMap<string, bigint>) {
    const shareOf = (one: Lagging) => {
      const { committed, end } = one;
      const start = starts.get(partitionKey(one)) ?? end;
      return committed < start || end <= start ? 0 : Number(end - committed) / Number(end - start);
    };
    return lagging
      .filter(({ topic }) => (this.#sources.rules(topic)?.retentionMs ?? -1) >= 0)
      .map((one) => ({ one, share: shareOf(one) }))
      .filter(({ share }) => share >= NEAR_SHARE)
      .sort((a, b) => b.share - a.share)
      .slice(0, MOST_TIMES)
      .map(({ one: { topic, partition, committed } }) => ({ topic, partition, offset: committed }));
  }

  #look({ key, topic, partition, committed, end }: Lagging, earliest: bigint): RetentionOutlook {
    const nowMs = this.#sources.nowMs();
    const before = this.#samples.get(key) ?? [];
    // Offsets that were set back begin a new story.
    const kept = before.some((one) => one.committed > committed) ? [] : before;
    const recordMs = this.#sources.times.at({ topic, partition, offset: committed });
    const samples = [...kept.slice(1 - SAMPLES), { atMs: nowMs, committed, end, recordMs }];
    this.#samples.set(key, samples);
    const moves = this.#starts.get(key) ?? [];
    const starts = moves.at(-1)?.earliest === earliest ? moves : [...moves.slice(1 - STARTS), { atMs: nowMs, earliest }];
    this.#starts.set(key, starts);
    const { rules, bytes } = this.#sources;
    return outlookOf({ topic, partition, samples, starts, rules: rules(topic), sizeBytes: bytes(topic, partition) }, nowMs);
  }

  #forget(keys: ReadonlySet<string>): void {
    for (const key of this.#samples.keys()) {
      if (keys.has(key)) continue;
      this.#samples.delete(key);
      this.#starts.delete(key);
    }
  }
}

function laggingOf({ groupId, partitions }: Reader): Lagging[] {
  return partitions.flatMap(({ topic, partition, committed, end, lag }) =>
    committed === null || end === null || lag === null || lag <= 0n
      ? []
      : [{ key: `${groupId} ${topic} ${partition}`, groupId, topic, partition, committed, end }],
  );
}

function worstFirst(a: RetentionOutlook, b: RetentionOutlook): number {
  if (a.lostRecords !== b.lostRecords) return a.lostRecords > b.lostRecords ? -1 : 1;
  return (a.leftMs ?? Number.POSITIVE_INFINITY) - (b.leftMs ?? Number.POSITIVE_INFINITY) || a.partition - b.partition;
}
