/** The real console on a terminal that is only a screen (@xterm/headless): what a test sees is what a person would see. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { waitUntil } from './wait-until.ts';

export interface TestScreen {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Everything that was written, as bytes. */
  readonly written: string[];
  /** The rows as text, right ends trimmed. */
  text(): Promise<string>;
  /** The rows once nothing has been written for a while: what a person would read. */
  settled(): Promise<string>;
  type(bytes: string): void;
  resize(columns: number, rows: number): Promise<void>;
  /** Waits until the screen shows this. */
  shows(wanted: string | RegExp, timeoutMs?: number): Promise<string>;
  lacks(unwanted: string | RegExp, timeoutMs?: number): Promise<string>;
  dispose(): void;
}

class ScreenOutput extends EventEmitter {
  columns: number;
  rows: number;
  readonly isTTY = true;
  readonly writable = true;
  readonly writableNeedDrain = false;
  readonly #sink: (text: string) => void;

  constructor(columns: number, rows: number, sink: (text: string) => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#sink = sink;
  }

  write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    this.#sink(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const callback = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    if (callback) queueMicrotask(callback);
    return true;
  }

  end(): void {}
}

class KeyInput extends PassThrough {
  readonly isTTY = true;
  isRaw = false;
  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

const CURSOR_QUESTION = /\x1b\[6n/g;

export function createScreen(columns: number, rows: number): TestScreen {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0, convertEol: true });
  const written: string[] = [];
  const stdin = new KeyInput();
  const stdout = new ScreenOutput(columns, rows, (text) => {
    written.push(text);
    // Answered in the same moment: xterm reads in slices of real time, which on a busy machine are seconds of a clock that a test moves.
    for (const _ of text.matchAll(CURSOR_QUESTION)) stdin.write('\x1b[1;1R');
    terminal.write(text.replace(CURSOR_QUESTION, ''));
  });
  // A terminal answers what else it is asked.
  terminal.onData((answer) => void stdin.write(answer));
  const text = () =>
    new Promise<string>((resolve) => {
      terminal.write('', () => {
        const lines = Array.from({ length: terminal.rows }, (_, i) => terminal.buffer.active.getLine(i)?.translateToString(true) ?? '');
        resolve(lines.join('\n'));
      });
    });
  const matches = (shown: string, wanted: string | RegExp) => (typeof wanted === 'string' ? shown.includes(wanted) : wanted.test(shown));
  const until = async (sentence: string, wanted: string | RegExp, isThere: boolean, timeoutMs: number) => {
    let last = '';
    await waitUntil(
      () => `${sentence} ${wanted}; the screen is\n${last}`,
      async () => {
        last = await text();
        return matches(last, wanted) === isThere;
      },
      timeoutMs,
    );
    return last;
  };
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    written,
    text,
    settled: async () => {
      let seen = -1;
      let still = 0;
      await waitUntil('the screen holds still', () => {
        still = written.length === seen ? still + 1 : 0;
        seen = written.length;
        return still >= 6;
      });
      return text();
    },
    type: (bytes) => void stdin.write(bytes),
    resize: async (newColumns, newRows) => {
      terminal.resize(newColumns, newRows);
      stdout.columns = newColumns;
      stdout.rows = newRows;
      stdout.emit('resize');
    },
    shows: (wanted, timeoutMs = 5_000) => until('the screen shows', wanted, true, timeoutMs),
    lacks: (unwanted, timeoutMs = 5_000) => until('the screen does not show', unwanted, false, timeoutMs),
    dispose: () => terminal.dispose(),
  };
}
