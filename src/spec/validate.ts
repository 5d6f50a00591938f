/**
 * All faults of a configuration at once, key by key, as `PUT …/config/validate` reports them.
 * Source: ConfigDef.validateAll. A value that does not parse goes on as null, so that a validator which refuses null adds its own error.
 */
import { messageOf } from '../base/errors.ts';
import type { ConfigDef, ConfigKey, ConfigValue } from './config-def.ts';
import { missingValue, parseType, type RawConfig, toConfigText } from './parse.ts';

/** One row a key, in the order of definition; passwords as `[hidden]`. Never throws for what `config` holds. */
export function validateAll(def: ConfigDef, config: RawConfig): Map<string, ConfigValue> {
  const values = new Map([...def.keys.values()].map((key) => [key.name, validateKey(key, config)]));
  for (const key of def.keys.values()) {
    for (const dependent of key.dependents) {
      if (values.has(dependent)) continue;
      const error = `${dependent} is referred in the dependents, but not defined.`;
      values.set(dependent, { name: dependent, value: null, recommendedValues: [], errors: [error], visible: false });
    }
  }
  return values;
}

function validateKey(key: ConfigKey, config: RawConfig): ConfigValue {
  const errors: string[] = [];
  const attempt = <T>(step: () => T): T | null => {
    try {
      return step();
    } catch (error) {
      errors.push(messageOf(error));
      return null;
    }
  };
  const text = config[key.name];
  let value: unknown = null;
  if (text !== undefined) value = attempt(() => parseType(key, text));
  else if (key.defaultValue === undefined) errors.push(missingValue(key.name).message);
  else value = key.defaultValue;
  if (key.validator) attempt(() => key.validator?.(key.name, value));
  const raw = rawTexts(config);
  const recommendedValues = [...((key.recommender && attempt(() => key.recommender?.validValues(raw))) ?? [])];
  const visible = (key.recommender && attempt(() => key.recommender?.visible(raw))) ?? true;
  return { name: key.name, value: toConfigText(value, key.type), recommendedValues, errors, visible };
}

function rawTexts(config: RawConfig): Record<string, string | null> {
  const texts: Record<string, string | null> = Object.create(null);
  for (const [name, value] of Object.entries(config)) if (value !== undefined) texts[name] = value;
  return texts;
}
