/** Bytes of a JSON text to a string, with what Jackson accepts: UTF-8 with or without mark, UTF-16, UTF-32. */
import { asBuffer } from './java-utf8.ts';

/** A character that is an error wherever it is read: stands for the first byte that is no UTF-8. */
const POISON = '\u0001';

/**
 * Text of the bytes. Where they stop being UTF-8 the text ends with a control character, so that a reader fails there and only if
 * it gets that far. Overlong forms are let through, as Jackson does; encoded surrogates are not.
 */
export function decodeJsonBytes(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  const [first = 1, second = 1] = buffer;
  if (first < 0x09 || second < 0x09 || first >= 0xef) {
    const wide = decodeWide(buffer);
    if (wide !== null) return wide;
  }
  const text = buffer.toString();
  return text.includes('\ufffd') ? decodeLenient(buffer) : text;
}

function decodeWide(bytes: Buffer): string | null {
  const [a = 1, b = 1, c = 1, d = 1] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeJsonBytes(bytes.subarray(3));
  if (bytes.length >= 4) {
    if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return decodeUtf32(bytes.subarray(4), true);
    if (a === 0xff && b === 0xfe && c === 0 && d === 0) return decodeUtf32(bytes.subarray(4), false);
    if (a === 0 && b === 0 && c === 0) return decodeUtf32(bytes, true);
    if (b === 0 && c === 0 && d === 0) return decodeUtf32(bytes, false);
  }
  if (a === 0xfe && b === 0xff) return decodeUtf16(bytes.subarray(2), true);
  if (a === 0xff && b === 0xfe) return decodeUtf16(bytes.subarray(2), false);
  if (bytes.length < 2) return null;
  if (a === 0) return decodeUtf16(bytes, true);
  return b === 0 ? decodeUtf16(bytes, false) : null;
}

function decodeUtf16(bytes: Buffer, isBigEndian: boolean): string {
  const even = bytes.length - (bytes.length % 2);
  const whole = isBigEndian ? Buffer.from(bytes.subarray(0, even)).swap16() : bytes.subarray(0, even);
  return whole.toString('utf16le') + (even === bytes.length ? '' : POISON);
}

function decodeUtf32(bytes: Buffer, isBigEndian: boolean): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const code = at + 4 > bytes.length ? -1 : isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    if (code < 0 || code > 0x10ffff) return parts.join('') + POISON;
    parts.push(String.fromCodePoint(code));
  }
  return parts.join('');
}

/** Length of the sequence that a lead byte starts; 0 for a byte that starts none. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc0) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf8 ? 4 : 0;
}

function decodeLenient(bytes: Buffer): string {
  const units: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = sequenceLength(lead);
    if (length === 0 || at + length > bytes.length) return units.join('') + POISON;
    let code = length === 1 ? lead : lead & (0x7f >> length);
    for (let next = at + 1; next < at + length; next++) {
      const byte = bytes[next] ?? 0;
      if ((byte & 0xc0) !== 0x80) return units.join('') + POISON;
      code = (code << 6) | (byte & 0x3f);
    }
    if (length === 3 && code >= 0xd800 && code <= 0xdfff) return units.join('') + POISON;
    // An overlong quote or backslash is a character of a string, never its end: as an escape it stays one, and is an error elsewhere.
    if ((length === 2 || length === 3) && code < 0x80) units.push(`\\u${code.toString(16).padStart(4, '0')}`);
    else units.push(length === 4 ? surrogatePair(code - 0x10000) : String.fromCharCode(code));
    at += length;
  }
  return units.join('');
}

/** Jackson makes two units of any four bytes, whatever comes of it. */
function surrogatePair(offset: number): string {
  return String.fromCharCode((0xd800 | (offset >> 10)) & 0xffff, 0xdc00 | (offset & 0x3ff));
}
