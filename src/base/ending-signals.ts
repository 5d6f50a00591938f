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
let last: { readonly signal: NodeJS.Signals; readonly atMs: number } | null = null;

function onSignal(signal: NodeJS.Signals): void {
  const nowMs = performance.now();
  // The end of a terminal may be no wish at all: what follows it is one of its own.
  const isRepeat = last !== null && nowMs - last.atMs < SAME_WISH_MS && (last.signal !== 'SIGHUP' || signal === 'SIGHUP');
  if (isRepeat) return;
  last = { signal, atMs: nowMs };
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
