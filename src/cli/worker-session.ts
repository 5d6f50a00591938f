/** One standalone worker in this process: REST first (its address is the worker's id), then the herder, then the connectors. */
import { systemClock } from '../base/clock.ts';
import { logFor } from '../base/log.ts';
import type { LogRing } from '../base/log-ring.ts';
import type { ConnectorFile } from '../herder/connector-file.ts';
import type { Herder } from '../herder/herder.ts';
import { openPackages } from '../herder/open-packages.ts';
import { createStandaloneHerder } from '../herder/standalone-start.ts';
import { catalog } from '../plugins/catalog.ts';
import { parseRestConfig } from '../rest/rest-config.ts';
import { startRestServer } from '../rest/server.ts';
import { openWorkerConfig, type WorkerConfig } from '../worker/worker-config.ts';

export interface WorkerSession {
  readonly herder: Herder;
  /** The worker's own, references to config providers resolved. */
  readonly properties: Readonly<Record<string, string>>;
  /** Where the REST API is advertised; ends in `/`. */
  readonly restUrl: string;
  /** Stops tasks within `task.shutdown.graceful.timeout.ms`, stores offsets, closes REST. Safe to call twice. */
  stop(): Promise<void>;
}

export interface NamedConnector {
  readonly connector: ConnectorFile;
  /** Where it was read from, for error messages. */
  readonly source: string;
}

const LOGGER = 'org.apache.kafka.connect.cli.ConnectStandalone';

/** Throws ConfigError, ConnectError (a port that is taken) or StartError; nothing runs then. */
export async function startWorkerSession(
  properties: Readonly<Record<string, string>>,
  connectors: readonly NamedConnector[],
  logRing: LogRing,
): Promise<WorkerSession> {
  const log = logFor(LOGGER);
  const packages = await openPackages(properties, catalog, systemClock, log);
  const config = await openWorkerConfig(properties, packages, log);
  const rest = await openRest(config);
  try {
    const running = await createStandaloneHerder(config, { workerId: () => rest.workerId, logRing, packages });
    rest.serve(running.herder);
    try {
      for (const { connector, source } of connectors) await running.createConnector(connector, source);
    } catch (error) {
      await running.stop();
      throw error;
    }
    log.info(`Kafka Connect started; ${connectors.length} connectors, REST API at ${rest.advertisedUrl}`);
    const stop = async () => {
      await running.stop();
      await rest.close();
      log.info('Kafka Connect stopped');
    };
    let stopping: Promise<void> | null = null;
    return {
      herder: running.herder,
      properties: config.properties,
      restUrl: rest.advertisedUrl,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    await rest.close();
    throw error;
  }
}

async function openRest({ properties, resolver }: WorkerConfig): ReturnType<typeof startRestServer> {
  try {
    return await startRestServer(parseRestConfig(properties));
  } catch (error) {
    await resolver.close();
    throw error;
  }
}
