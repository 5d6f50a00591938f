/** Bytes that are written where they go instead of being made first. Valid until their maker gives the next. */
export interface BytesInPlace {
  /** What `writeTo` may need. */
  readonly maxBytes: number;
  /** What it mostly needs. */
  readonly likelyBytes: number;
  /** Writes at this index and returns the one behind the last byte. */
  writeTo(target: Buffer, at: number): number;
}

/** Bytes of others as they are. */
export class CopyInPlace implements BytesInPlace {
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  of(bytes: Buffer, start: number, end: number): this {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    return this;
  }

  get maxBytes(): number {
    return this.#end - this.#start;
  }

  get likelyBytes(): number {
    return this.#end - this.#start;
  }

  writeTo(target: Buffer, at: number): number {
    return at + this.#bytes.copy(target, at, this.#start, this.#end);
  }
}

/** A form that can be kept: bytes in place are written once and for all. */
export function inHand(form: Uint8Array | string | BytesInPlace | null): Uint8Array | string | null {
  if (form === null || typeof form === 'string' || form instanceof Uint8Array) return form;
  const bytes = Buffer.allocUnsafeSlow(form.maxBytes);
  return bytes.subarray(0, form.writeTo(bytes, 0));
}

/** A value that lies among other bytes: for those who read many of them and need no view of each. Absent where it does not. */
export interface ValueInPlace {
  readonly valueIn?: Buffer;
  /** −1: the value is `null`. */
  readonly valueStart?: number;
  readonly valueEnd?: number;
}
