/** What of the terminal Ink leaves to us: reading keys, writes that never block, a lost terminal, suspension, silence of other writers. */
import { EventEmitter } from 'node:events';
import { isatty } from 'node:tty';
import type { LogHub } from '../src/base/log.ts';
import type { Session } from '../src/store/session.ts';

export interface ConsoleStreams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream & { readonly fd?: number };
}

/**
 * What Ink gets for an input: it sets the terminal's modes through it and reads nothing. The bytes go to `onText`, only while the
 * mode is raw: Ink takes an Esc that came together with a key, or half of an arrow's bytes, for something else.
 */
export class TerminalInput extends EventEmitter {
  readonly isTTY = true;
  readonly #stdin: NodeJS.ReadStream;
  readonly #read: () => void;

  constructor(stdin: NodeJS.ReadStream, onText: (text: string) => void) {
    super();
    this.#stdin = stdin;
    this.#read = () => {
      for (let text = stdin.read() as string | null; text !== null; text = stdin.read() as string | null) onText(text);
    };
  }

  setRawMode(isRaw: boolean): this {
    this.#stdin.setRawMode(isRaw);
    this.#stdin.off('readable', this.#read);
    if (isRaw) this.#stdin.on('readable', this.#read);
    // Only a paused stream leaves the bytes to who reads the terminal now; it notes the lost listener a tick later.
    else process.nextTick(() => this.#stdin.listenerCount('readable') === 0 && this.#stdin.pause());
    return this;
  }

  setEncoding(encoding: BufferEncoding): this {
    this.#stdin.setEncoding(encoding);
    return this;
  }

  ref(): this {
    this.#stdin.ref();
    return this;
  }

  unref(): this {
    this.#stdin.unref();
    return this;
  }

  read(): null {
    return null;
  }
}

const UNKNOWN_SIZE = { columns: 80, rows: 24 };

/** Tells the session how large the terminal is now. */
export function measure(session: Session, stdout: NodeJS.WriteStream): void {
  session.resize(stdout.columns || UNKNOWN_SIZE.columns, stdout.rows || UNKNOWN_SIZE.rows);
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

/** False once the system has hung up the terminal. */
export function isThere(stdout: { readonly fd?: number }): boolean {
  return stdout.fd === undefined || isatty(stdout.fd);
}

/** A terminal that is gone must not throw out of a write, nor out of a change of its modes; where no signal says it, these do. */
export function tolerateLoss({ stdin, stdout }: ConsoleStreams, onLost: () => void): () => void {
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EIO' || error.code === 'ENXIO' || error.code === 'EBADF') onLost();
  };
  stdout.on('error', onError);
  stdin.on('error', onError);
  stdin.on('end', onLost);
  return () => {
    stdout.off('error', onError);
    stdin.off('end', onLost);
    // Its last words may come later, and nobody asks for them any more.
    stdin.off('error', onError);
    stdin.on('error', () => undefined);
  };
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
