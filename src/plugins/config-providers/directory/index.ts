/**
 * `${directory:/folder:file}`: the whole content of the file. Keys are names of files in that very folder, so that none leads out of it.
 * Source: org.apache.kafka.common.config.provider.DirectoryConfigProvider.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError, errorCodeOf, messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { connectVersion } from '../../../base/version.ts';
import type { ConfigData, ConfigProvider, ConfigProviderPlugin } from '../../../plugin-api/config-provider.ts';
import { AllowedPaths } from '../shared/allowed-paths.ts';
import { readText } from '../shared/read-text.ts';

class DirectoryConfigProvider implements ConfigProvider {
  readonly #allowed: AllowedPaths;
  readonly #log: Log;

  constructor(allowed: AllowedPaths, log: Log) {
    this.#allowed = allowed;
    this.#log = log;
  }

  async get(folder: string, keys: ReadonlySet<string>): Promise<ConfigData> {
    const values = new Map<string, string>();
    const real = folder === '' ? null : await this.#allowed.resolve(folder);
    if (real === null) return { values, ttlMs: null };
    for (const name of await this.#names(folder, real)) {
      if (!keys.has(name)) continue;
      const file = await this.#allowed.resolve(path.join(real, name));
      if (file !== null && (await isFile(file))) values.set(name, await this.#read(folder, name, file));
    }
    return { values, ttlMs: null };
  }

  async #names(folder: string, real: string): Promise<string[]> {
    try {
      return await readdir(real);
    } catch (error) {
      const code = errorCodeOf(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') {
        this.#log.error(`Could not list directory ${folder}: ${messageOf(error)}`);
        throw new ConfigError(`Could not list directory ${folder}`);
      }
      this.#log.warn(`The path ${folder} is not a directory`);
      return [];
    }
  }

  async #read(folder: string, name: string, file: string): Promise<string> {
    try {
      return await readText(file);
    } catch (error) {
      this.#log.error(`Could not read file ${path.join(folder, name)} for property ${name}: ${messageOf(error)}`);
      throw new ConfigError(`Could not read file ${path.join(folder, name)} for property ${name}`);
    }
  }
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    // A link to nothing.
    return false;
  }
}

export const directoryConfigProvider: ConfigProviderPlugin = {
  kind: 'config_provider',
  className: 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
  version: connectVersion,
  create: (config, log) => new DirectoryConfigProvider(new AllowedPaths(config, log), log),
};
