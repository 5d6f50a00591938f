/**
 * One source task with exactly-once support in a process of its own, to be killed: the worker's threads, task loop and clients as they are, and
 * in the place of a cluster's herder one that always gives this process the task. Prints what becomes of the task, a line each.
 *   node test/helpers/exactly-once-process.ts '{"properties":{…},"connector":{…}}'
 */
import { systemClock } from '../../src/base/clock.ts';
import { logHub } from '../../src/base/log.ts';
import { parseClientProperties } from '../../src/kafka/client-properties.ts';
import { createKafka } from '../../src/kafka/kafka.ts';
import { catalog } from '../../src/plugins/catalog.ts';
import { MemoryOffsetStore } from '../../src/storage/offset/memory.ts';
import { SourceOffsets } from '../../src/storage/offset/source-offsets.ts';
import { openInLineHost } from '../../src/worker/in-line-host.ts';
import { transactionalId } from '../../src/worker/plugin-clients.ts';
import { Worker } from '../../src/worker/worker.ts';

const { properties, connector } = JSON.parse(process.argv[2] ?? '') as Record<'properties' | 'connector', Record<string, string>>;
const name = connector.name ?? '';
const exactlyOnceGroup = properties['group.id'] ?? '';
const tell = (line: string) => void process.stdout.write(`${line}\n`);
logHub.attach(({ level, message }) => {
  if (level === 'WARN' || level === 'ERROR') tell(`${level} ${message}`);
});

const kafka = createKafka(
  parseClientProperties({ 'bootstrap.servers': properties['bootstrap.servers'] ?? '' }, 'admin', logHub.log('test')),
  logHub.log('test'),
);
const settings = {
  properties,
  exactlyOnceGroup,
  flushIntervalMs: 1000,
  flushTimeoutMs: 5000,
  isTopicCreationEnabled: false,
  samples: { windowMs: 30_000, windows: 2 },
};
const worker = new Worker({
  openHost: () => openInLineHost({ settings, plugins: catalog, createKafka, clock: systemClock, logHub }),
  threads: 1,
  offsets: new SourceOffsets(new MemoryOffsetStore(), logHub.log('offsets')),
  guard: {
    fenceZombies: (of) => kafka.admin().fenceProducers([transactionalId(exactlyOnceGroup, { connector: of, taskId: 0 })]),
    isStillAssigned: async () => true,
  },
  gracefulStopMs: 5000,
  packages: { hangMs: 30_000, classesOf: () => [] },
  clock: systemClock,
  log: logHub.log('worker'),
  logHub,
  listener: {
    onTask: (_id, event, trace) => tell(`${event} ${trace?.replaceAll('\n', ' ') ?? ''}`.trim()),
    onConnectorFailed: () => undefined,
    onReconfigure: () => undefined,
    onActiveTopic: () => undefined,
  },
});
worker.startTask({ connector: name, taskId: 0, connectorConfig: connector, taskConfig: connector, taskGeneration: 0, target: 'STARTED' });
process.on('SIGTERM', async () => {
  await worker.stop();
  process.exit(0);
});
