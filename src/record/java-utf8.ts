/** UTF-8 as Java's String does it: malformed bytes become U+FFFD, lone surrogates become `?`. */

const REPLACEMENT = '\ufffd';

/** Text of UTF-8 bytes. Differs from Node's own decoding in encoded surrogates only: one U+FFFD for the whole sequence, as in Java. */
export function decodeUtf8(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes);
  const text = buffer.toString();
  if (!text.includes(REPLACEMENT)) return text;
  return hasEncodedSurrogate(buffer) ? decodeAroundSurrogates(buffer) : text;
}

/** The bytes' own memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Text whose UTF-8 form is what Java would write: lone surrogates are replaced by `?`. */
export function toEncodable(text: string): string {
  return text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, '?');
}

function isSurrogateStart(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1] ?? 0;
  return bytes[at] === 0xed && next >= 0xa0 && next <= 0xbf;
}

function hasEncodedSurrogate(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0xed); at !== -1; at = bytes.indexOf(0xed, at + 1)) if (isSurrogateStart(bytes, at)) return true;
  return false;
}

function decodeAroundSurrogates(bytes: Buffer): string {
  let text = '';
  let start = 0;
  for (let at = bytes.indexOf(0xed); at !== -1; at = bytes.indexOf(0xed, at + 1)) {
    if (!isSurrogateStart(bytes, at)) continue;
    text += bytes.toString('utf8', start, at) + REPLACEMENT;
    const third = bytes[at + 2] ?? 0;
    start = at + (third >= 0x80 && third <= 0xbf ? 3 : 2);
  }
  return text + bytes.toString('utf8', start);
}
