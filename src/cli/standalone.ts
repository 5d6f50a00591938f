/** One standalone worker in this process: REST first (its address is the worker's id), then the herder, then the connectors. */
import { systemClock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { plural } from '../base/format.ts';
import { logFor } from '../base/log.ts';
import type { LogRing } from '../base/log-ring.ts';
import { type ConnectorFile, readConnectorFile } from '../herder/connector-file.ts';
import { openPackages } from '../herder/open-packages.ts';
import { createStandaloneHerder } from '../herder/standalone-start.ts';
import { StartError } from '../herder/start-error.ts';
import { catalog } from '../plugins/catalog.ts';
import { openWorkerConfig } from '../worker/worker-config.ts';
import { standaloneSpec } from '../worker/worker-spec.ts';
import type { WorkerKind } from './worker-command.ts';
import { openRest, sessionOf, type WorkerSession } from './worker-session.ts';

export interface NamedConnector {
  readonly connector: ConnectorFile;
  /** Where it was read from, for error messages. */
  readonly source: string;
}

const LOGGER = 'org.apache.kafka.connect.cli.ConnectStandalone';

/** `kconsole standalone`: its connectors are files of the command line. */
export function standaloneKind(connectorFiles: readonly string[]): WorkerKind {
  return {
    name: 'standalone',
    logger: LOGGER,
    start: (properties, ring) => startStandaloneSession(properties, readConnectors(connectorFiles), ring),
  };
}

/** Throws StartError (3) naming the file. */
function readConnectors(files: readonly string[]): NamedConnector[] {
  return files.map((source) => {
    try {
      return { connector: readConnectorFile(source), source };
    } catch (error) {
      throw new StartError(3, messageOf(error), { cause: error });
    }
  });
}

/** Throws ConfigError, ConnectError (a port that is taken) or StartError; nothing runs then. */
export async function startStandaloneSession(
  properties: Readonly<Record<string, string>>,
  connectors: readonly NamedConnector[],
  logRing: LogRing,
): Promise<WorkerSession> {
  const log = logFor(LOGGER);
  const packages = await openPackages(properties, catalog, systemClock, log);
  const config = await openWorkerConfig(standaloneSpec, properties, packages, log);
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
    log.info(`Kafka Connect started; ${plural(connectors.length, 'connector')}, REST API at ${rest.advertisedUrl}`);
    return sessionOf({ herder: running.herder, properties: config.properties, rest, log, stop: () => running.stop() });
  } catch (error) {
    await rest.close();
    throw error;
  }
}
