/** Definitions of settings as the JVM prints them. */
import { readFileSync } from 'node:fs';
import type { ConfigDef } from '../../../../../src/spec/config-def.ts';
import { toConfigText } from '../../../../../src/spec/parse.ts';

/** Lines of one connector: name, type, default, importance. */
export function goldenKeys(connector: 'source' | 'heartbeat' | 'checkpoint'): readonly string[] {
  const text = readFileSync(new URL('../../../../golden/mirror/config-defs.txt', import.meta.url), 'utf8');
  const block = text.split(/^== /m).find((one) => one.startsWith(connector)) ?? '';
  return block.trimEnd().split('\n').slice(1);
}

/** Ours in the same form, without those that the original does not show. */
export function keyLines(spec: ConfigDef): readonly string[] {
  return [...spec.keys.values()]
    .filter(({ internal }) => !internal)
    .map(({ name, type, defaultValue, importance }) => `${name}|${type}|${textOf(defaultValue, type)}|${importance}`);
}

function textOf(value: unknown, type: Parameters<typeof toConfigText>[1]): string {
  if (value === undefined) return 'REQUIRED';
  if (Array.isArray(value)) return value.join(', ');
  return toConfigText(value, type) ?? 'null';
}
