/** Facts as plain data: what JSON, YAML and CSV can hold, with secrets hidden. Made from rows, for raw views, saves and `--once`. */
import { maskText, maskValue } from '../base/mask.ts';
import { hideSecrets } from '../base/secrets.ts';

export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject;
export interface PlainObject {
  readonly [name: string]: Plain;
}

/**
 * `bigint` as decimal text, maps as objects, sets as lists, what is `undefined` left out, numbers that JSON has no word for as `null`.
 * Every text goes through the maskers; a text under a name that stands for a secret is hidden whole.
 */
export function toPlain(value: unknown, name = ''): Plain {
  switch (typeof value) {
    case 'string':
      return maskText(hideSecrets(maskValue(name, value)));
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : toPlainObject(value, name);
    default:
      return null;
  }
}

function toPlainObject(value: object, name: string): Plain {
  if (Array.isArray(value)) return value.map((one: unknown) => toPlain(one, name));
  if (value instanceof Set) return [...value].map((one: unknown) => toPlain(one, name));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  const entries: Iterable<[string, unknown]> =
    value instanceof Map ? [...value].map(([key, one]: [unknown, unknown]) => [String(key), one]) : Object.entries(value);
  const out: Record<string, Plain> = Object.create(null);
  for (const [key, one] of entries) if (one !== undefined && typeof one !== 'function') out[key] = toPlain(one, key);
  return out;
}
