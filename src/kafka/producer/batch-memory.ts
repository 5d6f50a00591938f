/** The memory that unsent and unacknowledged batches take: counted, bounded, and used again once a batch is settled. */

const MIN_BYTES = 4096;
/** Larger buffers are left to the garbage collector. */
const MAX_POOLED_BYTES = 2 << 20;

export class BatchMemory {
  readonly #limitBytes: number;
  readonly #free = new Map<number, Buffer[]>();
  #usedBytes = 0;
  #freeBytes = 0;
  #wantedBytes = 0;
  #waiting: Array<() => void> = [];

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Somebody waits for room. */
  get isShort(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether `bytes` more may be taken; if not, `whenFree` waits for that many. Any number may when nothing else is held. */
  hasRoom(bytes: number): boolean {
    if (this.#usedBytes === 0 || this.#usedBytes + bytes <= this.#limitBytes) return true;
    this.#wantedBytes = bytes;
    return false;
  }

  /** What `take` takes for so many bytes: a power of two. */
  sizeFor(bytes: number): number {
    return 2 ** Math.ceil(Math.log2(Math.max(bytes, MIN_BYTES)));
  }

  /** A buffer of at least `bytes`. */
  take(bytes: number): Buffer {
    const size = this.sizeFor(bytes);
    this.#usedBytes += size;
    const used = this.#free.get(size)?.pop();
    if (!used) return Buffer.allocUnsafeSlow(size);
    this.#freeBytes -= size;
    return used;
  }

  /** A batch grew (or, compressed, shrank) by `bytes`. */
  changed(bytes: number): void {
    this.#usedBytes += bytes;
    if (bytes < 0) this.#wake();
  }

  /** A settled batch's memory. Requests carry copies, so no write can still be under way from `buffer` (CVE-2026-35554). */
  give(buffer: Buffer): void {
    const size = buffer.length;
    this.#usedBytes -= size;
    if (size <= MAX_POOLED_BYTES && this.#freeBytes + size <= this.#limitBytes / 4 && (size & (size - 1)) === 0) {
      const list = this.#free.get(size);
      if (list) list.push(buffer);
      else this.#free.set(size, [buffer]);
      this.#freeBytes += size;
    }
    this.#wake();
  }

  /** Resolves when a quarter of the limit is free and what was refused last has room. */
  whenFree(): Promise<void> {
    if (this.#hasSlack()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Wakes whoever waits (the producer closes). */
  wakeAll(): void {
    this.#wantedBytes = 0;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #hasSlack(): boolean {
    const most = Math.min(this.#limitBytes * 0.75, this.#limitBytes - this.#wantedBytes);
    return this.#usedBytes === 0 || this.#usedBytes <= most;
  }

  #wake(): void {
    if (this.isShort && this.#hasSlack()) this.wakeAll();
  }
}
