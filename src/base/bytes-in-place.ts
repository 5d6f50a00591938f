/** Bytes that are written where they go instead of being made first. Valid until their maker gives the next. */
export interface BytesInPlace {
  /** What `writeTo` may need. */
  readonly maxBytes: number;
  /** What it mostly needs. */
  readonly likelyBytes: number;
  /** Writes at this index and returns the one behind the last byte. */
  writeTo(target: Buffer, at: number): number;
}

/** A form that can be kept: bytes in place are written once and for all. */
export function inHand(form: Uint8Array | string | BytesInPlace | null): Uint8Array | string | null {
  if (form === null || typeof form === 'string' || form instanceof Uint8Array) return form;
  const bytes = Buffer.allocUnsafeSlow(form.maxBytes);
  return bytes.subarray(0, form.writeTo(bytes, 0));
}
