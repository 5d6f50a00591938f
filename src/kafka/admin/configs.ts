/** Settings of topics, brokers and groups. */
import type { ClusterLink, Target } from '../cluster-link.ts';
import type { ConfigChange, ConfigEntry, ConfigResource, TopicConfigs } from '../contract.ts';
import { KafkaError, kafkaErrorName } from '../kafka-error.ts';
import { describeConfigsMessage } from '../wire/messages/describe-configs.ts';
import { incrementalAlterConfigsMessage } from '../wire/messages/incremental-alter-configs.ts';
import { changing, reading, throwIfPassing, throwIfRefused } from './admin-call.ts';

const RESOURCE_TYPES = { topic: 2, broker: 4, group: 32 } as const;
const SOURCES: Readonly<Record<number, ConfigEntry['source']>> = {
  1: 'topic',
  2: 'broker',
  3: 'default-broker',
  4: 'static',
  5: 'default',
  6: 'broker-logger',
  8: 'group',
};
const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

/** A broker answers for itself only; an empty name means the cluster-wide defaults. */
function targetOf({ type, name }: ConfigResource, otherwise: Target): Target {
  if (type !== 'broker' || name === '') return otherwise;
  const id = Number(name);
  if (!Number.isInteger(id) || id < 0) throw new KafkaError('INVALID_REQUEST', `"${name}" is no broker id`);
  return id;
}

function describe({ type, name }: ConfigResource): string {
  return type === 'broker' && name === '' ? 'defaults of all brokers' : `${type} "${name}"`;
}

/** Sorted by name. */
export async function describeConfigs(link: ClusterLink, resource: ConfigResource): Promise<ConfigEntry[]> {
  const subject = `configuration of ${describe(resource)}`;
  const target = targetOf(resource, 'any');
  const body = {
    resources: [{ resourceType: RESOURCE_TYPES[resource.type], resourceName: resource.name, configurationKeys: null }],
    includeSynonyms: false,
    includeDocumentation: true,
  };
  // A broker that is away says so at once: nobody else could answer for it.
  const reply =
    typeof target === 'number'
      ? await link.send(target, describeConfigsMessage, body, reading(link))
      : await link.request(
          target,
          describeConfigsMessage,
          body,
          ({ results }) => throwIfPassing(results.map((one) => ({ ...one, subject }))),
          reading(link),
        );
  throwIfRefused(reply.results.map((one) => ({ ...one, subject })));
  return toEntries(reply.results[0]?.configs ?? []);
}

type WireConfig = ReturnType<typeof describeConfigsMessage.decodeReply>['results'][number]['configs'][number];

function toEntries(configs: readonly WireConfig[]): ConfigEntry[] {
  const entries = configs.map((one) => ({
    name: one.name,
    value: one.isSensitive ? null : one.value,
    source: SOURCES[one.configSource] ?? ('unknown' as const),
    isSensitive: one.isSensitive,
    isReadOnly: one.readOnly,
    documentation: one.documentation,
  }));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Replies stay small enough that no broker is held up by one of them. */
const TOPICS_A_REQUEST = 1_000;

/** Any broker answers for topics: each gets a share. A share whose broker fails is asked of another one. */
export async function describeTopicConfigs(
  link: ClusterLink,
  topics: readonly string[],
  keys: readonly string[] | null,
): Promise<TopicConfigs[]> {
  const brokers = (await link.brokers()).map(({ id }) => id);
  // All settings of a topic are some forty times as much as a few.
  const size = keys === null ? TOPICS_A_REQUEST / 10 : TOPICS_A_REQUEST;
  const count = Math.ceil(topics.length / size);
  const shares = Array.from({ length: count }, (_, i) => topics.slice(i * size, (i + 1) * size));
  const answers = await Promise.all(
    shares.map(async (share, i) => {
      const body = {
        resources: share.map((name) => ({ resourceType: RESOURCE_TYPES.topic, resourceName: name, configurationKeys: keys })),
        includeSynonyms: false,
      };
      const ask = (target: Target) => link.request(target, describeConfigsMessage, body, () => undefined, reading(link));
      const own = brokers[i % brokers.length];
      // The way to any broker goes round those that say nothing.
      const reply =
        count === 1 || own === undefined
          ? await ask('any')
          : await link.send(own, describeConfigsMessage, body, reading(link)).catch(() => ask('any'));
      return reply.results.map(({ resourceName, errorCode, configs }) => ({
        topic: resourceName,
        error: kafkaErrorName(errorCode),
        entries: toEntries(configs),
      }));
    }),
  );
  return answers.flat();
}

export async function alterConfigs(
  link: ClusterLink,
  resource: ConfigResource,
  changes: Readonly<Record<string, ConfigChange>>,
  isDryRun: boolean = false,
): Promise<void> {
  const configs = Object.entries(changes).map(([name, change]) => ({ name, ...operationOf(change) }));
  if (configs.length === 0) return;
  const subject = `configuration of ${describe(resource)} (${configs.map(({ name }) => name).join(', ')})`;
  const reply = await link.request(
    targetOf(resource, 'controller'),
    incrementalAlterConfigsMessage,
    { validateOnly: isDryRun, resources: [{ resourceType: RESOURCE_TYPES[resource.type], resourceName: resource.name, configs }] },
    ({ responses }) => throwIfPassing(responses.map((one) => ({ ...one, subject }))),
    changing(link),
  );
  throwIfRefused(reply.responses.map((one) => ({ ...one, subject })));
}

function operationOf(change: ConfigChange): { readonly configOperation: number; readonly value: string | null } {
  if (change === null) return { configOperation: DELETE, value: null };
  if (typeof change === 'string') return { configOperation: SET, value: change };
  if ('append' in change) return { configOperation: APPEND, value: change.append };
  return { configOperation: SUBTRACT, value: change.subtract };
}
