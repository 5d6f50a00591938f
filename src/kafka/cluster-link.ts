/**
 * The way to a cluster: finds brokers, keeps connections by broker and lane, negotiates versions, tries again. Shared by everything
 * made from one client configuration. Requests of different lanes never wait for each other (a broker answers one request at a time per connection):
 * long-polling fetches, group joins and produce requests each name a lane of their own.
 */
import { backoffMs } from '../base/backoff.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { SharedBeat } from '../base/shared-beat.ts';
import { BrokerFaults } from './broker-faults.ts';
import { Connection } from './connection.ts';
import type { BrokerInfo, ClientOptions } from './contract.ts';
import { CoordinatorCache, type CoordinatorKey } from './coordinator-cache.ts';
import { KafkaError, toKafkaError } from './kafka-error.ts';
import type { Message } from './wire/codec.ts';
import { metadataMessage } from './wire/messages/metadata.ts';

/** A broker by id, any of them, the controller (any broker that knows it), or who coordinates a group or transactional id. */
export type Target = number | 'any' | 'controller' | CoordinatorKey;

export interface SendOptions {
  /** Wait for the reply; default `requestTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Connection to use; default `main`. Coordinator targets default to `group <id>`. */
  readonly lane?: string | undefined;
  /** Bytes that the request is likely to take. */
  readonly sizeHint?: number | undefined;
}

export interface RetryOptions extends SendOptions {
  /** All attempts together; default `defaultApiTimeoutMs`. */
  readonly totalMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ClusterLink {
  readonly options: ClientOptions;
  readonly log: Log;
  readonly clock: Clock;
  /**
   * One attempt. `body` may be made from the version negotiated. Rejects with KafkaError; a reply's own error codes are the caller's to look at.
   * `any` goes on to the next broker when one cannot be connected.
   */
  send<Request, Reply>(
    target: Target,
    message: Message<Request, Reply>,
    body: Request | ((version: number) => Request),
    options?: SendOptions,
  ): Promise<Reply>;
  /**
   * Attempts until `check` (throw a KafkaError for codes in the reply) does not throw something retriable or time is up. Stale coordinators and
   * controllers are looked up anew between attempts.
   */
  request<Request, Reply>(
    target: Target,
    message: Message<Request, Reply>,
    body: Request | ((version: number) => Request),
    check: (reply: Reply) => void,
    options?: RetryOptions,
  ): Promise<Reply>;
  /** Runs `attempt` until it does not reject with a retriable KafkaError, or time is up (rejects with the last error then). */
  retry<T>(attempt: () => Promise<T>, options?: Pick<RetryOptions, 'totalMs' | 'signal'>): Promise<T>;
  /** Id of the broker behind a target. */
  nodeOf(target: Exclude<Target, 'any'>): Promise<number>;
  /** The coordinator that was last found did not feel responsible or is gone. */
  forgetCoordinator(key: CoordinatorKey): void;
  /** Brokers as of the last metadata reply; asks when there was none. */
  brokers(): Promise<readonly BrokerInfo[]>;
  /** For messages: `broker 1 (host:port)`. */
  describe(nodeId: number): string;
  /** Takes the brokers of a metadata reply. */
  noteBrokers(brokers: readonly BrokerInfo[], controllerId: number): void;
  /** The version that this broker would be spoken to in; throws UNSUPPORTED_VERSION. */
  versionFor(target: Target, message: Pick<Message<never, unknown>, 'name' | 'apiKey' | 'minVersion' | 'maxVersion'>): Promise<number>;
  /** Ends the connections of a lane that is not used any more. */
  closeLane(lane: string): void;
  close(): Promise<void>;
}

const MUTE_MS = 30_000;
/** Above the largest reply anybody is likely to configure (fetch.max.bytes 50 MB plus one oversized batch). */
const MAX_FRAME_BYTES = 512 << 20;

/** One address and lane: the connection that is open, or on its way. */
interface Slot {
  readonly lane: string;
  open: Connection | null;
  opening: Promise<Connection> | null;
}

/** Looks after the connections of every link. */
const sweeps = new SharedBeat(250);

export function createClusterLink(options: ClientOptions, log: Log, clock: Clock = systemClock): ClusterLink {
  return new Link(options, log, clock);
}

class Link implements ClusterLink {
  readonly options: ClientOptions;
  readonly log: Log;
  readonly clock: Clock;
  readonly #slots = new Map<string, Slot>();
  readonly #faults: BrokerFaults;
  /** By `host:port`: brokers that have left a request unanswered, and until when others are asked before them (monotonic). */
  readonly #mute = new Map<string, number>();
  readonly #coordinators: CoordinatorCache;
  readonly #ended = new AbortController();
  readonly #endSweep: () => void;
  #brokers = new Map<number, BrokerInfo>();
  #controllerId = -1;
  #discovery: Promise<void> | null = null;

  constructor(options: ClientOptions, log: Log, clock: Clock) {
    this.options = options;
    this.log = log;
    this.clock = clock;
    this.#faults = new BrokerFaults(options, clock, log);
    this.#coordinators = new CoordinatorCache(this);
    this.#endSweep = sweeps.join(clock, () => this.#sweep());
  }

