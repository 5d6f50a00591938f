/** Brokers that cannot be connected: when each may be tried again, and what the log says of it. Addresses are `host:port`. */
import { backoffMs } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { formatAge } from '../base/format.ts';
import type { Log } from '../base/log.ts';
import type { ClientOptions } from './contract.ts';

/** A broker that is started again, or a leader that moves, is no news: so long it must be out of reach before the log says so. */
const QUIET_MS = 5_000;
const REPEAT_MS = 60_000;

interface Fault {
  attempts: number;
  readonly sinceMs: number;
  notBeforeMs: number;
  toldMs: number | null;
}

export class BrokerFaults {
  readonly #options: Pick<ClientOptions, 'reconnectBackoffMs' | 'reconnectBackoffMaxMs'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #faults = new Map<string, Fault>();

  constructor(options: Pick<ClientOptions, 'reconnectBackoffMs' | 'reconnectBackoffMaxMs'>, clock: Clock, log: Log) {
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
  }

  /** When the next attempt is due (monotonic); 0: at once. */
  notBeforeMs(address: string): number {
    return this.#faults.get(address)?.notBeforeMs ?? 0;
  }

  failed(address: string, error: unknown): void {
    const nowMs = this.#clock.monoMs();
    const fault = this.#faults.get(address) ?? { attempts: 0, sinceMs: nowMs, notBeforeMs: 0, toldMs: null };
    fault.notBeforeMs = nowMs + backoffMs(fault.attempts, this.#options.reconnectBackoffMs, this.#options.reconnectBackoffMaxMs);
    fault.attempts++;
    this.#faults.set(address, fault);
    const lastsMs = nowMs - fault.sinceMs;
    if (lastsMs < QUIET_MS || (fault.toldMs !== null && nowMs - fault.toldMs < REPEAT_MS)) return;
    fault.toldMs = nowMs;
    this.#log.warn(`Broker ${address} has been out of reach for ${formatAge(lastsMs)}; still trying: ${messageOf(error)}`);
  }

  reached(address: string): void {
    const fault = this.#faults.get(address);
    this.#faults.delete(address);
    if (fault && fault.toldMs !== null)
      this.#log.info(`Broker ${address} is reached again after ${formatAge(this.#clock.monoMs() - fault.sinceMs)}`);
  }
}
