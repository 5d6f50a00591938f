/**
 * One worker of this process with all that a herder needs beside its stores: threads, launcher, validation, admin clients of connectors. The
 * herders differ in where configurations, statuses and offsets live and in who decides what runs.
 */
import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../base/clock.ts';
import { sentenceOf } from '../base/errors.ts';
import { type Log, type LogHub, logHub } from '../base/log.ts';
import { LogRing } from '../base/log-ring.ts';
import { connectCommit, connectVersion } from '../base/version.ts';
import type { Admin } from '../kafka/contract.ts';
import { createKafka } from '../kafka/kafka.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { packagePluginsOf } from '../plugin-path/package-plugins.ts';
import { catalog as builtIn, type Catalog } from '../plugins/catalog.ts';
import type { OffsetStore } from '../storage/offset/port.ts';
import { SourceOffsets } from '../storage/offset/source-offsets.ts';
import { type ExactlyOnceGuard, NO_GUARD } from '../worker/exactly-once-guard.ts';
import type { OpenHost } from '../worker/host-pool.ts';
import { type CreateKafka, KafkaPool } from '../worker/kafka-pool.ts';
import { withSourceOffsets } from '../worker/offset-access.ts';
import { adminProperties, workerAdminProperties } from '../worker/plugin-clients.ts';
import { hostSettings } from '../worker/task-settings.ts';
import { openTaskThread } from '../worker/task-threads.ts';
import { Worker, type WorkerListener } from '../worker/worker.ts';
import type { WorkerConfig } from '../worker/worker-config.ts';
import { clusterFacts } from './cluster-checks.ts';
import { ConfigReload } from './config-reload.ts';
import { type CheckOverrides, Launcher } from './launcher.ts';
import type { MetricSample, ServerInfo } from './model.ts';
import type { OffsetControlParts } from './offset-control.ts';
import type { OpenPackages } from './open-packages.ts';
import { StartError } from './start-error.ts';
import type { ValidationContext, WorkerFacts } from './validate.ts';

const OFFSETS_LOGGER = 'org.apache.kafka.connect.storage.OffsetStorageReaderImpl';

/** After this long without Kafka's first answer the log says what is waited for. */
const PATIENCE_MS = 2_000;

export interface WorkerDeps {
  /** `host:port` of the advertised REST URL, as statuses show it; asked each time, as the port may be known late. */
  workerId(): string;
  readonly clock?: Clock;
  readonly logHub?: LogHub;
  /** The worker's recent log, attached to the hub already; default: one that begins now. */
  readonly logRing?: LogRing;
  /** What is built in. */
  readonly catalog?: Catalog;
  /** Of plugin.path; default: none. The herder closes them. */
  readonly packages?: OpenPackages;
  readonly createKafka?: CreateKafka;
  /** Most task threads; default: one per core. */
  readonly threads?: number;
  /** Where tasks run; default: worker threads. */
  readonly openHost?: OpenHost;
  /** Entry of the worker threads, for tests with connectors of theirs. */
  readonly threadEntry?: URL;
}

export interface WorkerParts {
  readonly clock: Clock;
  readonly hub: LogHub;
  readonly logRing: LogRing;
  readonly worker: Worker;
  readonly launcher: Launcher;
  readonly reload: ConfigReload;
  readonly offsets: OffsetControlParts;
  readonly validation: ValidationContext;
  readonly serverInfo: ServerInfo;
  taskMetrics(): Promise<readonly MetricSample[]>;
  /** Stops connectors and tasks within `task.shutdown.graceful.timeout.ms`. */
  stop(): Promise<void>;
}

export interface WorkerAssembly {
  readonly config: WorkerConfig;
  readonly deps: WorkerDeps;
  readonly pool: KafkaPool;
  readonly store: OffsetStore;
  /** Of a herder whose sources have exactly-once support. */
  readonly guard?: ExactlyOnceGuard;
  readonly listener: WorkerListener;
  readonly log: Log;
  /** Empty until Kafka has said it. */
  clusterId(): string;
  restartConnector(connector: string): Promise<void>;
}

export function kafkaPoolOf(deps: WorkerDeps): KafkaPool {
  return new KafkaPool(deps.createKafka ?? createKafka, (deps.logHub ?? logHub).log('org.apache.kafka.clients.admin'));
}

