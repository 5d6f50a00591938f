/** What a plugin is to the runtime: a class name as in Apache Kafka, a config spec and a constructor. */
import type { BytesInPlace } from '../base/bytes-in-place.ts';
import type { Log } from '../base/log.ts';
import type { ConnectValue, Schema, SchemaAndValue } from '../record/schema.ts';
import type { ConfigDef, ConfigValue } from '../spec/config-def.ts';
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
  /** Ask the runtime to call `taskConfigs` again. */
  requestTaskReconfiguration(): void;
  /** Fail the connector from outside a call. */
  raiseError(error: unknown): void;
}

export interface Connector {
  start(config: Config, context: ConnectorContext): void | Promise<void>;
  stop(): void | Promise<void>;
  taskConfigs(maxTasks: number): Config[] | Promise<Config[]>;
  /** Findings beyond the spec: edit the given values in place (add errors, recommended values, hide). */
  validate?(config: Config, values: ReadonlyMap<string, ConfigValue>): void | Promise<void>;
  /** Called before the framework writes changed offsets; `null` as offset is a reset. True: the connector has taken care of its own store as well. Throws to refuse. */
  alterOffsets?(
    config: Config,
    offsets: ReadonlyArray<{ partition: SourcePartition | null; offset: SourceOffset | null }>,
  ): boolean | Promise<boolean>;
}

export interface SourceTaskContext {
  readonly log: Log;
  readonly connector: string;
  readonly taskId: number;
  /** Aborts when the task is to stop: every wait in `poll` must end then. */
  readonly signal: AbortSignal;
  /** Stored offsets of these partitions, in order; `null` where there is none. */
  offsets(partitions: readonly SourcePartition[]): Promise<(SourceOffset | null)[]>;
}

export interface SourceTask {
  start(config: Config, context: SourceTaskContext): void | Promise<void>;
  /** New records, or `null` when there are none (the call waits itself; about a second at most, less when data comes). */
  poll(): Promise<readonly SourceRecord[] | null>;
  /** Offsets up to here are stored. */
  commit?(): void | Promise<void>;
  /** The record is acknowledged (`metadata`), or was dropped on purpose (`null`). */
  commitRecord?(record: SourceRecord, metadata: RecordMetadata | null): void;
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
  start(config: Config, context: SinkTaskContext): void | Promise<void>;
  open?(partitions: readonly TopicPartition[]): void | Promise<void>;
  /** Must not keep `records` after it resolves. Throws RetriableError to get the same batch again. */
  put(records: readonly SinkRecord[]): void | Promise<void>;
  /** Offsets that may be committed; default: flush, then all of `offsets`. */
  preCommit?(offsets: SinkOffsets): SinkOffsets | Promise<SinkOffsets>;
  flush?(offsets: SinkOffsets): void | Promise<void>;
  close?(partitions: readonly TopicPartition[]): void | Promise<void>;
  stop(): void | Promise<void>;
}

export interface SourceConnectorPlugin extends PluginBase {
  readonly kind: 'source';
  readonly taskClass: string;
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
  /** `bytes` is a view that is valid during the call only: copy what is kept. */
  toConnectData(topic: string, bytes: Uint8Array | null): SchemaAndValue;
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
