/** What a plugin is to the runtime: a class name as in Apache Kafka, a config spec and a constructor. */
import type { BytesInPlace, ValueInPlace } from '../base/bytes-in-place.ts';
import type { Log } from '../base/log.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../record/schema.ts';
import type { ConfigDef, ConfigValue } from '../spec/config-def.ts';
import type { InspectedPart } from './inspection.ts';
import type {
  ConnectRecord,
  Header,
  RecordMetadata,
  SinkRecord,
  SourceOffset,
  SourcePartition,
  SourceRecord,
  TopicPartition,
} from './records.ts';

export type Config = Readonly<Record<string, string>>;

interface PluginBase {
  /** Full Java class name of the original, e.g. `org.apache.kafka.connect.file.FileStreamSourceConnector`. */
  readonly className: string;
  readonly version: string;
  readonly spec: ConfigDef;
  /** Folder of the package of plugin.path that it is from; absent: built in. */
  readonly location?: string;
}

export interface ConnectorContext {
  readonly log: Log;
  /** Aborts when the connector is to stop, also while `start` waits: every wait must end then. */
  readonly signal: AbortSignal;
  /** Ask the runtime to call `taskConfigs` again. */
  requestTaskReconfiguration(): void;
  /** Fail the connector from outside a call. */
  raiseError(error: unknown): void;
}

export type ExactlyOnceSupport = 'SUPPORTED' | 'UNSUPPORTED';

export interface Connector {
  start(config: Config, context: ConnectorContext): void | Promise<void>;
  stop(): void | Promise<void>;
  /**
   * Rejects with RetriableError when it cannot tell yet: the tasks that there are stay, and it must call `requestTaskReconfiguration` once it can.
   */
  taskConfigs(maxTasks: number): Config[] | Promise<Config[]>;
  /** Findings beyond the spec: edit the given values in place (add errors, recommended values, hide), or add one for a key of the framework. */
  validate?(config: Config, values: Map<string, ConfigValue>): void | Promise<void>;
  /** What it would do with this configuration, in which `validate` has found nothing: looked at, nothing is changed. */
  inspect?(config: Config): Promise<readonly InspectedPart[]>;
  /**
   * Of a source: whether it can have each record written exactly once with this configuration, if the worker supports that. It can when `poll` goes on
   * where the stored offsets say, and nothing else. Not there: nobody knows.
   */
  exactlyOnceSupport?(config: Config): ExactlyOnceSupport | Promise<ExactlyOnceSupport>;
  /** Of a source: whether its tasks can say where transactions end (`SourceTaskContext.transactions`). Not there: they cannot. */
  canDefineTransactionBoundaries?(config: Config): boolean | Promise<boolean>;
  /** Called before the framework writes changed offsets; `null` as offset is a reset. True: the connector has taken care of its own store as well. Throws to refuse. */
  alterOffsets?(
    config: Config,
    offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>,
  ): boolean | Promise<boolean>;
}

/**
 * Where transactions end, when the connector says so (exactly-once support with `transaction.boundary=connector`). Records are those that `poll` gives,
 * the same objects. To ask for both commit and abort of one batch or record fails the task.
 */
export interface TransactionContext {
  /** Commit once the next batch that `poll` gives was sent. */
  commitTransaction(): void;
  /** Commit once this record was sent. */
  commitTransaction(last: SourceRecord): void;
  /** Take back all records since the last commit, once the next batch that `poll` gives was sent. Their offsets are stored all the same. */
  abortTransaction(): void;
  /** The same, once this record was sent. */
  abortTransaction(last: SourceRecord): void;
}

export interface SourceTaskContext {
  readonly log: Log;
  readonly connector: string;
  readonly taskId: number;
  /** Aborts when the task is to stop: every wait in `poll` must end then. */
  readonly signal: AbortSignal;
  /** Stored offsets of these partitions, in order; `null` where there is none. */
  offsets(partitions: readonly SourcePartition[]): Promise<(SourceOffset | null)[]>;
  /** `null` unless the task writes in transactions whose ends the connector is to define. */
  readonly transactions: TransactionContext | null;
  /** True: no record is looked at once the next `poll` has begun, so that the texts of records may be left where they lie (`SourceRecord.valueIn`). */
  readonly takesTextsInPlace?: boolean;
}

/** What a task tells of its own work, told next to Connect's metrics. Source: KIP-877, with words as well. */
export interface TaskFigures {
  /** Ends in `-metrics`. */
  readonly group: string;
  /** What tells several of one group apart, like `table`. Connector and task are added. */
  readonly tags: Readonly<Record<string, string>>;
  /** What ends in `-total` only grows. Words that change seldom. */
  readonly values: Readonly<Record<string, number | string>>;
  /** Words that change all the time: for people who look, not for what scrapes and keeps them. */
  readonly details?: Readonly<Record<string, string>>;
}

export interface SourceTask {
  start(config: Config, context: SourceTaskContext): void | Promise<void>;
  /** New records, or `null` when there are none (the call waits itself; about a second at most, less when data comes). */
  poll(): Promise<readonly SourceRecord[] | null>;
  /** Offsets up to here are stored. */
  commit?(): void | Promise<void>;
  /**
   * The record is acknowledged (`metadata`), or was dropped on purpose (`null`). With exactly-once support it is committed (or dropped, or its
   * transaction aborted): told after the commit, in the order of sending.
   */
  commitRecord?(record: SourceRecord, metadata: RecordMetadata | null): void;
  /**
   * In the place of `commitRecord`, for who needs to know of what was written only, and no more than where it came from: `partition` is the same object as
   * in the record. Nothing else of the record is kept until then.
   */
  recordWritten?(partition: SourcePartition, offset: SourceOffset | null, metadata: RecordMetadata): void;
  /** What it does now. Asked at any time, also after a failure; must not wait. */
  figures?(): readonly TaskFigures[];
  stop(): void | Promise<void>;
}

