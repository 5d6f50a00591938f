/** Cuts a byte stream into Kafka's frames (int32 length, then that many bytes). */
import { KafkaProtocolError } from '../kafka-error.ts';

/** A frame up to this size gets its memory at once; a larger one as its bytes arrive, so that a length alone costs nothing. */
const EAGER_BYTES = 4 << 20;

export class FrameReader {
  readonly #maxFrameBytes: number;
  readonly #onFrame: (frame: Buffer) => void;
  readonly #head = Buffer.alloc(4);
  #headBytes = 0;
  #frameBytes = 0;
  #body: Buffer | null = null;
  #bodyBytes = 0;

  constructor(maxFrameBytes: number, onFrame: (frame: Buffer) => void) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#onFrame = onFrame;
  }

  /** Throws KafkaProtocolError for a length that is negative or above the limit. Frames are copies: `chunk` may be used again. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (!this.#body) {
        at = this.#readHead(chunk, at);
        if (this.#headBytes < 4) return;
        if (chunk.length - at >= this.#frameBytes) {
          this.#headBytes = 0;
          const end = at + this.#frameBytes;
          this.#onFrame(Buffer.from(chunk.subarray(at, end)));
          at = end;
          continue;
        }
        this.#body = Buffer.allocUnsafeSlow(Math.min(this.#frameBytes, EAGER_BYTES));
        this.#bodyBytes = 0;
      }
      at = this.#fill(chunk, at);
    }
  }

  #readHead(chunk: Buffer, start: number): number {
    const taken = Math.min(4 - this.#headBytes, chunk.length - start);
    chunk.copy(this.#head, this.#headBytes, start, start + taken);
    this.#headBytes += taken;
    if (this.#headBytes === 4) {
      this.#frameBytes = this.#head.readInt32BE(0);
      if (this.#frameBytes < 4 || this.#frameBytes > this.#maxFrameBytes) {
        throw new KafkaProtocolError(
          `A frame of ${this.#frameBytes} bytes is refused (limit ${this.#maxFrameBytes}); is this really a Kafka listener, and does security.protocol fit it?`,
        );
      }
    }
    return start + taken;
  }

  #fill(chunk: Buffer, start: number): number {
    let body = this.#body ?? Buffer.alloc(0);
    const taken = Math.min(this.#frameBytes - this.#bodyBytes, chunk.length - start);
    if (this.#bodyBytes + taken > body.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#frameBytes, Math.max(body.length * 2, this.#bodyBytes + taken)));
      body.copy(grown, 0, 0, this.#bodyBytes);
      body = grown;
      this.#body = grown;
    }
    chunk.copy(body, this.#bodyBytes, start, start + taken);
    this.#bodyBytes += taken;
    if (this.#bodyBytes === this.#frameBytes) {
      this.#body = null;
      this.#headBytes = 0;
      this.#onFrame(body);
    }
    return start + taken;
  }
}
