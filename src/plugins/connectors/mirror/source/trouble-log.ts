/**
 * Makes a fetch fault that lasts visible: the fetcher tries again by itself, for ever and without a word. The original stays RUNNING with a warning at
 * most. Each fault is told once a minute, and once more when it is over.
 */
import type { Clock } from '../../../../base/clock.ts';
import type { Log } from '../../../../base/log.ts';
import type { Fetcher } from '../../../../kafka/contract.ts';
import type { KafkaError } from '../../../../kafka/kafka-error.ts';

/** A change of leaders is over by then. */
const PATIENCE_MS = 10_000;
const REPEAT_MS = 60_000;
const LOOK_MS = 1_000;
const MOST_NAMES = 5;

export class TroubleLog {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #source: string;
  /** By message: when it was told last. */
  readonly #told = new Map<string, number>();
  #isLasting = false;
  #nextLookMs = 0;
  #lastError: string | null = null;

  /** `source`: alias of the cluster that is read. */
  constructor(source: string, clock: Clock, log: Log) {
    this.#source = source;
    this.#clock = clock;
    this.#log = log;
  }

  /** The newest that was told and is not over; `null`: all is well. */
  get lastError(): string | null {
    return this.#lastError;
  }

  /** What a poll was rejected with; the partition that it is about is tried again. */
  failed(error: KafkaError): void {
    this.#tell(error.message, `Cluster '${this.#source}' cannot be read in part, and is asked again: ${error.message}`);
  }

  /** After each poll; it looks once a second. */
  look(fetcher: Pick<Fetcher, 'troubles'>): void {
    const nowMs = this.#clock.monoMs();
    if (nowMs < this.#nextLookMs) return;
    this.#nextLookMs = nowMs + LOOK_MS;
    const troubles = fetcher.troubles();
    if (troubles.length === 0) {
      this.#over();
      return;
    }
    const lasting = troubles.filter(({ sinceMs }) => nowMs - sinceMs >= PATIENCE_MS);
    const [first] = lasting;
    if (!first) return;
    this.#isLasting = true;
    const names = lasting.slice(0, MOST_NAMES).map(({ topic, partition }) => `${topic}-${partition}`);
    const more = lasting.length > MOST_NAMES ? ` and ${lasting.length - MOST_NAMES} more` : '';
    const seconds = Math.round((nowMs - first.sinceMs) / 1000);
    this.#tell(
      first.error.message,
      `Nothing could be read of ${names.join(', ')}${more} of cluster '${this.#source}' for ${seconds} s: ${first.error.message}`,
    );
  }

  #over(): void {
    if (this.#isLasting) this.#log.info(`Cluster '${this.#source}' can be read again.`);
    this.#isLasting = false;
    this.#lastError = null;
    this.#told.clear();
  }

  #tell(key: string, text: string): void {
    this.#lastError = text;
    const nowMs = this.#clock.monoMs();
    const lastMs = this.#told.get(key);
    if (lastMs !== undefined && nowMs - lastMs < REPEAT_MS) return;
    this.#told.set(key, nowMs);
    this.#log.warn(text);
  }
}
