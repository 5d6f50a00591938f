/**
 * What the cluster said last about topics: partitions and their leaders. Shared by all producers and fetchers of one link.
 * Entries older than metadata.max.age.ms are asked for again in the background when they are used; faults ask at once, but not more often than retry.backoff.ms.
 */
import type { ClusterLink } from './cluster-link.ts';
import type { TopicInfo } from './contract.ts';
import { type KafkaError, kafkaErrorOf, toKafkaError } from './kafka-error.ts';
import { metadataMessage } from './wire/messages/metadata.ts';

export interface PartitionLeader {
  /** −1: none now. */
  readonly leader: number;
  /** −1: unknown. */
  readonly leaderEpoch: number;
}

export interface TopicMetadata {
  readonly name: string;
  readonly topicId: string;
  /** By partition number. */
  readonly partitions: readonly PartitionLeader[];
  /** Monotonic. */
  readonly fetchedAtMs: number;
}

interface Round {
  readonly topics: Set<string>;
  isCreating: boolean;
  readonly done: Promise<void>;
}

const NO_LEADER: PartitionLeader = { leader: -1, leaderEpoch: -1 };

export class MetadataCache {
  readonly #link: ClusterLink;
  readonly #topics = new Map<string, TopicMetadata>();
  /** Why the last reply had nothing for a topic. */
  readonly #errors = new Map<string, KafkaError>();
  readonly #listeners = new Set<() => void>();
  #queued: Round | null = null;
  #running: Promise<void> | null = null;
  #lastRoundMs = Number.NEGATIVE_INFINITY;
  #fault: KafkaError | null = null;

  constructor(link: ClusterLink) {
    this.#link = link;
  }

  /** What is known, possibly old; `null`: never seen or gone. */
  topic(name: string): TopicMetadata | null {
    const known = this.#topics.get(name);
    if (!known) return null;
    if (this.#link.clock.monoMs() - known.fetchedAtMs > this.#link.options.metadataMaxAgeMs && !this.#queued) this.refreshSoon([name]);
    return known;
  }

  leader(topic: string, partition: number): PartitionLeader {
    return this.#topics.get(topic)?.partitions[partition] ?? NO_LEADER;
  }

  /** Why a topic is not known: the broker's answer to the last question about it. */
  errorOf(topic: string): KafkaError | null {
    return this.#errors.get(topic) ?? null;
  }

  /** Why the last question of all had no answer; `null`: it had one. */
  get fault(): KafkaError | null {
    return this.#fault;
  }

  /** After each reply. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Asks about topics; questions that come while one is under way go together into the next. Rejects with KafkaError when no broker answers;
   * faults of single topics are in `errorOf`. `isCreating`: the broker may create what is missing, if it is configured so.
   */
  refresh(topics: readonly string[], isCreating: boolean = false): Promise<void> {
    if (!this.#queued) {
      const round: Round = { topics: new Set(), isCreating: false, done: Promise.resolve().then(() => this.#run()) };
      this.#queued = round;
    }
    const round = this.#queued;
    for (const name of topics) round.topics.add(name);
    if (isCreating) round.isCreating = true;
    return round.done;
  }

  /** What somebody else has just been told of these topics; those with an error are left out. */
  note(topics: readonly TopicInfo[]): void {
    for (const { name, topicId, partitions, error } of topics) {
      const leaders = partitions.map(({ partition, leader, leaderEpoch }) => ({ partition, leader, leaderEpoch }));
      if (error === null) this.#keep(name, topicId, leaders);
    }
  }

  /** The same in the background; failures are logged and left to the next need. */
  refreshSoon(topics: readonly string[], isCreating: boolean = false): void {
    this.refresh(topics, isCreating).catch((error: unknown) => this.#link.log.debug('Metadata could not be refreshed', error));
  }

  async #run(): Promise<void> {
    await this.#running?.catch(() => {});
    const waitMs = this.#lastRoundMs + this.#link.options.retryBackoffMs - this.#link.clock.monoMs();
    if (waitMs > 0) await this.#link.clock.sleep(waitMs);
    const round = this.#queued;
    if (!round) return;
    this.#queued = null;
    this.#running = this.#ask([...round.topics], round.isCreating).finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #ask(topics: readonly string[], isCreating: boolean): Promise<void> {
    try {
      const body = { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: isCreating };
      const reply = await this.#link.send('any', metadataMessage, body);
      this.#link.noteBrokers(
        reply.brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack })),
        reply.controllerId,
      );
      for (const topic of reply.topics) if (topic.name !== null) this.#store(topic.name, topic);
      this.#fault = null;
    } catch (error) {
      this.#fault = toKafkaError(error, `metadata of ${topics.join(', ')}`);
      throw this.#fault;
    } finally {
      this.#lastRoundMs = this.#link.clock.monoMs();
    }
    for (const listener of this.#listeners) listener();
  }

  #store(
    name: string,
    answer: {
      readonly errorCode: number;
      readonly topicId: string;
      readonly partitions: ReadonlyArray<{ readonly partitionIndex: number; readonly leaderId: number; readonly leaderEpoch: number }>;
    },
  ): void {
    if (answer.errorCode !== 0) {
      const error = kafkaErrorOf(answer.errorCode, `topic "${name}"`);
      this.#errors.set(name, error);
      if (error.kafkaName === 'UNKNOWN_TOPIC_OR_PARTITION' || !error.isRetriable) this.#topics.delete(name);
      return;
    }
    const leaders = answer.partitions.map(({ partitionIndex, leaderId, leaderEpoch }) => ({
      partition: partitionIndex,
      leader: leaderId,
      leaderEpoch,
    }));
    this.#keep(name, answer.topicId, leaders);
  }

  #keep(name: string, topicId: string, leaders: ReadonlyArray<PartitionLeader & { readonly partition: number }>): void {
    this.#errors.delete(name);
    const old = this.#topics.get(name);
    const isSameTopic = old?.topicId === topicId;
    const partitions: PartitionLeader[] = [];
    for (const { partition, leader, leaderEpoch } of leaders) {
      const before = isSameTopic ? old?.partitions[partition] : undefined;
      // A broker that lags behind may still name the leader of an older epoch.
      partitions[partition] = before && before.leaderEpoch > leaderEpoch && leaderEpoch >= 0 ? before : { leader, leaderEpoch };
    }
    for (let i = 0; i < partitions.length; i++) partitions[i] ??= NO_LEADER;
    this.#topics.set(name, { name, topicId, partitions, fetchedAtMs: this.#link.clock.monoMs() });
  }
}
