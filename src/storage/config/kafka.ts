/**
 * The config topic, from which every worker of a cluster reads the same in the same order. What a crash leaves: task records without their
 * commit, which count for nothing until a whole set is written again; a deleted connector's task records, which nobody asks for; a target state
 * without its connector, which holds when one of that name is made. The leader repairs by writing anew. Source: KafkaConfigBackingStore.
 */
import { DataError, messageOf } from '../../base/errors.ts';
import { inTime } from '../../base/in-time.ts';
import { Lanes } from '../../base/lanes.ts';
import type { LogLevel } from '../../base/log.ts';
import type { FetchedRecord, RecordPlace, TransactionalProducer } from '../../kafka/contract.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { TargetState } from '../connector-states.ts';
import { InternalLog, type InternalLogOptions } from '../internal-log.ts';
import { kafkaFault } from '../kafka-fault.ts';
import { ConfigState } from './config-state.ts';
import { LeaderWriter } from './leader-writer.ts';
import {
  type ClusterConfig,
  type ConfigListener,
  type ConfigStore,
  ConfigTimeoutError,
  PrivilegesLostError,
  type RestartRequest,
  type SessionKey,
} from './port.ts';
import { type ConfigRecord, parseConfigRecord, toRecordText } from './records.ts';

/** For a write with all its reading back. Source: KafkaConfigBackingStore.READ_WRITE_TOTAL_TIMEOUT_MS. */
const WRITE_MS = 30_000;
/** A target state may come before its connector; after so long it is told that there is none. */
const ORPHAN_MS = 5_000;

export interface KafkaConfigStoreOptions extends InternalLogOptions {
  /** A producer of the transactional id that leaders of this cluster share; `null`: leaders write without transactions, and nobody is fenced. */
  readonly openLeaderProducer?: (() => TransactionalProducer) | null;
}

/** Who writes: the leader alone, or any worker. Tells where the last record lies. */
type Writer = (records: readonly ConfigRecord[]) => Promise<RecordPlace>;

export class KafkaConfigStore implements ConfigStore {
  readonly #options: KafkaConfigStoreOptions;
  readonly #topic: InternalLog;
  readonly #leader: LeaderWriter | null;
  readonly #ended = new AbortController();
  /** Writes about one connector must not mix; those about others need not wait. */
  readonly #turns = new Lanes();
  #state = new ConfigState();
  /** `null` until all that lay in the topic was read: what is told of then has happened long ago. */
  #listener: ConfigListener | null = null;

  constructor(options: KafkaConfigStoreOptions) {
    this.#options = options;
    this.#topic = new InternalLog(options);
    const { openLeaderProducer = null, topic } = options;
    this.#leader = openLeaderProducer === null ? null : new LeaderWriter(topic.name, openLeaderProducer);
  }

