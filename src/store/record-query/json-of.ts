/** The JSON of a record's bytes, read once while the record is at hand, and the way to a place in it. */
import { type ExactJson, parseExactJson } from '../../base/exact-json.ts';
import { FRAME_BYTES, schemaIdOf } from '../../cluster/record-text.ts';
import type { Step } from './query.ts';

/** Longer ones are not read: a filter must not stand still on one record. */
const MOST_BYTES = 1_000_000;

const known = new WeakMap<Buffer, { readonly json: ExactJson | undefined }>();

/** `undefined`: no JSON. Whole numbers stay exact. */
export function jsonOf(bytes: Buffer | null): ExactJson | undefined {
  if (bytes === null) return undefined;
  let found = known.get(bytes);
  if (!found) {
    found = { json: read(bytes) };
    known.set(bytes, found);
  }
  return found.json;
}

function read(bytes: Buffer): ExactJson | undefined {
  const start = schemaIdOf(bytes) === null ? 0 : FRAME_BYTES;
  if (bytes.length > MOST_BYTES || !beginsLikeJson(bytes, start)) return undefined;
  try {
    return parseExactJson(bytes.toString('utf8', start));
  } catch {
    return undefined;
  }
}

/** Most of what is no JSON is told by its first character, without the price of an exception. */
function beginsLikeJson(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at++) {
    const code = bytes[at]!;
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) continue;
    return (
      code === 0x7b ||
      code === 0x5b ||
      code === 0x22 ||
      code === 0x2d ||
      (code >= 0x30 && code <= 0x39) ||
      code === 0x74 ||
      code === 0x66 ||
      code === 0x6e
    );
  }
  return false;
}

/** `undefined`: there is no such place. In Connect's envelope a path begins at the payload; where that has none, at the whole. */
export function valueAt(json: ExactJson | undefined, path: readonly Step[]): ExactJson | undefined {
  const payload = isObject(json) && 'schema' in json && 'payload' in json && Object.keys(json).length === 2 ? json.payload : undefined;
  return (payload === undefined ? undefined : walk(payload, path)) ?? walk(json, path);
}

function walk(json: ExactJson | undefined, path: readonly Step[]): ExactJson | undefined {
  let here = json;
  for (const step of path) {
    if ('index' in step) here = Array.isArray(here) ? (here[step.index] as ExactJson | undefined) : undefined;
    else here = isObject(here) && Object.hasOwn(here, step.member) ? here[step.member] : undefined;
    if (here === undefined) return undefined;
  }
  return here;
}

function isObject(json: ExactJson | undefined): json is { readonly [member: string]: ExactJson } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
