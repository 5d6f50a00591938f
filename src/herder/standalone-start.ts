/** Puts a standalone worker together: cluster id, offset file, task threads, herder, connectors. Source: ConnectStandalone, StandaloneHerder. */
import { systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { logHub } from '../base/log.ts';
import { catalog as builtIn } from '../plugins/catalog.ts';
import { FileOffsetStore } from '../storage/offset/file.ts';
import type { WorkerListener } from '../worker/worker.ts';
import { openWorkerConfig, type WorkerConfig } from '../worker/worker-config.ts';
import { type StandaloneSettings, standaloneSpec } from '../worker/worker-spec.ts';
import { ConnectorControl } from './connector-control.ts';
import type { ConnectorFile } from './connector-file.ts';
import type { Herder } from './herder.ts';
import { OffsetControl } from './offset-control.ts';
import { openPackages } from './open-packages.ts';
import { StandaloneHerder } from './standalone.ts';
import { StartError } from './start-error.ts';
import { workerMetrics } from './worker-metrics.ts';
import { assembleWorker, kafkaPoolOf, openPolicy, readClusterId, type WorkerDeps } from './worker-parts.ts';

export interface RunningStandalone {
  readonly herder: Herder;
  readonly config: WorkerConfig<StandaloneSettings>;
  /** Makes a connector of the command line. Throws StartError (3) that names it. */
  createConnector(file: ConnectorFile, source?: string): Promise<void>;
  /** Stops connectors and tasks within `task.shutdown.graceful.timeout.ms`, offsets stored. Safe to call twice. */
  stop(): Promise<void>;
}

/** A worker with these connectors. Throws StartError; nothing of it runs then. */
export async function startStandalone(
  workerProperties: Readonly<Record<string, string>>,
  connectors: readonly ConnectorFile[],
  deps: WorkerDeps,
): Promise<RunningStandalone> {
  const hub = deps.logHub ?? logHub;
  const log = hub.log('org.apache.kafka.connect.cli.ConnectStandalone');
  const packages = await openPackages(workerProperties, deps.catalog ?? builtIn, deps.clock ?? systemClock, log);
  const config = await openWorkerConfig(standaloneSpec, workerProperties, packages, log);
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
export async function createStandaloneHerder(config: WorkerConfig<StandaloneSettings>, deps: WorkerDeps): Promise<RunningStandalone> {
  const hub = deps.logHub ?? logHub;
  const pool = kafkaPoolOf(deps);
  const store = new FileOffsetStore(config.settings['offset.storage.file.filename']);
  let clusterId = '';
  const log = hub.log('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');
  const listener: WorkerListener = {
    onTask: (...event) => herder.onTask(...event),
    onConnectorFailed: (...event) => herder.onConnectorFailed(...event),
    onReconfigure: (connector) => herder.onReconfigure(connector),
    onActiveTopic: (...event) => herder.onActiveTopic(...event),
  };
  const restartConnector = (connector: string) => herder.restartConnector(connector);
  // The first thread starts while Kafka is asked who it is.
  const parts = assembleWorker({ config, deps, pool, store, listener, log, clusterId: () => clusterId, restartConnector });
  const { worker, launcher } = parts;
  const herder: StandaloneHerder = new StandaloneHerder({
    ...parts,
    control: new ConnectorControl(worker, launcher, log),
    offsets: new OffsetControl(parts.offsets),
    logHub: hub,
    log,
    workerId: () => deps.workerId(),
    isTopicTrackingEnabled: config.settings['topic.tracking.enable'],
    isTopicResetAllowed: config.settings['topic.tracking.allow.reset'],
    ownMetrics: (entries) =>
      workerMetrics(entries, {
        connectors: launcher.connectorStarts,
        tasks: launcher.taskStarts,
        taskCount: entries.reduce((sum, { taskConfigs }) => sum + taskConfigs.length, 0),
      }),
    forgetActiveTopics: (connector) => worker.forgetActiveTopics(connector),
    onLogLevel: (logger, level) => worker.setLogLevel(logger, level),
  });
  let stopping: Promise<void> | null = null;
  const stop = async () => {
    await parts.stop();
    await store.stop();
  };
  const running: RunningStandalone = {
    herder,
    config,
    createConnector: (file, source) => createFromFile(herder, file, source),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
  try {
    clusterId = await readClusterId(config, pool, parts.clock, hub.log('org.apache.kafka.connect.runtime.WorkerConfig'));
    await startStore(store);
    await openPolicy(config, deps.packages);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

async function createFromFile(herder: Herder, { name, config, initialState }: ConnectorFile, source?: string): Promise<void> {
  try {
    await herder.putConnectorConfig(name, config, { allowReplace: false, ...(initialState ? { initialState } : {}) });
  } catch (error) {
    const where = source === undefined ? '' : ` of ${source}`;
    throw new StartError(3, `Connector ${name}${where} could not be started: ${messageOf(error)}`, { cause: error });
  }
}

async function startStore(store: FileOffsetStore): Promise<void> {
  try {
    await store.start();
  } catch (error) {
    throw new StartError(3, messageOf(error), { cause: error });
  }
}
