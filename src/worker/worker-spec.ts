/**
 * The settings of a worker: Apache Kafka Connect's keys and defaults (WorkerConfig, StandaloneConfig, DistributedConfig 4.3.1). Documentation is ours.
 */
import { type ConfOf, defineSpec, key, type Spec } from '../spec/define.ts';
import { atLeast, check, listOf, oneOf, oneOfIgnoreCase } from '../spec/validators.ts';

const SIMPLE_HEADER_CONVERTER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter';

const workerKeys = {
  'bootstrap.servers': key.list({
    validator: listOf({ isEmptyAllowed: false }),
    importance: 'HIGH',
    doc: 'Kafka brokers to ask first, host:port each, separated by commas.',
  }),
  'key.converter': key.string({
    importance: 'HIGH',
    doc: 'Format of record keys in Kafka, for connectors that name none. Its settings follow as key.converter.<setting>.',
  }),
  'value.converter': key.string({
    importance: 'HIGH',
    doc: 'Format of record values in Kafka, for connectors that name none. Its settings follow as value.converter.<setting>.',
  }),
  'header.converter': key.string({
    default: SIMPLE_HEADER_CONVERTER,
    importance: 'LOW',
    doc: 'Format of record headers in Kafka, for connectors that name none.',
  }),
  'offset.flush.interval.ms': key.long({
    default: 60_000n,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Time between two commits of source and sink offsets, in milliseconds.',
  }),
  'offset.flush.timeout.ms': key.long({
    default: 5000n,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How long a commit of source offsets waits for records that are on their way, in milliseconds; then it is tried at the next one.',
  }),
  'task.shutdown.graceful.timeout.ms': key.long({
    default: 5000n,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'How long tasks may take to stop, all together, in milliseconds; then they are ended.',
  }),
  'connector.client.config.override.policy': key.string({
    default: 'All',
    importance: 'MEDIUM',
    doc: 'Which Kafka client settings connectors may change with producer.override.…, consumer.override.… and admin.override.…: All, None, Principal (login only), Allowlist, or the class of one from plugin.path, whose settings follow as connector.client.config.override.policy.<setting>.',
  }),
  'connector.client.config.override.allowlist': key.list({
    default: [],
    importance: 'MEDIUM',
    doc: 'The settings that the policy Allowlist lets connectors change.',
  }),
  'topic.creation.enable': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Let source connectors make their topics with the settings that they give as topic.creation.….',
  }),
  'topic.tracking.enable': key.boolean({
    default: true,
    importance: 'LOW',
    doc: 'Keep track of the topics that each connector uses (GET /connectors/<name>/topics).',
  }),
  'topic.tracking.allow.reset': key.boolean({ default: true, importance: 'LOW', doc: 'Allow PUT /connectors/<name>/topics/reset.' }),
  'plugin.path': key.list({
    default: null,
    importance: 'LOW',
    doc: 'Folders of packages with plugins in JavaScript or TypeScript, or such packages themselves, separated by commas. Java plugins in them are passed over; those of Apache Kafka are built in.',
  }),
  'plugin.discovery': key.string({
    default: 'hybrid_warn',
    validator: oneOfIgnoreCase('only_scan', 'service_load', 'hybrid_warn', 'hybrid_fail'),
    importance: 'LOW',
    doc: 'Taken for compatibility; see plugin.path.',
  }),
  'kconsole.plugin.timeout.ms': key.long({
    default: 30_000n,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How long a package of plugin.path may take to be imported, to validate a configuration or to give the values of a config provider, and may keep a thread from answering, in milliseconds; then it is ended.',
  }),
  'config.providers': key.list({
    default: [],
    importance: 'LOW',
    doc: 'Names of config providers. A value in this file or in a connector may refer to one ($ and then {name:path:key}) and stands for what that gives. config.providers.<name>.class says which (FileConfigProvider, DirectoryConfigProvider, EnvVarConfigProvider, or one from plugin.path), config.providers.<name>.param.… how.',
  }),
  'metrics.sample.window.ms': key.long({
    default: 30_000n,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Length of one sample of a rate, in milliseconds.',
  }),
  'metrics.num.samples': key.int({ default: 2, validator: atLeast(1), importance: 'LOW', doc: 'Samples that a rate is made of.' }),
  'metrics.recording.level': key.string({
    default: 'INFO',
    validator: oneOf('INFO', 'DEBUG'),
    importance: 'LOW',
    doc: 'Taken for compatibility: every metric is kept.',
  }),
  'metric.reporters': key.list({ default: [], importance: 'LOW', doc: 'Taken for compatibility: metrics are at GET /metrics.' }),
};

const workerSpec = defineSpec(workerKeys);

/** What every worker has. */
export type WorkerSettings = ConfOf<typeof workerSpec>;
export type WorkerSpec<S extends WorkerSettings> = Spec<S>;

const nonEmpty = check((value) => (value === '' ? 'String must be non-empty' : null));

export const standaloneSpec = defineSpec({
  ...workerKeys,
  'offset.storage.file.filename': key.string({
    importance: 'HIGH',
    validator: nonEmpty,
    doc: 'File that keeps how far each source has been read, in Apache Kafka Connect’s own format. Each worker needs one of its own.',
  }),
});

