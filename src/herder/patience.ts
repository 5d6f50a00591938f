/** Waiting for Kafka at the start of a worker whose configuration lives there. */
import { backoffMs } from '../base/backoff.ts';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { KafkaError } from '../kafka/kafka-error.ts';

interface Patience {
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the waiting; its reason is thrown. */
  readonly signal: AbortSignal;
}

const FIRST_MS = 1_000;
const MAX_MS = 10_000;

/** What `work` gives, tried again as long as it fails because of something that may pass. Rejects with every other error. */
export async function whileKafkaIsAway<T>(what: string, work: () => Promise<T>, { clock, log, signal }: Patience): Promise<T> {
  for (let failures = 0; ; failures++) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error)) throw error;
      const waitMs = backoffMs(failures, FIRST_MS, MAX_MS);
      log.warn(`The worker waits for ${what}, and tries again in ${Math.round(waitMs / 1000)} s: ${messageOf(error)}`);
      await clock.sleep(waitMs, signal);
    }
  }
}

function mayPass(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof KafkaError && one.isRetriable) return true;
  return false;
}
