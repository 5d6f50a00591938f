/** What stands in place of rows when there are none: who cannot be reached, who is being asked, or that there is nothing. */
import { formatAge } from '../../src/base/format.ts';
import type { Reach } from '../../src/cluster/poll-loop.ts';
import type { Token } from '../../src/skin/skin.ts';
import type { ConsoleData } from '../../src/store/console-data.ts';
import { type Line, span } from './line.ts';

interface Asked {
  readonly value: readonly unknown[] | null;
  readonly error: string | null;
}

/** A sentence on its own, below an empty line. */
export function notice(text: string, token: Token = 'dim'): Line[] {
  return [[], [span(`   ${text}`, token)]];
}

export function kafkaEmpty({ cluster, nowMs }: ConsoleData, what: string): Line[] {
  if (!cluster) return notice('connecting …');
  return reachLines(cluster.reach, nowMs, 'Kafka') ?? notice(cluster.reach.lastOkMs === null ? 'asking the cluster …' : what);
}

export function connectEmpty({ connect, nowMs }: ConsoleData, what: string): Line[] {
  if (!connect) return notice('connecting …');
  return reachLines(connect.reach, nowMs, 'Connect') ?? notice(connect.reach.lastOkMs === null ? 'asking the worker …' : what);
}

interface Words {
  /** In the plural. */
  readonly name: string;
  /** What one must be allowed on the cluster. */
  readonly right: string;
  /** What it means that there are none. */
  readonly none: string;
}

/** Of what is asked for only while somebody looks, and may be refused. */
export function askedEmpty(data: ConsoleData, { value, error }: Asked, { name, right, none }: Words): Line[] {
  if (error !== null) return [...notice(`${name} cannot be read: ${error}`, 'fail'), [span(`   It needs ${right} on the cluster.`, 'dim')]];
  return value === null && data.cluster?.reach.error == null ? notice('asking …') : kafkaEmpty(data, none);
}

/** `null`: it is reached, or nobody has tried yet. */
function reachLines({ error, failingSinceMs }: Reach, nowMs: number, name: string): Line[] | null {
  if (error === null) return null;
  const since = failingSinceMs === null ? '' : ` for ${formatAge(nowMs - failingSinceMs)}`;
  return [
    ...notice(`${name} is not reachable${since}`, 'fail'),
    [span(`   ${error}`, 'dim')],
    ...notice('It is asked again and again; nothing needs to be done here.'),
  ];
}
