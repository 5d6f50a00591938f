/**
 * Copies partitions record by record: bytes, headers, times and partitions stay. Offsets are Connect's, so a restart goes on behind the last record that
 * was written. Source: org.apache.kafka.connect.mirror.MirrorSourceTask (4.3).
 */
import { type Clock, systemClock } from '../../../../base/clock.ts';
import { ConfigError, ConnectError } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { FetchedRecord, Fetcher, PositionReset } from '../../../../kafka/contract.ts';
import { KafkaError } from '../../../../kafka/kafka-error.ts';
import type { Config, SourceTask, SourceTaskContext, TaskFigures } from '../../../../plugin-api/plugin.ts';
import type { RecordMetadata, SourceOffset, SourcePartition, SourceRecord } from '../../../../plugin-api/records.ts';
import { flowOf } from '../shared/client-properties.ts';
import { type CreateKafka, MirrorClients } from '../shared/clients.ts';
import { replicationPolicyOf } from '../shared/replication-policy.ts';
import { MirroredPartition } from './mirrored-partition.ts';
import { nextOffset, readPartitions, sourcePartitionOf } from './offsets.ts';
import { PartitionFigures } from './partition-figures.ts';
import { taskSpec } from './spec.ts';
import { SyncWriter } from './sync-writer.ts';
import { offsetSyncsPlace } from './syncs-place.ts';
import { TroubleLog } from './trouble-log.ts';

/** A poll comes back after a second at the latest, so that a task can be paused, and does not turn round at once for ever. */
const POLL_LIMIT_MS = 1_000;
const LEAST_POLL_MS = 50;
/** In one line of the log. */
const MOST_NAMES = 20;

interface Started {
  readonly context: SourceTaskContext;
  readonly clients: MirrorClients;
  readonly fetcher: Fetcher;
  readonly pollMs: number;
  readonly source: string;
  readonly autoOffsetReset: string;
  readonly syncs: SyncWriter | null;
  readonly trouble: TroubleLog;
  /** By `topic partition` of the source. */
  readonly partitions: ReadonlyMap<string, MirroredPartition>;
  readonly bySourcePartition: ReadonlyMap<SourcePartition, MirroredPartition>;
}

export class MirrorSourceTask implements SourceTask {
  readonly #clock: Clock;
  readonly #createKafka: CreateKafka | undefined;
  #started: Started | null = null;
  /** Of the record that came last: most come in rows. */
  #last: MirroredPartition | null = null;
  /** Places are assigned, and the task is not told to stop. */
  #isReading = false;

  constructor(clock: Clock = systemClock, createKafka?: CreateKafka) {
    this.#clock = clock;
    this.#createKafka = createKafka;
  }

