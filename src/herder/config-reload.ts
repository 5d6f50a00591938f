/**
 * Values from config providers that expire: the connector is restarted when the first of its values may be another, unless its
 * `config.action.reload` says none. Source: WorkerConfigTransformer.scheduleReload.
 */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Resolved } from '../worker/config-resolver.ts';

export class ConfigReload {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #restart: (connector: string) => Promise<void>;
  readonly #waiting = new Map<string, AbortController>();

  /** `restart` may reject: that goes to the log. */
  constructor(clock: Clock, log: Log, restart: (connector: string) => Promise<void>) {
    this.#clock = clock;
    this.#log = log;
    this.#restart = restart;
  }

  /** In place of what was scheduled for this connector before. */
  schedule(connector: string, { config, ttlMs }: Resolved): void {
    this.cancel(connector);
    if (ttlMs === null || config['config.action.reload']?.trim().toLowerCase() === 'none') return;
    this.#log.for({ connector }).info(`Scheduling a restart of connector ${connector} in ${ttlMs} ms`);
    const waiting = new AbortController();
    this.#waiting.set(connector, waiting);
    void this.#restartLater(connector, ttlMs, waiting);
  }

  cancel(connector: string): void {
    this.#waiting.get(connector)?.abort();
    this.#waiting.delete(connector);
  }

  cancelAll(): void {
    for (const connector of [...this.#waiting.keys()]) this.cancel(connector);
  }

  async #restartLater(connector: string, ttlMs: number, waiting: AbortController): Promise<void> {
    await this.#clock.sleep(ttlMs, waiting.signal);
    if (waiting.signal.aborted) return;
    this.#waiting.delete(connector);
    try {
      await this.#restart(connector);
    } catch (error) {
      this.#log.for({ connector }).error('Unexpected error during connector restart: ', error);
    }
  }
}
