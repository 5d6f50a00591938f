/** `kconsole demo --with mariadb --once`: a known number of rows through the running pipelines, and whether the second database became equal. */
import { systemClock } from '../base/clock.ts';
import { ConnectError } from '../base/errors.ts';
import type { Shop, TableState } from '../demo/shop.ts';
import type { Steps } from '../demo/steps.ts';
import type { Herder } from '../herder/herder.ts';
import { failureOf } from './demo-check.ts';

export interface RowCheck {
  readonly shop: Shop;
  /** How many customers and orders are written. */
  readonly rows: number;
  readonly herder: Herder;
  /** Gives up when it aborts. */
  readonly signal: AbortSignal;
}

const LOOK_MS = 200;
/** Longer than a poll, a second of the database's clock and a bulk poll together. */
const MOST_STILL_MS = 30_000;

/** Prints figures; gives whether every row came to the second database. Throws ConnectError when rows stay away, or the signal's reason. */
export async function checkRows(check: RowCheck, steps: Steps): Promise<boolean> {
  const { shop, rows } = check;
  let states: readonly TableState[] = [];
  await steps.run(`${rows.toLocaleString('en-US')} customers through the database`, async () => {
    const startedMs = performance.now();
    await shop.write(rows);
    const writtenMs = performance.now();
    states = await equal(check);
    const all = states.reduce((sum, { rows: count }) => sum + count, 0);
    const seconds = (from: number) => `${((performance.now() - from) / 1000).toFixed(1)} s`;
    return `${all.toLocaleString('en-US')} rows of ${states.length} tables, in the copy ${seconds(startedMs)} after the first was written, ${seconds(writtenMs)} after the last`;
  });
  await steps.run('every row, in its last state', async () =>
    states.every(({ isEqual }) => isEqual)
      ? 'yes'
      : `NO: ${states
          .filter(({ isEqual }) => !isEqual)
          .map(inWords)
          .join(', ')}`,
  );
  return states.every(({ isEqual }) => isEqual);
}

/** Waits until all tables are equal to their copies; gives up on rows that differ when none has come for long. */
async function equal({ shop, herder, signal }: RowCheck): Promise<readonly TableState[]> {
  let seen = '';
  let changedMs = performance.now();
  for (;;) {
    const states = await shop.compare();
    signal.throwIfAborted();
    if (states.every(({ isEqual }) => isEqual)) return states;
    const now = states.map(inWords).join();
    if (now !== seen) changedMs = performance.now();
    seen = now;
    const failure = await failureOf(herder);
    const missing = states.filter(({ rows, copied }) => copied < rows);
    if (failure !== null || performance.now() - changedMs > MOST_STILL_MS) {
      if (failure === null && missing.length === 0) return states;
      throw new ConnectError(
        `${states
          .filter(({ isEqual }) => !isEqual)
          .map(inWords)
          .join(', ')}: ${failure ?? `nothing came for ${MOST_STILL_MS / 1000} s`}.`,
      );
    }
    await systemClock.sleep(LOOK_MS, signal);
  }
}

function inWords({ table, rows, copied, isEqual }: TableState): string {
  if (copied === rows) return isEqual ? `${table} is equal` : `${table} has rows of an older state`;
  return `only ${copied} of ${rows} rows arrived in ${table}`;
}
