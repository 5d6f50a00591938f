/** Findings about a configuration beyond its single keys. Source: org.apache.kafka.connect.mirror.MirrorCheckpointConfig.validate (KIP-1031). */
import { messageOf } from '../../../../base/errors.ts';
import type { Config } from '../../../../plugin-api/plugin.ts';
import type { ConfigValue } from '../../../../spec/config-def.ts';
import { parseType } from '../../../../spec/parse.ts';
import { patternOf } from '../shared/topic-filter.ts';

/** Switched off they leave nothing to do. The second one is a setting of the source connector, and none of this one's rows. */
const NEEDED: ReadonlyArray<readonly [name: string, problem: string]> = [
  ['emit.checkpoints.enabled', "MirrorCheckpointConnector can't run with emit.checkpoints.enabled set to false"],
  ['emit.offset-syncs.enabled', "MirrorCheckpointConnector can't run without offset syncs"],
];

const PATTERNS = ['groups', 'groups.exclude', 'topics', 'topics.exclude'];

/** Adds what it finds to the values. */
export function validateCheckpointConfig(config: Config, values: Map<string, ConfigValue>): void {
  for (const name of PATTERNS) checkPattern(name, config[name], values.get(name));
  if (isFalse(config.enabled)) return;
  for (const [name, problem] of NEEDED) {
    if (!isFalse(config[name])) continue;
    const row = values.get(name) ?? { name, value: null, recommendedValues: [], errors: [], visible: true };
    row.errors.push(problem);
    values.set(name, row);
  }
}

/** The original finds out when it starts. */
function checkPattern(name: string, text: string | undefined, row: ConfigValue | undefined): void {
  if (text === undefined || row === undefined || row.errors.length > 0) return;
  try {
    const list = parseType({ name, type: 'LIST' }, text);
    if (Array.isArray(list)) patternOf(name, list);
  } catch (error) {
    row.errors.push(messageOf(error));
  }
}

function isFalse(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'false';
}
