/** `kconsole demo --once`: a known number of lines through the running pipelines, and whether every one of them arrived. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../base/clock.ts';
import { ConnectError } from '../base/errors.ts';
import type { AccessLog } from '../demo/access-log.ts';
import type { Steps } from '../demo/steps.ts';
import type { Herder } from '../herder/herder.ts';

export interface DemoCheck {
  readonly log: AccessLog;
  /** How many lines are written to the log. */
  readonly lines: number;
  /** The log first: each file, and the one that must become its equal. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
  readonly herder: Herder;
  /** Gives up when it aborts. */
  readonly signal: AbortSignal;
}

/** What has not come for so long does not come any more. */
const MOST_STILL_MS = 15_000;
/** Longer than between two batches of a pipeline that works. */
const SHORT_STILL_MS = 1_000;

/** Prints figures and gives whether all copies are equal. Throws ConnectError when lines stay away, or the signal's reason. */
export async function checkArrival(check: DemoCheck, steps: Steps): Promise<boolean> {
  const { log, lines, copies } = check;
  await steps.run(`${lines.toLocaleString('en-US')} lines through Kafka`, async () => {
    const startedMs = performance.now();
    log.write(lines, Date.now());
    let endMs = startedMs;
    for (const { from, to } of copies) {
      await arrive(to, sizeOf(from), check);
      if (from === log.path) endMs = performance.now();
    }
    return `${Math.round(lines / ((endMs - startedMs) / 1000)).toLocaleString('en-US')} lines/s`;
  });
  const different = copies.filter(({ from, to }) => !readFileSync(to).equals(readFileSync(from)));
  await steps.run('every line, in order, once', async () =>
    different.length === 0
      ? 'yes'
      : `NO: ${different.map(({ from, to }) => `${path.basename(to)} is not ${path.basename(from)}`).join(', ')}`,
  );
  steps.line(`resident memory of the worker ${Math.round(process.memoryUsage.rss() / 1024 / 1024)} MB`);
  return different.length === 0;
}

/** Waits until the file holds so many bytes. */
async function arrive(file: string, wanted: number, { herder, signal }: DemoCheck): Promise<void> {
  let size = 0;
  let grownMs = performance.now();
  while (size < wanted) {
    await systemClock.sleep(10);
    signal.throwIfAborted();
    const now = sizeOf(file);
    if (now > size) grownMs = performance.now();
    size = now;
    const stillMs = performance.now() - grownMs;
    if (stillMs < SHORT_STILL_MS) continue;
    const failure = await failureOf(herder);
    if (failure === null && stillMs < MOST_STILL_MS) continue;
    throw new ConnectError(
      `only ${size} of ${wanted} bytes arrived in ${path.basename(file)}: ${failure ?? `nothing came for ${MOST_STILL_MS / 1000} s`}.`,
    );
  }
}

/** The first connector or task that is FAILED, with the first line of its trace. */
export async function failureOf(herder: Herder): Promise<string | null> {
  for (const name of await herder.connectors()) {
    const { connector, tasks } = await herder.connectorStatus(name);
    const failed = [connector, ...tasks].find(({ state }) => state === 'FAILED');
    if (failed) return `${name} is FAILED: ${failed.trace?.split('\n')[0]}`;
  }
  return null;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
