/** `${file:/path/to/file.properties:key}`. Source: org.apache.kafka.common.config.provider.FileConfigProvider. */
import { ConfigError, messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { connectVersion } from '../../../base/version.ts';
import type { ConfigData, ConfigProvider, ConfigProviderPlugin } from '../../../plugin-api/config-provider.ts';
import { type Properties, parseProperties } from '../../../spec/properties-file.ts';
import { AllowedPaths } from '../shared/allowed-paths.ts';
import { readText } from '../shared/read-text.ts';

class FileConfigProvider implements ConfigProvider {
  readonly #allowed: AllowedPaths;
  readonly #log: Log;

  constructor(allowed: AllowedPaths, log: Log) {
    this.#allowed = allowed;
    this.#log = log;
  }

  async get(path: string, keys: ReadonlySet<string>): Promise<ConfigData> {
    const values = new Map<string, string>();
    const file = path === '' ? null : await this.#allowed.resolve(path);
    if (file === null) return { values, ttlMs: null };
    const properties = await this.#read(path, file);
    for (const key of keys) if (properties[key] !== undefined) values.set(key, properties[key]);
    return { values, ttlMs: null };
  }

  async #read(path: string, file: string): Promise<Properties> {
    let text: string;
    try {
      text = await readText(file);
    } catch (error) {
      this.#log.error(`Could not read properties from file ${path}: ${messageOf(error)}`);
      throw new ConfigError(`Could not read properties from file ${path}`);
    }
    try {
      return parseProperties(text, path);
    } catch {
      // The parser names what it stumbled over, which is part of a value.
      this.#log.error(`Could not read properties from file ${path}: a \\u is not followed by four hexadecimal digits`);
      throw new ConfigError(`Could not read properties from file ${path}`);
    }
  }
}

export const fileConfigProvider: ConfigProviderPlugin = {
  kind: 'config_provider',
  className: 'org.apache.kafka.common.config.provider.FileConfigProvider',
  version: connectVersion,
  create: (config, log) => new FileConfigProvider(new AllowedPaths(config, log), log),
};
