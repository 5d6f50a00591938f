/**
 * Every operation on a Connect worker or cluster: the one door. REST routes, the command line and the console are thin callers
 * of this port. Implementations: `standalone.ts` (and, over HTTP, `src/control/over-http.ts` offers the same calls to any worker).
 * Errors: NotFoundError, AlreadyExistsError, RestError and others with the texts of the REST error catalogue.
 */
import type { LogLevel } from '../base/log.ts';
import type {
  ConfigInfos,
  ConfigKeyInfo,
  ConnectorInfo,
  ConnectorOffset,
  ConnectorOffsets,
  ConnectorOverview,
  ConnectorStateInfo,
  DrainReply,
  LoggerLevel,
  Message,
  MetricSample,
  NumberedLogEvent,
  PluginInfo,
  ServerHealth,
  ServerInfo,
  TargetState,
  TaskInfo,
  TaskState,
  WorkerProbe,
} from './model.ts';

export interface Herder {
  serverInfo(): Promise<ServerInfo>;
  health(): Promise<ServerHealth>;
  connectors(): Promise<readonly string[]>;
  /** Status and info of every connector in one call, for callers far away; who is near does not offer it. `src/control/overview.ts` asks whichever way there is. */
  overview?(): Promise<Readonly<Record<string, ConnectorOverview>>>;
  connectorInfo(name: string): Promise<ConnectorInfo>;
  connectorConfig(name: string): Promise<Readonly<Record<string, string>>>;
  connectorStatus(name: string): Promise<ConnectorStateInfo>;
  tasks(name: string): Promise<readonly TaskInfo[]>;
  taskStatus(name: string, task: number): Promise<TaskState>;
  /**
   * Creates or, with `allowReplace`, changes a connector. A configuration without `name` gets it; another name there is refused.
   * `initialState` is that of a new connector only.
   */
  putConnectorConfig(
    name: string,
    config: Readonly<Record<string, string | null>>,
    options: { allowReplace: boolean; initialState?: TargetState },
  ): Promise<{ created: boolean; info: ConnectorInfo }>;
  patchConnectorConfig(name: string, patch: Readonly<Record<string, string | null>>): Promise<ConnectorInfo>;
  deleteConnector(name: string): Promise<void>;
  pauseConnector(name: string): Promise<void>;
  resumeConnector(name: string): Promise<void>;
  stopConnector(name: string): Promise<void>;
  /** The connector instance only. */
  restartConnector(name: string): Promise<void>;
  /** With tasks and/or only what has failed (KIP-745): answers with the plan. */
  restartConnectorAndTasks(name: string, options: { includeTasks: boolean; onlyFailed: boolean }): Promise<ConnectorStateInfo>;
  restartTask(name: string, task: number): Promise<void>;
  connectorOffsets(name: string): Promise<ConnectorOffsets>;
  alterConnectorOffsets(name: string, offsets: readonly ConnectorOffset[]): Promise<Message>;
  resetConnectorOffsets(name: string): Promise<Message>;
  activeTopics(name: string): Promise<readonly string[]>;
  resetActiveTopics(name: string): Promise<void>;
  plugins(connectorsOnly: boolean): Promise<readonly PluginInfo[]>;
  pluginConfig(plugin: string, version?: string): Promise<readonly ConfigKeyInfo[]>;
  validateConfig(pluginType: string, config: Readonly<Record<string, string | null>>): Promise<ConfigInfos>;
  /** Levels differ from worker to worker. `worker`: its address as `WorkerProbe` has it; without it whichever answers. */
  loggers(worker?: string): Promise<Readonly<Record<string, LoggerLevel>>>;
  logger(name: string): Promise<LoggerLevel>;
  setLogger(name: string, level: LogLevel, scope: 'worker' | 'cluster', worker?: string): Promise<readonly string[] | null>;
  /**
   * The worker gives up all it runs, leaves its group and ends. `worker`: `host:port`; without it the worker that is asked. Answers when it is clear
   * how its work moves. Rejects when nobody could take the work, or the worker cannot.
   */
  drain(worker?: string): Promise<DrainReply>;
  /** The workers that can be asked from here, each by itself; one that does not answer says so. Never rejects. */
  workers(): Promise<readonly WorkerProbe[]>;
  /** Connect's metrics now; `null` where the worker offers none (a JVM worker over HTTP). */
  metrics(): Promise<readonly MetricSample[] | null>;
  /** The worker's recent log, oldest first; `null` where the worker offers none. */
  workerLog(query: {
    connector?: string;
    task?: number;
    afterSequence?: number;
    limit?: number;
  }): Promise<readonly NumberedLogEvent[] | null>;
}
