/** Puts a standalone worker together: cluster id, offset file, task threads, herder, connectors. Source: ConnectStandalone, StandaloneHerder. */
import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../base/clock.ts';
import { messageOf, sentenceOf } from '../base/errors.ts';
import { type Log, type LogHub, logHub } from '../base/log.ts';
import { LogRing } from '../base/log-ring.ts';
import { connectCommit, connectVersion } from '../base/version.ts';
import { createKafka } from '../kafka/kafka.ts';
import { packagePluginsOf } from '../plugin-path/package-plugins.ts';
import { catalog as builtIn, type Catalog } from '../plugins/catalog.ts';
import { FileOffsetStore } from '../storage/offset/file.ts';
import { SourceOffsets } from '../storage/offset/source-offsets.ts';
import type { OpenHost } from '../worker/host-pool.ts';
import { type CreateKafka, KafkaPool } from '../worker/kafka-pool.ts';
import { adminProperties, workerAdminProperties } from '../worker/plugin-clients.ts';
import { hostSettings } from '../worker/task-settings.ts';
import { openTaskThread } from '../worker/task-threads.ts';
import { Worker, type WorkerListener } from '../worker/worker.ts';
import { openWorkerConfig, type WorkerConfig } from '../worker/worker-config.ts';
import { ConfigReload } from './config-reload.ts';
import { type CheckOverrides, ConnectorControl } from './connector-control.ts';
import type { ConnectorFile } from './connector-file.ts';
import type { Herder } from './herder.ts';
import { OffsetControl } from './offset-control.ts';
import { type OpenPackages, openPackages } from './open-packages.ts';
import { StandaloneHerder } from './standalone.ts';
import { StartError } from './start-error.ts';
import type { ValidationContext, WorkerFacts } from './validate.ts';
import { workerMetrics } from './worker-metrics.ts';

/** After this long without Kafka's first answer the log says what is waited for. */
const PATIENCE_MS = 2_000;