  async start(config: Config, context: SourceTaskContext): Promise<void> {
    const conf = taskSpec.parse(config);
    const { log } = context;
    const policy = replicationPolicyOf(config);
    const source = conf['source.cluster.alias'];
    const target = conf['target.cluster.alias'];
    const clients = new MirrorClients(config, log, this.#createKafka);
    const consumer = clients.of('source', 'consumer', 'replication-consumer');
    const syncs = conf['emit.offset-syncs.enabled'] ? this.#syncWriter(conf, policy, clients, log) : null;
    const mirrored = readPartitions(conf['task.assigned.partitions']).map((one) => {
      const remoteTopic = policy.formatRemoteTopic(source, one.topic);
      return new MirroredPartition(one, {
        remoteTopic,
        sourcePartition: sourcePartitionOf(source, one),
        figures: new PartitionFigures({ source, target }, remoteTopic, one.partition, this.#clock),
        synced: syncs?.partition(one) ?? null,
      });
    });
    const { autoOffsetReset } = consumer.options.fetcher;
    const fetcher = consumer.kafka.fetcher();
    this.#started = {
      ...{ context, clients, fetcher, source, autoOffsetReset, syncs },
      pollMs: Math.max(LEAST_POLL_MS, Math.min(Number(conf['consumer.poll.timeout.ms']), POLL_LIMIT_MS)),
      trouble: new TroubleLog(source, this.#clock, log),
      partitions: new Map(mirrored.map((one) => [keyOf(one.topic, one.partition), one])),
      bySourcePartition: new Map(mirrored.map((one) => [one.sourcePartition, one])),
    };
    await syncs?.start(context.signal);
    await this.#assign(mirrored, this.#started);
    this.#isReading = true;
    log.info(`Copying ${flowOf(config)}: ${mirrored.length} partitions (${namesOf(mirrored)}).`);
  }

  /** Rejects when a place is gone and auto.offset.reset is none; other faults of the source are told of and waited out. */
  async poll(): Promise<readonly SourceRecord[] | null> {
    const started = this.#running();
    const { fetcher, context, pollMs, trouble } = started;
    let fetched: FetchedRecord[];
    try {
      fetched = await fetcher.poll(pollMs, context.signal);
    } catch (error) {
      if (context.signal.aborted) return null;
      if (!(error instanceof KafkaError)) throw error;
      if (error.kafkaName === 'OFFSET_OUT_OF_RANGE') throw gapError(error, started.source);
      trouble.failed(error);
      return null;
    }
    trouble.look(fetcher);
    for (const reset of fetcher.takeResets()) this.#tellReset(reset, started);
    if (fetched.length === 0) return null;
    const nowMs = this.#clock.wallMs();
    return fetched.map((record) => this.#toRecord(record, nowMs, started));
  }

  recordWritten(partition: SourcePartition, offset: SourceOffset | null, metadata: RecordMetadata): void {
    if (!this.#isReading) return;
    const { bySourcePartition, syncs } = this.#running();
    const mirrored = bySourcePartition.get(partition);
    const upstream = offset?.offset;
    if (!mirrored || typeof upstream !== 'bigint') return;
    mirrored.figures.written(upstream, metadata.timestampMs);
    if (metadata.offset >= 0n && mirrored.synced) syncs?.noted(mirrored.synced, upstream, metadata.offset);
  }

  commit(): void {
    this.#started?.syncs?.promote();
  }

  figures(): readonly TaskFigures[] {
    if (!this.#started) return [];
    const { partitions, fetcher, syncs, trouble } = this.#started;
    const problem = trouble.lastError ?? syncs?.lastError ?? null;
    return [...partitions.values()].map((one) => {
      const figures = one.figures.figures(this.#isReading ? fetcher.endOffset(one) : null);
      return problem === null ? figures : { ...figures, details: { ...figures.details, 'last-error': problem } };
    });
  }

  async stop(): Promise<void> {
    this.#isReading = false;
    const started = this.#started;
    if (!started) return;
    await started.fetcher.close();
    await started.syncs?.close();
    await started.clients.close();
  }

  #running(): Started {
    if (!this.#started) throw new ConnectError('The mirror source task is polled before it is started.');
    return this.#started;
  }

  #syncWriter(
    conf: Parameters<typeof offsetSyncsPlace>[0] & { readonly 'offset.lag.max': bigint },
    policy: Parameters<typeof offsetSyncsPlace>[1],
    clients: MirrorClients,
    log: Log,
  ): SyncWriter {
    const { side, topic } = offsetSyncsPlace(conf, policy);
    const producer = clients.of(side, 'producer', `offset-syncs-${side}-producer`).kafka.producer();
    return new SyncWriter({ producer, topic, maxLag: Number(conf['offset.lag.max']), clock: this.#clock, log });
  }

  /** Behind what was copied, else where auto.offset.reset says. */
  async #assign(mirrored: readonly MirroredPartition[], { context, fetcher, autoOffsetReset }: Started): Promise<void> {
    const stored = await context.offsets(mirrored.map(({ sourcePartition }) => sourcePartition));
    const places = mirrored.map(({ topic, partition }, i) => {
      const next = nextOffset(stored[i] ?? null);
      if (next !== null) return { topic, partition, offset: next };
      if (autoOffsetReset === 'earliest' || autoOffsetReset === 'latest') return { topic, partition, offset: autoOffsetReset } as const;
      throw new ConfigError(
        `Nothing of ${topic}-${partition} was copied yet, and auto.offset.reset is none: nobody says where to begin. Give earliest or latest, or set its offset.`,
      );
    });
    fetcher.assign(places);
  }

  #toRecord(record: FetchedRecord, nowMs: number, { partitions }: Started): SourceRecord {
    let mirrored = this.#last;
    if (mirrored === null || mirrored.topic !== record.topic || mirrored.partition !== record.partition) {
      mirrored = partitions.get(keyOf(record.topic, record.partition)) ?? null;
      if (mirrored === null) throw new ConnectError(`A record of ${record.topic}-${record.partition} came, which this task does not copy.`);
      this.#last = mirrored;
    }
    mirrored.figures.read(record.value?.length ?? 0, record.timestampMs, nowMs);
    return mirrored.toRecord(record);
  }

  #tellReset({ topic, partition, from, to }: PositionReset, { source, context, autoOffsetReset }: Started): void {
    const place = `OFFSET_OUT_OF_RANGE: ${topic}-${partition} of cluster '${source}'`;
    const goesOn = `auto.offset.reset=${autoOffsetReset} goes on at offset ${to}`;
    if (to > from)
      context.log.error(`${place} has lost ${to - from} records (offsets ${from} to ${to - 1n}) before they were copied; ${goesOn}.`);
    else
      context.log.error(`${place} has no offset ${from} any more or yet: it was cut off or made anew. ${goesOn}; records may come twice.`);
  }
}

function gapError(error: KafkaError, source: string): ConnectError {
  return new ConnectError(
    `OFFSET_OUT_OF_RANGE on cluster '${source}': ${error.message}. Set the offset of this partition, or consumer.auto.offset.reset to earliest or latest.`,
    { cause: error },
  );
}

function namesOf(partitions: readonly MirroredPartition[]): string {
  const names = partitions.slice(0, MOST_NAMES).map(({ topic, partition }) => `${topic}-${partition}`);
  return partitions.length > MOST_NAMES ? `${names.join(', ')} and ${partitions.length - MOST_NAMES} more` : names.join(', ');
}

function keyOf(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
