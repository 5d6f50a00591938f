/** What of the terminal Ink leaves to us: writes that never block, a lost terminal, suspension, silence of other writers. */
import type { LogHub } from '../src/base/log.ts';

export interface ConsoleStreams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

interface BlockingHandle {
  readonly _handle?: { setBlocking?(isBlocking: boolean): number };
}

/**
 * Node writes to terminals synchronously: a terminal that is stopped (ctrl-s, a dead ssh) would stop the whole process and the worker
 * in it. Asynchronous writes pile up instead, and frames wait until they are drained. Gives back what undoes it.
 */
export function makeUnblocking(stdout: NodeJS.WriteStream): () => void {
  const handle = (stdout as BlockingHandle)._handle;
  handle?.setBlocking?.(false);
  return () => void handle?.setBlocking?.(true);
}

/** A terminal that is gone (EPIPE, EIO) must not throw out of a write. */
export function tolerateLoss(stdout: NodeJS.WriteStream, onLost: () => void): () => void {
  const listener = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EIO' || error.code === 'ENXIO') onLost();
  };
  stdout.on('error', listener);
  return () => void stdout.off('error', listener);
}

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;

/** Whatever else writes to the console or warns would tear the screen: it goes to the log instead. */
export function silenceOthers(hub: LogHub): () => void {
  const log = hub.log('kconsole.console');
  const target = globalThis.console;
  const own = METHODS.map((name) => [name, target[name]] as const);
  for (const [name] of own) {
    target[name] = (...parts: unknown[]) => {
      const text = parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
      if (name === 'error') log.error(text);
      else log.warn(text);
    };
  }
  const warnings = process.listeners('warning');
  process.removeAllListeners('warning');
  const onWarning = (warning: Error) => log.warn(`${warning.name}: ${warning.message}`);
  process.on('warning', onWarning);
  return () => {
    for (const [name, method] of own) target[name] = method;
    process.off('warning', onWarning);
    for (const listener of warnings) process.on('warning', listener);
  };
}

const STOP_GUARD_MS = 600;

/** Stops the whole job, as ctrl-z does in a cooked terminal, and resolves when it goes on. Without job control: at once. */
export function stopJob(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, STOP_GUARD_MS);
    process.once('SIGCONT', done);
    function done(): void {
      clearTimeout(timer);
      process.off('SIGCONT', done);
      resolve();
    }
    process.kill(0, 'SIGTSTP');
  });
}
