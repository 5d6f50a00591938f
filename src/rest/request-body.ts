/**
 * Bodies of requests. A JVM worker answers 500 (not 400) to malformed JSON, foreign members and wrong types; so do we. Scalars in
 * configurations become the text that stood there: `1.50` is "1.50".
 */
import { messageOf, RestError } from '../base/errors.ts';
import { type ExactJson, type ExactJsonObject, type NumberForm, parseExactJson } from '../base/exact-json.ts';

const MALFORMED_STATUS = 500;

export function malformed(message: string, cause?: unknown): RestError {
  return new RestError(MALFORMED_STATUS, message, { cause });
}

/** The body's JSON object. Throws RestError for anything else, an empty body and `null` included. */
export function readObject(body: string, numbers: NumberForm): ExactJsonObject {
  if (body.trim() === '') throw malformed('The request has no body; a JSON object is needed.');
  const value = readJson(body, numbers);
  if (!isObject(value)) throw malformed(`The body of the request must be a JSON object, not ${kindOf(value)}.`);
  return value;
}

/** Throws RestError for what is no JSON. */
export function readJson(body: string, numbers: NumberForm): ExactJson {
  try {
    return parseExactJson(body, numbers);
  } catch (error) {
    throw malformed(`The body of the request is not JSON: ${messageOf(error)}`, error);
  }
}

export function isObject(value: ExactJson | undefined): value is ExactJsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A connector configuration: text and `null` stay, other scalars become text. */
export function toConfigMap(value: ExactJsonObject): Record<string, string | null> {
  const entries = Object.entries(value).map(([name, item]): [string, string | null] => [name, toText(item, name)]);
  return Object.fromEntries(entries);
}

/** A scalar as text. Throws RestError naming the member when it is an object or array. */
export function toText(value: ExactJson, member: string): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object') throw malformed(`"${member}" is ${kindOf(value)}; text, a number, a boolean or null is needed.`);
  return String(value);
}

export function refuseUnknownMembers(value: ExactJsonObject, known: readonly string[], what: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw malformed(`Unrecognized field "${unknown}" in ${what}; known are: ${known.join(', ')}.`);
}

export function kindOf(value: ExactJson): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'a boolean' : 'a number';
}