export interface StandaloneDeps {
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

export interface RunningStandalone {
  readonly herder: Herder;
  readonly config: WorkerConfig;
  /** Makes a connector of the command line. Throws StartError (3) that names it. */
  createConnector(file: ConnectorFile, source?: string): Promise<void>;
  /** Stops connectors and tasks within `task.shutdown.graceful.timeout.ms`, offsets stored. Safe to call twice. */
  stop(): Promise<void>;
}

/** A worker with these connectors. Throws StartError; nothing of it runs then. */
export async function startStandalone(
  workerProperties: Readonly<Record<string, string>>,
  connectors: readonly ConnectorFile[],
  deps: StandaloneDeps,
): Promise<RunningStandalone> {
  const hub = deps.logHub ?? logHub;
  const log = hub.log('org.apache.kafka.connect.cli.ConnectStandalone');
  const packages = await openPackages(workerProperties, deps.catalog ?? builtIn, deps.clock ?? systemClock, log);
  const config = await openWorkerConfig(workerProperties, packages, log);
  const running = await createStandaloneHerder(config, { ...deps, packages });
  try {
    for (const file of connectors) await running.createConnector(file);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

/** A worker without connectors. Throws StartError when Kafka or the offset file cannot be had. */
export async function createStandaloneHerder(config: WorkerConfig, deps: StandaloneDeps): Promise<RunningStandalone> {
  const hub = deps.logHub ?? logHub;
  const pool = new KafkaPool(deps.createKafka ?? createKafka, hub.log('org.apache.kafka.clients.admin'));
  const store = new FileOffsetStore(config.settings['offset.storage.file.filename']);
  const log = hub.log('org.apache.kafka.connect.runtime.WorkerConfig');
  let clusterId = '';
  // The first thread starts while Kafka is asked who it is.
  const running = assemble(config, deps, { hub, pool, store, clusterId: () => clusterId });
  try {
    clusterId = await readClusterId(config, pool, deps.clock ?? systemClock, log);
    await startStore(store);
    if (config.overridePolicy.location !== undefined) await deps.packages?.tried?.openPolicy(workerFacts(config));
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

interface Foundations {
  readonly hub: LogHub;
  readonly pool: KafkaPool;
  readonly store: FileOffsetStore;
  clusterId(): string;
}

function assemble(config: WorkerConfig, deps: StandaloneDeps, { hub, pool, store, clusterId }: Foundations): RunningStandalone {
  const { settings, properties } = config;
  const catalog = deps.packages?.catalog ?? deps.catalog ?? builtIn;
  const logRing = deps.logRing ?? new LogRing();
  const detachRing = deps.logRing ? () => undefined : hub.attach(logRing.sink);
  const log = hub.log('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');
  const offsets = new SourceOffsets(store, hub.log('org.apache.kafka.connect.storage.OffsetStorageReaderImpl'));
  const listener: WorkerListener = {
    onTask: (...event) => herder.onTask(...event),
    onConnectorFailed: (...event) => herder.onConnectorFailed(...event),
    onReconfigure: (connector) => herder.onReconfigure(connector),
    onActiveTopic: (...event) => herder.onActiveTopic(...event),
  };
  const worker = new Worker({
    openHost:
      deps.openHost ??
      ((index) => {
        const data = { settings: hostSettings(config), packages: deps.packages?.packages ?? [], logLevels: setLevels(hub) };
        return openTaskThread(index, data, deps.threadEntry);
      }),
    threads: deps.threads ?? availableParallelism(),
    offsets,
    gracefulStopMs: Number(settings['task.shutdown.graceful.timeout.ms']),
    packages: {
      hangMs: Number(settings['kconsole.plugin.timeout.ms']),
      classesOf: (connector) => packagePluginsOf({ ...properties, ...connector }, catalog).map(({ className }) => className),
    },
    clock: deps.clock ?? systemClock,
    log: hub.log('org.apache.kafka.connect.runtime.Worker'),
    logHub: hub,
    listener,
  });
  const { resolver } = config;
  const faults = deps.packages?.faults ?? [];
  const reload = new ConfigReload(deps.clock ?? systemClock, log, (connector) => herder.restartConnector(connector));
  const control = new ConnectorControl(worker, resolver, reload, log, overrideCheck(config, deps.packages));
  const herder: StandaloneHerder = new StandaloneHerder({
    control,
    offsets: new OffsetControl({
      offsets,
      worker,
      workerProperties: properties,
      resolver,
      withAdmin: async (connector, connectorConfig, work) => {
        const lease = pool.acquire('admin', adminProperties(properties, connectorConfig, { connector, taskId: null }));
        try {
          return await work(lease.kafka.admin());
        } finally {
          await lease.release();
        }
      },
    }),
    validation: {
      catalog,
      workerConverters: config.converters,
      overridePolicy: config.overridePolicy,
      resolver,
      validateInThread: threadValidation(config, deps.packages),
    },
    logRing,
    logHub: hub,
    log,
    serverInfo: {
      version: connectVersion,
      commit: connectCommit,
      get kafka_cluster_id() {
        return clusterId();
      },
      ...(faults.length > 0 ? { plugin_faults: faults.map((fault) => `${fault.package}: ${fault.message}`) } : {}),
    },
    workerId: () => deps.workerId(),
    isTopicTrackingEnabled: settings['topic.tracking.enable'],
    isTopicResetAllowed: settings['topic.tracking.allow.reset'],
    taskMetrics: () => worker.metrics(),
    ownMetrics: (entries) => workerMetrics(entries, { connectors: control.connectorStarts, tasks: control.taskStarts }),
    forgetActiveTopics: (connector) => worker.forgetActiveTopics(connector),
    onLogLevel: (logger, level) => worker.setLogLevel(logger, level),
  });
  let stopping: Promise<void> | null = null;
  const stop = async () => {
    reload.cancelAll();
    await worker.stop();
    await deps.packages?.close();
    await resolver.close();
    await store.stop();
    detachRing();
  };
  return {
    herder,
    config,
    createConnector: (file, source) => createFromFile(herder, file, source),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function workerFacts({ converters, policyFacts, overridePolicy }: WorkerConfig): WorkerFacts {
  return { workerConverters: converters, policy: { ...policyFacts, name: overridePolicy.name } };
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

async function createFromFile(herder: Herder, { name, config, initialState }: ConnectorFile, source?: string): Promise<void> {
  try {
    await herder.putConnectorConfig(name, config, { allowReplace: false, ...(initialState ? { initialState } : {}) });
  } catch (error) {
    const where = source === undefined ? '' : ` of ${source}`;
    throw new StartError(3, `Connector ${name}${where} could not be started: ${messageOf(error)}`, { cause: error });
  }
}

async function readClusterId(config: WorkerConfig, pool: KafkaPool, clock: Clock, log: Log): Promise<string> {
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

async function startStore(store: FileOffsetStore): Promise<void> {
  try {
    await store.start();
  } catch (error) {
    throw new StartError(3, messageOf(error), { cause: error });
  }
}

function setLevels(hub: LogHub): [string, ReturnType<LogHub['effectiveLevel']>][] {
  const rows = [...hub.loggers()].filter(([name, { lastModifiedMs }]) => name === 'root' || lastModifiedMs !== null);
  return rows
    .map(([name, { level }]): [string, typeof level] => [name, level])
    .sort(([a], [b]) => Number(b === 'root') - Number(a === 'root'));
}
