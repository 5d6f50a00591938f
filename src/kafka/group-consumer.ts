/**
 * A consumer that shares its topics with the other members of its group (classic protocol, range assignor). The membership lives in the background;
 * what it wants from the owner (revoke, assign, lost) waits as work for the next `poll`, as in the JVM client.
 */
import type { TopicPartition } from '../plugin-api/records.ts';
import type { ClusterLink } from './cluster-link.ts';
import { decodeAssignment, encodeSubscription } from './consumer-protocol.ts';
import type { FetchedRecord, Fetcher, GroupConsumer, GroupConsumerOptions, GroupMember } from './contract.ts';
import { createFetcher } from './fetcher.ts';
import { fetchGroupOffsets, noMembership } from './group/group-offsets.ts';
import { assignToMembers } from './group/range-leader.ts';
import { startPositions } from './group/start-positions.ts';
import { SubscribedTopics } from './group/subscribed-topics.ts';
import { createGroupMember } from './group-member.ts';
import { KafkaError, toKafkaError } from './kafka-error.ts';
import type { MetadataCache } from './metadata.ts';

const PROTOCOL = 'range';

/** Something that only a poll may do. `run` may throw before `done` is called: then the next poll tries again. */
interface Work {
  readonly kind: 'revoke' | 'assign' | 'lost';
  readonly member: GroupMember | null;
  run(): Promise<void>;
  done(): void;
}

export function createGroupConsumer(link: ClusterLink, metadata: MetadataCache, options: GroupConsumerOptions): GroupConsumer {
  return new RangeConsumer(link, metadata, options);
}

class RangeConsumer implements GroupConsumer {
  readonly #link: ClusterLink;
  readonly #metadata: MetadataCache;
  readonly #options: GroupConsumerOptions;
  readonly #fetcher: Fetcher;
  readonly #topics: SubscribedTopics;
  readonly #ended = new AbortController();
  readonly #work: Work[] = [];
  #member: GroupMember | null = null;
  #assigned: readonly TopicPartition[] = [];
  /** For the next poll to throw. */
  #fault: Error | null = null;
  #isWokenUp = false;
  #isWaiting = false;
  #isWatching = false;
  #lastPollMs: number;

