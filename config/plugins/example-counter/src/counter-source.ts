/** Writes the numbers from 1 to `count`, divided among its tasks, each with a name and a time. Goes on where it was after a restart. */
import {
  atLeast,
  buildStruct,
  type Config,
  type ConfOf,
  type Connector,
  defineSpec,
  INT64_SCHEMA,
  key,
  type PluginDefinition,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
  STRING_SCHEMA,
  Struct,
  TIMESTAMP_SCHEMA,
} from 'kconsole/plugin';

export const spec = defineSpec({
  topic: key.string({ importance: 'HIGH', doc: 'Topic to write to.' }),
  count: key.long({ default: 1000n, validator: atLeast(0), importance: 'MEDIUM', doc: 'Last number.' }),
  'batch.size': key.int({ default: 100, validator: atLeast(1), importance: 'LOW', doc: 'Most records that one poll gives.' }),
});

const schema = buildStruct([
  ['n', INT64_SCHEMA],
  ['name', STRING_SCHEMA],
  ['at', TIMESTAMP_SCHEMA],
]);

/** Each task takes every `tasks`-th number. */
class CounterConnector implements Connector {
  #config: Config = {};

  start(config: Config): void {
    this.#config = config;
  }

  stop(): void {}

  taskConfigs(maxTasks: number): Config[] {
    return Array.from({ length: maxTasks }, (_, i) => ({ ...this.#config, first: String(i + 1), step: String(maxTasks) }));
  }
}

export class CounterTask implements SourceTask {
  #conf: ConfOf<typeof spec> | null = null;
  #signal: AbortSignal | null = null;
  #next = 1n;
  #step = 1n;
  #partition = { first: '1', step: '1' };

  async start(config: Config, context: SourceTaskContext): Promise<void> {
    this.#conf = spec.parse(config);
    this.#signal = context.signal;
    this.#partition = { first: config.first ?? '1', step: config.step ?? '1' };
    this.#step = BigInt(this.#partition.step);
    const [stored] = await context.offsets([this.#partition]);
    this.#next = stored ? BigInt(stored.n as number | bigint) + this.#step : BigInt(this.#partition.first);
  }

  async poll(): Promise<readonly SourceRecord[] | null> {
    const { topic, count, 'batch.size': size } = this.#conf!;
    const records: SourceRecord[] = [];
    for (; records.length < size && this.#next <= count; this.#next += this.#step) records.push(this.#record(topic, this.#next));
    if (records.length > 0) return records;
    await restOrStop(1000, this.#signal!);
    return null;
  }

  stop(): void {}

  #record(topic: string, n: bigint): SourceRecord {
    const value = new Struct(schema).put('n', n).put('name', `number ${n}`).put('at', new Date());
    return {
      topic,
      kafkaPartition: null,
      keySchema: INT64_SCHEMA,
      key: n,
      valueSchema: schema,
      value,
      timestampMs: null,
      headers: null,
      sourcePartition: this.#partition,
      sourceOffset: { n },
    };
  }
}

/** Resolves after `ms`, or at once when the task is to stop. */
function restOrStop(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

export const counterSource: PluginDefinition = {
  kind: 'source',
  className: 'example.CounterSourceConnector',
  taskClass: 'example.CounterSourceTask',
  spec,
  create: () => new CounterConnector(),
  createTask: () => new CounterTask(),
};
