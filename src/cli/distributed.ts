/** `kconsole distributed`: one worker of a Connect cluster in this process. REST listens first, as its address is the worker's id. */
import { systemClock } from '../base/clock.ts';
import { logFor } from '../base/log.ts';
import type { LogRing } from '../base/log-ring.ts';
import { startDistributed } from '../herder/distributed-start.ts';
import { openPackages } from '../herder/open-packages.ts';
import { WorkerStages } from '../herder/worker-stage.ts';
import { catalog } from '../plugins/catalog.ts';
import { openWorkerConfig } from '../worker/worker-config.ts';
import { distributedSpec } from '../worker/worker-spec.ts';
import { createPassingHerder } from './passing-herder.ts';
import type { WorkerKind } from './worker-command.ts';
import { openRest, sessionOf, type WorkerSession } from './worker-session.ts';

const LOGGER = 'org.apache.kafka.connect.cli.ConnectDistributed';

export const distributedKind: WorkerKind = { name: 'distributed', logger: LOGGER, start: startDistributedSession };

/** Throws ConfigError, ConnectError (a port that is taken) or StartError; nothing runs then. Waits while Kafka is away, until `signal` aborts. */
async function startDistributedSession(
  properties: Readonly<Record<string, string>>,
  logRing: LogRing,
  signal: AbortSignal,
): Promise<WorkerSession> {
  const log = logFor(LOGGER);
  const packages = await openPackages(properties, catalog, systemClock, log);
  const config = await openWorkerConfig(distributedSpec, properties, packages, log);
  const stages = new WorkerStages(systemClock);
  const rest = await openRest(config, { isDistributed: true, stage: () => stages.summarize() });
  const failed = Promise.withResolvers<Error>();
  const drained = Promise.withResolvers<string>();
  try {
    const running = await startDistributed(
      config,
      {
        workerId: () => rest.workerId,
        advertisedUrl: () => rest.advertisedUrl,
        stages,
        internalRequests: rest.internalRequests(config.settings['inter.worker.signature.algorithm']),
        onFailed: (error) => failed.resolve(error),
        onDrained: (reason) => drained.resolve(reason),
        logRing,
        packages,
      },
      signal,
    );
    rest.serve(running.herder, running.herder);
    log.info(`Kafka Connect started; group ${config.settings['group.id']}, REST API at ${rest.advertisedUrl}`);
    return sessionOf({
      herder: createPassingHerder(running.herder, config.properties),
      properties: config.properties,
      rest,
      log,
      failed: failed.promise,
      drained: drained.promise,
      stop: () => running.stop(),
    });
  } catch (error) {
    await rest.close();
    throw error;
  }
}
