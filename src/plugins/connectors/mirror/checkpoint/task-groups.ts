/**
 * How groups are dealt out to tasks, and how their names travel in a task's configuration. The original joins them with commas, which a name may hold
 * itself: such names, and those that a list's reader would trim, go as JSON under a key of our own, which the original's tasks pass over.
 * Source: org.apache.kafka.connect.util.ConnectorUtils.groupPartitions, MirrorCheckpointConfig.taskConfigForConsumerGroups.
 */
import { ConfigError } from '../../../../base/errors.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';

export const TASK_GROUPS = 'task.assigned.groups';
export const TASK_EXACT_GROUPS = 'task.assigned.groups.exact';

/** At most `most` chunks of neighbours, none empty; the first ones have one more where it does not come out even. */
export function chunksOf<T>(all: readonly T[], most: number): T[][] {
  const count = Math.min(all.length, most);
  const least = Math.floor(all.length / count);
  const larger = all.length % count;
  return Array.from({ length: count }, (_, i) => {
    const start = i * least + Math.min(i, larger);
    return all.slice(start, start + least + (i < larger ? 1 : 0));
  });
}

/** The keys that name a task's groups. */
export function groupsToConfig(groups: readonly string[]): Config {
  const plain = groups.filter(isPlain);
  const exact = groups.filter((group) => !isPlain(group));
  return { [TASK_GROUPS]: plain.join(','), ...(exact.length === 0 ? {} : { [TASK_EXACT_GROUPS]: JSON.stringify(exact) }) };
}

/** Throws ConfigError when the keys are not as `groupsToConfig` or the original writes them. */
export function groupsOfConfig(config: Config): string[] {
  const plain = (config[TASK_GROUPS] ?? '').split(',').map((name) => name.trim());
  return [...plain.filter((name) => name !== ''), ...exactGroups(config[TASK_EXACT_GROUPS])];
}

function exactGroups(text: string | undefined): string[] {
  if (text === undefined) return [];
  try {
    const names: unknown = JSON.parse(text);
    if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  } catch {
    // Told below.
  }
  throw new ConfigError(`${TASK_EXACT_GROUPS} = ${text} is no list of names as JSON. Tasks are configured by their connector: restart it.`);
}

function isPlain(group: string): boolean {
  return group !== '' && group === group.trim() && !group.includes(',');
}
