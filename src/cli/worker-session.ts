/** A worker in this process with its REST API, whatever its kind: what the commands and the console hold of it. */
import type { Log } from '../base/log.ts';
import type { Herder } from '../herder/herder.ts';
import { parseRestConfig } from '../rest/rest-config.ts';
import { type RestServer, type RestServerOptions, startRestServer } from '../rest/server.ts';
import type { WorkerConfig } from '../worker/worker-config.ts';

export interface WorkerSession {
  readonly herder: Herder;
  /** The worker's own, references to config providers resolved. */
  readonly properties: Readonly<Record<string, string>>;
  /** Where the REST API is advertised; ends in `/`. */
  readonly restUrl: string;
  /** Resolves with the error when the worker cannot go on by itself; most never do. */
  readonly failed: Promise<Error>;
  /** Resolves with a sentence (without its full stop) when the worker has nothing left to do and is to be stopped; most never do. */
  readonly drained: Promise<string>;
  /** Stops tasks within `task.shutdown.graceful.timeout.ms`, stores offsets, closes REST. Safe to call twice. */
  stop(): Promise<void>;
}

/** Listens; when that fails, the config providers are closed. */
export async function openRest(
  { properties, resolver }: WorkerConfig,
  options: RestServerOptions = {},
): ReturnType<typeof startRestServer> {
  try {
    return await startRestServer(parseRestConfig(properties), { ...kafkaOpts(), ...options });
  } catch (error) {
    await resolver.close();
    throw error;
  }
}

/** May name a login configuration. */
function kafkaOpts(): RestServerOptions {
  const { KAFKA_OPTS } = process.env;
  return KAFKA_OPTS === undefined ? {} : { kafkaOpts: KAFKA_OPTS };
}

interface RunningWorker {
  readonly herder: Herder;
  readonly properties: Readonly<Record<string, string>>;
  readonly rest: RestServer;
  readonly log: Log;
  /** Default: it never fails by itself. */
  readonly failed?: Promise<Error>;
  /** Default: it never drains. */
  readonly drained?: Promise<string>;
  /** Ends the worker; REST closes after it. */
  stop(): Promise<void>;
}

/** The session of a worker that has started and is served. */
export function sessionOf({ herder, properties, rest, log, failed, drained, stop }: RunningWorker): WorkerSession {
  let stopping: Promise<void> | null = null;
  const end = async () => {
    await stop();
    await rest.close();
    log.info('Kafka Connect stopped');
  };
  return {
    herder,
    properties,
    restUrl: rest.advertisedUrl,
    failed: failed ?? new Promise(() => undefined),
    drained: drained ?? new Promise(() => undefined),
    stop: () => {
      stopping ??= end();
      return stopping;
    },
  };
}
