/** A standalone herder over hosts in the same thread, with the tests' connectors and Kafka in memory. */
import { LogHub } from '../../src/base/log.ts';
import { LogRing } from '../../src/base/log-ring.ts';
import { ConfigReload } from '../../src/herder/config-reload.ts';
import { ConnectorControl } from '../../src/herder/connector-control.ts';
import { OffsetControl } from '../../src/herder/offset-control.ts';
import { StandaloneHerder } from '../../src/herder/standalone.ts';
import { workerMetrics } from '../../src/herder/worker-metrics.ts';
import type { Admin } from '../../src/kafka/contract.ts';
import type { ConfigProviderPlugin } from '../../src/plugin-api/config-provider.ts';
import { MemoryOffsetStore } from '../../src/storage/offset/memory.ts';
import { SourceOffsets } from '../../src/storage/offset/source-offsets.ts';
import { createConfigResolver } from '../../src/worker/config-resolver.ts';
import { openInLineHost } from '../../src/worker/in-line-host.ts';
import { overridePolicy } from '../../src/worker/override-policy.ts';
import { Worker, type WorkerListener } from '../../src/worker/worker.ts';
import { createMemoryKafka } from './memory-kafka.ts';
import { createTestClock } from './test-clock.ts';
import { testCatalog } from './test-plugins.ts';

const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const HEADER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';

interface HerderRigOptions {
  readonly isTopicTrackingEnabled?: boolean;
  readonly admin?: Partial<Admin>;
  /** `config.providers` and what follows, and the providers that these may name. */
  readonly providerSettings?: Readonly<Record<string, string>>;
  readonly providers?: readonly ConfigProviderPlugin[];
}

export function herderRig(options: HerderRigOptions = {}) {
  const properties = { 'bootstrap.servers': '127.0.0.1:9092', 'key.converter': STRING, 'value.converter': STRING };
  const settings = {
    properties,
    flushIntervalMs: 1000,
    flushTimeoutMs: 500,
    isTopicCreationEnabled: true,
    samples: { windowMs: 30_000, windows: 2 },
  };
  const clock = createTestClock();
  const logHub = new LogHub(() => clock.wallMs());
  const logRing = new LogRing({ firstSequence: 0 });
  logHub.attach(logRing.sink);
  const kafka = createMemoryKafka();
  const offsets = new SourceOffsets(new MemoryOffsetStore(), logHub.log('offsets'));
  const listener: WorkerListener = {
    onTask: (...event) => herder.onTask(...event),
    onConnectorFailed: (...event) => herder.onConnectorFailed(...event),
    onReconfigure: (connector) => herder.onReconfigure(connector),
    onActiveTopic: (...event) => herder.onActiveTopic(...event),
  };
  const worker = new Worker({
    openHost: () => openInLineHost({ settings, plugins: testCatalog, createKafka: () => kafka, clock, logHub }),
    threads: 2,
    offsets,
    gracefulStopMs: 5000,
    packages: { hangMs: 30_000, classesOf: () => [] },
    clock,
    log: logHub.log('worker'),
    logHub,
    listener,
  });
  const log = logHub.log('herder');
  const resolver = createConfigResolver(options.providerSettings ?? {}, options.providers ?? [], log);
  const reload = new ConfigReload(clock, log, (connector) => herder.restartConnector(connector));
  const control = new ConnectorControl(worker, resolver, reload, log, null);
  const herder: StandaloneHerder = new StandaloneHerder({
    control,
    offsets: new OffsetControl({
      offsets,
      worker,
      workerProperties: properties,
      resolver,
      withAdmin: (_connector, _config, work) => work((options.admin ?? {}) as Admin),
    }),
    validation: {
      catalog: testCatalog,
      workerConverters: { key: STRING, value: STRING, header: HEADER },
      overridePolicy: overridePolicy({ name: 'All', allowlist: [], settings: {} }, []),
      resolver,
      validateInThread: null,
    },
    logRing,
    logHub,
    log: logHub.log('herder'),
    serverInfo: { version: '4.3.1', commit: 'c', kafka_cluster_id: 'k' },
    workerId: () => '127.0.0.1:8083',
    isTopicTrackingEnabled: options.isTopicTrackingEnabled ?? true,
    isTopicResetAllowed: true,
    taskMetrics: () => worker.metrics(),
    ownMetrics: (entries) => workerMetrics(entries, { connectors: control.connectorStarts, tasks: control.taskStarts }),
    forgetActiveTopics: (connector) => worker.forgetActiveTopics(connector),
    onLogLevel: (logger, level) => worker.setLogLevel(logger, level),
  });
  const states = async (name: string) => {
    const { connector, tasks } = await herder.connectorStatus(name);
    return [connector.state, ...tasks.map((task) => task.state)];
  };
  return { herder, worker, clock, kafka, offsets, states };
}
