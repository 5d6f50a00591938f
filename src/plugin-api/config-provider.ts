/** What a config provider is to the runtime: it gives the values of `${name:path:key}` in configurations. Source: ConfigProvider, ConfigData. */
import type { Log } from '../base/log.ts';
import type { Config } from './plugin.ts';

export interface ConfigData {
  /** Of the wanted keys, those that are there. */
  readonly values: ReadonlyMap<string, string>;
  /** After so long, in milliseconds, the values may be others; null: no time is known. */
  readonly ttlMs: number | null;
}

export interface ConfigProvider {
  /** Called once before the first `get`: what takes time at the start. Throws ConfigError. */
  open?(): void | Promise<void>;
  /**
   * `path`: the middle part of a reference, empty when it has none. What is not there or not allowed is left out. Throws ConfigError when
   * nothing can be read, without any of the content.
   */
  get(path: string, keys: ReadonlySet<string>): ConfigData | Promise<ConfigData>;
  close?(): void | Promise<void>;
}

export interface ConfigProviderPlugin {
  readonly kind: 'config_provider';
  /** Full Java class name of the original, e.g. `org.apache.kafka.common.config.provider.FileConfigProvider`. */
  readonly className: string;
  readonly version: string;
  /** Folder of the package of plugin.path that it is from; absent: built in. */
  readonly location?: string;
  /** `config`: the settings `config.providers.<name>.param.…` without their prefix. Throws ConfigError. */
  create(config: Config, log: Log): ConfigProvider;
}
