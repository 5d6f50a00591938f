/**
 * Before tasks of an exactly-once source start, the producers of the tasks before them must be unable to write: the leader fences their
 * transactional ids and keeps on record for how many tasks it did so. Source: DistributedHerder.fenceZombieSourceTasks, KIP-618 (reference 6.5).
 */
import { NotFoundError, RestError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Admin } from '../../kafka/contract.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { ConfigStore, ConnectorConfig } from '../../storage/config/port.ts';
import { transactionalId } from '../../worker/plugin-clients.ts';

export interface ZombieFencingParts {
  readonly configs: ConfigStore;
  readonly groupId: string;
  readonly syncTimeoutMs: number;
  /** An admin client with the connector's own settings, references in them not resolved yet. */
  withAdmin<T>(connector: string, config: Config, work: (admin: Admin) => Promise<T>): Promise<T>;
  readonly log: Log;
}

export class ZombieFencing {
  readonly #parts: ZombieFencingParts;
  /** Tasks that start together wait for one round. */
  readonly #rounds = new Map<string, Promise<void>>();

  constructor(parts: ZombieFencingParts) {
    this.#parts = parts;
  }

  /** For the leader. Rejects with NotFoundError, or RestError 409 when the tasks are replaced meanwhile. */
  fence(connector: string): Promise<void> {
    const running = this.#rounds.get(connector);
    if (running) return running;
    const round = this.#fence(connector).finally(() => this.#rounds.delete(connector));
    this.#rounds.set(connector, round);
    return round;
  }

  async #fence(connector: string): Promise<void> {
    const { configs, groupId, syncTimeoutMs, log } = this.#parts;
    await configs.refresh(syncTimeoutMs);
    const wanted = this.#connector(connector);
    if (!wanted.isPendingFencing) return;
    const before = wanted.fencedTaskCount;
    // A single task that follows on a single task fences it by taking its transactional id.
    if (before !== null && !(before === 1 && wanted.taskCount === 1)) {
      const ids = Array.from({ length: before }, (_, taskId) => transactionalId(groupId, { connector, taskId }));
      log.for({ connector }).info(`Fencing the producers of ${before} earlier tasks`);
      await this.#parts.withAdmin(connector, wanted.config, (admin) => admin.fenceProducers(ids));
    }
    await configs.refresh(syncTimeoutMs);
    if (this.#connector(connector).taskGeneration !== wanted.taskGeneration)
      throw new RestError(409, 'Failed to complete zombie fencing because a new set of task configs was generated');
    await configs.putFencedTaskCount(connector, wanted.taskCount);
  }

  #connector(name: string): ConnectorConfig {
    const found = this.#parts.configs.snapshot().connectors.get(name);
    if (!found) throw new NotFoundError(`Connector ${name} not found`);
    return found;
  }
}
