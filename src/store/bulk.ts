/**
 * One thing done to many: a few at a time, what came of each, and a stop that starts no more and waits for those that run. Knows
 * nothing of what is done.
 */
import { messageOf } from '../base/errors.ts';
import { inParallel } from '../base/in-parallel.ts';

export type BulkState = 'waiting' | 'running' | 'ok' | 'failed' | 'skipped' | 'unknown';

/** `skipped`: there was nothing to do. `unknown`: it was sent, and nobody knows whether it was carried out. */
export interface BulkAnswer {
  readonly outcome: Exclude<BulkState, 'waiting' | 'running'>;
  /** Why, or the error. */
  readonly detail: string | null;
}

export interface BulkRow {
  readonly id: string;
  readonly state: BulkState;
  readonly detail: string | null;
  readonly tookMs: number | null;
}

export interface BulkOptions {
  readonly ids: readonly string[];
  /** Aborted: no more are started, for the reason given (words). */
  readonly signal: AbortSignal;
  monoMs(): number;
  /** Throws only what nobody foresaw; that one has failed then. */
  run(id: string): Promise<BulkAnswer>;
  onRow(row: BulkRow): void;
}

const AT_ONCE = 4;

/** Resolves when none runs any more; each id has been told with its end by then. Never rejects. */
export async function runBulk({ ids, signal, monoMs, run, onRow }: BulkOptions): Promise<void> {
  await inParallel(ids, AT_ONCE, async (id) => {
    if (signal.aborted) {
      onRow({ id, state: 'skipped', detail: `not begun: ${String(signal.reason)}`, tookMs: null });
      return;
    }
    const startedMs = monoMs();
    onRow({ id, state: 'running', detail: null, tookMs: null });
    const { outcome, detail } = await run(id).catch((error: unknown): BulkAnswer => ({ outcome: 'failed', detail: messageOf(error) }));
    onRow({ id, state: outcome, detail, tookMs: Math.round(monoMs() - startedMs) });
  });
}

/** Worst first. */
export const BULK_ORDER: readonly BulkState[] = ['failed', 'unknown', 'running', 'waiting', 'skipped', 'ok'];

export function countStates(rows: readonly BulkRow[]): Readonly<Record<BulkState, number>> {
  const counts = { waiting: 0, running: 0, ok: 0, failed: 0, skipped: 0, unknown: 0 };
  for (const row of rows) counts[row.state]++;
  return counts;
}

const WORDS: Readonly<Record<BulkState, string>> = {
  ok: 'ok',
  failed: 'failed',
  unknown: 'not known',
  skipped: 'skipped',
  running: 'running',
  waiting: 'waiting',
};

/** `10 ok · 1 failed · 1 skipped`; what there is none of is left out. */
export function countsText(rows: readonly BulkRow[]): string {
  const counts = countStates(rows);
  const parts = (Object.keys(WORDS) as BulkState[]).filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${WORDS[state]}`);
  return parts.length === 0 ? 'nothing to do' : parts.join(' · ');
}