  async send<Request, Reply>(
    target: Target,
    message: Message<Request, Reply>,
    body: Request | ((version: number) => Request),
    options: SendOptions = {},
  ): Promise<Reply> {
    const connection = await this.#connectionTo(target, options.lane ?? laneOf(target));
    const reply = await connection.send(message, body, {
      timeoutMs: options.timeoutMs ?? this.options.requestTimeoutMs,
      sizeHint: options.sizeHint,
    });
    const throttleTimeMs = (reply as { readonly throttleTimeMs?: unknown }).throttleTimeMs;
    if (typeof throttleTimeMs === 'number' && throttleTimeMs > 0) connection.throttle(throttleTimeMs);
    return reply;
  }

  request<Request, Reply>(
    target: Target,
    message: Message<Request, Reply>,
    body: Request | ((version: number) => Request),
    check: (reply: Reply) => void,
    options: RetryOptions = {},
  ): Promise<Reply> {
    return this.retry(async () => {
      try {
        const reply = await this.send(target, message, body, options);
        check(reply);
        return reply;
      } catch (error) {
        this.#forget(target, error);
        throw error;
      }
    }, options);
  }

  async retry<T>(attempt: () => Promise<T>, options: Pick<RetryOptions, 'totalMs' | 'signal'> = {}): Promise<T> {
    const endMs = this.clock.monoMs() + (options.totalMs ?? this.options.defaultApiTimeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, this.#ended.signal]) : this.#ended.signal;
    for (let failed = 0; ; failed++) {
      try {
        return await attempt();
      } catch (error) {
        const fault = toKafkaError(error, 'Kafka client');
        const waitMs = backoffMs(failed, this.options.retryBackoffMs, this.options.retryBackoffMaxMs);
        if (!fault.isRetriable || signal.aborted || this.clock.monoMs() + waitMs >= endMs) throw fault;
        this.log.debug(`${fault.message}; next attempt in ${waitMs} ms`);
        await this.clock.sleep(waitMs, signal);
        if (signal.aborted) throw fault;
      }
    }
  }

  #forget(target: Target, error: unknown): void {
    if (!(error instanceof KafkaError)) return;
    if (typeof target === 'object' && isStaleTarget(error)) this.#coordinators.forget(target);
    if (target === 'controller' && (isStaleTarget(error) || error.kafkaName === 'NOT_CONTROLLER')) this.#controllerId = -1;
  }

  forgetCoordinator(key: CoordinatorKey): void {
    this.#coordinators.forget(key);
  }

