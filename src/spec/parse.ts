/**
 * How the text of one setting becomes a typed value, with ConfigDef's rules and sentences.
 * Source: org.apache.kafka.common.config.ConfigDef (`parseType`, `parseValue`, `convertToString`).
 */
import { ConfigError } from '../base/errors.ts';
import type { ConfigDef, ConfigKey, ConfigType } from './config-def.ts';

/** What a PASSWORD looks like wherever people or machines may read it. */
export const HIDDEN = '[hidden]';

/** A configuration as it was given: `null` is an explicit null, an absent key is unset. */
export type RawConfig = Readonly<Record<string, string | null | undefined>>;

const INTEGER_RANGES = {
  INT: [-(2n ** 31n), 2n ** 31n - 1n],
  SHORT: [-(2n ** 15n), 2n ** 15n - 1n],
  LONG: [-(2n ** 63n), 2n ** 63n - 1n],
} as const;

// What java.lang.Double.parseDouble takes besides hexadecimal floats, which nobody writes into a configuration.
const JAVA_DOUBLE = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;

/** ConfigDef's sentence about a refused value. */
export function invalidValue(name: string, value: unknown, reason: string): ConfigError {
  return new ConfigError(`Invalid value ${toJavaText(value)} for configuration ${name}: ${reason}`);
}

export function missingValue(name: string): ConfigError {
  return new ConfigError(`Missing required configuration "${name}" which has no default value.`);
}

/** A parsed value the way Java would print it into a message: lists in brackets. */
function toJavaText(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

/** Cut what String.trim() cuts: everything up to U+0020 at both ends. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** Typed value of `text` (see ValueOf); throws ConfigError in ConfigDef's words. CLASS gives the full class name. */
export function parseType(key: Pick<ConfigKey, 'name' | 'type' | 'resolveClass'>, text: string | null): unknown {
  if (text === null) return null;
  const trimmed = javaTrim(text);
  switch (key.type) {
    case 'BOOLEAN':
      return parseBoolean(key.name, text, trimmed);
    case 'STRING':
    case 'PASSWORD':
      return trimmed;
    case 'INT':
    case 'SHORT':
      return Number(parseInteger(key.name, key.type, text, trimmed));
    case 'LONG':
      return parseInteger(key.name, key.type, text, trimmed);
    case 'DOUBLE':
      if (!JAVA_DOUBLE.test(trimmed)) throw invalidValue(key.name, text, 'Not a number of type DOUBLE');
      return Number(trimmed.replace(/[fFdD]$/, ''));
    case 'LIST':
      return parseList(trimmed);
    case 'CLASS':
      return parseClass(key, text, trimmed);
  }
}

function parseBoolean(name: string, text: string, trimmed: string): boolean {
  const lower = trimmed.toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw invalidValue(name, text, 'Expected value to be either true or false');
  return lower === 'true';
}

function parseInteger(name: string, type: 'INT' | 'SHORT' | 'LONG', text: string, trimmed: string): bigint {
  const [min, max] = INTEGER_RANGES[type];
  // The length cap keeps BigInt() from chewing on megabytes of digits; leading zeros are legal, hence the slack.
  if (/^[+-]?\d+$/.test(trimmed) && trimmed.length <= 400) {
    const value = BigInt(trimmed.replace(/^\+/, ''));
    if (value >= min && value <= max) return value;
  }
  throw invalidValue(name, text, `Not a number of type ${type}`);
}

function parseList(trimmed: string): readonly string[] {
  return trimmed === '' ? [] : trimmed.split(',').map((item, i, all) => trimListItem(item, i === 0, i === all.length - 1));
}

/** Only the whitespace next to a comma goes (`\s*,\s*`); the ends were trimmed before. */
function trimListItem(item: string, isFirst: boolean, isLast: boolean): string {
  const left = isFirst ? item : item.replace(/^[ \t\n\v\f\r]+/, '');
  return isLast ? left : left.replace(/[ \t\n\v\f\r]+$/, '');
}

function parseClass(key: Pick<ConfigKey, 'name' | 'resolveClass'>, text: string, trimmed: string): string {
  if (!key.resolveClass) return trimmed;
  const className = key.resolveClass(trimmed);
  if (className === null) throw invalidValue(key.name, text, `Class ${text} could not be found.`);
  return className;
}

/** Value of one key of `config`: parsed, or its default; validated. Throws ConfigError. */
export function parseKey(key: ConfigKey, config: RawConfig): unknown {
  const text = config[key.name];
  let value: unknown;
  if (text !== undefined) value = parseType(key, text);
  else if (key.defaultValue === undefined) throw missingValue(key.name);
  else value = key.defaultValue;
  key.validator?.(key.name, value);
  return value;
}

/** Every key of `def`, parsed and validated; the first fault throws ConfigError. Unknown keys of `config` are left out. */
export function parseConfig(def: ConfigDef, config: RawConfig): Map<string, unknown> {
  return new Map([...def.keys.values()].map((key) => [key.name, parseKey(key, config)]));
}

/** A parsed value as REST shows it: lists comma-joined, passwords hidden, `null` stays. */
export function toConfigText(value: unknown, type: ConfigType): string | null {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'PASSWORD':
      return HIDDEN;
    case 'LIST':
      return Array.isArray(value) ? value.join(',') : String(value);
    case 'DOUBLE':
      return javaDoubleText(Number(value));
    default:
      return String(value);
  }
}

/** Double.toString: at least one decimal, scientific outside 10^-3..10^7. */
function javaDoubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0.0';
  const magnitude = Math.abs(value);
  if (value === 0 || (magnitude >= 1e-3 && magnitude < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}
