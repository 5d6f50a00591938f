/**
 * A broker that keeps its logs in memory and can misbehave on demand: real sockets, real frames, sequences checked as a real one does.
 * Only for faults that a real broker cannot be made to show; whatever else is tested on real brokers.
 */
import net from 'node:net';
import { AT, readBatchHeader } from '../../src/kafka/records/batch-header.ts';
import type { Message } from '../../src/kafka/wire/codec.ts';
import { FrameReader } from '../../src/kafka/wire/frame-reader.ts';
import { addPartitionsToTxnMessage } from '../../src/kafka/wire/messages/add-partitions-to-txn.ts';
import { apiVersionsMessage } from '../../src/kafka/wire/messages/api-versions.ts';
import { describeClusterMessage } from '../../src/kafka/wire/messages/describe-cluster.ts';
import { describeQuorumMessage } from '../../src/kafka/wire/messages/describe-quorum.ts';
import { endTxnMessage } from '../../src/kafka/wire/messages/end-txn.ts';
import { fetchMessage } from '../../src/kafka/wire/messages/fetch.ts';
import { findCoordinatorMessage } from '../../src/kafka/wire/messages/find-coordinator.ts';
import { heartbeatMessage } from '../../src/kafka/wire/messages/heartbeat.ts';
import { initProducerIdMessage } from '../../src/kafka/wire/messages/init-producer-id.ts';
import { joinGroupMessage } from '../../src/kafka/wire/messages/join-group.ts';
import { leaveGroupMessage } from '../../src/kafka/wire/messages/leave-group.ts';
import { listOffsetsMessage } from '../../src/kafka/wire/messages/list-offsets.ts';
import { metadataMessage } from '../../src/kafka/wire/messages/metadata.ts';
import { produceMessage } from '../../src/kafka/wire/messages/produce.ts';
import { syncGroupMessage } from '../../src/kafka/wire/messages/sync-group.ts';
import { WireReader } from '../../src/kafka/wire/wire-reader.ts';
import { WireWriter } from '../../src/kafka/wire/wire-writer.ts';

type AnyMessage = Message<never, unknown>;
const MESSAGES: readonly AnyMessage[] = [
  apiVersionsMessage,
  metadataMessage,
  produceMessage,
  fetchMessage,
  listOffsetsMessage,
  initProducerIdMessage,
  addPartitionsToTxnMessage,
  endTxnMessage,
  findCoordinatorMessage,
  joinGroupMessage,
  syncGroupMessage,
  heartbeatMessage,
  leaveGroupMessage,
  describeClusterMessage,
  describeQuorumMessage,
];

/**
 * What to do with one request: `silent` do nothing, `cut` close the connection, `apply-and-cut` do what is asked and close without an answer;
 * a number answers every partition (or the request) with that error code, without doing it; a function makes the answer's body.
 */
export type Behaviour = 'silent' | 'cut' | 'apply-and-cut' | number | ((request: never) => object);

interface Partition {
  readonly batches: Array<{ readonly bytes: Buffer; readonly baseOffset: bigint; readonly lastOffset: bigint }>;
  nextOffset: bigint;
  /** By producer id: the last batch. */
  readonly producers: Map<bigint, { epoch: number; first: number; last: number; offset: bigint }>;
}

const NOT_LEADER = 6;

interface ProduceRequest {
  readonly acks: number;
  readonly topics: ReadonlyArray<{
    readonly name: string;
    readonly partitions: ReadonlyArray<{ readonly index: number; readonly records: Buffer }>;
  }>;
}

interface FetchRequest {
  readonly maxWaitMs: number;
  readonly topics: ReadonlyArray<{
    readonly topic: string;
    readonly partitions: ReadonlyArray<{ readonly partition: number; readonly fetchOffset: bigint }>;
  }>;
}

interface OffsetsRequest {
  readonly topics: ReadonlyArray<{
    readonly name: string;
    readonly partitions: ReadonlyArray<{ readonly partitionIndex: number; readonly timestamp: bigint }>;
  }>;
}

interface JoinRequest {
  readonly memberId: string;
  readonly protocols: ReadonlyArray<{ readonly name: string }>;
}

