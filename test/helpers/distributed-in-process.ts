/** A distributed worker in this process, with task threads and real brokers, in a group of its own. */
import { systemClock } from '../../src/base/clock.ts';
import { LogHub } from '../../src/base/log.ts';
import { LogRing } from '../../src/base/log-ring.ts';
import type { DistributedHerder } from '../../src/herder/distributed/herder.ts';
import { startDistributed } from '../../src/herder/distributed-start.ts';
import { openPackages } from '../../src/herder/open-packages.ts';
import { WorkerStages } from '../../src/herder/worker-stage.ts';
import { openWorkerConfig } from '../../src/worker/worker-config.ts';
import { distributedSpec } from '../../src/worker/worker-spec.ts';
import { testBootstrap } from './standalone-rig.ts';
import { testCatalog } from './test-plugins.ts';
import { groupProperties, type Properties } from './worker-process.ts';

/** Nobody can reach it: it is to be the only member. */
const WORKER_ID = '127.0.0.1:8083';

export interface DistributedInProcess extends AsyncDisposable {
  readonly herder: DistributedHerder;
  readonly workerId: string;
}

export async function startInProcess(group: string, properties: Properties): Promise<DistributedInProcess> {
  const hub = new LogHub(() => Date.now());
  const ring = new LogRing({ firstSequence: 0 });
  hub.attach(ring.sink);
  const log = hub.log('test');
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const all = {
    'bootstrap.servers': testBootstrap(),
    'key.converter': json,
    'value.converter': json,
    'offset.flush.interval.ms': '1000',
    ...groupProperties(group),
    ...properties,
  };
  const packages = await openPackages(all, testCatalog, systemClock, log);
  const config = await openWorkerConfig(distributedSpec, all, packages, log);
  const alone = async () => Promise.reject(new Error('the only member leads'));
  const running = await startDistributed(
    config,
    {
      workerId: () => WORKER_ID,
      advertisedUrl: () => `http://${WORKER_ID}/`,
      internalRequests: { putTaskConfigs: alone, fenceZombies: alone, drain: alone },
      stages: new WorkerStages(systemClock),
      onFailed: (error) => log.error('the worker has failed', error),
      onDrained: (reason) => log.info(reason),
      logHub: hub,
      logRing: ring,
      catalog: testCatalog,
      packages,
      threads: 2,
      threadEntry: new URL('./test-thread-entry.ts', import.meta.url),
    },
    new AbortController().signal,
  );
  return { herder: running.herder, workerId: WORKER_ID, [Symbol.asyncDispose]: () => running.stop() };
}
