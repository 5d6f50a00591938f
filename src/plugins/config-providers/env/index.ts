/**
 * `${env:NAME}`: a variable of the worker's environment as it was when the worker began. Source:
 * org.apache.kafka.common.config.provider.EnvVarConfigProvider.
 */
import { ConfigError, messageOf } from '../../../base/errors.ts';
import { compileJavaRegex } from '../../../base/java-regex/java-pattern.ts';
import type { Log } from '../../../base/log.ts';
import { connectVersion } from '../../../base/version.ts';
import type { ConfigData, ConfigProvider, ConfigProviderPlugin } from '../../../plugin-api/config-provider.ts';
import type { Config } from '../../../plugin-api/plugin.ts';

const PATTERN = 'allowlist.pattern';

class EnvVarConfigProvider implements ConfigProvider {
  readonly #variables: ReadonlyMap<string, string>;
  readonly #log: Log;

  constructor(variables: ReadonlyMap<string, string>, log: Log) {
    this.#variables = variables;
    this.#log = log;
  }

  get(path: string, keys: ReadonlySet<string>): ConfigData {
    if (path !== '') {
      this.#log.error(`Path is not supported for EnvVarConfigProvider, invalid value '${path}'`);
      throw new ConfigError(`Path is not supported for EnvVarConfigProvider, invalid value '${path}'`);
    }
    const found = [...keys].flatMap((name): [string, string][] => {
      const value = this.#variables.get(name);
      return value === undefined ? [] : [[name, value]];
    });
    return { values: new Map(found), ttlMs: null };
  }
}

function allowedVariables(config: Config, log: Log): ReadonlyMap<string, string> {
  const pattern = config[PATTERN];
  if (pattern === undefined) log.info("No pattern for environment variables provided. Using default pattern '(.*)'.");
  const isAllowed = compiled(pattern ?? '.*');
  const variables = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && isAllowed.test(name) ? [[name, value]] : [],
  );
  return new Map(variables);
}

function compiled(pattern: string): RegExp {
  try {
    return compileJavaRegex(pattern, true);
  } catch (error) {
    throw new ConfigError(`Invalid value ${pattern} for configuration ${PATTERN}: ${messageOf(error)}`, { cause: error });
  }
}

export const envVarConfigProvider: ConfigProviderPlugin = {
  kind: 'config_provider',
  className: 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
  version: connectVersion,
  create: (config, log) => new EnvVarConfigProvider(allowedVariables(config, log), log),
};
