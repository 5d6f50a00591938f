/** What the leader does for the group: it alone writes configurations, keeps the session key young and clears statuses of what is gone. Source: DistributedHerder. */
import { generateKeySync } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { ClusterConfig, ConfigStore, SessionKey } from '../../storage/config/port.ts';
import type { StatusStore } from '../../storage/status/port.ts';
import type { Membership } from './membership.ts';

/** `inter.worker.key.*` */
export interface SessionKeySettings {
  /** e.g. `HmacSHA256`. */
  readonly algorithm: string;
  readonly sizeBytes: number;
  /** 0: never renewed. */
  readonly ttlMs: number;
}

export interface LeaderDutiesParts {
  readonly configs: ConfigStore;
  readonly statuses: StatusStore;
  config(): ClusterConfig;
  membership(): Membership;
  /** `null`: the group does not sign its requests. */
  readonly sessionKey: SessionKeySettings | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often a leader looks whether the session key must be renewed. */
const KEY_LOOK_MS = 10_000;

export class LeaderDuties {
  readonly #parts: LeaderDutiesParts;
  /** This worker has claimed to write since it leads. */
  #hasClaimed = false;
  /** The session key, and when it was first looked at (monotonic): the wall clock may be set back. */
  #seen: { readonly key: Buffer; readonly atMs: number } | null = null;
  readonly #ended = new AbortController();

  constructor(parts: LeaderDutiesParts) {
    this.#parts = parts;
    if (parts.sessionKey && parts.sessionKey.ttlMs > 0) void this.#watchKey();
  }

  /** After each round that this worker leads. Rejects when the config topic cannot be written. */
  async afterRound(): Promise<void> {
    if (!this.#hasClaimed) await this.#parts.configs.claimWritePrivileges();
    this.#hasClaimed = true;
    await this.#renewKey();
    this.#clearStatuses();
  }

  /** Another worker leads, or may. */
  onFollowing(): void {
    this.#hasClaimed = false;
  }

  stop(): void {
    this.#ended.abort();
  }

  async #watchKey(): Promise<void> {
    const { clock, log } = this.#parts;
    const { signal } = this.#ended;
    for (;;) {
      await clock.sleep(KEY_LOOK_MS, signal);
      if (signal.aborted) return;
      if (!this.#hasClaimed || !this.#parts.membership().isLeader) continue;
      try {
        await this.#renewKey();
      } catch (error) {
        log.warn('The session key could not be renewed; tried again.', error);
      }
    }
  }

  async #renewKey(): Promise<void> {
    const { sessionKey: wanted, configs, clock, log } = this.#parts;
    if (!wanted || this.#isGood(configs.snapshot().sessionKey, wanted)) return;
    log.debug('Writing a new session key');
    const key = generateKeySync('hmac', { length: wanted.sizeBytes * 8 }).export();
    await configs.putSessionKey({ key, algorithm: wanted.algorithm, createdMs: clock.wallMs() });
  }

  #isGood(key: SessionKey | null, wanted: SessionKeySettings): boolean {
    if (key?.algorithm !== wanted.algorithm || key.key.length !== wanted.sizeBytes) return false;
    return wanted.ttlMs === 0 || this.#ageMs(key) < wanted.ttlMs;
  }

  /** The greater of what its own time says and for how long it is known here. */
  #ageMs({ key, createdMs }: SessionKey): number {
    const { clock } = this.#parts;
    if (this.#seen?.key.equals(key) !== true) this.#seen = { key, atMs: clock.monoMs() };
    return Math.max(clock.wallMs() - createdMs, clock.monoMs() - this.#seen.atMs);
  }

  #clearStatuses(): void {
    const { statuses, config } = this.#parts;
    const { connectors } = config();
    for (const name of statuses.connectors()) {
      const wanted = connectors.get(name);
      if (wanted?.isInconsistent) continue;
      for (const task of statuses.tasks(name).keys())
        if (task >= (wanted?.taskConfigs.length ?? 0)) statuses.removeTask({ connector: name, task });
      if (wanted) continue;
      statuses.removeConnector(name);
      statuses.removeTopics(name);
    }
  }
}