export type StandaloneSettings = ConfOf<typeof standaloneSpec>;

const replication = (what: string) =>
  key.int({
    default: 3,
    validator: brokerDefaultOr(1),
    importance: 'LOW',
    doc: `Replicas of the topic that keeps ${what}, when it has to be made; -1: as the brokers do by default.`,
  });

const partitions = (what: string, count: number) =>
  key.int({
    default: count,
    validator: brokerDefaultOr(1),
    importance: 'LOW',
    doc: `Partitions of the topic that keeps ${what}, when it has to be made; -1: as the brokers do by default.`,
  });

export const distributedSpec = defineSpec({
  ...workerKeys,
  'group.id': key.string({
    validator: nonEmpty,
    importance: 'HIGH',
    doc: 'Name of the cluster of workers: those with the same name share their connectors. No sink may use it as its consumer group.',
  }),
  'config.storage.topic': key.string({
    validator: nonEmpty,
    importance: 'HIGH',
    doc: 'Compacted topic of one partition that keeps the configurations of connectors and tasks.',
  }),
  'config.storage.replication.factor': replication('configurations'),
  'offset.storage.topic': key.string({
    validator: nonEmpty,
    importance: 'HIGH',
    doc: 'Compacted topic that keeps how far each source has been read.',
  }),
  'offset.storage.partitions': partitions('source offsets', 25),
  'offset.storage.replication.factor': replication('source offsets'),
  'status.storage.topic': key.string({
    validator: nonEmpty,
    importance: 'HIGH',
    doc: 'Compacted topic that keeps the states of connectors and tasks.',
  }),
  'status.storage.partitions': partitions('states', 5),
  'status.storage.replication.factor': replication('states'),
  'session.timeout.ms': key.int({
    default: 10_000,
    validator: atLeast(1),
    importance: 'HIGH',
    doc: 'A worker that has not been heard of for so long, in milliseconds, is taken out of the group.',
  }),
  'heartbeat.interval.ms': key.int({
    default: 3000,
    validator: atLeast(1),
    importance: 'HIGH',
    doc: 'Time between two signs of life to the group, in milliseconds; at most a third of session.timeout.ms.',
  }),
  'rebalance.timeout.ms': key.int({
    default: 60_000,
    validator: atLeast(1),
    importance: 'HIGH',
    doc: 'How long a worker may take to stop what it must give away and to join again, in milliseconds.',
  }),
  'connect.protocol': key.string({
    default: 'sessioned',
    validator: oneOfIgnoreCase('eager', 'compatible', 'sessioned'),
    importance: 'LOW',
    doc: 'How the group shares its work: eager stops all in each round; compatible moves only what has to move; sessioned also signs requests between workers.',
  }),
  'scheduled.rebalance.max.delay.ms': key.int({
    default: 300_000,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'How long the work of a worker that went away waits for its return before others take it, in milliseconds.',
  }),
  'worker.sync.timeout.ms': key.int({
    default: 3000,
    validator: atLeast(0),
    importance: 'MEDIUM',
    doc: 'How long a worker that is behind the others may take to read their configurations, in milliseconds.',
  }),
  'worker.unsync.backoff.ms': key.int({
    default: 300_000,
    validator: atLeast(0),
    importance: 'MEDIUM',
    doc: 'With connect.protocol=eager: how long a worker stays away that could not read the configurations in time, in milliseconds.',
  }),
  'exactly.once.source.support': key.string({
    default: 'disabled',
    validator: oneOfIgnoreCase('disabled', 'enabled', 'preparing'),
    importance: 'HIGH',
    doc: 'Whether sources may write each record exactly once. In a running cluster first set preparing on every worker, then enabled.',
  }),
  'inter.worker.key.generation.algorithm': key.string({
    default: 'HmacSHA256',
    validator: nonEmpty,
    importance: 'LOW',
    doc: 'Algorithm of the key that signs requests between workers.',
  }),
  'inter.worker.key.size': key.int({
    default: null,
    importance: 'LOW',
    doc: 'Size of that key in bits; by default what suits its algorithm.',
  }),
  'inter.worker.key.ttl.ms': key.int({
    default: 3_600_000,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'Age at which that key is replaced, in milliseconds; 0: never.',
  }),
  'inter.worker.signature.algorithm': key.string({
    default: 'HmacSHA256',
    validator: nonEmpty,
    importance: 'LOW',
    doc: 'Algorithm that this worker signs with.',
  }),
  'inter.worker.verification.algorithms': key.list({
    default: ['HmacSHA256'],
    validator: listOf({ isEmptyAllowed: false }),
    importance: 'LOW',
    doc: 'Algorithms of signatures that this worker accepts, that of inter.worker.signature.algorithm among them.',
  }),
});

export type DistributedSettings = ConfOf<typeof distributedSpec>;

/** Whether this worker runs sources with exactly-once support; standalone workers never do. */
export function hasExactlyOnceSources(settings: WorkerSettings): settings is DistributedSettings {
  return 'exactly.once.source.support' in settings && String(settings['exactly.once.source.support']).toLowerCase() === 'enabled';
}

function brokerDefaultOr(min: number) {
  return check((value) =>
    Number(value) === -1 || Number(value) >= min ? null : `Value must be at least ${min}, or -1 for the default of the brokers`,
  );
}