interface AddPartitionsRequest {
  readonly topics: ReadonlyArray<{ readonly name: string; readonly partitions: readonly number[] }>;
}

function addPartitions({ topics }: AddPartitionsRequest, errorCode: number): object {
  const answers = topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partitionIndex) => ({ partitionIndex, errorCode })),
  }));
  return { throttleTimeMs: 0, topics: answers };
}

const OUT_OF_RANGE = 1;
const OUT_OF_ORDER = 45;

export class FixtureBroker {
  /** Names of the requests that came, in order. */
  readonly requests: string[] = [];
  readonly bodies: Array<{ readonly name: string; readonly body: unknown }> = [];
  readonly logs = new Map<string, Partition>();
  /** Leader −1 in metadata, and no write is taken, while this holds. */
  isLeaderless = false;
  /** Announced in ApiVersions; `null` answers version 3 of it with UNSUPPORTED_VERSION and the versions in version 0. */
  versionLimits: Readonly<Record<string, readonly [number, number]>> = {};
  isOldApiVersions = false;
  throttleTimeMs = 0;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #script: Array<{ readonly name: string; readonly behaviour: Behaviour }> = [];
  readonly #waiters = new Set<() => void>();
  #topics: Readonly<Record<string, number>>;
  #nextProducerId = 4000n;
  #generation = 0;

  private constructor(topics: Readonly<Record<string, number>>) {
    this.#topics = topics;
    this.#server = net.createServer((socket) => this.#serve(socket));
  }

