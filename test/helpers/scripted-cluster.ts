/** The part of a scripted Kafka that an operator of brokers acts on: settings with their origin, elections, moves of replicas, features. */
import type { Admin, ConfigChange, ConfigEntry, EligibleReplicas, PartitionOutcome, Reassignment } from '../../src/kafka/contract.ts';
import type { TopicPartition } from '../../src/plugin-api/records.ts';

interface Topics {
  readonly topics: ReadonlyArray<{
    readonly name: string;
    readonly partitions: Array<{ leader: number; replicas: number[]; isr: number[] }>;
  }>;
  readonly brokers: readonly number[];
  readonly calls: string[];
}

type ScriptedAdmin = Pick<
  Admin,
  | 'describeConfigs'
  | 'topicConfigs'
  | 'alterConfigs'
  | 'eligibleReplicas'
  | 'electLeaders'
  | 'reassignments'
  | 'alterReassignments'
  | 'features'
>;

const setting = (name: string, value: string | null, more: Partial<ConfigEntry> = {}): ConfigEntry => ({
  name,
  value,
  source: 'default',
  isSensitive: false,
  isReadOnly: false,
  documentation: `About ${name}.`,
  ...more,
});

const TOPIC_DEFAULTS: readonly ConfigEntry[] = [
  setting('cleanup.policy', 'delete'),
  setting('compression.type', 'producer'),
  setting('max.message.bytes', '1048588'),
  setting('min.insync.replicas', '2', { source: 'static' }),
  setting('retention.bytes', '-1'),
  setting('retention.ms', '604800000'),
  setting('segment.bytes', '1073741824'),
  setting('unclean.leader.election.enable', 'false'),
];

const BROKER_DEFAULTS: readonly ConfigEntry[] = [
  setting('log.dirs', '/var/lib/kafka/data', { source: 'static', isReadOnly: true }),
  setting('log.retention.ms', '604800000'),
  setting('num.io.threads', '8'),
  setting('ssl.keystore.password', null, { source: 'static', isSensitive: true }),
];

export class ScriptedCluster {
  /** What was set, by `topic orders` or `broker 1`. */
  readonly set = new Map<string, Map<string, string>>();
  eligible: EligibleReplicas[] = [];
  moves: Reassignment[] = [];
  /** Bytes that the new replicas of moves hold, each; they get so many more with each look at the disks. */
  copied = { bytes: 0n, perLook: 0n };
  /** `null`: brokers before features. */
  metadataVersion: number | null = 30;
  /** Set: changes of settings are refused with it. */
  configError: Error | null = null;

  #entries(type: string, name: string): ConfigEntry[] {
    const own = this.set.get(`${type} ${name}`) ?? new Map<string, string>();
    const defaults = type === 'topic' ? TOPIC_DEFAULTS : BROKER_DEFAULTS;
    return defaults.map((one) => {
      const value = own.get(one.name);
      return value === undefined ? one : { ...one, value, source: type === 'topic' ? 'topic' : 'broker' };
    });
  }

  #alter(type: string, name: string, changes: Readonly<Record<string, ConfigChange>>): void {
    if (this.configError) throw this.configError;
    const own = this.set.get(`${type} ${name}`) ?? new Map<string, string>();
    for (const [key, value] of Object.entries(changes)) {
      if (typeof value === 'string') own.set(key, value);
      else own.delete(key);
    }
    this.set.set(`${type} ${name}`, own);
  }

  admin(world: Topics, read: <T>(value: () => T) => Promise<T>): ScriptedAdmin {
    const partitionOf = ({ topic, partition }: TopicPartition) =>
      world.topics.find((one) => one.name === topic)?.partitions[partition] ?? null;
    const outcome = ({ topic, partition }: TopicPartition, error: string | null): PartitionOutcome => ({
      topic,
      partition,
      error,
      message: null,
    });
    const all = (): TopicPartition[] =>
      world.topics.flatMap(({ name, partitions }) => partitions.map((_, partition) => ({ topic: name, partition })));
    return {
      describeConfigs: ({ type, name }) => read(() => this.#entries(type, name)),
      topicConfigs: (topics, keys) =>
        read(() =>
          topics.map((topic) => ({
            topic,
            error: null,
            entries: this.#entries('topic', topic).filter(({ name }) => keys?.includes(name) ?? true),
          })),
        ),
      alterConfigs: ({ type, name }, changes, isDryRun = false) =>
        read(() => {
          if (isDryRun) {
            if (this.configError) throw this.configError;
            return;
          }
          world.calls.push(`alter ${type} ${name} ${JSON.stringify(changes)}`);
          this.#alter(type, name, changes);
        }),
      eligibleReplicas: (topics) => read(() => this.eligible.filter(({ topic }) => topics?.includes(topic) ?? true)),
      electLeaders: (type, partitions) =>
        read(() => {
          world.calls.push(`elect ${type} ${partitions?.map(({ topic, partition }) => `${topic}-${partition}`).join(',') ?? 'all'}`);
          return (partitions ?? all()).flatMap((place) => {
            const found = partitionOf(place);
            const [first] = found?.replicas ?? [];
            if (!found || first === undefined) return [outcome(place, 'UNKNOWN_TOPIC_OR_PARTITION')];
            if (type === 'unclean')
              return this.#electUnclean(found, world) ? [outcome(place, null)] : [outcome(place, 'ELECTION_NOT_NEEDED')];
            if (found.leader === first) return partitions === null ? [] : [outcome(place, 'ELECTION_NOT_NEEDED')];
            if (!found.isr.includes(first)) return [outcome(place, 'PREFERRED_LEADER_NOT_AVAILABLE')];
            found.leader = first;
            return [outcome(place, null)];
          });
        }),
      reassignments: () => read(() => this.moves),
      alterReassignments: (moves) =>
        read(() =>
          moves.map((move) => {
            const isUnderWay = this.moves.some((one) => one.topic === move.topic && one.partition === move.partition);
            if (move.replicas === null && !isUnderWay) return outcome(move, 'NO_REASSIGNMENT_IN_PROGRESS');
            world.calls.push(`${move.replicas === null ? 'cancel move of' : 'move'} ${move.topic}-${move.partition}`);
            this.moves = this.moves.filter((one) => one.topic !== move.topic || one.partition !== move.partition);
            return outcome(move, null);
          }),
        ),
      features: () =>
        read(() => {
          const level = this.metadataVersion;
          if (level === null) return { finalized: [], supported: [] };
          return { finalized: [{ name: 'metadata.version', level }], supported: [{ name: 'metadata.version', min: 7, max: level }] };
        }),
    };
  }

  #electUnclean(found: { leader: number; replicas: number[]; isr: number[] }, world: Topics): boolean {
    if (found.leader >= 0) return false;
    const alive = found.replicas.find((id) => world.brokers.includes(id));
    if (alive === undefined) return false;
    found.leader = alive;
    found.isr = [alive];
    return true;
  }
}
