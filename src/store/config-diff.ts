/** What a new configuration changes, secrets hidden, and what that means for the connector. Pure. */
import { plural } from '../base/format.ts';
import { HIDDEN, maskValue } from '../base/mask.ts';
import type { ConnectorConfig } from './config-steps.ts';
import { type ConfigBase, configOrder } from './config-text.ts';
import type { ConnectorRow } from './connect-model.ts';
import { type DialogLine, line } from './dialog.ts';

export interface ConfigChangeRow {
  readonly key: string;
  /** As people may see it; `null`: it is not there. */
  readonly before: string | null;
  readonly after: string | null;
}

export function diffConfig({ config: before, passwordKeys }: ConfigBase, after: ConnectorConfig): ConfigChangeRow[] {
  const keys = configOrder(new Set([...Object.keys(before), ...Object.keys(after)]));
  const shown = (config: ConnectorConfig, key: string) => (Object.hasOwn(config, key) ? maskValue(key, config[key]!, passwordKeys) : null);
  return keys.flatMap((key) => (before[key] === after[key] ? [] : [{ key, before: shown(before, key), after: shown(after, key) }]));
}

export function diffLines(rows: readonly ConfigChangeRow[]): DialogLine[] {
  return rows.flatMap(({ key, before, after }) => {
    // Two hidden values look alike; that they differ is all there is to say.
    if (before !== null && before === after) return [line(`~ ${key} = ${HIDDEN} → another value`, 'warn')];
    return [
      ...(before === null ? [] : [line(`- ${key} = ${before}`, 'fail')]),
      ...(after === null ? [] : [line(`+ ${key} = ${after}`, 'ok')]),
    ];
  });
}

/** What follows from the change, most important first. */
export function consequencesOf(row: ConnectorRow | null, changes: readonly ConfigChangeRow[]): string[] {
  const has = (key: string) => changes.some((one) => one.key === key);
  const state = row?.state ?? 'RUNNING';
  const tasks = row?.tasks.length ?? 0;
  const said: string[] = [];
  if (state === 'STOPPED' || state === 'PAUSED') said.push(`It is ${state}: the new config counts from when it is resumed.`);
  else said.push(`The connector restarts${tasks > 0 ? `, and its ${plural(tasks, 'task')}` : ''}; nothing moves meanwhile.`);
  if (has('connector.class')) said.push('Another class may not understand the offsets that are stored.');
  if (row?.type === 'sink' && (has('topics') || has('topics.regex')))
    said.push('Topics that come new are read from where auto.offset.reset says; the others go on.');
  if (has('consumer.override.group.id')) said.push('Another group has no offsets: it begins where auto.offset.reset says.');
  return said;
}