  /** `topics`: partitions by name. */
  static async start(topics: Readonly<Record<string, number>> = {}): Promise<FixtureBroker> {
    const broker = new FixtureBroker(topics);
    await new Promise<void>((resolve) => broker.#server.listen(0, '127.0.0.1', resolve));
    return broker;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  setTopics(topics: Readonly<Record<string, number>>): void {
    this.#topics = topics;
  }

  /** The next requests of that name get these, one each; what comes later is served as usual. */
  next(name: string, ...behaviours: readonly Behaviour[]): void {
    for (const behaviour of behaviours) this.#script.push({ name, behaviour });
  }

  /** Forgets what was planned with `next`. */
  clearScript(): void {
    this.#script.length = 0;
  }

  /** Reads nothing more from its clients until `resume`. */
  pause(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  resume(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  log(topic: string, partition = 0): Partition {
    const key = `${topic} ${partition}`;
    let log = this.logs.get(key);
    if (!log) {
      log = { batches: [], nextOffset: 0n, producers: new Map() };
      this.logs.set(key, log);
    }
    return log;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: net.Socket): void {
    this.#sockets.add(socket);
    const frames = new FrameReader(256 << 20, (frame) => void this.#answer(socket, Buffer.from(frame)));
    socket.on('data', (chunk) => frames.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }

  async #answer(socket: net.Socket, frame: Buffer): Promise<void> {
    const head = new WireReader(frame);
    const apiKey = head.int16();
    const version = head.int16();
    const correlationId = head.int32();
    head.utf8(head.int16());
    const message = MESSAGES.find((one) => one.apiKey === apiKey);
    if (!message) return void socket.destroy();
    if (message === (apiVersionsMessage as AnyMessage) && this.isOldApiVersions && version > 0) {
      return this.#reply(socket, message, 0, correlationId, { errorCode: 35, apiKeys: [], throttleTimeMs: 0 });
    }
    if (version >= message.flexibleFrom) head.skipTags();
    const body = message.decodeRequest(head, version);
    this.requests.push(message.name);
    this.bodies.push({ name: message.name, body });
    const at = this.#script.findIndex(({ name }) => name === message.name);
    const behaviour = at < 0 ? null : (this.#script.splice(at, 1)[0]?.behaviour ?? null);
    if (behaviour === 'silent') return;
    if (behaviour === 'cut') return void socket.destroy();
    const reply =
      typeof behaviour === 'function'
        ? behaviour(body as never)
        : await this.#serveRequest(message.name, body, typeof behaviour === 'number' ? behaviour : 0);
    if (behaviour === 'apply-and-cut') return void socket.destroy();
    if (message.name === 'Produce' && (body as ProduceRequest).acks === 0) return;
    this.#reply(socket, message, version, correlationId, reply);
  }

  #reply(socket: net.Socket, message: AnyMessage, version: number, correlationId: number, body: object): void {
    const writer = new WireWriter();
    writer.int32(0);
    writer.int32(correlationId);
    if (version >= message.flexibleFrom && message.name !== 'ApiVersions') writer.uvarint(0);
    message.encodeReply(writer, version, body);
    writer.patchInt32(0, writer.length - 4);
    if (!socket.destroyed) socket.write(writer.bytes());
  }

  async #serveRequest(name: string, body: unknown, errorCode: number): Promise<object> {
    switch (name) {
      case 'ApiVersions':
        return {
          errorCode,
          throttleTimeMs: 0,
          apiKeys: MESSAGES.map((m) => ({
            apiKey: m.apiKey,
            minVersion: (this.versionLimits[m.name] ?? [m.minVersion])[0],
            maxVersion: (this.versionLimits[m.name] ?? [0, m.maxVersion])[1],
          })),
        };
      case 'Metadata':
        return this.#metadata(body as { readonly topics: ReadonlyArray<{ readonly name: string }> | null }, errorCode);
      case 'Produce':
        return this.#produce(body as ProduceRequest, errorCode || (this.isLeaderless ? NOT_LEADER : 0));
      case 'Fetch':
        return this.#fetch(body as FetchRequest, errorCode);
      case 'ListOffsets':
        return this.#listOffsets(body as OffsetsRequest, errorCode);
      case 'DescribeCluster':
        return {
          throttleTimeMs: 0,
          errorCode,
          errorMessage: null,
          endpointType: 1,
          clusterId: 'fixture',
          controllerId: 1,
          brokers: [{ brokerId: 1, host: '127.0.0.1', port: this.port, rack: null, isFenced: false }],
          clusterAuthorizedOperations: 0,
        };
      case 'AddPartitionsToTxn':
        return addPartitions(body as AddPartitionsRequest, errorCode);
      case 'EndTxn':
        return { throttleTimeMs: 0, errorCode };
      case 'JoinGroup':
        return this.#join(body as JoinRequest, errorCode);
      case 'SyncGroup':
        return { throttleTimeMs: 0, errorCode, protocolType: null, protocolName: null, assignment: Buffer.from('yours') };
      case 'Heartbeat':
      case 'LeaveGroup':
        return { throttleTimeMs: 0, errorCode, members: [] };
      case 'InitProducerId':
        return { throttleTimeMs: 0, errorCode, producerId: errorCode === 0 ? this.#nextProducerId++ : -1n, producerEpoch: 0 };
      default:
        return {
          throttleTimeMs: 0,
          errorCode,
          nodeId: 1,
          host: '127.0.0.1',
          port: this.port,
          coordinators: [{ key: '', nodeId: 1, host: '127.0.0.1', port: this.port, errorCode, errorMessage: null }],
        };
    }
  }

  /** Everybody follows somebody else. */
  #join({ memberId, protocols }: JoinRequest, errorCode: number): object {
    return {
      throttleTimeMs: 0,
      errorCode,
      generationId: ++this.#generation,
      protocolType: null,
      protocolName: protocols[0]?.name ?? null,
      leader: 'another',
      skipAssignment: false,
      memberId: memberId || 'fixture-1',
      members: [],
    };
  }

  #metadata(body: { readonly topics: ReadonlyArray<{ readonly name: string }> | null }, errorCode: number): object {
    const names = body.topics?.map(({ name }) => name) ?? Object.keys(this.#topics);
    const topics = names.map((name) => {
      const count = this.#topics[name];
      const partitions = Array.from({ length: count ?? 0 }, (_, partitionIndex) => ({
        errorCode: 0,
        partitionIndex,
        leaderId: this.isLeaderless ? -1 : 1,
        leaderEpoch: 0,
        replicaNodes: [1],
        isrNodes: [1],
        offlineReplicas: [],
      }));
      return {
        errorCode: errorCode || (count === undefined ? 3 : 0),
        name,
        topicId: 'w1or1jKTT3yaLl9-bDUHzA',
        isInternal: false,
        partitions,
        topicAuthorizedOperations: 0,
      };
    });
    return {
      throttleTimeMs: 0,
      brokers: [{ nodeId: 1, host: '127.0.0.1', port: this.port, rack: null }],
      clusterId: 'fixture',
      controllerId: 1,
      topics,
      clusterAuthorizedOperations: 0,
    };
  }

  #produce(request: ProduceRequest, errorCode: number): object {
    const topics = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index, records }) => {
        const written = errorCode === 0 ? this.append(name, index, records) : { errorCode, baseOffset: -1n };
        return { index, ...written, logAppendTimeMs: -1n, logStartOffset: 0n, recordErrors: [], errorMessage: null };
      }),
    }));
    return { topics, throttleTimeMs: this.throttleTimeMs };
  }

  /** As a real log: repetitions of the last batch of a producer are answered with its offset, gaps refused. */
  append(topic: string, partition: number, records: Buffer): { errorCode: number; baseOffset: bigint } {
    const log = this.log(topic, partition);
    const header = readBatchHeader(records, 0);
    if (!header) return { errorCode: 2, baseOffset: -1n };
    if (header.producerId >= 0n) {
      const last = log.producers.get(header.producerId);
      if (last?.first === header.baseSequence && last.last === header.baseSequence + header.count - 1)
        return { errorCode: 0, baseOffset: last.offset };
      if (header.baseSequence !== (last ? last.last + 1 : 0)) return { errorCode: OUT_OF_ORDER, baseOffset: -1n };
      const lastSequence = header.baseSequence + header.count - 1;
      log.producers.set(header.producerId, {
        epoch: header.producerEpoch,
        first: header.baseSequence,
        last: lastSequence,
        offset: log.nextOffset,
      });
    }
    const bytes = Buffer.from(records);
    const baseOffset = log.nextOffset;
    bytes.writeBigInt64BE(baseOffset, AT.baseOffset);
    log.nextOffset += BigInt(header.count);
    log.batches.push({ bytes, baseOffset, lastOffset: log.nextOffset - 1n });
    for (const wake of this.#waiters) wake();
    return { errorCode: 0, baseOffset };
  }

  async #fetch(request: FetchRequest, errorCode: number): Promise<object> {
    const hasData = () =>
      request.topics.some(({ topic, partitions }) =>
        partitions.some(({ partition, fetchOffset }) => this.log(topic, partition).nextOffset > fetchOffset),
      );
    if (errorCode === 0 && request.maxWaitMs > 0 && !hasData()) await this.#waitForData(request.maxWaitMs, hasData);
    const topics = request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, fetchOffset }) => {
        const log = this.log(topic, partition);
        const isOutside = fetchOffset < (log.batches[0]?.baseOffset ?? 0n) || fetchOffset > log.nextOffset;
        const found = log.batches.filter(({ lastOffset }) => lastOffset >= fetchOffset).map(({ bytes }) => bytes);
        return {
          partitionIndex: partition,
          errorCode: errorCode || (isOutside ? OUT_OF_RANGE : 0),
          highWatermark: log.nextOffset,
          lastStableOffset: log.nextOffset,
          logStartOffset: 0n,
          abortedTransactions: null,
          preferredReadReplica: -1,
          records: errorCode || isOutside ? null : Buffer.concat(found),
          divergingEpoch: null,
          currentLeader: null,
        };
      }),
    }));
    return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, topics };
  }

  #waitForData(maxWaitMs: number, hasData: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve();
      };
      const wake = () => {
        if (hasData()) done();
      };
      const timer = setTimeout(done, maxWaitMs);
      this.#waiters.add(wake);
    });
  }

  #listOffsets(request: OffsetsRequest, errorCode: number): object {
    const topics = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp }) => {
        const log = this.log(name, partitionIndex);
        const offset = timestamp === -2n ? (log.batches[0]?.baseOffset ?? 0n) : log.nextOffset;
        return { partitionIndex, errorCode, timestamp: -1n, offset, leaderEpoch: 0 };
      }),
    }));
    return { throttleTimeMs: 0, topics };
  }
}
