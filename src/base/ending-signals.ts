/**
 * Signals that ask the program to end. One wish often arrives several times: Ctrl-C reaches every process of the terminal's job, and
 * npm and the launcher pass it on besides. What follows within `SAME_WISH_MS` is the same wish, and no second one.
 */
import { constants } from 'node:os';

const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;
export type EndingSignal = (typeof ENDING)[number];
type Listener = (signal: EndingSignal) => void;

const SAME_WISH_MS = 500;
const listeners = new Set<Listener>();
let lastMs = Number.NEGATIVE_INFINITY;

function onSignal(signal: NodeJS.Signals): void {
  const nowMs = performance.now();
  const isRepeat = nowMs - lastMs < SAME_WISH_MS;
  if (isRepeat) return;
  lastMs = nowMs;
  for (const listener of [...listeners]) listener(signal as EndingSignal);
}

/** Calls `listener` once for each wish to end, until the function that it gives is called. */
export function onEndingSignal(listener: Listener): () => void {
  if (listeners.size === 0) for (const signal of ENDING) process.on(signal, onSignal);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) for (const signal of ENDING) process.off(signal, onSignal);
  };
}

/** What a shell calls the end by a signal: 128 + its number. */
export function exitCodeOf(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}