  async nodeOf(target: Exclude<Target, 'any'>): Promise<number> {
    if (typeof target === 'number') return target;
    if (typeof target === 'object') return this.#coordinators.find(target);
    if (!this.#brokers.has(this.#controllerId)) await this.#discover();
    const ids = [...this.#brokers.keys()];
    return this.#brokers.has(this.#controllerId) ? this.#controllerId : (ids[0] ?? -1);
  }

  async versionFor(
    target: Target,
    message: Pick<Message<never, unknown>, 'name' | 'apiKey' | 'minVersion' | 'maxVersion'>,
  ): Promise<number> {
    return (await this.#connectionTo(target, laneOf(target))).negotiate(message);
  }

  // ---- brokers

  async brokers(): Promise<readonly BrokerInfo[]> {
    if (this.#brokers.size === 0) await this.#discover();
    return [...this.#brokers.values()];
  }

  describe(nodeId: number): string {
    const broker = this.#brokers.get(nodeId);
    return broker ? `broker ${nodeId} (${broker.host}:${broker.port})` : `broker ${nodeId}`;
  }

  noteBrokers(brokers: readonly BrokerInfo[], controllerId: number): void {
    if (brokers.length === 0) return;
    this.#brokers = new Map(brokers.map((broker) => [broker.id, broker]));
    this.#controllerId = controllerId;
  }

  #discover(): Promise<void> {
    this.#discovery ??= this.#askForBrokers().finally(() => {
      this.#discovery = null;
    });
    return this.#discovery;
  }

  async #askForBrokers(): Promise<void> {
    const reply = await this.send('any', metadataMessage, { topics: [], allowAutoTopicCreation: false });
    const brokers = reply.brokers.map(({ nodeId, host, port, rack }) => ({ id: nodeId, host, port, rack }));
    if (brokers.length === 0) throw new KafkaError('BROKER_NOT_AVAILABLE', 'the cluster metadata names no broker');
    this.noteBrokers(brokers, reply.controllerId);
  }

  // ---- connections

  async #connectionTo(target: Target, lane: string): Promise<Connection> {
    if (target === 'any') return this.#anyConnection(lane);
    const nodeId = await this.nodeOf(target);
    if (!this.#brokers.has(nodeId)) await this.#discover();
    const broker = this.#brokers.get(nodeId);
    if (!broker) {
      const known = [...this.#brokers.keys()].join(', ');
      throw new KafkaError('DISCONNECTED', `broker ${nodeId} is not among the brokers of the cluster now (${known})`);
    }
    const slot = this.#slot(`${broker.host}:${broker.port}`, lane);
    return slot.open?.isUsable ? slot.open : this.#open(slot, broker.host, broker.port);
  }

  async #anyConnection(lane: string): Promise<Connection> {
    const nowMs = this.clock.monoMs();
    const addresses = [
      ...new Set([...shuffled([...this.#brokers.values()].map(addressOf)), ...shuffled([...this.options.bootstrapServers])]),
    ];
    const rank = (address: string) => {
      if ((this.#mute.get(address) ?? 0) > nowMs) return 3;
      if (this.#slots.get(`${address} ${lane}`)?.open?.isUsable) return 0;
      return this.#faults.notBeforeMs(address) <= nowMs ? 1 : 2;
    };
    addresses.sort((a, b) => rank(a) - rank(b));
    let last: KafkaError | null = null;
    for (const address of addresses) {
      const slot = this.#slot(address, lane);
      if (slot.open?.isUsable) return slot.open;
      try {
        return await this.#open(slot, ...hostAndPort(address));
      } catch (error) {
        last = toKafkaError(error, `broker ${address}`);
        if (!last.isRetriable || this.#ended.signal.aborted) throw last;
      }
    }
    throw new KafkaError('DISCONNECTED', `no broker can be reached (tried ${addresses.join(', ')}): ${last?.message ?? 'none is named'}`, {
      cause: last,
    });
  }

  #slot(address: string, lane: string): Slot {
    const key = `${address} ${lane}`;
    let slot = this.#slots.get(key);
    if (!slot) {
      slot = { lane, open: null, opening: null };
      this.#slots.set(key, slot);
    }
    return slot;
  }

  #open(slot: Slot, host: string, port: number): Promise<Connection> {
    slot.opening ??= this.#connect(slot, host, port).finally(() => {
      slot.opening = null;
    });
    return slot.opening;
  }

  async #connect(slot: Slot, host: string, port: number): Promise<Connection> {
    const address = `${host}:${port}`;
    const waitMs = this.#faults.notBeforeMs(address) - this.clock.monoMs();
    if (waitMs > 0) await this.clock.sleep(waitMs, this.#ended.signal);
    if (this.#ended.signal.aborted) throw closedError();
    try {
      const { clientId, tls, sasl, connectionTimeoutMs, requestTimeoutMs } = this.options;
      const onClosed = () => {
        slot.open = null;
      };
      const settings = {
        host,
        port,
        clientId,
        tls,
        sasl,
        connectionTimeoutMs,
        requestTimeoutMs,
        maxFrameBytes: MAX_FRAME_BYTES,
        log: this.log,
        onClosed,
      };
      const connection = await Connection.open(settings);
      this.#faults.reached(address);
      if (this.#ended.signal.aborted) {
        connection.close();
        throw closedError();
      }
      slot.open = connection;
      return connection;
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#faults.failed(address, error);
      throw error;
    }
  }

  /** Timeouts of requests in flight, and connections that nobody has used for long. */
  #sweep(): void {
    const idleSinceMs = this.clock.monoMs() - this.options.connectionsMaxIdleMs;
    for (const [key, slot] of this.#slots) {
      const { open } = slot;
      open?.checkTimeouts();
      // It may still accept connections, and answer what needs no controller: while it goes down, for one.
      if (open && !open.isUsable) this.#mute.set(open.address, this.clock.monoMs() + MUTE_MS);
      if (slot.open && slot.open.inFlight === 0 && slot.open.lastUsedMs < idleSinceMs) slot.open.close();
      if (!slot.open && !slot.opening) this.#slots.delete(key);
    }
  }

  closeLane(lane: string): void {
    for (const slot of this.#slots.values()) if (slot.lane === lane) slot.open?.close(closedError());
  }

  async close(): Promise<void> {
    this.#ended.abort();
    this.#endSweep();
    for (const slot of this.#slots.values()) slot.open?.close(closedError());
    await Promise.allSettled([...this.#slots.values()].map((slot) => slot.opening));
  }
}

function laneOf(target: Target): string {
  if (typeof target !== 'object') return 'main';
  return `coordinator ${target.coordinator}`;
}

function addressOf(broker: BrokerInfo): string {
  return `${broker.host}:${broker.port}`;
}

/** Splits at the last colon; brackets of an IPv6 address are taken off. */
function hostAndPort(address: string): [string, number] {
  const at = address.lastIndexOf(':');
  return [address.slice(0, at).replace(/^\[|\]$/g, ''), Number(address.slice(at + 1))];
}

function shuffled(items: string[]): string[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

function closedError(): KafkaError {
  return new KafkaError('CLOSED', 'the Kafka client was closed');
}

const STALE = new Set([
  'DISCONNECTED',
  'REQUEST_TIMED_OUT',
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'BROKER_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
]);

function isStaleTarget(error: KafkaError): boolean {
  return STALE.has(error.kafkaName);
}
