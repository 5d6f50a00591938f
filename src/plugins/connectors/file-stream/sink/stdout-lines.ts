/** Standard output, written to as it is: from a task's thread there is no other way that waits for the bytes to be taken. */
import { write } from 'node:fs';
import { promisify } from 'node:util';
import type { Clock } from '../../../../base/clock.ts';
import { errorCodeOf } from '../../../../base/errors.ts';
import type { LineOutput } from './line-output.ts';

const STDOUT = 1;
/** A pipe or terminal that takes no more now is asked again after this time. */
const BUSY_WAIT_MS = 5;
const writeAsync = promisify(write);

export class StdoutLines implements LineOutput {
  readonly name = 'standard output';
  readonly #clock: Clock;
  #appendedBytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async prepare(): Promise<void> {
    this.#appendedBytes = 0;
  }

  async append(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      try {
        const { bytesWritten } = await writeAsync(STDOUT, bytes, at, bytes.length - at, null);
        at += bytesWritten;
        this.#appendedBytes += bytesWritten;
      } catch (error) {
        if (errorCodeOf(error) !== 'EAGAIN') throw error;
        await this.#clock.sleep(BUSY_WAIT_MS);
      }
    }
  }

  async rollBack(): Promise<boolean> {
    return this.#appendedBytes === 0;
  }

  async close(): Promise<void> {}
}
