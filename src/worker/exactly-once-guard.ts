/** The herder's part in the start of source tasks that write in transactions. */
import { ConnectError } from '../base/errors.ts';
import type { ConnectorTaskId } from '../herder/model.ts';

/** What the herder answers source tasks with exactly-once support while they start (KIP-618). */
export interface ExactlyOnceGuard {
  /** Resolves when earlier sets of the connector's tasks can commit nothing more. Rejects with what the task is to fail with. */
  fenceZombies(connector: string): Promise<void>;
  /** By all that the config topic holds now: the task is this worker's, and of the newest set. */
  isStillAssigned(id: ConnectorTaskId, taskGeneration: number): Promise<boolean>;
}

/** Where sources have no exactly-once support nobody asks. */
export const NO_GUARD: ExactlyOnceGuard = {
  fenceZombies: () => Promise.reject(new ConnectError('This worker does not have exactly-once source support enabled.')),
  isStillAssigned: async () => false,
};
