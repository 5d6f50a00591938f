/**
 * What the connector does at both clusters besides records: finds topics, makes their copies, keeps partitions, settings and ACLs of the copies like those
 * of the source. Nothing is ever taken away. Source: org.apache.kafka.connect.mirror.MirrorSourceConnector.
 */
import { ConnectError, messageOf } from '../../../../base/errors.ts';
import { inParallel } from '../../../../base/in-parallel.ts';
import type { Log } from '../../../../base/log.ts';
import type { Admin, TopicInfo } from '../../../../kafka/contract.ts';
import { KafkaError } from '../../../../kafka/kafka-error.ts';
import type { TopicPartition } from '../../../../plugin-api/records.ts';
import type { ReplicationPolicy } from '../shared/replication-policy.ts';
import { aclsOfCopies } from './acl-rules.ts';
import { type ConfigFilter, configChanges, configsOfNewTopic } from './config-rules.ts';
import { countNew, partitionsOf, planTopics, type TopicCounts, type TopicPlan } from './topic-plan.ts';
import { isCopied, type TopicSelectionParts } from './topic-selection.ts';

type SourceAdmin = Pick<Admin, 'cluster' | 'topics' | 'topicConfigs' | 'acls'>;
type TargetAdmin = Pick<Admin, 'cluster' | 'topics' | 'createTopics' | 'createPartitions' | 'alterConfigs' | 'createAcls'>;

export interface TopicMirrorParts {
  readonly source: SourceAdmin;
  readonly target: TargetAdmin;
  readonly sourceAlias: string;
  readonly targetAlias: string;
  readonly policy: ReplicationPolicy;
  readonly topicFilter: (topic: string) => boolean;
  readonly configFilter: ConfigFilter;
  readonly areHeartbeatsCopied: boolean;
  readonly replicationFactor: number;
  readonly log: Log;
  /** The tasks are to be made anew. */
  onPartitionsChanged(): void;
  /** It cannot go on like this. */
  onFatal(error: unknown): void;
}

const TOPICS_A_REQUEST = 200;
const AT_ONCE = 8;

export class TopicMirror {
  readonly #parts: TopicMirrorParts;
  #selection: TopicSelectionParts;
  /** Of the source, as of the last look; `null` before the first. */
  #sourceTopics: TopicCounts | null = null;
  /** Copies at the target. */
  #targetTopics: TopicCounts = new Map();
  #isOneCluster: boolean | null = null;
  #toldNoAuthorizer = false;

  constructor(parts: TopicMirrorParts) {
    this.#parts = parts;
    const { policy, topicFilter: filter, areHeartbeatsCopied, targetAlias } = parts;
    this.#selection = { policy, filter, areHeartbeatsCopied, returning: [targetAlias] };
  }

  /** What is to be copied; `null`: nobody knows yet. */
  get partitions(): readonly TopicPartition[] | null {
    return this.#sourceTopics && partitionsOf(this.#sourceTopics);
  }

