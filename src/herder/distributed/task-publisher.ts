/**
 * Asks a connector of this worker for its tasks and has them written when they differ from those that are stored; tried again, at first
 * after 250 ms and at most every minute, until it succeeds or the connector is no longer here. Source: DistributedHerder.reconfigureConnectorTasksWithRetry.
 */
import { backoffMs } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Config } from '../../plugin-api/plugin.ts';
import type { ClusterConfig } from '../../storage/config/port.ts';
import { toFault } from '../../worker/protocol.ts';
import { isSameConfig, isSameTasks, type Launcher, type MadeTasks } from '../launcher.ts';
import type { LocalConnectors } from './local-connectors.ts';

const FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 60_000;
/** The leader may refuse so often before that is an error. */
const PASSING_FAILURES = 3;

export interface TaskPublisherParts {
  readonly connectors: Pick<LocalConnectors, 'running' | 'onTasksMade'>;
  readonly launcher: Pick<Launcher, 'makeTasks'>;
  config(): ClusterConfig;
  /** Stores the set, here or at the leader. */
  publish(connector: string, configs: readonly Config[]): Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

export class TaskPublisher {
  readonly #parts: TaskPublisherParts;
  /** What ends the attempts that go on for a connector. */
  readonly #attempts = new Map<string, AbortController>();
  /** Of the resolved configuration that this worker last published the tasks for. */
  readonly #digests = new Map<string, string>();
  #isStopped = false;

  constructor(parts: TaskPublisherParts) {
    this.#parts = parts;
  }

  /** At once, also when an earlier request waits to be tried again. */
  request(connector: string): void {
    if (this.#isStopped) return;
    this.#attempts.get(connector)?.abort();
    const attempt = new AbortController();
    this.#attempts.set(connector, attempt);
    void this.#run(connector, attempt.signal).finally(() => {
      if (this.#attempts.get(connector) === attempt) this.#attempts.delete(connector);
    });
  }

  /** It runs elsewhere from now on, or nowhere: what its tasks were made for is for others to know. */
  forget(connector: string): void {
    this.#digests.delete(connector);
  }

  stop(): void {
    this.#isStopped = true;
    for (const attempt of this.#attempts.values()) attempt.abort();
  }

  async #run(connector: string, signal: AbortSignal): Promise<void> {
    const { connectors, clock, log } = this.#parts;
    let hasFailed = false;
    for (let failures = 0; !signal.aborted; failures++) {
      let made: MadeTasks;
      const running = connectors.running(connector);
      if (!running) return;
      try {
        made = await this.#parts.launcher.makeTasks(running);
        if (signal.aborted) return;
        if (hasFailed) connectors.onTasksMade(connector, null);
        hasFailed = false;
        await this.#publish(connector, made);
        return;
      } catch (error) {
        if (signal.aborted || !connectors.running(connector)) return;
        const waitMs = backoffMs(failures, FIRST_RETRY_MS, MAX_RETRY_MS);
        const line = `The tasks could not be configured anew; tried again in ${Math.round(waitMs)} ms.`;
        const own = log.for({ connector });
        // Leaders and the keys that requests are signed with change: that passes.
        if (isPublishing(error) && failures < PASSING_FAILURES) own.warn(line, error);
        else own.error(line, error);
        if (!isPublishing(error)) {
          connectors.onTasksMade(connector, toFault(error));
          hasFailed = true;
        }
        await clock.sleep(waitMs, signal);
      }
    }
  }

  async #publish(connector: string, { configs, digest }: MadeTasks): Promise<void> {
    const stored = this.#parts.config().connectors.get(connector);
    if (stored?.target !== 'STARTED') return;
    const isApplied = stored.appliedConfig !== null && isSameConfig(stored.appliedConfig, stored.config);
    const isKnown = (this.#digests.get(connector) ?? digest) === digest;
    if (!stored.isInconsistent && isApplied && isKnown && isSameTasks(stored.taskConfigs, configs)) return;
    try {
      await this.#parts.publish(connector, configs);
    } catch (cause) {
      throw new PublishError(cause);
    }
    this.#digests.set(connector, digest);
  }
}

/** The connector is not to blame. */
class PublishError extends Error {
  override readonly name = 'PublishError';

  constructor(cause: unknown) {
    super('The leader did not take the task configurations.', { cause });
  }
}

function isPublishing(error: unknown): boolean {
  return error instanceof PublishError;
}
