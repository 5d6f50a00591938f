/** A program in a real pseudo-terminal, with a clock on what it paints. */
import * as pty from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { cpuSeconds, peakRssMb } from '../worker/process-figures.ts';

export type Rows = readonly string[];

export class TerminalUnderTest {
  readonly #process: pty.IPty;
  readonly #screen: xterm.Terminal;
  readonly #rows: number;
  readonly #startedMs = performance.now();
  #watch: ((rows: Rows) => void) | null = null;
  #writtenBytes = 0;
  #exitCode: number | null = null;

  constructor(args: readonly string[], options: { columns: number; rows: number; environment?: NodeJS.ProcessEnv }) {
    this.#rows = options.rows;
    this.#screen = new xterm.Terminal({ cols: options.columns, rows: options.rows, allowProposedApi: true, scrollback: 0 });
    this.#process = pty.spawn(process.execPath, [...args], {
      cols: options.columns,
      rows: options.rows,
      env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', CI: '', ...options.environment },
    });
    this.#screen.onData((answer) => this.#process.write(answer));
    this.#process.onData((data) => {
      this.#writtenBytes += Buffer.byteLength(data);
      this.#screen.write(data, () => this.#watch?.(this.rows()));
    });
    this.#process.onExit(({ exitCode }) => {
      this.#exitCode = exitCode;
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  get cpuSeconds(): number {
    return cpuSeconds(this.pid);
  }

  get peakRssMb(): number {
    return peakRssMb(this.pid);
  }

  rows(): Rows {
    return Array.from({ length: this.#rows }, (_, i) => this.#screen.buffer.active.getLine(i)?.translateToString(true) ?? '');
  }

  /** Milliseconds from the start of the process until the screen is so. */
  sinceStartMs(what: string, isSo: (rows: Rows) => boolean): Promise<number> {
    return this.#until(what, isSo, this.#startedMs);
  }

  /** Milliseconds from these keys until the screen is so. */
  paintMs(keys: string, what: string, isSo: (rows: Rows) => boolean): Promise<number> {
    const startedMs = performance.now();
    const painted = this.#until(what, isSo, startedMs);
    this.#process.write(keys);
    return painted;
  }

  async #until(what: string, isSo: (rows: Rows) => boolean, sinceMs: number, timeoutMs = 60_000): Promise<number> {
    const found = Promise.withResolvers<number>();
    const timer = setTimeout(
      () => found.reject(new Error(`waited ${timeoutMs / 1000} s for: ${what} (exit code ${this.#exitCode})\n${this.rows().join('\n')}`)),
      timeoutMs,
    );
    this.#watch = (rows) => {
      if (isSo(rows)) found.resolve(performance.now() - sinceMs);
    };
    this.#watch(this.rows());
    try {
      return await found.promise;
    } finally {
      clearTimeout(timer);
      this.#watch = null;
    }
  }

  async end(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#process.onExit(() => resolve());
      if (this.#exitCode !== null) resolve();
    });
    this.#process.kill('SIGTERM');
    await ended;
    this.#screen.dispose();
  }
}