export interface SinkTaskContext {
  readonly log: Log;
  readonly connector: string;
  readonly taskId: number;
  readonly signal: AbortSignal;
  assignment(): readonly TopicPartition[];
  /** Rewind before the next poll. */
  offset(partition: TopicPartition, offset: bigint): void;
  /** Wait at most so long before the next call of `put` (also the retry delay after a RetriableError). */
  timeout(ms: number): void;
  pause(...partitions: readonly TopicPartition[]): void;
  resume(...partitions: readonly TopicPartition[]): void;
  requestCommit(): void;
  /** `null` when neither a dead-letter queue nor error logging is configured. */
  readonly errantRecordReporter: ((record: SinkRecord, error: unknown) => Promise<void>) | null;
}

export type SinkOffsets = ReadonlyArray<TopicPartition & { readonly offset: bigint }>;

export interface SinkTask {
  /** True: it looks for the texts of records where they lie (`SinkRecord.valueIn`), and makes no copies of records by spreading them. */
  readonly takesTextsInPlace?: boolean;
  start(config: Config, context: SinkTaskContext): void | Promise<void>;
  open?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** Must not keep `records` after it resolves. Throws RetriableError to get the same batch again. */
  put(records: readonly SinkRecord[]): void | Promise<void>;
  /** Offsets that may be committed; default: flush, then all of `offsets`. */
  preCommit?(offsets: SinkOffsets): SinkOffsets | Promise<SinkOffsets>;
  flush?(offsets: SinkOffsets): void | Promise<void>;
  close?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** What it does now. Asked at any time, also after a failure; must not wait. */
  figures?(): readonly TaskFigures[];
  stop(): void | Promise<void>;
}

export interface SourceConnectorPlugin extends PluginBase {
  readonly kind: 'source';
  readonly taskClass: string;
  /** The original lists the keys of every connector among its own: in answers about a configuration they stand for the framework's, and know nothing of it. */
  readonly repeatsCommonKeys?: boolean;
  create(): Connector;
  createTask(): SourceTask;
}

export interface SinkConnectorPlugin extends PluginBase {
  readonly kind: 'sink';
  readonly taskClass: string;
  create(): Connector;
  createTask(): SinkTask;
}

/** Serialised form of a key or value. A string stands for its UTF-8 bytes: it is encoded straight into the batch. */
export type Serialized = Uint8Array | string | BytesInPlace | null;

export interface Converter {
  fromConnectData(topic: string, schema: Schema | null, value: ConnectValue): Serialized;
  /**
   * The same for a string whose UTF-8 form, which is well-formed, lies from `start` to `end` of `bytes`. `null`: it is to be given as a
   * string. Never throws; what it gives is valid until the next call.
   */
  fromTextInPlace?(schema: Schema | null, bytes: Buffer, start: number, end: number): BytesInPlace | null;
  /** `bytes` is a view that is valid during the call only: copy what is kept. */
  toConnectData(topic: string, bytes: Uint8Array | null): SchemaAndValue;
  /**
   * Many values of one topic's batch at once, where that costs less; a hint: what it leaves out is read by `toConnectData`. Never throws.
   */
  readTogether?(messages: readonly ValueInPlace[]): ReadTogether | null;
  /** The same for those who need texts as bytes. Valid until the next call. */
  readTextsInPlace?(messages: readonly ValueInPlace[]): TextsInPlace | null;
}

/** `undefined` at the place of each message that is to be read by itself. */
export interface ReadTogether {
  readonly schema: Schema | null;
  readonly values: ReadonlyArray<ConnectValue | undefined>;
}

/** Texts of plain ASCII in one memory, one behind the other, each followed by a byte that is free for the taker's use. */
export interface TextsInPlace {
  readonly schema: Schema;
  readonly bytes: Buffer;
  /** Where the text of each message ends; −1: the message is to be read by itself. The first text begins at 0. */
  readonly ends: readonly number[];
}

export interface ConverterPlugin extends PluginBase {
  readonly kind: 'converter';
  /** Also listed as header converter, as the originals are. */
  readonly isHeaderConverter: boolean;
  create(config: Config, isKey: boolean): Converter;
}

export interface HeaderConverter {
  fromConnectHeader(topic: string, header: Header): Uint8Array | null;
  toConnectHeader(topic: string, key: string, bytes: Uint8Array | null): SchemaAndValue;
}

export interface HeaderConverterPlugin extends PluginBase {
  readonly kind: 'header_converter';
  create(config: Config): HeaderConverter;
}

export interface Transformation {
  /** The changed record, the same one, or `null` to drop it. */
  apply<R extends ConnectRecord>(record: R): R | null;
  close?(): void;
}

export interface TransformationPlugin extends PluginBase {
  readonly kind: 'transformation';
  create(config: Config): Transformation;
}

export interface Predicate {
  test(record: ConnectRecord): boolean;
  close?(): void;
}

export interface PredicatePlugin extends PluginBase {
  readonly kind: 'predicate';
  create(config: Config): Predicate;
}

export type ConnectorPlugin = SourceConnectorPlugin | SinkConnectorPlugin;
export type Plugin = ConnectorPlugin | ConverterPlugin | HeaderConverterPlugin | TransformationPlugin | PredicatePlugin;
