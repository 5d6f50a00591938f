/** Worlds for what is only about Connect: a plugin with settings that are judged, and three workers that are asked one by one. */
import type { LogLevel } from '../../src/base/log.ts';
import type { ConfigInfos, ConfigKeyInfo, WorkerProbe } from '../../src/herder/model.ts';
import { drainingAllocation, encodeWorkerAssignment, encodeWorkerMetadata, NO_WORK } from '../../src/kafka/connect-protocol.ts';
import { connector, ScriptedWorld } from './scripted-world.ts';
import { troubledWorld } from './worlds.ts';

export const CLASS = 'org.example.LinesSourceConnector';
const key = (name: string, importance: string, more: Partial<ConfigKeyInfo> = {}): ConfigKeyInfo => ({
  name,
  type: 'STRING',
  required: false,
  default_value: null,
  importance,
  documentation: `What ${name} is.`,
  group: 'Common',
  order_in_group: 1,
  width: 'NONE',
  display_name: name,
  dependents: [],
  ...more,
});
const KEYS = [
  key('connector.class', 'HIGH', { required: true }),
  key('batch.size', 'LOW', { type: 'INT', default_value: '2000' }),
  key('mode', 'HIGH', { default_value: 'tail', dependents: ['topic'] }),
  key('name', 'HIGH', { required: true }),
  key('topic', 'HIGH', { required: true }),
  key('api.key', 'MEDIUM', { type: 'PASSWORD' }),
];

function judge(name: string, config: Readonly<Record<string, string | null>>): ConfigInfos {
  const errors = (one: ConfigKeyInfo): string[] => {
    const value = config[one.name] ?? null;
    if (one.required && value === null) return [`Missing required configuration "${one.name}"`];
    return one.name === 'mode' && value !== null && !['tail', 'whole'].includes(value) ? [`${value} is no mode`] : [];
  };
  const configs = KEYS.map((definition) => ({
    definition,
    value: {
      name: definition.name,
      value: config[definition.name] ?? null,
      recommended_values: definition.name === 'mode' ? ['tail', 'whole'] : [],
      errors: errors(definition),
      visible: definition.name !== 'batch.size' || config.mode !== 'whole',
    },
  }));
  return { name, error_count: configs.flatMap(({ value }) => value.errors).length, groups: ['Common'], configs };
}

export interface FormWorld extends ScriptedWorld {
  asked: Record<string, string | null>[];
}

export function formWorld(): FormWorld {
  const one = Object.assign(new ScriptedWorld(), { asked: [] as Record<string, string | null>[] });
  one.connectors = [connector('old', 'source', { config: { 'connector.class': CLASS, topic: 't', 'api.key': 'geheim', mode: 'whole' } })];
  one.herder.plugins = async () => [
    { class: CLASS, type: 'source', version: '1' },
    { class: 'org.example.Cast', type: 'transformation', version: '1' },
  ];
  one.herder.validateConfig = async (name, config) => {
    one.asked.push({ ...config });
    return judge(name, config);
  };
  return one;
}

const probe = (host: string, more: Partial<WorkerProbe>): WorkerProbe => ({
  address: `http://${host}`,
  workerId: null,
  error: null,
  latencyMs: 12,
  info: { version: '4.3.1', commit: '26b251a451ce941d', kafka_cluster_id: 'scripted' },
  health: { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' },
  make: 'jvm',
  process: null,
  ...more,
});

export const THREE_WORKERS = ['10.0.0.11:8083', '10.0.0.12:8083', '10.0.0.13:8083'].map((host) => `http://${host}`);

/** One of ours, one of the JVM's that is not well, one that does not answer. */
export function workersWorld(): ScriptedWorld {
  const one = troubledWorld();
  const ours = { rssBytes: 212_000_000, heapBytes: 88_000_000, startedMs: Date.UTC(2026, 10, 21), loopMeanMs: 1.4, loopMaxMs: 31 };
  const probes = [
    probe('10.0.0.11:8083', { make: 'kconsole', process: ours, latencyMs: 3.2 }),
    probe('10.0.0.12:8083', {
      health: { status: 'unhealthy', message: 'Worker is not able to read the group; it was last in it 40 s ago.' },
    }),
    probe('10.0.0.13:8083', {
      latencyMs: null,
      info: null,
      health: null,
      make: null,
      error: 'No Connect worker answers. http://10.0.0.13:8083: connection refused.',
    }),
  ];
  const names = [
    'root',
    'runtime.Worker',
    'runtime.WorkerSinkTask',
    'runtime.distributed.DistributedHerder',
    'storage.KafkaConfigBackingStore',
  ];
  const levels = new Map(names.map((name) => [name === 'root' ? name : `org.apache.kafka.connect.${name}`, 'INFO' as LogLevel]));
  one.herder.workers = async () => probes;
  one.herder.loggers = async () => Object.fromEntries([...levels].map(([name, level]) => [name, { level, last_modified: null }]));
  one.herder.setLogger = async (name, level) => {
    levels.set(name, level);
    return null;
  };
  return one;
}

interface GroupWorker {
  readonly connectors?: readonly string[];
  readonly tasks?: Readonly<Record<string, readonly number[]>>;
  readonly drains?: boolean;
}

/** Their group as the brokers tell it: the first leads; a third one went away, and a fourth, whom nobody can ask, drains. */
export function workerGroupWorld(): ScriptedWorld {
  const one = workersWorld();
  const workers: Readonly<Record<string, GroupWorker>> = {
    '10.0.0.11:8083': {
      connectors: ['accesslog-source', 'legacy-import', 'old-export'],
      tasks: { 'mysql-customers': [1], 'audit-sink': [0, 1] },
    },
    '10.0.0.12:8083': { connectors: ['orders-sink', 'audit-sink'], tasks: { 'orders-sink': [0, 1, 2, 3], 'mysql-customers': [0] } },
    '10.0.0.14:8083': { connectors: ['mysql-customers'], tasks: { 'legacy-import': [0], 'accesslog-source': [0] }, drains: true },
  };
  const [leader = ''] = Object.keys(workers);
  const memberOf = (host: string) => `connect-${host}-3f0e77a2-52f3-4d7e-9a66-0c1f4a1f9d10`;
  const facts = { error: 0, leader: memberOf(leader), leaderUrl: `http://${leader}/`, configOffset: 41n, revoked: NO_WORK };
  const told = Object.entries(workers).map(([host, { connectors = [], tasks = {}, drains = false }]) => {
    const assigned = { connectors, tasks: Object.entries(tasks).flatMap(([connector, ids]) => ids.map((task) => ({ connector, task }))) };
    const allocation = { ...facts, assigned, delayMs: 0 };
    return {
      memberId: memberOf(host),
      host: `/${host.split(':')[0]}`,
      rawMetadata: encodeWorkerMetadata(
        {
          url: `http://${host}/`,
          configOffset: host === leader ? 41n : 39n,
          allocation: drains ? drainingAllocation(allocation) : allocation,
        },
        2,
      ),
      rawAssignment: encodeWorkerAssignment({ ...facts, assigned: NO_WORK, delayMs: 277_000 }, 2),
    };
  });
  one.groups.set('connect-cluster', {
    state: 'Stable',
    protocolType: 'connect',
    protocol: 'sessioned',
    clientId: 'connect',
    offsets: [],
    told,
  });
  return one;
}
