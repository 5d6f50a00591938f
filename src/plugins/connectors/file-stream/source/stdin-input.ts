/**
 * Standard input as bytes. It has no positions: after a restart it goes on wherever it is. Terminals, pipes and sockets are read as
 * streams of the event loop: a blocking read could not be ended before a byte comes.
 */
import { constants, fstatSync, openSync, read } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import type { Clock } from '../../../../base/clock.ts';
import { ConnectError } from '../../../../base/errors.ts';
import type { Log } from '../../../../base/log.ts';
import { reasonOf } from '../shared/file-fault.ts';
import type { ByteInput, ReadResult } from './byte-input.ts';

const STDIN = 0;
const RECHECK_MS = 1_000;
/** Bytes that are kept before the stream is stopped. */
const QUEUE_BYTES = 1024 * 1024;
const readAsync = promisify(read);

/** A socket cannot be opened a second time, and closing the only handle would free descriptor 0 for anything: kept for good. */
let socketOnStdin: Socket | null = null;

export interface StdinInputParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export function openStdin(parts: StdinInputParts): ByteInput {
  const stats = fstatSync(STDIN);
  const isTerminal = isatty(STDIN);
  if (!isTerminal && !stats.isFIFO() && !stats.isSocket()) return new StdinFile(parts);
  if (stats.isSocket()) {
    socketOnStdin ??= new Socket({ fd: STDIN, readable: true, writable: false });
    return new StdinStream(socketOnStdin, parts, false);
  }
  try {
    const own = openSync('/dev/stdin', constants.O_RDONLY | constants.O_NONBLOCK);
    const stream = isTerminal ? new ReadStream(own) : new Socket({ fd: own, readable: true, writable: false });
    return new StdinStream(stream, parts, true);
  } catch (error) {
    throw new ConnectError(`Cannot read standard input: ${reasonOf(error)}. Give a file with the property 'file'.`, { cause: error });
  }
}

/** Pipe, terminal or socket. */
class StdinStream implements ByteInput {
  readonly #stream: Readable;
  readonly #parts: StdinInputParts;
  readonly #isOwn: boolean;
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #end: 'open' | 'ended' | 'told' = 'open';
  #error: Error | null = null;
  #waiter: AbortController | null = null;
  readonly #onData = (chunk: Buffer) => {
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes >= QUEUE_BYTES) this.#stream.pause();
    this.#wake();
  };
  readonly #onEnd = () => {
    this.#parts.log.info('Standard input has come to its end');
    this.#end = 'ended';
    this.#wake();
  };
  readonly #onError = (error: Error) => {
    this.#error = error;
    this.#wake();
  };
  readonly #wake = () => this.#waiter?.abort();

  constructor(stream: Readable, parts: StdinInputParts, isOwn: boolean) {
    this.#stream = stream;
    this.#parts = parts;
    this.#isOwn = isOwn;
    parts.signal.addEventListener('abort', this.#wake, { once: true });
    stream.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError);
    if (stream.readableEnded) this.#end = 'told';
    stream.resume();
  }

  async read(buffer: Buffer): Promise<ReadResult> {
    let count = 0;
    for (let chunk = this.#queue[0]; chunk && count < buffer.length; chunk = this.#queue[0]) {
      const copied = chunk.copy(buffer, count);
      count += copied;
      if (copied === chunk.length) this.#queue.shift();
      else this.#queue[0] = chunk.subarray(copied);
    }
    this.#queuedBytes -= count;
    if (count > 0) {
      if (this.#queuedBytes < QUEUE_BYTES && this.#stream.isPaused()) this.#stream.resume();
      return { kind: 'data', count };
    }
    if (this.#error) throw new ConnectError(`Cannot read standard input: ${reasonOf(this.#error)}.`, { cause: this.#error });
    if (this.#end === 'ended') {
      this.#end = 'told';
      return { kind: 'moved', position: 0, isEnded: true };
    }
    return { kind: 'nothing', recheckMs: RECHECK_MS };
  }

  async changed(ms: number): Promise<void> {
    if (this.#parts.signal.aborted || this.#queuedBytes > 0 || this.#end === 'ended' || this.#error) return;
    const waiter = new AbortController();
    this.#waiter = waiter;
    await this.#parts.clock.sleep(ms, waiter.signal);
    this.#waiter = null;
  }

  async close(): Promise<void> {
    this.#parts.signal.removeEventListener('abort', this.#wake);
    this.#stream.off('data', this.#onData).off('end', this.#onEnd);
    if (this.#isOwn) this.#stream.destroy();
    else this.#stream.off('error', this.#onError).pause();
  }
}

/** A file or device that was put in place of standard input: reading it does not wait. */
class StdinFile implements ByteInput {
  readonly #parts: StdinInputParts;

  constructor(parts: StdinInputParts) {
    this.#parts = parts;
  }

  async read(buffer: Buffer): Promise<ReadResult> {
    try {
      const { bytesRead } = await readAsync(STDIN, buffer, 0, buffer.length, null);
      return bytesRead > 0 ? { kind: 'data', count: bytesRead } : { kind: 'nothing', recheckMs: RECHECK_MS };
    } catch (error) {
      throw new ConnectError(`Cannot read standard input: ${reasonOf(error)}.`, { cause: error });
    }
  }

  changed(ms: number): Promise<void> {
    return this.#parts.clock.sleep(ms, this.#parts.signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
