/** Keys that take one of some words, as kafka-connect-jdbc checks and recommends them. Source: io.confluent.connect.jdbc.util.EnumRecommender. */
import type { ConfigKey, Validator } from '../../../../spec/config-def.ts';
import { invalidValue } from '../../../../spec/parse.ts';

export type Recommender = NonNullable<ConfigKey['recommender']>;

/** Recommends the words, whatever the configuration is. */
export function recommending(...words: readonly string[]): Recommender {
  return { validValues: () => words, visible: () => true };
}

/** All in lower case or all in upper case; null passes. */
export function enumerator(...words: readonly string[]): Validator {
  const valid = new Set(words.flatMap((word) => [word.toLowerCase(), word.toUpperCase()]));
  return (name, value) => {
    if (value !== null && !valid.has(String(value)))
      throw invalidValue(name, value, `Invalid enumerator. It is one of: ${words.join(', ')}`);
  };
}
