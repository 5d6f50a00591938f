/** Statuses of what runs on this worker, as the others read them. UNASSIGNED and FAILED never overwrite what a later owner wrote. Source: AbstractHerder. */
import type { ConnectorState, ConnectorTaskId } from '../../storage/connector-states.ts';
import type { Status, StatusStore } from '../../storage/status/port.ts';

const SAFE: ReadonlySet<ConnectorState> = new Set(['UNASSIGNED', 'FAILED']);
/** The original leaves the version out of what it writes while nothing runs. */
const WITHOUT_VERSION: ReadonlySet<ConnectorState> = new Set(['UNASSIGNED', 'RESTARTING']);

export class StatusWriter {
  readonly #store: StatusStore;
  readonly #workerId: () => string;
  /** Of the last round of this worker. */
  generation = -1;

  constructor(store: StatusStore, workerId: () => string) {
    this.#store = store;
    this.#workerId = workerId;
  }

  connector(name: string, state: ConnectorState, version: string | null, trace: string | null = null): void {
    this.#store.putConnector(name, this.#status(state, version, trace), { isSafe: SAFE.has(state) });
  }

  task(id: ConnectorTaskId, state: ConnectorState, version: string | null, trace: string | null = null): void {
    this.#store.putTask(id, this.#status(state, version, trace), { isSafe: SAFE.has(state) });
  }

  /** With the topics that it used. */
  removeConnector(name: string): void {
    this.#store.removeConnector(name);
    this.#store.removeTopics(name);
  }

  removeTask(id: ConnectorTaskId): void {
    this.#store.removeTask(id);
  }

  #status(state: ConnectorState, version: string | null, trace: string | null): Status {
    return {
      state,
      trace,
      workerId: this.#workerId(),
      generation: this.generation,
      version: WITHOUT_VERSION.has(state) ? null : version,
    };
  }
}