  constructor(link: ClusterLink, metadata: MetadataCache, options: GroupConsumerOptions) {
    this.#link = link;
    this.#metadata = metadata;
    this.#options = options;
    this.#fetcher = createFetcher(link, metadata, { ...link.options.fetcher, isRaw: false });
    this.#lastPollMs = link.clock.monoMs();
    this.#topics = new SubscribedTopics(link, metadata, options.subscription, {
      onChange: (reason) => this.#member?.requestRejoin(reason),
      onFault: (error) => this.#throwAtPoll(error),
    });
  }

  // ---- polling

  async poll(timeoutMs: number, signal?: AbortSignal): Promise<FetchedRecord[]> {
    const { clock } = this.#link;
    const endMs = clock.monoMs() + timeoutMs;
    for (;;) {
      if (this.#ended.signal.aborted) throw new KafkaError('CLOSED', `the consumer of group "${this.#options.groupId}" is closed`);
      this.#lastPollMs = clock.monoMs();
      await this.#keepMembership();
      await this.#doWork();
      this.#throwFault();
      if (this.#isWokenUp || signal?.aborted) {
        this.#isWokenUp = false;
        return [];
      }
      const leftMs = Math.max(0, endMs - clock.monoMs());
      const records = await this.#wait(leftMs, signal);
      if (records.length > 0) return records;
      const isDisturbed = this.#isWokenUp || this.#fault !== null || this.#work.length > 0;
      if (!isDisturbed && (clock.monoMs() >= endMs || signal?.aborted)) return [];
    }
  }

  async #wait(timeoutMs: number, signal: AbortSignal | undefined): Promise<FetchedRecord[]> {
    this.#isWaiting = true;
    try {
      return await this.#fetcher.poll(timeoutMs, signal);
    } finally {
      this.#isWaiting = false;
      this.#lastPollMs = this.#link.clock.monoMs();
    }
  }

  #throwAtPoll(error: Error): void {
    this.#fault ??= error;
    this.#fetcher.wakeup();
  }

  #throwFault(): void {
    const fault = this.#fault;
    this.#fault = null;
    if (fault) throw fault;
  }

  /** Does what the membership wants. A callback that throws does not stop the rest; its error goes to the caller of `poll`. */
  async #doWork(): Promise<void> {
    let failed: { readonly error: unknown } | null = null;
    for (let work = this.#work[0]; work && !this.#ended.signal.aborted; work = this.#work[0]) {
      const isStale = work.member !== null && work.member !== this.#member;
      try {
        if (!isStale) await work.run();
      } catch (error) {
        if (error instanceof NotYet) {
          // Whoever polls on must not make a busy loop of it.
          await this.#link.clock.sleep(this.#link.options.retryBackoffMs, this.#ended.signal);
          throw error.reason;
        }
        failed ??= { error };
      }
      // `#expire` may have emptied the list meanwhile.
      if (this.#work[0] === work) this.#work.shift();
      work.done();
    }
    if (failed) throw failed.error;
  }

  // ---- membership

  async #keepMembership(): Promise<void> {
    if (this.#member && !this.#member.isEnded) return;
    // A member that failed is told of first: what it lost, then why.
    if (this.#fault || this.#work.length > 0) return;
    // Whoever polls on after a final fault must not make a busy loop of it.
    if (this.#member) await this.#link.clock.sleep(this.#link.options.retryBackoffMs, this.#ended.signal);
    if (!this.#isWatching) {
      this.#isWatching = true;
      await this.#topics.start();
      void this.#watchPolls();
      if (this.#ended.signal.aborted) return;
    }
    const member = this.#newMember();
    this.#member = member;
    member.onError((error) => this.#throwAtPoll(error));
    member.start().catch((error: unknown) => this.#link.log.debug(`Group "${this.#options.groupId}": not joined`, error));
  }

  #newMember(): GroupMember {
    const { groupId } = this.#options;
    const { sessionTimeoutMs, heartbeatIntervalMs, maxPollIntervalMs, groupInstanceId } = this.#link.options.group;
    const member: GroupMember = createGroupMember(this.#link, {
      groupId,
      protocolType: 'consumer',
      sessionTimeoutMs,
      heartbeatIntervalMs,
      rebalanceTimeoutMs: maxPollIntervalMs,
      groupInstanceId,
      protocols: () => [{ name: PROTOCOL, metadata: encodeSubscription({ topics: this.#topics.names, generation: member.generation }) }],
      assign: (_, members) => assignToMembers(this.#link, this.#topics, groupId, members),
      onJoinPrepare: () => this.#inPoll('revoke', member, () => this.#revoke()),
      onAssigned: (assignment, { memberId, leaderId, generation }) => {
        if (memberId !== leaderId) this.#topics.isFollower();
        return this.#inPoll('assign', member, () => this.#assign(member, generation, assignment));
      },
      onLost: () => this.#inPoll('lost', member, () => this.#lose()),
    });
    return member;
  }

  /** Resolves when a poll has done it (or the consumer has gone on without this member). */
  #inPoll(kind: Work['kind'], member: GroupMember | null, run: () => Promise<void>): Promise<void> {
    if (this.#ended.signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#work.push({ kind, member, run, done: resolve });
    this.#fetcher.wakeup();
    return promise;
  }

  async #revoke(): Promise<void> {
    const partitions = this.#assigned;
    try {
      if (partitions.length > 0) await this.#options.onRevoked(partitions);
    } finally {
      this.#drop(partitions);
    }
  }

  async #lose(): Promise<void> {
    const partitions = this.#assigned;
    this.#drop(partitions);
    if (partitions.length > 0) await this.#options.onLost(partitions);
  }

  #drop(partitions: readonly TopicPartition[]): void {
    this.#fetcher.remove(partitions);
    this.#assigned = [];
  }

  async #assign(member: GroupMember, generation: number, content: Buffer): Promise<void> {
    if (member.generation !== generation) return;
    const { partitions } = decodeAssignment(content);
    try {
      const committed = await member.committedOffsets(partitions);
      const { fetcher } = this.#link.options;
      const positions = await startPositions(this.#link, this.#metadata, partitions, committed, fetcher, this.#ended.signal);
      if (member.generation !== generation) return;
      this.#fetcher.add(positions);
    } catch (error) {
      throw new NotYet(toKafkaError(error, `start positions in group "${this.#options.groupId}"`));
    }
    this.#assigned = partitions;
    await this.#options.onAssigned(partitions);
  }

  /** A member that does not poll must not keep partitions (KIP-62): it leaves, and joins again with the next poll. */
  async #watchPolls(): Promise<void> {
    const { maxPollIntervalMs } = this.#link.options.group;
    const { clock } = this.#link;
    while (!this.#ended.signal.aborted) {
      const sinceMs = this.#isWaiting ? 0 : clock.monoMs() - this.#lastPollMs;
      if (sinceMs > maxPollIntervalMs && this.#member) this.#expire(this.#member, sinceMs);
      await clock.sleep(Math.max(1, this.#member ? maxPollIntervalMs - sinceMs + 1 : maxPollIntervalMs), this.#ended.signal);
    }
  }

  #expire(member: GroupMember, sinceMs: number): void {
    const { maxPollIntervalMs } = this.#link.options.group;
    this.#link.log.warn(
      `Leaving group "${this.#options.groupId}": nothing was polled for ${Math.round(sinceMs)} ms, more than max.poll.interval.ms (${maxPollIntervalMs}). ` +
        'It joins again with the next poll. Make max.poll.interval.ms larger or max.poll.records smaller.',
    );
    this.#member = null;
    for (const work of this.#work.splice(0)) work.done();
    if (this.#assigned.length > 0) void this.#inPoll('lost', null, () => this.#lose());
    void member.leave('max.poll.interval.ms was exceeded');
  }

  // ---- partitions and offsets

  assignment(): readonly TopicPartition[] {
    return this.#assigned;
  }

  position(partition: TopicPartition): bigint | null {
    return this.#fetcher.position(partition);
  }

  endOffset(partition: TopicPartition): bigint | null {
    return this.#fetcher.endOffset(partition);
  }

  get consumedBytes(): number {
    return this.#fetcher.consumedBytes;
  }

  seek(partition: TopicPartition, offset: bigint): void {
    this.#fetcher.seek(partition, offset);
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#fetcher.pause(partitions);
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#fetcher.resume(partitions);
  }

  async committed(partitions: readonly TopicPartition[]): Promise<Array<TopicPartition & { readonly offset: bigint | null }>> {
    if (partitions.length === 0) return [];
    const answers = await fetchGroupOffsets(this.#link, this.#options.groupId, partitions, { isStable: true });
    const failed = answers.find(({ error }) => error !== null);
    if (failed?.error) throw failed.error;
    const found = new Map(answers.map(({ topic, partition, offset }) => [`${topic} ${partition}`, offset]));
    return partitions.map(({ topic, partition }) => ({ topic, partition, offset: found.get(`${topic} ${partition}`) ?? null }));
  }

  async commit(offsets: ReadonlyArray<TopicPartition & { readonly offset: bigint }>): Promise<void> {
    if (!this.#member) throw noMembership(this.#options.groupId, false);
    await this.#member.commitOffsets(offsets);
  }

  wakeup(): void {
    this.#isWokenUp = true;
    this.#fetcher.wakeup();
  }

  async close(): Promise<void> {
    if (this.#ended.signal.aborted) return;
    const member = this.#member;
    const isLost = member === null || member.generation < 0 || this.#work.some(({ kind }) => kind === 'lost');
    this.#ended.abort();
    this.#topics.close();
    try {
      await (isLost ? this.#lose() : this.#revoke());
    } finally {
      for (const work of this.#work.splice(0)) work.done();
      await member?.leave('the consumer is closing');
      await this.#fetcher.close();
    }
  }
}

/** The start positions are not known: the work stays, the next poll tries again. */
class NotYet extends Error {
  readonly reason: KafkaError;

  constructor(reason: KafkaError) {
    super(reason.message);
    this.reason = reason;
  }
}
