/** The worker's recent log in memory, bounded by events and by bytes: what the console and `GET /admin/worker-log` read. */
import type { LogEvent, LogSink } from './log.ts';

export interface NumberedEvent extends LogEvent {
  /** Only grows, also across restarts of the process (it starts at the microseconds since the epoch). */
  readonly sequence: number;
}

export interface LogQuery {
  readonly connector?: string;
  readonly task?: number;
  /** Only what came after this sequence. */
  readonly afterSequence?: number;
  /** At most so many: the first ones after `afterSequence`, or the newest ones without it. */
  readonly limit?: number;
}

const MAX_EVENTS = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;
/** One event may not push out all the others. */
const MAX_TEXT_LENGTH = 32 * 1024;
const DEFAULT_LIMIT = 1_000;

export class LogRing {
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  #events: NumberedEvent[] = [];
  /** Index of the oldest event: what lies before it is cut off from time to time. */
  #start = 0;
  #bytes = 0;
  #nextSequence: number;

  constructor(options: { maxEvents?: number; maxBytes?: number; firstSequence?: number } = {}) {
    this.#maxEvents = options.maxEvents ?? MAX_EVENTS;
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#nextSequence = options.firstSequence ?? Date.now() * 1000;
  }

  readonly sink: LogSink = (event) => this.add(event);

  add(event: LogEvent): void {
    const numbered = {
      ...event,
      message: cut(event.message),
      trace: event.trace === null ? null : cut(event.trace),
      sequence: this.#nextSequence++,
    };
    this.#events.push(numbered);
    this.#bytes += bytesOf(numbered);
    while (this.size > this.#maxEvents || (this.#bytes > this.#maxBytes && this.size > 1)) {
      this.#bytes -= bytesOf(this.#events[this.#start++]!);
    }
    if (this.#start > this.#maxEvents) {
      this.#events = this.#events.slice(this.#start);
      this.#start = 0;
    }
  }

  get size(): number {
    return this.#events.length - this.#start;
  }

  /** Oldest first. */
  read(query: LogQuery = {}): NumberedEvent[] {
    const limit = Math.min(query.limit ?? DEFAULT_LIMIT, this.#maxEvents);
    const found = this.#events.slice(this.#firstAfter(query.afterSequence)).filter((event) => isMatch(event, query));
    return query.afterSequence === undefined ? found.slice(Math.max(0, found.length - limit)) : found.slice(0, limit);
  }

  /** Index of the first event after a sequence: sequences have no gaps. */
  #firstAfter(sequence: number | undefined): number {
    const oldest = this.#events[this.#start]?.sequence;
    if (sequence === undefined || oldest === undefined || sequence < oldest) return this.#start;
    return Math.min(this.#start + (sequence - oldest) + 1, this.#events.length);
  }
}

function isMatch(event: LogEvent, query: LogQuery): boolean {
  return (query.connector === undefined || event.connector === query.connector) && (query.task === undefined || event.task === query.task);
}

/** Roughly: two bytes a character and what the object itself takes. */
function bytesOf(event: LogEvent): number {
  return 2 * (event.message.length + (event.trace?.length ?? 0)) + 200;
}

function cut(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${text.slice(0, MAX_TEXT_LENGTH)}… (${text.length - MAX_TEXT_LENGTH} characters more)`;
}
