/** What a worker of a group answers its source tasks with exactly-once support while they start. Source: DistributedHerder.{fenceZombieSourceTasks,verifyTaskGenerationAndOwnership}. */
import { backoffMs } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf, NotFoundError, RestError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { KafkaError } from '../../kafka/kafka-error.ts';
import type { ConfigStore } from '../../storage/config/port.ts';
import type { ConnectorTaskId } from '../../storage/connector-states.ts';
import type { ExactlyOnceGuard } from '../../worker/exactly-once-guard.ts';

export interface GroupGuardParts {
  readonly configs: ConfigStore;
  /** One round at the leader, whoever that is. */
  fence(connector: string): Promise<void>;
  owns(id: ConnectorTaskId): boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** A task starts right when leaders change: that must not cost it more than time. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 250;
const RETRY_MAX_MS = 5_000;
const READ_MS = 30_000;

export class GroupGuard implements ExactlyOnceGuard {
  readonly #parts: GroupGuardParts;

  constructor(parts: GroupGuardParts) {
    this.#parts = parts;
  }

  async fenceZombies(connector: string): Promise<void> {
    const { clock, log } = this.#parts;
    const endMs = clock.monoMs() + PATIENCE_MS;
    for (let failures = 0; ; failures++) {
      try {
        return await this.#parts.fence(connector);
      } catch (error) {
        const waitMs = backoffMs(failures, RETRY_MS, RETRY_MAX_MS);
        if (isFinal(error) || clock.monoMs() + waitMs >= endMs) throw error;
        log.for({ connector }).warn(`Earlier tasks could not be fenced, tried again in ${waitMs} ms: ${messageOf(error)}`);
        await clock.sleep(waitMs);
      }
    }
  }

  async isStillAssigned(id: ConnectorTaskId, taskGeneration: number): Promise<boolean> {
    const { configs, owns } = this.#parts;
    await configs.refresh(READ_MS);
    const wanted = configs.snapshot().connectors.get(id.connector);
    return owns(id) && wanted !== undefined && !wanted.isInconsistent && wanted.taskGeneration === taskGeneration;
  }
}

/** Refused for what no other leader and no other moment would change; a leader on its way out, or in, says 409 or nothing. */
function isFinal(error: unknown): boolean {
  if (error instanceof KafkaError) return !error.isRetriable;
  if (error instanceof NotFoundError) return true;
  return error instanceof RestError && error.status >= 400 && error.status < 500 && error.status !== 409;
}
