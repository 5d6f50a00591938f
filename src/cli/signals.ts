/** Signals of a headless process: the first one asks for an orderly end, the second one ends at once. */
import { type EndingSignal, exitCodeOf, onEndingSignal } from '../base/ending-signals.ts';

export interface EndingWatch {
  /** Resolves at the first signal; from then on a second one leaves immediately with 128 + its number. */
  readonly asked: Promise<EndingSignal>;
  /** Signals are somebody else's again. */
  release(): void;
}

/** `isHangUpIgnored`: the end of a terminal is nobody's wish. */
export function watchEnding(options: { readonly isHangUpIgnored?: boolean } = {}): EndingWatch {
  const { promise, resolve } = Promise.withResolvers<EndingSignal>();
  let isAsked = false;
  const release = onEndingSignal((signal) => {
    if (signal === 'SIGHUP' && options.isHangUpIgnored) return;
    if (isAsked) process.exit(exitCodeOf(signal));
    isAsked = true;
    resolve(signal);
  });
  return { asked: promise, release };
}

/** What the launcher is told when this process goes on without it (src/launcher.ts). */
const LEFT = 'left';
const endAsAsked = () => void process.kill(process.pid, 'SIGTERM');

/** Ends as on SIGTERM when the launcher is gone, however it went: nobody could reach this process any more. */
export function endWithLauncher(): void {
  if (!process.channel) return;
  process.once('disconnect', endAsAsked);
  process.channel.unref();
}

/** The launcher ends, so that the shell goes on; this process stays. */
export function leaveLauncher(): void {
  if (!process.channel || !process.send) return;
  process.off('disconnect', endAsAsked);
  process.send(LEFT, () => process.connected && process.disconnect());
}
