/** A distributed worker in this process whose configurations, offsets and statuses lie in memory, in a group of one; its tasks run in threads on real brokers. */
import { systemClock } from '../../src/base/clock.ts';
import { LogHub } from '../../src/base/log.ts';
import { LogRing } from '../../src/base/log-ring.ts';
import { assembleDistributed, type DistributedAssembly } from '../../src/herder/distributed/assembly.ts';
import { openPackages } from '../../src/herder/open-packages.ts';
import { assembleWorker, kafkaPoolOf, readClusterId } from '../../src/herder/worker-parts.ts';
import { MemoryConfigStore } from '../../src/storage/config/memory.ts';
import { MemoryOffsetStore } from '../../src/storage/offset/memory.ts';
import { MemoryStatusStore } from '../../src/storage/status/memory.ts';
import { openWorkerConfig } from '../../src/worker/worker-config.ts';
import { distributedSpec } from '../../src/worker/worker-spec.ts';
import type { DistributedInProcess } from './distributed-in-process.ts';
import { SoloGroup } from './solo-group.ts';
import { testBootstrap } from './standalone-rig.ts';
import { testCatalog } from './test-plugins.ts';
import { groupProperties, type Properties } from './worker-process.ts';

const WORKER_ID = '127.0.0.1:8083';

export async function startInMemory(group: string, properties: Properties = {}): Promise<DistributedInProcess> {
  const hub = new LogHub(() => Date.now());
  const ring = new LogRing({ firstSequence: 0 });
  hub.attach(ring.sink);
  const log = hub.log('test');
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const all = {
    'bootstrap.servers': testBootstrap(),
    'key.converter': json,
    'value.converter': json,
    ...groupProperties(group),
    ...properties,
  };
  const packages = await openPackages(all, testCatalog, systemClock, log);
  const config = await openWorkerConfig(distributedSpec, all, packages, log);
  const deps = {
    workerId: () => WORKER_ID,
    logHub: hub,
    logRing: ring,
    catalog: testCatalog,
    packages,
    threads: 2,
    threadEntry: new URL('./test-thread-entry.ts', import.meta.url),
  };
  const pool = kafkaPoolOf(deps);
  const clusterId = await readClusterId(config, pool, systemClock, log);
  const parts = assembleWorker({
    config,
    deps,
    pool,
    store: new MemoryOffsetStore(),
    listener: {
      onTask: (...event) => assembly.listener.onTask(...event),
      onConnectorFailed: (...event) => assembly.listener.onConnectorFailed(...event),
      onReconfigure: (...event) => assembly.listener.onReconfigure(...event),
      onActiveTopic: (...event) => assembly.listener.onActiveTopic(...event),
    },
    log,
    clusterId: () => clusterId,
    restartConnector: (connector) => assembly.herder.restartConnector(connector),
  });
  const configs = new MemoryConfigStore();
  const alone = async () => Promise.reject(new Error('the only member leads'));
  const assembly: DistributedAssembly = assembleDistributed({
    worker: parts,
    configs,
    statusStore: new MemoryStatusStore(),
    openMembership: (view) => new SoloGroup(view, `http://${WORKER_ID}/`),
    internalRequests: { putTaskConfigs: alone, fenceZombies: alone, drain: alone },
    verify: () => undefined,
    groupId: group,
    workerId: () => WORKER_ID,
    memberUrls: async () => [`http://${WORKER_ID}/`],
    onFailed: (error) => log.error('the worker has failed', error),
    onDrained: (reason) => log.info(reason),
    settings: {
      sessionKey: null,
      syncTimeoutMs: 3_000,
      maxDelayMs: 0,
      unsyncBackoffMs: 0,
      gracefulStopMs: 5_000,
      isTopicTrackingEnabled: true,
      isTopicResetAllowed: true,
    },
    log,
  });
  await configs.start(assembly.coordination);
  assembly.coordination.begin();
  await assembly.membership.start(assembly.coordination);
  return {
    herder: assembly.herder,
    workerId: WORKER_ID,
    [Symbol.asyncDispose]: async () => {
      await assembly.stop();
      await parts.stop();
    },
  };
}
