/**
 * The memory of large requests, one after the other. Taken anew for each, a busy producer's would be most of what a thread throws away, and
 * lie about until the next garbage collection.
 */
import { FRAME_OVERHEAD_BYTES } from './codec.ts';

/** Smaller ones cost less than looking after them. */
const LARGE_BYTES = 64 << 10;
/** Steps, so that the next request, a little larger, finds room. */
const STEP_BYTES = 256 << 10;
/** What is larger is not kept. */
const MOST_BYTES = 2 << 20;

export class FrameMemory {
  #kept: Buffer | null = null;

  /** For a request whose body is likely to take so many bytes; null: let the writer take its own. */
  take(bodyBytes: number): Buffer | null {
    const bytes = bodyBytes + FRAME_OVERHEAD_BYTES;
    if (bytes < LARGE_BYTES || bytes > MOST_BYTES) return null;
    const kept = this.#kept;
    if (kept !== null && kept.length >= bytes) {
      this.#kept = null;
      return kept;
    }
    return Buffer.allocUnsafeSlow(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
  }

  /** Nobody reads it any more: not the caller, nor the socket. */
  give(memory: Buffer): void {
    if (memory.length > (this.#kept?.length ?? 0)) this.#kept = memory;
  }

  forget(): void {
    this.#kept = null;
  }
}
