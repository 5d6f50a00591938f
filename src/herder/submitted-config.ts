/** A configuration that somebody sends, on its way to one that may be stored. */
import { RestError } from '../base/errors.ts';
import type { Config } from '../plugin-api/plugin.ts';
import { type SubmittedConfig, throwIfInvalid, type ValidationContext, validateConnectorConfig } from './validate.ts';

/** The configuration as it may be stored. Throws RestError 400 with every finding. */
export async function acceptableConfig(name: string, config: SubmittedConfig, validation: ValidationContext): Promise<Config> {
  if (Object.hasOwn(config, 'name') && config.name !== name)
    throw new RestError(400, `Connector name configuration (${config.name}) doesn't match connector name in the URL (${name})`);
  throwIfInvalid(await validateConnectorConfig(config, validation));
  return withoutNulls(config);
}

/** What PATCH means: a value replaces, null removes. */
export function mergedConfig(config: Config, patch: SubmittedConfig): Config {
  const merged: Record<string, string> = { ...config };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = value;
  }
  return merged;
}

/** A connector's own validation lets a null pass for a key that it does not need, and a JVM worker then breaks on it. */
function withoutNulls(config: SubmittedConfig): Config {
  const entries = Object.entries(config).map(([key, value]): [string, string] => {
    if (value === null) throw new RestError(400, `The value of ${key} is null. Give a value, or leave the key out.`);
    return [key, value];
  });
  return Object.fromEntries(entries);
}
