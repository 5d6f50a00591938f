/**
 * A herder in memory: configurations and states, no work. For faults and shapes that a real worker cannot be made to show; what a
 * worker does is tested on workers (`test/contracts/herder-contract.ts`).
 */
import { AlreadyExistsError, NotFoundError, RestError } from '../../src/base/errors.ts';
import type { LogLevel } from '../../src/base/log.ts';
import type { Herder } from '../../src/herder/herder.ts';
import type {
  ConnectorInfo,
  ConnectorOffset,
  ConnectorState,
  ConnectorStateInfo,
  MetricSample,
  NumberedLogEvent,
} from '../../src/herder/model.ts';

interface Held {
  config: Record<string, string>;
  state: ConnectorState;
  offsets: readonly ConnectorOffset[];
}

export interface MemoryHerder extends Herder {
  readonly held: Map<string, Held>;
  samples: readonly MetricSample[] | null;
  log: readonly NumberedLogEvent[] | null;
}

const WORKER_ID = '127.0.0.1:8083';
const VERSION = '4.3.1';

export function createMemoryHerder(overrides: Partial<Herder> = {}): MemoryHerder {
  const held = new Map<string, Held>();
  const levels = new Map<string, { level: LogLevel; last_modified: number | null }>([['root', { level: 'INFO', last_modified: null }]]);
  const at = (name: string, message = `Connector ${name} not found`): Held => {
    const found = held.get(name);
    if (!found) throw new NotFoundError(message);
    return found;
  };
  const infoOf = (name: string): ConnectorInfo => {
    const { config, state } = at(name);
    return { name, config, tasks: state === 'STOPPED' ? [] : [{ connector: name, task: 0 }], type: 'source' };
  };
  const statusOf = (name: string, word?: ConnectorState): ConnectorStateInfo => {
    const { state } = at(name, `No status found for connector ${name}`);
    const entry = { state: word ?? state, worker_id: WORKER_ID, version: VERSION };
    return { name, connector: entry, tasks: state === 'STOPPED' ? [] : [{ id: 0, ...entry }], type: 'source' };
  };
  const mustBeStopped = (name: string): void => {
    if (at(name).state !== 'STOPPED')
      throw new RestError(
        400,
        `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
      );
  };
  return {
    held,
    samples: [],
    log: [],
    workers: async () => [],
    serverInfo: async () => ({ version: VERSION, commit: '26b251a451ce941d', kafka_cluster_id: 'MkU3OEVBNTcwNTJENDM2Qg' }),
    health: async () => ({ status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' }),
    connectors: async () => [...held.keys()],
    connectorInfo: async (name) => infoOf(name),
    connectorConfig: async (name) => at(name).config,
    connectorStatus: async (name) => statusOf(name),
    tasks: async (name) => infoOf(name).tasks.map((id) => ({ id, config: { ...at(name).config, 'task.class': 'FileStreamSourceTask' } })),
    taskStatus: async (name, task) => {
      const found = held.has(name) ? statusOf(name).tasks.find(({ id }) => id === task) : undefined;
      if (!found) throw new NotFoundError(`No status found for task ${name}-${task}`);
      return found;
    },
    putConnectorConfig: async (name, submitted, { allowReplace, initialState }) => {
      const config = Object.hasOwn(submitted, 'name') ? submitted : { ...submitted, name };
      if (!config['connector.class']) {
        const text = Object.entries(config).map(([key, value]) => `${key}=${value}`);
        throw new RestError(400, `Connector config {${text.join(', ')}} contains no connector type`);
      }
      const isNew = !held.has(name);
      if (!isNew && !allowReplace) throw new AlreadyExistsError(`Connector ${name} already exists`);
      const state = initialState === undefined || initialState === 'STARTED' ? 'RUNNING' : initialState;
      held.set(name, { config: config as Record<string, string>, state, offsets: [] });
      return { created: isNew, info: infoOf(name) };
    },
    patchConnectorConfig: async (name, patch) => {
      const merged = { ...at(name).config, ...patch };
      at(name).config = Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null));
      return infoOf(name);
    },
    deleteConnector: async (name) => {
      at(name);
      held.delete(name);
    },
    pauseConnector: async (name) => {
      at(name, `Unknown connector ${name}`).state = 'PAUSED';
    },
    resumeConnector: async (name) => {
      at(name, `Unknown connector ${name}`).state = 'RUNNING';
    },
    stopConnector: async (name) => {
      at(name, `Unknown connector ${name}`).state = 'STOPPED';
    },
    restartConnector: async (name) => void at(name, `Unknown connector: ${name}`),
    restartConnectorAndTasks: async (name, { onlyFailed }) => {
      at(name, `Unknown connector: ${name}`);
      return onlyFailed ? statusOf(name) : statusOf(name, 'RESTARTING');
    },
    restartTask: async (name, task) => {
      if (!held.has(name) || task !== 0) throw new NotFoundError(`Unknown task: ${name}-${task}`);
    },
    connectorOffsets: async (name) => ({ offsets: at(name).offsets }),
    alterConnectorOffsets: async (name, offsets) => {
      mustBeStopped(name);
      at(name).offsets = offsets;
      return { message: 'The offsets for this connector have been altered successfully' };
    },
    resetConnectorOffsets: async (name) => {
      mustBeStopped(name);
      at(name).offsets = [];
      return { message: 'The offsets for this connector have been reset successfully' };
    },
    activeTopics: async (name) => (held.has(name) ? [held.get(name)?.config.topic ?? ''] : []),
    resetActiveTopics: async () => undefined,
    plugins: async () => [{ class: 'org.apache.kafka.connect.file.FileStreamSinkConnector', type: 'sink', version: VERSION }],
    pluginConfig: async (plugin) => {
      throw new NotFoundError(`Unknown plugin ${plugin}.`);
    },
    validateConfig: async (name, config) => ({ name, error_count: 0, groups: Object.keys(config), configs: [] }),
    loggers: async () => Object.fromEntries(levels),
    logger: async (name) => {
      const found = levels.get(name);
      if (!found) throw new NotFoundError(`Logger ${name} not found.`);
      return found;
    },
    setLogger: async (name, level, scope) => {
      levels.set(name, { level, last_modified: 1 });
      return scope === 'cluster' ? null : [name];
    },
    drain: async (worker = WORKER_ID) => {
      const message = `Worker ${worker} drains: its leader hands out its 0 connectors and 0 tasks at once; then it ends.`;
      return { worker_id: worker, connectors: 0, tasks: 0, handover: 'at_once', message };
    },
    async metrics() {
      return this.samples;
    },
    async workerLog({ afterSequence = -1, limit }: { afterSequence?: number; limit?: number }) {
      return this.log?.filter(({ sequence }) => sequence > afterSequence).slice(0, limit) ?? null;
    },
    ...overrides,
  } as MemoryHerder;
}
