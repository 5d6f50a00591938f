/** Base64 the way Jackson reads it: padding needed, blanks allowed between groups of four, padded groups may be followed by more. */

const PLAIN = /^[A-Za-z0-9+/]*={0,2}$/;
const GROUP = /^[A-Za-z0-9+/]{2}(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)$/;

/** The bytes, or `null` when the text is not Base64. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 === 0 && PLAIN.test(text)) return Buffer.from(text, 'base64');
  const groups: Uint8Array[] = [];
  for (let at = 0; at < text.length; ) {
    if (text.charCodeAt(at) <= 0x20) {
      at++;
      continue;
    }
    const group = text.slice(at, at + 4);
    if (!GROUP.test(group)) return null;
    groups.push(Buffer.from(group, 'base64'));
    at += 4;
  }
  return Buffer.concat(groups);
}