  async start(listener: ConfigListener): Promise<void> {
    this.#state = new ConfigState();
    await this.#topic.start((record) => this.#read(record));
    this.#listener = listener;
    for (const connector of this.#state.orphans()) this.#nameOrphan(connector);
    for (const [connector, { isInconsistent }] of this.snapshot().connectors) if (isInconsistent) this.#nameHalfSet(connector);
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await Promise.all([this.#leader?.stop(), this.#topic.stop()]);
  }

  snapshot(): ClusterConfig {
    return this.#state.snapshot();
  }

  refresh(timeoutMs: number): Promise<void> {
    return inTime(this.#topic.readToEnd(), timeoutMs, this.#options.clock, () => this.#late('read', 'to its end', timeoutMs));
  }

  /** Reads to the end afterwards: what the leader before has written is known before this one writes. */
  async claimWritePrivileges(): Promise<void> {
    if (!this.#leader) return;
    await this.#leader.claim();
    await this.#topic.readToEnd();
  }

  // ---- writing

  putConnectorConfig(connector: string, config: Config, target: TargetState | null): Promise<void> {
    const records: ConfigRecord[] = target === null ? [] : [{ kind: 'target-state', connector, target }];
    records.push({ kind: 'connector', connector, config });
    return this.#write(`the configuration of connector "${connector}"`, connector, this.#asLeader, [records]);
  }

  removeConnectorConfig(connector: string): Promise<void> {
    return this.#write(`the deletion of connector "${connector}"`, connector, this.#asLeader, [
      [
        { kind: 'connector', connector, config: null },
        { kind: 'target-state', connector, target: null },
      ],
    ]);
  }

  /** Every task is written, changed or not: the commit counts only what came after the commit before. */
  putTaskConfigs(connector: string, configs: readonly Config[]): Promise<void> {
    const tasks = configs.map((config, task): ConfigRecord => ({ kind: 'task', id: { connector, task }, config }));
    const commit: ConfigRecord = { kind: 'commit', connector, taskCount: configs.length };
    return this.#write(`the task configurations of connector "${connector}"`, connector, this.#asLeader, [tasks, [commit]]);
  }

  putTargetState(connector: string, target: TargetState): Promise<void> {
    const what = `the target state ${target} of connector "${connector}"`;
    return this.#write(what, connector, this.#asWorker, [[{ kind: 'target-state', connector, target }]]);
  }

  putFencedTaskCount(connector: string, count: number): Promise<void> {
    const what = `the number of fenced tasks of connector "${connector}"`;
    return this.#write(what, connector, this.#asLeader, [[{ kind: 'tasks-fencing', connector, taskCount: count }]]);
  }

  putSessionKey(key: SessionKey): Promise<void> {
    return this.#write('the session key', '', this.#asLeader, [[{ kind: 'session-key', key }]]);
  }

  putRestartRequest(request: RestartRequest): Promise<void> {
    const { connector } = request;
    return this.#write(`the restart request for connector "${connector}"`, connector, this.#asLeader, [[{ kind: 'restart', request }]]);
  }

  putLoggerLevel(logger: string, level: LogLevel): Promise<void> {
    return this.#write(`level ${level} of logger "${logger}"`, '', this.#asWorker, [[{ kind: 'logger', logger, level }]]);
  }

  /** All that only a leader may write goes through here. */
  readonly #asLeader: Writer = async (records) => {
    if (!this.#leader) return this.#send(records);
    try {
      return await this.#leader.write(records.map(toRecordText));
    } catch (error) {
      this.#listener?.onPrivilegesLost?.(messageOf(error));
      throw error;
    }
  };
  readonly #asWorker: Writer = (records) => this.#send(records);

  async #send(records: readonly ConfigRecord[]): Promise<RecordPlace> {
    const texts = records.map(toRecordText);
    const places = await Promise.all(texts.map(({ key, value }) => this.#topic.send(key, value)));
    return places.at(-1)!;
  }

  /** Each step is written before the next, and the last one read back. */
  #write(what: string, turn: string, writer: Writer, steps: ReadonlyArray<readonly ConfigRecord[]>): Promise<void> {
    const { clock } = this.#options;
    let isLate = false;
    const work = this.#turns
      .run(turn, async () => {
        let place: RecordPlace | null = null;
        for (const records of steps) {
          if (isLate) return;
          if (records.length > 0) place = await writer(records);
        }
        if (place !== null) await this.#topic.readPast(place);
      })
      .catch((error: unknown) => {
        const message = `Cannot write ${what} to topic "${this.#options.topic.name}"`;
        if (!(error instanceof PrivilegesLostError)) throw kafkaFault(error, message);
        throw new PrivilegesLostError(`${message}: ${messageOf(error)}; the request can be made again`, { cause: error });
      });
    return inTime(work, WRITE_MS, clock, () => {
      isLate = true;
      return this.#late('write', what, WRITE_MS);
    });
  }

  #late(verb: 'read' | 'write', what: string, afterMs: number): ConfigTimeoutError {
    const topic = `topic "${this.#options.topic.name}"`;
    const subject = verb === 'read' ? `read ${topic} ${what}` : `write ${what} to ${topic}`;
    const rest = verb === 'read' ? '' : ' It may still be written when they answer.';
    return new ConfigTimeoutError(`Could not ${subject} within ${afterMs / 1000} s: look whether the brokers that hold it are up.${rest}`);
  }

  // ---- reading

  #read(record: FetchedRecord): void {
    const state = this.#state;
    state.passed(record.offset);
    if (record.key === null) throw new DataError('the config topic has no records without a key');
    const parsed = parseConfigRecord(record.key.toString('utf8'), record.value, (text) => this.#topic.note(record, text));
    state.apply(parsed, this.#listener);
    if (this.#listener === null) return;
    if (parsed.kind === 'commit' && state.connector(parsed.connector)?.isInconsistent) this.#nameHalfSet(parsed.connector);
    if (parsed.kind === 'target-state' && state.isOrphan(parsed.connector)) void this.#nameOrphanLater(parsed.connector);
  }

  async #nameOrphanLater(connector: string): Promise<void> {
    const { signal } = this.#ended;
    await this.#options.clock.sleep(ORPHAN_MS, signal);
    if (!signal.aborted && this.#state.isOrphan(connector)) this.#nameOrphan(connector);
  }

  #nameOrphan(connector: string): void {
    this.#options.log.warn(
      `Record ${JSON.stringify(`target-state-${connector}`)} of topic "${this.#options.topic.name}": there is no connector "${connector}"; it holds only once one is made.`,
    );
  }

  #nameHalfSet(connector: string): void {
    this.#options.log.warn(
      `Record ${JSON.stringify(`commit-${connector}`)} of topic "${this.#options.topic.name}": not all of the ${this.#state.connector(connector)?.taskCount} tasks that it names have records; ` +
        `no task of connector "${connector}" runs until its whole set is written (restart the connector to have that done).`,
    );
  }
}
