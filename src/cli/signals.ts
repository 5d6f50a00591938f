/** Signals of a headless process: the first one asks for an orderly end, the second one ends at once. */
import { constants } from 'node:os';

const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Resolves at the first signal; from then on a second one leaves immediately with 128 + its number. */
export function untilAskedToEnd(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const signal of ENDING) {
      process.on(signal, () => {
        if (isAsked) process.exit(128 + constants.signals[signal]);
        isAsked = true;
        resolve(signal);
      });
    }
  });
}