/** The first thread starts at once. */
export function assembleWorker({
  config,
  deps,
  pool,
  store,
  guard = NO_GUARD,
  listener,
  log,
  clusterId,
  restartConnector,
}: WorkerAssembly): WorkerParts {
  const { settings, properties, resolver } = config;
  const hub = deps.logHub ?? logHub;
  const clock = deps.clock ?? systemClock;
  const catalog = deps.packages?.catalog ?? deps.catalog ?? builtIn;
  const logRing = deps.logRing ?? new LogRing();
  const detachRing = deps.logRing ? () => undefined : hub.attach(logRing.sink);
  const offsets = new SourceOffsets(store, hub.log(OFFSETS_LOGGER));
  const worker = new Worker({
    openHost:
      deps.openHost ??
      ((index) => {
        const data = { settings: hostSettings(config), packages: deps.packages?.packages ?? [], logLevels: setLevels(hub) };
        return openTaskThread(index, data, deps.threadEntry);
      }),
    threads: deps.threads ?? availableParallelism(),
    offsets,
    guard,
    gracefulStopMs: Number(settings['task.shutdown.graceful.timeout.ms']),
    packages: {
      hangMs: Number(settings['kconsole.plugin.timeout.ms']),
      classesOf: (connector) => packagePluginsOf({ ...properties, ...connector }, catalog).map(({ className }) => className),
    },
    clock,
    log: hub.log('org.apache.kafka.connect.runtime.Worker'),
    logHub: hub,
    listener,
  });
  const { exactlyOnceGroup } = hostSettings(config);
  const access = { pool, properties, exactlyOnceGroup, workerStore: store, clock, log: hub.log(OFFSETS_LOGGER) };
  const reload = new ConfigReload(clock, log, restartConnector);
  const faults = deps.packages?.faults ?? [];
  return {
    clock,
    hub,
    logRing,
    worker,
    reload,
    launcher: new Launcher(worker, resolver, reload, overrideCheck(config, deps.packages)),
    offsets: {
      withSourceOffsets: (connector, work) => withSourceOffsets(access, connector, work),
      worker,
      workerProperties: properties,
      resolver,
      withAdmin: (connector, connectorConfig, work) => withAdmin(pool, properties, connector, connectorConfig, work),
    },
    validation: {
      catalog,
      workerConverters: config.converters,
      overridePolicy: config.overridePolicy,
      cluster: clusterFacts(settings),
      resolver,
      validateInThread: threadValidation(config, deps.packages),
    },
    serverInfo: {
      version: connectVersion,
      commit: connectCommit,
      get kafka_cluster_id() {
        return clusterId();
      },
      ...(faults.length > 0 ? { plugin_faults: faults.map((fault) => `${fault.package}: ${fault.message}`) } : {}),
    },
    taskMetrics: () => worker.metrics(),
    stop: async () => {
      reload.cancelAll();
      await worker.stop();
      await deps.packages?.close();
      await resolver.close();
      detachRing();
    },
  };
}

/** A policy of a package runs in a thread that must have begun before connectors do. */
export async function openPolicy(config: WorkerConfig, packages: OpenPackages | undefined): Promise<void> {
  if (config.overridePolicy.location !== undefined) await packages?.tried?.openPolicy(workerFacts(config));
}

/** Throws StartError (2) with the addresses when Kafka cannot be reached. */
export async function readClusterId(config: WorkerConfig, pool: KafkaPool, clock: Clock, log: Log): Promise<string> {
  const servers = config.settings['bootstrap.servers'].join(',');
  const lease = pool.acquire('admin', workerAdminProperties(config.properties));
  const answered = new AbortController();
  void clock.sleep(PATIENCE_MS, answered.signal).then(() => {
    if (!answered.signal.aborted) log.warn(`Kafka does not answer yet at bootstrap.servers=${servers}; still trying.`);
  });
  try {
    const { clusterId } = await lease.kafka.admin().cluster();
    return clusterId;
  } catch (error) {
    throw new StartError(
      2,
      `Kafka cannot be reached at bootstrap.servers=${servers}: ${sentenceOf(error)} Start Kafka there, or correct bootstrap.servers (and security.protocol, if the brokers want TLS or SASL) in the worker's properties.`,
      { cause: error },
    );
  } finally {
    answered.abort();
    await lease.release();
  }
}

async function withAdmin<T>(
  pool: KafkaPool,
  properties: Config,
  connector: string,
  connectorConfig: Config,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const lease = pool.acquire('admin', adminProperties(properties, connectorConfig, { connector, taskId: null }));
  try {
    return await work(lease.kafka.admin());
  } finally {
    await lease.release();
  }
}

function workerFacts({ converters, policyFacts, overridePolicy, settings }: WorkerConfig): WorkerFacts {
  return { workerConverters: converters, policy: { ...policyFacts, name: overridePolicy.name }, cluster: clusterFacts(settings) };
}

function threadValidation(config: WorkerConfig, packages: OpenPackages | undefined): ValidationContext['validateInThread'] {
  const tried = packages?.tried;
  return tried ? (submitted) => tried.validate(submitted, workerFacts(config)) : null;
}

/** Built-in policies know names only: what they allowed when the configuration was validated, they allow. */
function overrideCheck(config: WorkerConfig, packages: OpenPackages | undefined): CheckOverrides | null {
  const tried = packages?.tried;
  return tried && config.overridePolicy.location !== undefined ? (connector) => tried.checkOverrides(connector, workerFacts(config)) : null;
}

function setLevels(hub: LogHub): [string, ReturnType<LogHub['effectiveLevel']>][] {
  const rows = [...hub.loggers()].filter(([name, { lastModifiedMs }]) => name === 'root' || lastModifiedMs !== null);
  return rows
    .map(([name, { level }]): [string, typeof level] => [name, level])
    .sort(([a], [b]) => Number(b === 'root') - Number(a === 'root'));
}
