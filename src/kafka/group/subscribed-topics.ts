/**
 * Which topics a consumer is subscribed to now, and whether the cluster has changed in a way that calls for another round of its group: topics that
 * a pattern finds or loses, and on the leader other partition counts than the ones it assigned.
 */
import { plural } from '../../base/format.ts';
import type { ClusterLink } from '../cluster-link.ts';
import type { TopicInfo } from '../contract.ts';
import { KafkaError, toKafkaError } from '../kafka-error.ts';
import type { MetadataCache } from '../metadata.ts';
import { listTopics } from '../topic-listing.ts';

/** A topic that does not exist yet is looked for again after this, doubling up to the second figure. */
const MISSING_MS = 1_000;
const MISSING_MAX_MS = 5_000;

export interface SubscriptionEvents {
  /** The group should go another round. */
  onChange(reason: string): void;
  /** A subscribed topic can never be read (no authorisation, invalid name). */
  onFault(error: KafkaError): void;
}

export class SubscribedTopics {
  readonly #link: ClusterLink;
  readonly #metadata: MetadataCache;
  readonly #pattern: RegExp | null;
  readonly #events: SubscriptionEvents;
  readonly #ended = new AbortController();
  readonly #unsubscribe: () => void;
  #names: readonly string[];
  /** Partitions by topic as they were assigned; null: this member is not the leader. */
  #assigned: ReadonlyMap<string, number> | null = null;
  #isMissingSome = false;
  #wake = new AbortController();

  constructor(link: ClusterLink, metadata: MetadataCache, subscription: readonly string[] | RegExp, events: SubscriptionEvents) {
    this.#link = link;
    this.#metadata = metadata;
    this.#pattern = subscription instanceof RegExp ? wholePattern(subscription) : null;
    this.#events = events;
    this.#names = subscription instanceof RegExp ? [] : [...new Set(subscription)];
    this.#unsubscribe = metadata.onChange(() => {
      if (this.#hasNews()) this.#wake.abort();
    });
  }

  /** The names to subscribe to; of a pattern those that it found at the last look. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** Before the first join, so that a pattern has found something. Faults are left to the next look. */
  async start(): Promise<void> {
    await this.#look();
    void this.#watch();
  }

  /** What the leader assigns from: topics that can be read, with their partitions. Remembered to notice when it changes. */
  async forAssignment(
    names: readonly string[],
  ): Promise<{ readonly topics: readonly TopicInfo[]; readonly racks: ReadonlyMap<number, string> }> {
    const listing = await this.#link.retry(() => listTopics(this.#link, names), { signal: this.#ended.signal });
    const topics = listing.topics.filter(({ error }) => error === null);
    const known = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
    this.#assigned = new Map(names.map((name) => [name, known.get(name) ?? 0]));
    const racks = new Map<number, string>();
    for (const { id, rack } of listing.brokers) if (rack !== null) racks.set(id, rack);
    return { topics, racks };
  }

  /** Another member makes the assignments. */
  isFollower(): void {
    this.#assigned = null;
  }

  close(): void {
    this.#ended.abort();
    this.#wake.abort();
    this.#unsubscribe();
  }

  async #watch(): Promise<void> {
    for (let looks = 0; !this.#ended.signal.aborted; looks++) {
      if (!this.#isMissingSome) looks = 0;
      const { metadataMaxAgeMs } = this.#link.options;
      const waitMs = this.#isMissingSome
        ? Math.min(MISSING_MS * 2 ** Math.min(looks, 10), MISSING_MAX_MS, metadataMaxAgeMs)
        : metadataMaxAgeMs;
      await this.#link.clock.sleep(waitMs, this.#wake.signal);
      if (this.#ended.signal.aborted) return;
      if (this.#wake.signal.aborted) this.#wake = new AbortController();
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    try {
      const wanted = this.#pattern ? null : [...new Set([...this.#names, ...(this.#assigned?.keys() ?? [])])];
      const { topics } = await listTopics(this.#link, wanted);
      if (this.#ended.signal.aborted) return;
      const readable = new Map(topics.filter(({ error }) => error === null).map((topic) => [topic.name, topic]));
      if (this.#pattern) this.#match(this.#pattern, readable);
      else this.#check(topics, readable);
      // Who consumes them asks their leaders next.
      this.#metadata.note(this.#names.flatMap((name) => readable.get(name) ?? []));
      this.#compare(readable);
    } catch (error) {
      this.#link.log.debug(`The subscribed topics could not be looked at: ${toKafkaError(error, 'metadata').message}`);
    }
  }

  #match(pattern: RegExp, readable: ReadonlyMap<string, TopicInfo>): void {
    const found = [...readable.values()].filter(({ name, isInternal }) => !isInternal && pattern.test(name)).map(({ name }) => name);
    found.sort();
    const before = this.#names.join(' ');
    this.#names = found;
    if (found.join(' ') !== before) this.#events.onChange(`the pattern ${pattern.source} finds other topics`);
  }

  #check(topics: readonly TopicInfo[], readable: ReadonlyMap<string, TopicInfo>): void {
    this.#isMissingSome = this.#names.some((name) => !readable.has(name));
    for (const { name, error } of topics) {
      if (error === null || !this.#names.includes(name)) continue;
      const fault = new KafkaError(error, `${error}: subscribed topic "${name}"`);
      if (!fault.isRetriable) this.#events.onFault(fault);
    }
  }

  #compare(readable: ReadonlyMap<string, TopicInfo>): void {
    for (const [name, count] of this.#assigned ?? []) {
      const now = readable.get(name)?.partitions.length ?? 0;
      if (now === count) continue;
      this.#assigned = null;
      this.#events.onChange(`topic "${name}" has ${plural(now, 'partition')}, ${count} assigned`);
      return;
    }
  }

  /** The shared cache knows something that does not fit what was assigned. */
  #hasNews(): boolean {
    for (const [name, count] of this.#assigned ?? []) {
      const isGone = this.#metadata.errorOf(name)?.kafkaName === 'UNKNOWN_TOPIC_OR_PARTITION';
      const known = isGone ? 0 : this.#metadata.topic(name)?.partitions.length;
      if (known !== undefined && known !== count) return true;
    }
    return false;
  }
}

function wholePattern(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gym]/g, ''));
}
