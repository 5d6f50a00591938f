/**
 * Rules for parsed values, with ConfigDef's sentences. Each throws ConfigError when it refuses.
 * Where ConfigDef lets null pass (the missing key is reported elsewhere) so do these.
 */
import { ConfigError, messageOf } from '../base/errors.ts';
import { compileJavaRegex } from '../base/java-regex/java-pattern.ts';
import type { Validator } from './config-def.ts';
import { invalidValue } from './parse.ts';

type Bound = number | bigint;

function range(min: Bound | null, max: Bound | null): Validator {
  return (name, value) => {
    if (value === null || value === undefined) throw invalidValue(name, null, 'Value must be non-null');
    if (typeof value !== 'number' && typeof value !== 'bigint') throw invalidValue(name, value, 'Value must be a number');
    if (min !== null && value < min) throw invalidValue(name, value, `Value must be at least ${min}`);
    if (max !== null && value > max) throw invalidValue(name, value, `Value must be no more than ${max}`);
  };
}

export function atLeast(min: Bound): Validator {
  return range(min, null);
}

export function between(min: Bound, max: Bound): Validator {
  return range(min, max);
}

/** Exactly one of the words; null is refused. */
export function oneOf(...words: readonly string[]): Validator {
  return (name, value) => {
    if (!words.includes(String(value)) || value === null) throw invalidValue(name, value, `String must be one of: ${words.join(', ')}`);
  };
}

/** One of the words in any case; null is refused. */
export function oneOfIgnoreCase(...words: readonly string[]): Validator {
  const upper = words.map((word) => word.toUpperCase());
  return (name, value) => {
    if (typeof value === 'string' && upper.includes(value.toUpperCase())) return;
    throw invalidValue(name, value, `String must be one of (case insensitive): ${upper.join(', ')}`);
  };
}

export function nonEmptyString(): Validator {
  return (name, value) => {
    if (value === '') throw invalidValue(name, value, 'String must be non-empty');
  };
}

/** Names of connectors: not empty, no ISO control characters. */
export function nonEmptyStringWithoutControlChars(): Validator {
  return (name, value) => {
    if (value === null || value === undefined) return;
    if (value === '') throw invalidValue(name, value, 'String may not be empty');
    const codes = [...String(value)].map((c) => c.codePointAt(0) ?? 0).filter((c) => c < 0x20 || (c >= 0x7f && c < 0xa0));
    if (codes.length > 0) {
      throw invalidValue(name, value, `String may not contain control sequences but had the following ASCII chars: ${codes.join(', ')}`);
    }
  };
}

export function nonNull(): Validator {
  return (name, value) => {
    if (value === null || value === undefined) throw invalidValue(name, null, 'entry must be non null');
  };
}

/** A Java regular expression that this program can run (see java-regex.ts). */
export function regex(): Validator {
  return (name, value) => {
    if (value === null || value === '') return;
    try {
      compileJavaRegex(String(value));
    } catch (error) {
      throw invalidValue(name, value, `Invalid regex: ${messageOf(error)}`);
    }
  };
}

/** A list without a repeated or an empty element; null is refused. `words`: what it may hold (null: anything). */
export function listOf(options: {
  readonly isEmptyAllowed: boolean;
  readonly isNullAllowed?: boolean;
  readonly words?: readonly string[];
}): Validator {
  const { isEmptyAllowed, isNullAllowed = false, words } = options;
  return (name, value) => {
    if (value === null || value === undefined) {
      if (isNullAllowed) return;
      throw new ConfigError(`Configuration '${name}' values must not be null.`);
    }
    const all = items(value);
    if (new Set(all).size !== all.length) throw new ConfigError(`Configuration '${name}' values must not be duplicated.`);
    if (all.length === 0 && !isEmptyAllowed) {
      const valid = words ? `[${words.join(', ')}]` : 'any non-empty value';
      throw new ConfigError(`Configuration '${name}' must not be empty. Valid values include: ${valid}`);
    }
    for (const item of all) {
      if (words) oneOf(...words)(name, item);
      else if (item.trim() === '') throw new ConfigError(`Configuration '${name}' values must not be empty.`);
    }
  };
}

/** No element twice (`Duplicate alias provided.`), as `transforms` and `predicates` need. */
export function uniqueAliases(): Validator {
  return (name, value) => {
    const all = items(value);
    if (new Set(all).size !== all.length) throw invalidValue(name, value, 'Duplicate alias provided.');
  };
}

/** Every rule in turn; the first that refuses decides. */
export function allOf(...rules: readonly Validator[]): Validator {
  return (name, value) => {
    for (const rule of rules) rule(name, value);
  };
}

/** A rule in one's own words: `problem` gives the sentence's end, or null when the value is fine. */
export function check(problem: (value: unknown) => string | null): Validator {
  return (name, value) => {
    const reason = problem(value);
    if (reason !== null) throw invalidValue(name, value, reason);
  };
}

function items(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new ConfigError(`Value ${String(value)} is not a list.`);
  return value;
}
