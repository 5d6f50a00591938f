/** Signals of a headless process: the first one asks for an orderly end, the second one ends at once. */
import { type EndingSignal, exitCodeOf, onEndingSignal } from '../base/ending-signals.ts';

/** Resolves at the first signal; from then on a second one leaves immediately with 128 + its number. */
export function untilAskedToEnd(): Promise<EndingSignal> {
  return new Promise((resolve) => {
    let isAsked = false;
    onEndingSignal((signal) => {
      if (isAsked) process.exit(exitCodeOf(signal));
      isAsked = true;
      resolve(signal);
    });
  });
}

/** Ends as on SIGTERM when the launcher is gone, however it went: nobody could reach this process any more. */
export function endWithLauncher(): void {
  if (!process.channel) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
