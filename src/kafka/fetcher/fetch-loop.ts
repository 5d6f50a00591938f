/**
 * Keeps the partitions of a fetcher filled. A fetch asks a broker for every partition that can take more; what cannot at that moment (its records still lie
 * here, it is paused, it was moved) does not wait for that fetch's long poll to end: it goes into another lane of its own, up to three a broker.
 * Where the long poll is very long, lanes must not run out: while some partitions are on their way (a fault has scattered them), fetches are brief,
 * and who comes in the meantime goes along with the next.
 */
import { backoffMs } from '../../base/backoff.ts';
import type { ClusterLink } from '../cluster-link.ts';
import type { FetcherOptions, PositionReset } from '../contract.ts';
import { KafkaError, kafkaErrorOf, toKafkaError } from '../kafka-error.ts';
import type { MetadataCache } from '../metadata.ts';
import { fetchMessage } from '../wire/messages/fetch.ts';
import { type AbortedTransaction, FetchedChunk, offsetAfter } from './fetched-chunk.ts';
import { lookUpOffsets } from './offset-lookup.ts';
import type { PartitionState } from './partition-state.ts';

interface PartitionReply {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly records: Buffer | null;
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
}

interface Asked {
  readonly state: PartitionState;
  readonly generation: number;
  readonly offset: bigint;
}

/** Faults that another look at the metadata may mend. */
const STALE = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
]);
/** Answered by a broker that is in trouble for a moment. */
const PASSING = new Set(['OFFSET_NOT_AVAILABLE', 'UNKNOWN_SERVER_ERROR']);

const MAX_LANES = 3;
/** A broker may hold a fetch for so long (Kafka's default) without anybody else being late. */
const MODEST_WAIT_MS = 500;
const BRIEF_WAIT_MS = 100;

let fetcherCount = 0;

