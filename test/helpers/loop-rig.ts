/** Source and sink loops with plugins of a test's own, a clock that stands still, and Kafka in memory. */
import { logFor } from '../../src/base/log.ts';
import { TransformationChain } from '../../src/pipeline/chain.ts';
import type { Converters } from '../../src/pipeline/convert.ts';
import { ErrorOperator, type ErrorPolicy } from '../../src/pipeline/error-operator.ts';
import type { ErrorReporter } from '../../src/pipeline/error-reporter.ts';
import type {
  Converter,
  SinkTask,
  SourceTask,
  SourceTaskContext,
  TransactionContext,
  Transformation,
} from '../../src/plugin-api/plugin.ts';
import type { SourceOffset, SourceRecord } from '../../src/plugin-api/records.ts';
import { AcknowledgedDelivery } from '../../src/task/acknowledged-delivery.ts';
import { runTask, TaskControl, type TaskTarget } from '../../src/task/lifecycle.ts';
import { SinkLoop } from '../../src/task/sink-loop.ts';
import { SinkPreparer } from '../../src/task/sink-preparer.ts';
import { SourceLoop } from '../../src/task/source-loop.ts';
import type { TaskOffsets } from '../../src/task/source-offsets.ts';
import { SourcePreparer } from '../../src/task/source-preparer.ts';
import { SinkTaskMetrics, SourceTaskMetrics } from '../../src/task/task-metrics.ts';
import { type BoundaryKind, transactionBoundary } from '../../src/task/transaction-boundary.ts';
import { type TaskGuard, TransactionalDelivery } from '../../src/task/transactional-delivery.ts';
import { MemoryConsumer, MemoryProducer, MemoryTransactions } from './memory-kafka.ts';
import { createTestClock } from './test-clock.ts';

export interface LoopOptions {
  readonly policy?: Partial<ErrorPolicy>;
  readonly target?: TaskTarget;
  readonly transform?: Transformation['apply'];
  readonly value?: Partial<Converter>;
  readonly reporters?: readonly ErrorReporter[];
}

const log = logFor('test.loops');

export function sourceRecord(position: number, more: Partial<SourceRecord> = {}): SourceRecord {
  return {
    topic: 't',
    kafkaPartition: null,
    keySchema: null,
    key: null,
    valueSchema: null,
    value: `line ${position}`,
    timestampMs: null,
    headers: null,
    sourcePartition: { file: 'a' },
    sourceOffset: { position },
    ...more,
  };
}

/** A source task that hands out the batches that the test puts in. */
export class ScriptedSource implements SourceTask {
  readonly calls: string[] = [];
  readonly #batches: (readonly SourceRecord[] | Error)[] = [];
  #wake: (() => void) | null = null;
  #signal: AbortSignal | null = null;
  transactions: TransactionContext | null = null;
  takesTextsInPlace: boolean | undefined;
  commitRecord?: NonNullable<SourceTask['commitRecord']>;
  recordWritten?: NonNullable<SourceTask['recordWritten']>;

  push(...batches: (readonly SourceRecord[] | Error)[]): void {
    this.#batches.push(...batches);
    this.#wake?.();
  }

  start(_config: unknown, context: SourceTaskContext): void {
    this.calls.push('start');
    this.#signal = context.signal;
    this.transactions = context.transactions;
    this.takesTextsInPlace = context.takesTextsInPlace;
  }

  async poll(): Promise<readonly SourceRecord[] | null> {
    if (this.#batches.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#signal?.addEventListener('abort', () => resolve(), { once: true });
        if (this.#signal?.aborted) resolve();
      });
    }
    const batch = this.#batches.shift() ?? null;
    if (batch instanceof Error) throw batch;
    return batch;
  }

  commit(): void {
    this.calls.push('commit');
  }

  stop(): void {
    this.calls.push('stop');
  }
}

function parts(options: LoopOptions) {
  const clock = createTestClock();
  const control = new TaskControl(options.target ?? 'STARTED');
  const events: string[] = [];
  let failure: unknown = null;
  const listener = {
    onStartup: () => void events.push('startup'),
    onPause: () => void events.push('pause'),
    onResume: () => void events.push('resume'),
    onShutdown: () => void events.push('shutdown'),
    onFailure: (error: unknown) => {
      events.push('failure');
      failure = error;
    },
  };
  const policy: ErrorPolicy = { tolerance: 'none', retryTimeoutMs: 0, retryDelayMaxMs: 60_000, ...options.policy };
  const errors = new ErrorOperator(policy, { reporters: options.reporters ?? [], clock, stop: control.signal });
  const { transform } = options;
  const chain = new TransformationChain(
    transform ? [{ alias: 'a', className: 'test.Transform', transformation: { apply: transform } }] : [],
  );
  const plain: Converter = {
    fromConnectData: (_topic, _schema, value) => (value === null ? null : String(value)),
    toConnectData: (_topic, bytes) => ({ schema: null, value: bytes === null ? null : Buffer.from(bytes).toString() }),
  };
  const converters: Converters = {
    key: plain,
    value: { ...plain, ...options.value },
    header: {
      fromConnectHeader: (_topic, header) => Buffer.from(String(header.value)),
      toConnectHeader: (_topic, _key, bytes) => ({ schema: null, value: bytes === null ? null : Buffer.from(bytes).toString() }),
    },
    keyClass: 'test.Key',
    valueClass: 'test.Value',
    headerClass: 'test.Header',
  };
  const topics: string[] = [];
  const shared = {
    connector: 'c',
    taskId: 0,
    taskConfig: {},
    control,
    listener,
    clock,
    log,
  };
  return { clock, control, events, listener, errors, chain, converters, topics, shared, failure: () => failure };
}

