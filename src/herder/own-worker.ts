/** What every herder tells of the worker in its own process, whatever it knows of connectors: who it is, its plugins, its log and its levels. */
import { NotFoundError, RestError } from '../base/errors.ts';
import type { LogHub, LogLevel } from '../base/log.ts';
import type { LogQuery, LogRing } from '../base/log-ring.ts';
import type {
  ConfigInfos,
  ConfigKeyInfo,
  LoggerLevel,
  NumberedLogEvent,
  PluginInfo,
  ServerHealth,
  ServerInfo,
  WorkerProbe,
} from './model.ts';
import { OwnProcess, THIS_PROCESS } from './own-process.ts';
import { listPlugins, pluginConfig } from './plugin-list.ts';
import { type SubmittedConfig, type ValidationContext, validateForPlugin } from './validate.ts';

export interface OwnWorkerParts {
  readonly validation: ValidationContext;
  readonly logRing: LogRing;
  readonly logHub: LogHub;
  readonly serverInfo: ServerInfo;
  /** `host:port` of the advertised REST URL. */
  workerId(): string;
  readonly isTopicTrackingEnabled: boolean;
  readonly isTopicResetAllowed: boolean;
  onLogLevel(logger: string, level: LogLevel): void;
}

export abstract class OwnWorker {
  readonly #parts: OwnWorkerParts;
  readonly #process = new OwnProcess();

  constructor(parts: OwnWorkerParts) {
    this.#parts = parts;
  }

  async serverInfo(): Promise<ServerInfo> {
    return this.#parts.serverInfo;
  }

  async health(): Promise<ServerHealth> {
    return { status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' };
  }

  async plugins(connectorsOnly: boolean): Promise<readonly PluginInfo[]> {
    return listPlugins(this.#parts.validation.catalog, connectorsOnly);
  }

  async pluginConfig(plugin: string, version?: string): Promise<readonly ConfigKeyInfo[]> {
    return pluginConfig(this.#parts.validation.catalog, plugin, version);
  }

  async validateConfig(pluginType: string, config: SubmittedConfig): Promise<ConfigInfos> {
    return validateForPlugin(pluginType, config, this.#parts.validation);
  }

  async loggers(): Promise<Readonly<Record<string, LoggerLevel>>> {
    const rows = [...this.#parts.logHub.loggers()].map(([name, { level, lastModifiedMs }]): [string, LoggerLevel] => [
      name,
      { level, last_modified: lastModifiedMs },
    ]);
    return Object.fromEntries(rows);
  }

  async logger(name: string): Promise<LoggerLevel> {
    const found = this.#parts.logHub.loggers().get(name);
    if (!found) throw new NotFoundError(`Logger ${name} not found.`);
    return { level: found.level, last_modified: found.lastModifiedMs };
  }

  /** This process, without a way over HTTP. */
  async workers(): Promise<readonly WorkerProbe[]> {
    const [info, health] = await Promise.all([this.serverInfo(), this.health()]);
    const workerId = this.#parts.workerId();
    return [{ address: THIS_PROCESS, workerId, error: null, latencyMs: 0, info, health, make: 'kconsole', process: this.#process.read() }];
  }

  async workerLog(query: LogQuery): Promise<readonly NumberedLogEvent[]> {
    return this.#parts.logRing.read(query);
  }

  /** Gives the loggers that the level holds for. */
  protected setOwnLevel(logger: string, level: LogLevel): readonly string[] {
    const affected = this.#parts.logHub.setLevel(logger, level);
    this.#parts.onLogLevel(logger, level);
    return affected;
  }

  /** Throws RestError 403. */
  protected checkTopicTracking(): void {
    if (!this.#parts.isTopicTrackingEnabled) throw new RestError(403, 'Topic tracking is disabled.');
  }

  /** Throws RestError 403. */
  protected checkTopicReset(): void {
    this.checkTopicTracking();
    if (!this.#parts.isTopicResetAllowed) throw new RestError(403, 'Topic tracking reset is disabled.');
  }
}
