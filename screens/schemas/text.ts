/** The text of a schema as lines; a difference of two as lines. Pure. */
import { diffLines } from '../../src/base/line-diff.ts';
import { escapeUnsafe } from '../../src/base/safe-json.ts';
import type { SchemaVersion } from '../../src/control/schema-registry.ts';
import { type Line, span } from '../parts/line.ts';

/** Avro and JSON Schema are JSON, often in one line; Protobuf is its own text. */
export function schemaLines({ schema }: Pick<SchemaVersion, 'schema'>): string[] {
  try {
    return escapeUnsafe(JSON.stringify(JSON.parse(schema), null, 2)).split('\n');
  } catch {
    return schema.split(/\r\n|\n|\r/);
  }
}

export function diffText(before: SchemaVersion, after: SchemaVersion): Line[] {
  const lines = diffLines(schemaLines(before), schemaLines(after));
  if (lines.every((one) => one.kind === 'same')) return [[span('  the texts are the same', 'dim')]];
  const look = { same: [' ', 'dim'], gone: ['-', 'fail'], new: ['+', 'ok'] } as const;
  return lines.map(({ kind, text }) => [span(`${look[kind][0]} ${text}`, look[kind][1])]);
}