export function sourceRig(options: LoopOptions = {}) {
  const p = parts(options);
  const task = new ScriptedSource();
  const producer = new MemoryProducer();
  const stored = new Map<string, SourceOffset>();
  const prepared: string[] = [];
  const store = { error: null as Error | null, isStuck: false };
  const metrics = new SourceTaskMetrics(p.clock);
  const start = () => {
    const offsets: TaskOffsets = {
      read: async (partitions) => partitions.map((x) => stored.get(JSON.stringify(x)) ?? null),
      write: async (entries) => {
        if (store.isStuck) await new Promise(() => undefined);
        if (store.error) throw store.error;
        for (const { partition, offset } of entries) stored.set(JSON.stringify(partition), offset);
      },
    };
    const { clock, errors } = p;
    const onActiveTopic = (topic: string) => void p.topics.push(topic);
    const loop = new SourceLoop({
      ...p.shared,
      task,
      metrics,
      producer,
      preparer: new SourcePreparer(p.chain, p.converters, p.errors),
      delivery: new AcknowledgedDelivery({ task, errors, offsets, metrics, clock, log, onActiveTopic, intervalMs: 1000, timeoutMs: 500 }),
      offsets,
      prepareTopic: async (topic) => void prepared.push(topic),
    });
    const ended = runTask(loop, p.control, p.listener, { metrics, log });
    return { loop, ended };
  };
  return { ...p, task, producer, stored, prepared, store, metrics, start };
}

export interface TransactionOptions extends LoopOptions {
  readonly boundary?: BoundaryKind;
  /** What the herder says when it is asked; the test may wait in it or throw. */
  readonly guard?: Partial<TaskGuard>;
}

/** A source task with exactly-once support. Its producer's log tells what was done in which order, the herder's part included. */
export function transactionRig({ boundary = 'poll', guard = {}, ...options }: TransactionOptions = {}) {
  const p = parts(options);
  const task = new ScriptedSource();
  const producer = new MemoryTransactions();
  producer.isAutomatic = false;
  const stored = new Map<string, SourceOffset>();
  const elsewhere: unknown[] = [];
  const metrics = new SourceTaskMetrics(p.clock);
  metrics.countTransactions();
  const note = (what: string) => void producer.log.push(what);
  const start = () => {
    const delivery = new TransactionalDelivery({
      ...{ connector: 'c', taskId: 0, task, producer, metrics, clock: p.clock, log, signal: p.control.signal },
      offsets: {
        topic: 'offsets',
        start: async () => note('read offsets'),
        committed: (offsets) => void elsewhere.push(...offsets),
      },
      guard: {
        fenceZombies: async () => {
          note('fence');
          await guard.fenceZombies?.();
        },
        checkOwnership: async () => {
          note('still mine?');
          await guard.checkOwnership?.();
        },
      },
      boundary: transactionBoundary(boundary, 1000),
      onActiveTopic: (topic) => void p.topics.push(topic),
    });
    const loop = new SourceLoop({
      ...p.shared,
      ...{ task, metrics, producer, delivery },
      preparer: new SourcePreparer(p.chain, p.converters, p.errors),
      offsets: { read: async (partitions) => partitions.map((x) => stored.get(JSON.stringify(x)) ?? null) },
      prepareTopic: async () => undefined,
    });
    return runTask(loop, p.control, p.listener, { metrics, log });
  };
  return { ...p, task, producer, stored, elsewhere, metrics, start };
}

export function sinkRig(task: SinkTask, options: LoopOptions = {}) {
  const p = parts(options);
  const metrics = new SinkTaskMetrics(p.clock);
  let consumer: MemoryConsumer | null = null;
  const loop = new SinkLoop({
    ...p.shared,
    task,
    metrics,
    flushIntervalMs: 1000,
    flushTimeoutMs: 500,
    onActiveTopic: (topic) => void p.topics.push(topic),
    preparer: new SinkPreparer(p.chain, p.converters, p.errors, task),
    createConsumer: (callbacks) => {
      consumer = new MemoryConsumer(callbacks);
      consumer.rebalance({ assigned: [{ topic: 't', partition: 0 }] });
      return consumer;
    },
  });
  const start = () => runTask(loop, p.control, p.listener, { metrics, log });
  const client = (): MemoryConsumer => {
    if (!consumer) throw new Error('the task has not started');
    return consumer;
  };
  return { ...p, metrics, loop, start, client };
}