  /** Looks at both clusters. Rejects with KafkaError when one does not answer, and knows what it knew before. */
  async load(): Promise<void> {
    await this.#compareClusters();
    const [source, target] = await Promise.all([this.#listSource(), this.#listTarget()]);
    this.#sourceTopics = source;
    this.#targetTopics = target;
  }

  /** Makes copies and partitions that are missing; what is refused is told and left for the next time. */
  async createMissing(): Promise<void> {
    if (this.#sourceTopics === null) return;
    const plan = planTopics(this.#sourceTopics, this.#targetTopics, (topic) => this.#remoteTopic(topic));
    if (plan.missing.length + plan.short.length === 0) return;
    const made = new Map([...(await this.#createTopics(plan.missing)), ...(await this.#createPartitions(plan.short))]);
    // The target's brokers may not have heard of the new ones all yet.
    this.#targetTopics = new Map([...(await this.#listTarget()), ...made]);
  }

  /** Looks again; does what is to be done when something has changed at the source or is missing at the target. */
  async refresh(): Promise<void> {
    const before = this.#sourceTopics ?? new Map<string, number>();
    const isFirst = this.#sourceTopics === null;
    await this.load();
    const now = this.#sourceTopics ?? new Map<string, number>();
    const plan = planTopics(now, this.#targetTopics, (topic) => this.#remoteTopic(topic));
    const [added, gone] = [countNew(before, now), countNew(now, before)];
    const isMissing = plan.missing.length + plan.short.length > 0;
    if (!isFirst && added + gone === 0 && !isMissing) return;
    const { log, sourceAlias, targetAlias, onPartitionsChanged } = this.#parts;
    log.info(
      `Partitions on '${sourceAlias}': ${added} new, ${gone} gone. Copies on '${targetAlias}': ${plan.missing.length} topics missing, ` +
        `${plan.short.length} with too few partitions.`,
    );
    await this.createMissing();
    onPartitionsChanged();
  }

  async syncConfigs(): Promise<void> {
    const { source, target, configFilter, log, onFatal } = this.#parts;
    const topics = [...(this.#sourceTopics ?? new Map()).keys()].filter((topic) => this.#targetTopics.has(this.#remoteTopic(topic)));
    if (topics.length === 0) return;
    await inParallel(await source.topicConfigs(topics, null), AT_ONCE, async ({ topic, entries, error }) => {
      const name = this.#remoteTopic(topic);
      if (error !== null)
        return log.warn(`The settings of topic '${topic}' could not be read, so those of '${name}' stay as they are: ${error}`);
      try {
        await target.alterConfigs({ type: 'topic', name }, configChanges(entries, configFilter));
      } catch (fault) {
        if (!(fault instanceof KafkaError)) throw fault;
        if (fault.kafkaName === 'UNSUPPORTED_VERSION')
          onFatal(
            new ConnectError('The target cluster does not know IncrementalAlterConfigs (Kafka 2.3). Set sync.topic.configs.enabled=false.'),
          );
        log.warn(`The settings of topic '${name}' could not be changed to those of '${topic}': ${fault.message}`);
      }
    });
  }

  async syncAcls(): Promise<void> {
    const { source, target } = this.#parts;
    try {
      const bindings = await source.acls();
      const copies = aclsOfCopies(
        bindings,
        (topic) => isCopied(topic, this.#selection),
        (topic) => this.#remoteTopic(topic),
      );
      await target.createAcls(copies);
    } catch (error) {
      if (!(error instanceof KafkaError) || error.kafkaName !== 'SECURITY_DISABLED') throw error;
      if (!this.#toldNoAuthorizer)
        this.#parts.log.info(`No ACLs are copied (sync.topic.acls.enabled=false ends the attempts). ${error.message}`);
      this.#toldNoAuthorizer = true;
    }
  }

  #remoteTopic(topic: string): string {
    return this.#parts.policy.formatRemoteTopic(this.#parts.sourceAlias, topic);
  }

  /** Copies that are looked at as originals would be copied again at each look, without end. */
  async #compareClusters(): Promise<void> {
    if (this.#isOneCluster !== null) return;
    const { source, target, sourceAlias, targetAlias, policy, log, onFatal } = this.#parts;
    const [{ clusterId }, { clusterId: targetId }] = await Promise.all([source.cluster(), target.cluster()]);
    if (clusterId !== targetId) {
      this.#isOneCluster = false;
      return;
    }
    const what = `'${sourceAlias}' and '${targetAlias}' are one cluster (id ${clusterId}): source.cluster.* and target.cluster.* lead to the same brokers`;
    if (policy.isIdentity) {
      const error = new ConnectError(
        `${what}, and replication.policy.class keeps the names. Each record would be copied onto its own topic, again and again.`,
      );
      onFatal(error);
      throw error;
    }
    log.warn(`${what}. Topics whose names begin with '${sourceAlias}' count as copies and are not copied again.`);
    this.#isOneCluster = true;
    this.#selection = { ...this.#selection, returning: [targetAlias, sourceAlias] };
  }

  async #listSource(): Promise<TopicCounts> {
    const topics = await this.#parts.source.topics();
    return countsOf(topics.filter(({ name }) => isCopied(name, this.#selection)));
  }

  async #listTarget(): Promise<TopicCounts> {
    const { target, policy, sourceAlias } = this.#parts;
    const checkpoints = policy.checkpointsTopic(sourceAlias);
    const topics = await target.topics();
    return countsOf(topics.filter(({ name }) => policy.topicSource(name) === sourceAlias && name !== checkpoints));
  }

  async #createTopics(missing: TopicPlan['missing']): Promise<Map<string, number>> {
    const made = new Map<string, number>();
    for (let at = 0; at < missing.length; at += TOPICS_A_REQUEST) {
      for (const [name, count] of await this.#createSome(missing.slice(at, at + TOPICS_A_REQUEST))) made.set(name, count);
    }
    return made;
  }

  async #createSome(missing: TopicPlan['missing']): Promise<ReadonlyArray<[string, number]>> {
    const { source, target, targetAlias, configFilter, replicationFactor, log } = this.#parts;
    const settings = new Map(
      (
        await source.topicConfigs(
          missing.map(({ topic }) => topic),
          null,
        )
      ).map((one) => [one.topic, one]),
    );
    const topics = missing.flatMap(({ topic, remoteTopic: name, partitions }) => {
      const { entries = [], error = null } = settings.get(topic) ?? {};
      if (error !== null) {
        log.warn(`Topic '${name}' is not made on '${targetAlias}' yet, because the settings of '${topic}' could not be read: ${error}`);
        return [];
      }
      return [{ name, partitions, replicationFactor, configs: configsOfNewTopic(entries, configFilter) }];
    });
    try {
      await target.createTopics(topics);
      for (const { name, partitions } of topics) log.info(`Topic '${name}' was made on '${targetAlias}' with ${partitions} partitions.`);
      return topics.map(({ name, partitions }) => [name, partitions]);
    } catch (error) {
      log.warn(`Not every topic could be made on '${targetAlias}'; it is tried again at the next look: ${messageOf(error)}`);
      return [];
    }
  }

  async #createPartitions(short: TopicPlan['short']): Promise<Map<string, number>> {
    const { target, targetAlias, log } = this.#parts;
    const made = new Map<string, number>();
    await inParallel(short, AT_ONCE, async ({ remoteTopic, partitions }) => {
      try {
        await target.createPartitions(remoteTopic, partitions);
        made.set(remoteTopic, partitions);
        log.info(`Topic '${remoteTopic}' on '${targetAlias}' has ${partitions} partitions now.`);
      } catch (error) {
        log.warn(`Topic '${remoteTopic}' on '${targetAlias}' could not be given ${partitions} partitions: ${messageOf(error)}`);
      }
    });
    return made;
  }
}

/** Throws KafkaError when a topic could not be looked at: it must not be taken for one that is gone. */
function countsOf(topics: readonly TopicInfo[]): TopicCounts {
  const failed = topics.find(({ error }) => error !== null);
  if (failed?.error) throw new KafkaError(failed.error, `${failed.error}: topic "${failed.name}" could not be looked at`);
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
}
