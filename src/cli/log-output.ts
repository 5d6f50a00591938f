/**
 * Log events on standard error: text lines as Connect writes them, or JSON lines. Written without waiting: a reader that stands still
 * costs bounded memory and then lines, never the worker's time; one that is gone is forgotten.
 */
import { writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { pino } from 'pino';
import { ConfigError } from '../base/errors.ts';
import type { LogEvent, LogLevel, LogSink } from '../base/log.ts';
import { escapeUnsafe } from '../base/safe-json.ts';
import { sanitizeLines } from '../base/sanitize.ts';

export type LogFormat = 'text' | 'json';

export interface LogOutput {
  readonly sink: LogSink;
  /** Events that a reader too slow has not got. */
  readonly droppedEvents: number;
  /** Waits until everything is written, at most `timeoutMs`. */
  flush(timeoutMs?: number): Promise<void>;
  /** For the end of the process: hands on what is still here, without waiting for anybody. */
  flushNow(): void;
}

const STDERR = 2;
const PINO_LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'fatal',
  OFF: 'trace',
} as const satisfies Record<LogLevel, string>;
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** A turn of the event loop that logs more than this writes in between. */
const MAX_TURN_LENGTH = 64 * 1024;
const FLUSH_TIMEOUT_MS = 1_000;

/** From `--log-format` or the worker's key `kconsole.log.format`. Throws ConfigError. */
export function parseLogFormat(text: string | undefined): LogFormat {
  const format = text?.trim().toLowerCase() || 'text';
  if (format !== 'text' && format !== 'json')
    throw new ConfigError(`Invalid value ${text} for configuration kconsole.log.format: use text or json.`);
  return format;
}

/** `stream` is standard error: Node writes to pipes and sockets there without blocking. */
export function createLogOutput(format: LogFormat, stream: Writable = process.stderr): LogOutput {
  const queue = new BoundedLines(stream);
  const write = format === 'json' ? jsonLines(queue) : (event: LogEvent) => queue.add(toTextLines(event));
  return {
    sink: (event) => {
      const missing = queue.takeDropped();
      if (missing > 0) write(droppedEvent(event.timeMs, missing));
      write(event);
    },
    get droppedEvents() {
      return queue.dropped;
    },
    flush: (timeoutMs = FLUSH_TIMEOUT_MS) => queue.flush(timeoutMs),
    flushNow: () => queue.flushNow(),
  };
}

function droppedEvent(timeMs: number, count: number): LogEvent {
  const message = `${count} log events were dropped: standard error is read too slowly`;
  return { timeMs, level: 'WARN', logger: 'kconsole.log', message, connector: null, task: null, trace: null };
}

/** Lines of one turn of the event loop go out as one write; what a slow reader leaves waiting is bounded. */
class BoundedLines {
  readonly #stream: Writable;
  #waiting = '';
  #isScheduled = false;
  #isGone = false;
  #unreported = 0;
  dropped = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
    // EPIPE and the like: nobody reads any more.
    stream.on('error', () => {
      this.#isGone = true;
      this.#waiting = '';
    });
  }

  add(text: string): void {
    if (this.#isGone) return;
    if (this.#stream.writableLength + this.#waiting.length + text.length > MAX_WAITING_BYTES) {
      this.dropped++;
      this.#unreported++;
      return;
    }
    this.#waiting += text;
    if (this.#waiting.length > MAX_TURN_LENGTH) this.#writeOut();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#writeOut();
    });
  }

  /** Dropped and not told yet; 0 while there is still no room to tell. */
  takeDropped(): number {
    if (this.#unreported === 0 || this.#stream.writableLength + this.#waiting.length > MAX_WAITING_BYTES / 2) return 0;
    const count = this.#unreported;
    this.#unreported = 0;
    return count;
  }

  #writeOut(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '' && !this.#isGone) this.#stream.write(text);
  }

  flush(timeoutMs: number): Promise<void> {
    this.#writeOut();
    return new Promise((resolve) => {
      if (this.#isGone || this.#stream.writableLength === 0) return resolve();
      const timer = setTimeout(resolve, timeoutMs);
      this.#stream.write('', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  flushNow(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text === '' || this.#isGone) return;
    try {
      // A pipe is in non-blocking mode: full means EAGAIN, not waiting.
      writeSync(STDERR, text);
    } catch {
      this.#isGone = true;
    }
  }
}

function jsonLines(queue: BoundedLines): LogSink {
  const logger = pino(
    {
      level: 'trace',
      base: null,
      timestamp: false,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    { write: (line: string) => queue.add(escapeUnsafe(line)) },
  );
  return (event) => {
    const facts = {
      time: new Date(event.timeMs).toISOString(),
      logger: event.logger,
      ...(event.connector === null ? {} : { connector: event.connector }),
      ...(event.task === null ? {} : { task: event.task }),
      ...(event.trace === null ? {} : { trace: event.trace }),
    };
    logger[PINO_LEVELS[event.level]](facts, event.message);
  };
}

/** `[2026-11-24 19:00:00,000] INFO [name|task-0] message (logger)`, the trace on lines of its own. Ends in a line feed. */
export function toTextLines(event: LogEvent): string {
  const [first = '', ...more] = sanitizeLines(event.message);
  const trace = event.trace === null ? [] : sanitizeLines(event.trace.trimEnd());
  const head = `[${localTime(event.timeMs)}] ${event.level} ${contextOf(event)}`;
  const tail = ` (${sanitizeLines(event.logger).join(' ')})`;
  const lines = more.length === 0 ? [head + first + tail] : [head + first, ...more.map(asContinuation), tail.trim()];
  return `${[...lines, ...trace.map(asContinuation)].join('\n')}\n`;
}

function contextOf(event: LogEvent): string {
  if (event.connector === null) return '';
  return `[${sanitizeLines(event.connector).join(' ')}|${event.task === null ? 'worker' : `task-${event.task}`}] `;
}

/** Only a new event may begin with a bracket: text from outside must not pass for a log line. */
function asContinuation(line: string): string {
  return line.startsWith('[') ? ` ${line}` : line;
}

function localTime(timeMs: number): string {
  const at = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())},${String(at.getMilliseconds()).padStart(3, '0')}`;
}
