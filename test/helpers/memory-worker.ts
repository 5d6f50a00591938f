/** A worker over hosts in the same thread, with the tests' connectors and Kafka in memory: what a herder needs of it. */
import { LogHub } from '../../src/base/log.ts';
import { LogRing } from '../../src/base/log-ring.ts';
import { ConfigReload } from '../../src/herder/config-reload.ts';
import { Launcher } from '../../src/herder/launcher.ts';
import type { Admin } from '../../src/kafka/contract.ts';
import type { ConfigProviderPlugin } from '../../src/plugin-api/config-provider.ts';
import { MemoryOffsetStore } from '../../src/storage/offset/memory.ts';
import { SourceOffsets } from '../../src/storage/offset/source-offsets.ts';
import { createConfigResolver } from '../../src/worker/config-resolver.ts';
import { NO_GUARD } from '../../src/worker/exactly-once-guard.ts';
import { openInLineHost } from '../../src/worker/in-line-host.ts';
import { overridePolicy } from '../../src/worker/override-policy.ts';
import { Worker, type WorkerListener } from '../../src/worker/worker.ts';
import { createMemoryKafka } from './memory-kafka.ts';
import { createTestClock } from './test-clock.ts';
import { testCatalog } from './test-plugins.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const HEADER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';

export interface MemoryWorkerOptions {
  readonly admin?: Partial<Admin>;
  /** `config.providers` and what follows, and the providers that these may name. */
  readonly providerSettings?: Readonly<Record<string, string>>;
  readonly providers?: readonly ConfigProviderPlugin[];
}

/** `herder` is asked for when something happens: it is made from what this gives. */
export function memoryWorker(
  herder: () => WorkerListener & { restartConnector(name: string): Promise<void> },
  options: MemoryWorkerOptions,
) {
  const properties = { 'bootstrap.servers': '127.0.0.1:9092', 'key.converter': STRING, 'value.converter': STRING };
  const settings = {
    properties,
    flushIntervalMs: 1000,
    flushTimeoutMs: 500,
    isTopicCreationEnabled: true,
    samples: { windowMs: 30_000, windows: 2 },
    exactlyOnceGroup: null,
  };
  const clock = createTestClock();
  const hub = new LogHub(() => clock.wallMs());
  const logRing = new LogRing({ firstSequence: 0 });
  hub.attach(logRing.sink);
  const kafka = createMemoryKafka();
  const offsets = new SourceOffsets(new MemoryOffsetStore(), hub.log('offsets'));
  const worker = new Worker({
    openHost: () => openInLineHost({ settings, plugins: testCatalog, createKafka: () => kafka, clock, logHub: hub }),
    threads: 2,
    offsets,
    guard: NO_GUARD,
    gracefulStopMs: 5000,
    packages: { hangMs: 30_000, classesOf: () => [] },
    clock,
    log: hub.log('worker'),
    logHub: hub,
    listener: {
      onTask: (...event) => herder().onTask(...event),
      onConnectorFailed: (...event) => herder().onConnectorFailed(...event),
      onReconfigure: (connector) => herder().onReconfigure(connector),
      onActiveTopic: (...event) => herder().onActiveTopic(...event),
    },
  });
  const log = hub.log('herder');
  const resolver = createConfigResolver(options.providerSettings ?? {}, options.providers ?? [], log);
  const reload = new ConfigReload(clock, log, (connector) => herder().restartConnector(connector));
  return {
    clock,
    hub,
    log,
    logRing,
    kafka,
    worker,
    sourceOffsets: offsets,
    launcher: new Launcher(worker, resolver, reload, null),
    offsets: {
      withSourceOffsets: <T>(_connector: unknown, work: (offsets: SourceOffsets) => Promise<T>) => work(offsets),
      worker,
      workerProperties: properties,
      resolver,
      withAdmin: <T>(_connector: string, _config: unknown, work: (admin: Admin) => Promise<T>) => work((options.admin ?? {}) as Admin),
    },
    validation: {
      catalog: testCatalog,
      workerConverters: { key: STRING, value: STRING, header: HEADER },
      overridePolicy: overridePolicy({ name: 'All', allowlist: [], settings: {} }, []),
      cluster: null,
      resolver,
      validateInThread: null,
    },
    serverInfo: { version: '4.3.1', commit: 'c', kafka_cluster_id: 'k' },
    taskMetrics: () => worker.metrics(),
  };
}
