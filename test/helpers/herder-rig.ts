/** A standalone herder over hosts in the same thread, with the tests' connectors and Kafka in memory. */
import { ConnectorControl } from '../../src/herder/connector-control.ts';
import { OffsetControl } from '../../src/herder/offset-control.ts';
import { StandaloneHerder } from '../../src/herder/standalone.ts';
import { workerMetrics } from '../../src/herder/worker-metrics.ts';
import { type MemoryWorkerOptions, memoryWorker } from './memory-worker.ts';

interface HerderRigOptions extends MemoryWorkerOptions {
  readonly isTopicTrackingEnabled?: boolean;
}

export function herderRig(options: HerderRigOptions = {}) {
  const parts = memoryWorker(() => herder, options);
  const { worker, launcher, clock, kafka } = parts;
  const { sourceOffsets: offsets } = parts;
  const herder: StandaloneHerder = new StandaloneHerder({
    ...parts,
    control: new ConnectorControl(worker, launcher, parts.log),
    offsets: new OffsetControl(parts.offsets),
    logHub: parts.hub,
    workerId: () => '127.0.0.1:8083',
    isTopicTrackingEnabled: options.isTopicTrackingEnabled ?? true,
    isTopicResetAllowed: true,
    ownMetrics: (entries) =>
      workerMetrics(entries, {
        connectors: launcher.connectorStarts,
        tasks: launcher.taskStarts,
        taskCount: entries.reduce((sum, { taskConfigs }) => sum + taskConfigs.length, 0),
      }),
    forgetActiveTopics: (connector) => worker.forgetActiveTopics(connector),
    onLogLevel: (logger, level) => worker.setLogLevel(logger, level),
  });
  const states = async (name: string) => {
    const { connector, tasks } = await herder.connectorStatus(name);
    return [connector.state, ...tasks.map((task) => task.state)];
  };
  return { herder, worker, clock, kafka, offsets, states };
}
