/**
 * Keeps the list of groups: looks until it knows them, then at every interval, and says when they have changed. A look with gaps adds groups and takes
 * none away: a broker that is restarted must not end the checkpoints of the groups that it looks after.
 */
import { NOT_NEEDED } from '../../../../base/abort.ts';
import { backoffMs } from '../../../../base/backoff.ts';
import type { Clock } from '../../../../base/clock.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import type { FoundGroups } from './find-groups.ts';

export interface GroupMonitorParts {
  look(): Promise<FoundGroups>;
  /** Whether another look may go better without anybody changing anything. */
  isPassing(error: unknown): boolean;
  /** Null: the first list is the last. */
  readonly intervalMs: number | null;
  /** Alias, for the log. */
  readonly cluster: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The list differs from the one that `groups` gave last. */
  onChange(): void;
  /** The first list cannot be had, and no later look would mend that. */
  onFailure(error: unknown): void;
}

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
const MOST_NAMES = 20;

export class GroupMonitor {
  readonly #parts: GroupMonitorParts;
  readonly #first = Promise.withResolvers<void>();
  #groups: readonly string[] | null = null;
  #hasGaps = false;
  #lastError: unknown = null;
  /** What was asked for before it was known is told as a change. */
  #wasAsked = false;

  constructor(parts: GroupMonitorParts) {
    this.#parts = parts;
  }

  /** Resolves when the signal aborts, or with the first list if that is the last. */
  async run(): Promise<void> {
    const { clock, signal, intervalMs } = this.#parts;
    for (let failures = 0; !signal.aborted; ) {
      const isKnown = await this.#look();
      if (signal.aborted || (this.#groups === null && this.#lastError !== null && !this.#parts.isPassing(this.#lastError))) return;
      failures = isKnown ? 0 : failures + 1;
      if (isKnown && intervalMs === null) return;
      const retryMs = backoffMs(failures, FIRST_RETRY_MS, MAX_RETRY_MS);
      await clock.sleep(isKnown ? (intervalMs ?? 0) : Math.min(retryMs, intervalMs ?? retryMs), signal);
    }
  }

  /** What kept the list from being had. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** The list, waited for no longer than `limitMs`; null: it is not known yet. */
  async groups(limitMs: number): Promise<readonly string[] | null> {
    const { clock, signal } = this.#parts;
    const waiting = new AbortController();
    await Promise.race([this.#first.promise, clock.sleep(limitMs, AbortSignal.any([waiting.signal, signal]))]);
    waiting.abort(NOT_NEEDED);
    this.#wasAsked = true;
    return this.#groups;
  }

  /** False: nothing is known, or not everything. */
  async #look(): Promise<boolean> {
    const { look, signal, log, cluster, isPassing, onFailure } = this.#parts;
    try {
      const found = await look();
      if (signal.aborted) return false;
      this.#lastError = null;
      this.#take(found);
      return found.gaps.length === 0;
    } catch (error) {
      if (signal.aborted) return false;
      this.#lastError = error;
      const what = this.#groups === null ? 'are not known yet, so there are no tasks' : 'stay as they were';
      log.warn(`The groups of cluster "${cluster}" could not be listed and ${what}. It is tried again. ${messageOf(error)}`);
      if (this.#groups === null && !isPassing(error)) onFailure(error);
      return false;
    }
  }

  #take({ groups: found, gaps }: FoundGroups): void {
    const { log, cluster, onChange } = this.#parts;
    const before = this.#groups;
    const hasGaps = gaps.length > 0;
    if (hasGaps && !this.#hasGaps)
      log.warn(`Groups of cluster "${cluster}" may be missing until the next look: ${gaps.join('; ')}. Those known before are kept.`);
    this.#hasGaps = hasGaps;
    const groups = hasGaps ? [...new Set([...(before ?? []), ...found])].sort() : found;
    this.#groups = groups;
    this.#first.resolve();
    const known = new Set(before ?? []);
    const added = groups.filter((group) => !known.has(group));
    const left = new Set(groups);
    const gone = [...known].filter((group) => !left.has(group));
    if (before !== null && added.length + gone.length === 0) return;
    log.info(`Groups of cluster "${cluster}" with offsets to translate: ${groups.length}${listed('new', added)}${listed('gone', gone)}`);
    if (this.#wasAsked) onChange();
  }
}

function listed(word: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `; ${word}: ${names
    .slice(0, MOST_NAMES)
    .map((name) => `"${name}"`)
    .join(', ')}${more}`;
}
