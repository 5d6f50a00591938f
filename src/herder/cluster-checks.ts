/**
 * What only workers of a cluster ask of a connector's configuration: a consumer group that is not the workers' own, and exactly-once support that
 * can be given. Source: DistributedHerder.{validateSinkConnectorConfig,validateSourceConnectorConfig}.
 */
import { messageOf } from '../base/errors.ts';
import type { Config, SourceConnectorPlugin } from '../plugin-api/plugin.ts';
import type { ConfigValue } from '../spec/config-def.ts';
import { type DistributedSettings, hasExactlyOnceSources, type WorkerSettings } from '../worker/worker-spec.ts';

export interface ClusterFacts {
  /** Of the workers. */
  readonly groupId: string;
  readonly hasExactlyOnceSources: boolean;
}

/** `null` for a standalone worker, which checks nothing of this. */
export function clusterFacts(settings: WorkerSettings): ClusterFacts | null {
  if (!isDistributed(settings)) return null;
  return { groupId: settings['group.id'], hasExactlyOnceSources: hasExactlyOnceSources(settings) };
}

function isDistributed(settings: WorkerSettings): settings is DistributedSettings {
  return 'group.id' in settings;
}

type Values = ReadonlyMap<string, ConfigValue>;

const GROUP_KEY = 'consumer.override.group.id';

/** `overrides`: the rows of client overrides, where the group may be named. */
export function checkSinkGroup(config: Config, { groupId }: ClusterFacts, values: Values, overrides: Values): void {
  const own = config[GROUP_KEY];
  if (own === groupId) overrides.get(GROUP_KEY)?.errors.push(`Consumer group ${own} conflicts with Connect worker group ${groupId}`);
  if (own !== undefined || `connect-${config.name}` !== groupId) return;
  values.get('name')?.errors.push(`Consumer group for sink connector named ${config.name} conflicts with Connect worker group ${groupId}`);
}

/** Asks a fresh instance of the connector, and only what the configuration wants to know. */
export async function checkExactlyOnce(
  plugin: SourceConnectorPlugin,
  config: Config,
  cluster: ClusterFacts,
  values: Values,
): Promise<void> {
  const support = values.get('exactly.once.support');
  if (support && support.errors.length === 0 && isWord(support, 'required')) {
    if (!cluster.hasExactlyOnceSources) support.errors.push('This worker does not have exactly-once source support enabled.');
    const problem = await supportProblem(plugin, config);
    if (problem !== null) support.errors.push(problem);
  }
  const boundary = values.get('transaction.boundary');
  if (boundary && boundary.errors.length === 0 && isWord(boundary, 'connector')) {
    const problem = await boundaryProblem(plugin, config);
    if (problem !== null) boundary.errors.push(problem);
  }
}

function isWord({ value }: ConfigValue, word: string): boolean {
  return String(value).trim().toLowerCase() === word;
}

async function supportProblem(plugin: SourceConnectorPlugin, config: Config): Promise<string | null> {
  try {
    const support = await plugin.create().exactlyOnceSupport?.(config);
    if (support === 'SUPPORTED') return null;
    if (support === 'UNSUPPORTED') return 'The connector does not support exactly-once semantics with the provided configuration.';
    return (
      'The connector does not say whether it supports exactly-once semantics (exactlyOnceSupport), so the worker cannot tell. ' +
      'Look into its documentation; with the value "requested" for this property it is created without this check.'
    );
  } catch (error) {
    return `The connector failed to say whether it supports exactly-once semantics: ${messageOf(error)}`;
  }
}

async function boundaryProblem(plugin: SourceConnectorPlugin, config: Config): Promise<string | null> {
  try {
    if (await plugin.create().canDefineTransactionBoundaries?.(config)) return null;
    return (
      'The connector does not support connector-defined transaction boundaries with the given configuration. ' +
      'Please reconfigure it to use a different transaction boundary definition.'
    );
  } catch (error) {
    return `The connector failed to say whether it can define transaction boundaries: ${messageOf(error)}`;
  }
}