export class FetchLoop {
  readonly #link: ClusterLink;
  readonly #metadata: MetadataCache;
  readonly #options: FetcherOptions;
  readonly #states: () => Iterable<PartitionState>;
  /** Something can be handed out, or has failed. */
  readonly #onNews: () => void;
  readonly #name = `fetch ${++fetcherCount}`;
  /** By broker: the lanes that have a fetch under way. */
  readonly #busy = new Map<number, Set<number>>();
  /** Brokers with a brief fetch under way. */
  readonly #brief = new Set<number>();
  readonly #ended = new AbortController();
  readonly #unsubscribe: () => void;
  /** Since the owner last took them. */
  resets: PositionReset[] = [];
  #isDue = false;
  #wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(
    link: ClusterLink,
    metadata: MetadataCache,
    options: FetcherOptions,
    states: () => Iterable<PartitionState>,
    onNews: () => void,
  ) {
    this.#link = link;
    this.#metadata = metadata;
    this.#options = options;
    this.#states = states;
    this.#onNews = onNews;
    this.#unsubscribe = metadata.onChange(() => this.driveSoon());
  }

  /** Looks for what can be asked for once the caller's turn is over. */
  driveSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#drive();
    });
  }

  close(): void {
    this.#ended.abort();
    this.#unsubscribe();
    for (let lane = 0; lane < MAX_LANES; lane++) this.#link.closeLane(`${this.#name} ${lane}`);
  }

  #drive(): void {
    if (this.#ended.signal.aborted) return;
    const nowMs = this.#link.clock.monoMs();
    const unresolved = new Map<number, PartitionState[]>();
    const fetchable = new Map<number, PartitionState[]>();
    const lost = new Set<string>();
    let freeBytes = this.#options.maxBytes;
    let areSomeOnTheirWay = false;
    for (const state of this.#states()) freeBytes -= state.bufferedBytes;
    for (const state of this.#states()) {
      if (state.isFetching || (state.isPaused && state.wanted === null)) continue;
      const nodeId = this.#metadata.topic(state.topic)?.partitions[state.partition]?.leader ?? -1;
      areSomeOnTheirWay ||= state.isResolving || state.notBeforeMs > nowMs || nodeId < 0 || state.wanted !== null;
      if (state.isResolving) continue;
      if (state.notBeforeMs > nowMs) {
        this.#wakeAt(state.notBeforeMs);
        continue;
      }
      if (nodeId < 0) this.#noLeader(state, lost, nowMs);
      else if (state.wanted !== null) listIn(unresolved, nodeId).push(state);
      else if (freeBytes > 0 && state.bufferedBytes < this.#options.maxPartitionBytes) listIn(fetchable, nodeId).push(state);
    }
    if (lost.size > 0) this.#metadata.refreshSoon([...lost]);
    for (const [nodeId, states] of unresolved) void this.#resolve(nodeId, states);
    const isPatient = this.#options.maxWaitMs > MODEST_WAIT_MS;
    for (const [nodeId, states] of fetchable) {
      const lane = this.#brief.has(nodeId) ? null : this.#freeLane(nodeId);
      if (lane === null) continue;
      const isBrief = isPatient && (areSomeOnTheirWay || lane === MAX_LANES - 1);
      void this.#fetch(nodeId, lane, states, freeBytes, isBrief);
    }
  }

  #freeLane(nodeId: number): number | null {
    const busy = this.#busy.get(nodeId);
    for (let lane = 0; lane < MAX_LANES; lane++) if (!busy?.has(lane)) return lane;
    return null;
  }

  #noLeader(state: PartitionState, lost: Set<string>, nowMs: number): void {
    const error = this.#metadata.errorOf(state.topic);
    if (error && !error.isRetriable) this.#failed(state, error);
    else {
      lost.add(state.topic);
      this.#inTrouble(state, error ?? this.#metadata.fault ?? withoutLeader(state));
      this.#pause(state, nowMs);
    }
  }

  // ---- where to start

  async #resolve(nodeId: number, states: readonly PartitionState[]): Promise<void> {
    const questions = states.map((state) => {
      state.isResolving = true;
      const { leaderEpoch } = this.#metadata.leader(state.topic, state.partition);
      return {
        state,
        generation: state.generation,
        topic: state.topic,
        partition: state.partition,
        leaderEpoch,
        spec: state.wanted ?? ('latest' as const),
      };
    });
    const answers = await lookUpOffsets(this.#link, nodeId, this.#options.isolationLevel, questions);
    if (this.#ended.signal.aborted) return;
    questions.forEach(({ state, generation }, i) => {
      const answer = answers[i];
      if (!answer || state.generation !== generation) return;
      state.isResolving = false;
      if (answer.offset !== null) {
        state.faults = 0;
        state.trouble = null;
        if (state.lostAt !== null)
          this.resets.push({ topic: state.topic, partition: state.partition, from: state.lostAt, to: answer.offset });
        state.lostAt = null;
        state.resolved(answer.offset);
      } else this.#onFault(state, answer.error);
    });
    this.#onNews();
    this.driveSoon();
  }

  // ---- fetching

  async #fetch(nodeId: number, lane: number, states: readonly PartitionState[], freeBytes: number, isBrief: boolean): Promise<void> {
    const asked = new Map<string, Asked>();
    for (const state of states) {
      state.isFetching = true;
      asked.set(`${state.topic} ${state.partition}`, { state, generation: state.generation, offset: state.fetchOffset });
    }
    const busy = this.#busy.get(nodeId) ?? new Set();
    this.#busy.set(nodeId, busy.add(lane));
    if (isBrief) this.#brief.add(nodeId);
    try {
      const { requestTimeoutMs } = this.#options;
      const maxWaitMs = isBrief ? BRIEF_WAIT_MS : this.#options.maxWaitMs;
      const options = { lane: `${this.#name} ${lane}`, timeoutMs: requestTimeoutMs + maxWaitMs };
      const reply = await this.#link.send(nodeId, fetchMessage, this.#body(states, freeBytes, maxWaitMs), options);
      if (reply.errorCode !== 0) throw kafkaErrorOf(reply.errorCode, `fetch from ${this.#link.describe(nodeId)}`);
      for (const { topic, partitions } of reply.topics) {
        for (const answer of partitions) {
          const question = asked.get(`${topic} ${answer.partitionIndex}`);
          if (question) this.#take(question, answer, nodeId);
        }
      }
    } catch (error) {
      const fault = toKafkaError(error, `fetch from ${this.#link.describe(nodeId)}`);
      for (const question of asked.values()) if (isCurrent(question)) this.#onFault(question.state, fault, true);
    } finally {
      busy.delete(lane);
      if (isBrief) this.#brief.delete(nodeId);
      for (const question of asked.values()) if (isCurrent(question)) question.state.isFetching = false;
    }
    if (this.#ended.signal.aborted) return;
    this.#onNews();
    this.#drive();
  }

  #body(states: readonly PartitionState[], freeBytes: number, maxWaitMs: number) {
    const topics = new Map<
      string,
      Array<{ partition: number; fetchOffset: bigint; partitionMaxBytes: number; currentLeaderEpoch: number }>
    >();
    for (const { topic, partition, fetchOffset } of states) {
      const { leaderEpoch } = this.#metadata.leader(topic, partition);
      listIn(topics, topic).push({
        partition,
        fetchOffset,
        partitionMaxBytes: this.#options.maxPartitionBytes,
        currentLeaderEpoch: leaderEpoch,
      });
    }
    return {
      // A partition whose end is not known yet must not wait for its first record to learn it.
      maxWaitMs: states.some((state) => state.endOffset === null) ? 0 : maxWaitMs,
      minBytes: states.some((state) => !state.isCaughtUp) ? 1 : this.#options.minBytes,
      maxBytes: Math.max(1, freeBytes),
      isolationLevel: this.#options.isolationLevel === 'read_committed' ? 1 : 0,
      topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
    };
  }

  #take(question: Asked, answer: PartitionReply, nodeId: number): void {
    const { state, offset } = question;
    if (!isCurrent(question)) return;
    if (answer.errorCode !== 0) {
      this.#onFault(
        state,
        kafkaErrorOf(
          answer.errorCode,
          `topic "${state.topic}" partition ${state.partition} at offset ${offset}, from ${this.#link.describe(nodeId)}`,
        ),
      );
      return;
    }
    state.faults = 0;
    state.trouble = null;
    state.endOffset = this.#options.isolationLevel === 'read_committed' ? answer.lastStableOffset : answer.highWatermark;
    const { records } = answer;
    state.cameEmpty = !records || records.length === 0;
    if (!records || records.length === 0) return;
    const next = offsetAfter(records);
    if (next === null || next <= offset) {
      const text = `topic "${state.topic}" partition ${state.partition} at offset ${offset}: ${records.length} bytes came without one whole record batch`;
      this.#failed(state, new KafkaError('CORRUPT_MESSAGE', text));
      return;
    }
    state.chunks.push(
      new FetchedChunk(state.topic, state.partition, records, offset, this.#options.isolationLevel, answer.abortedTransactions),
    );
    state.fetchOffset = next;
  }

  // ---- faults

  #onFault(state: PartitionState, error: KafkaError, isTransport: boolean = false): void {
    const { kafkaName } = error;
    const isPassing = STALE.has(kafkaName) || PASSING.has(kafkaName) || (error.isRetriable && kafkaName !== 'CORRUPT_MESSAGE');
    if (kafkaName === 'OFFSET_OUT_OF_RANGE') this.#outOfRange(state, error);
    else if (isPassing) {
      this.#link.log.debug(error.message);
      this.#inTrouble(state, error);
      if (isTransport || STALE.has(kafkaName)) this.#metadata.refreshSoon([state.topic]);
      this.#pause(state, this.#link.clock.monoMs());
    } else this.#failed(state, error);
  }

  #outOfRange(state: PartitionState, error: KafkaError): void {
    const { topic, partition, fetchOffset } = state;
    const { autoOffsetReset } = this.#options;
    // What was fetched before is handed out first; then the question is put again.
    if (state.chunks.length > 0) this.#pause(state, this.#link.clock.monoMs());
    else if (autoOffsetReset === 'none') {
      const text = `topic "${topic}" partition ${partition} does not have offset ${fetchOffset} any more or yet, and auto.offset.reset is none`;
      this.#failed(state, new KafkaError('OFFSET_OUT_OF_RANGE', text, { cause: error }));
    } else {
      this.#link.log.info(`Offset ${fetchOffset} of topic "${topic}" partition ${partition} is out of range; reset to ${autoOffsetReset}`);
      state.lostAt = fetchOffset;
      state.position = null;
      state.wanted = autoOffsetReset;
    }
  }

  #inTrouble(state: PartitionState, error: KafkaError): void {
    state.trouble = { error, sinceMs: state.trouble?.sinceMs ?? this.#link.clock.monoMs() };
  }

  /** Goes to whoever polls next; the partition is tried again after a pause. */
  #failed(state: PartitionState, error: KafkaError): void {
    this.#inTrouble(state, error);
    state.fault = error;
    this.#pause(state, this.#link.clock.monoMs());
    this.#onNews();
  }

  #pause(state: PartitionState, nowMs: number): void {
    const { retryBackoffMs, retryBackoffMaxMs } = this.#link.options;
    state.notBeforeMs = nowMs + backoffMs(state.faults++, retryBackoffMs, retryBackoffMaxMs);
    this.#wakeAt(state.notBeforeMs);
  }

  #wakeAt(atMs: number): void {
    if (atMs >= this.#wakeAtMs) return;
    this.#wakeAtMs = atMs;
    const waitMs = Math.max(1, atMs - this.#link.clock.monoMs());
    void this.#link.clock.sleep(waitMs, this.#ended.signal).then(() => {
      if (this.#wakeAtMs === atMs) this.#wakeAtMs = Number.POSITIVE_INFINITY;
      this.#drive();
    });
  }
}

function withoutLeader({ topic, partition }: PartitionState): KafkaError {
  return new KafkaError('LEADER_NOT_AVAILABLE', `LEADER_NOT_AVAILABLE: topic "${topic}" partition ${partition} has no leader`);
}

function isCurrent({ state, generation }: Asked): boolean {
  return state.generation === generation;
}

function listIn<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (!list) {
    list = [];
    map.set(key, list);
  }
  return list;
}
