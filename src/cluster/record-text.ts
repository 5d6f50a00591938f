/** Bytes of a record as text to look at. Only for records that are on the screen or that a filter asks for. */

const decoder = new TextDecoder('utf-8', { fatal: true });
/** Longer values are read no further for one line or a filter. */
const PREVIEW_BYTES = 16_384;
/** Magic byte and schema id in front of what a schema registry's serializers write. */
export const FRAME_BYTES = 5;

/** `null`: no such frame, or nothing behind it. */
export function schemaIdOf(bytes: Buffer): number | null {
  return bytes.length > FRAME_BYTES && bytes[0] === 0 ? bytes.readUInt32BE(1) : null;
}

/** UTF-8 as it is; anything else as hex, which `isText` tells. */
export function toText(bytes: Buffer, limitBytes: number = PREVIEW_BYTES): { text: string; isText: boolean } {
  const head = bytes.length > limitBytes ? cutAtCharacter(bytes, limitBytes) : bytes;
  try {
    return { text: decoder.decode(head), isText: true };
  } catch {
    return { text: toHex(head, 64), isText: false };
  }
}

/** `0x00 00 00 01 2a … 48 B`. */
function toHex(bytes: Buffer, limitBytes: number): string {
  const pairs = bytes.subarray(0, limitBytes).toString('hex').match(/../g) ?? [];
  return `0x${pairs.join(' ')}${bytes.length > limitBytes ? ` … ${bytes.length} B` : ''}`;
}

/** Does not cut a UTF-8 sequence in its middle. */
function cutAtCharacter(bytes: Buffer, limit: number): Buffer {
  let end = limit;
  while (end > limit - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** Indents JSON by its own characters, so that numbers, escapes and doubled members stay as they were sent. `null`: not JSON. */
export function prettyJson(text: string): string | null {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return null;
  try {
    JSON.parse(trimmed);
  } catch {
    return null;
  }
  let out = '';
  let depth = 0;
  for (const token of trimmed.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? []) {
    const newLine = () => `\n${'  '.repeat(Math.min(depth, 40))}`;
    if (token === '{' || token === '[') {
      depth++;
      out += token + newLine();
    } else if (token === '}' || token === ']') {
      depth--;
      out = /[[{]\s*$/.test(out) ? out.trimEnd() + token : out + newLine() + token;
    } else if (token === ',') out += token + newLine();
    else if (token === ':') out += ': ';
    else out += token;
  }
  return out;
}

/** The payload inside JsonConverter's envelope `{"schema":…,"payload":…}`, as it is written; `null` when the text is none (or is cut off before it). */
export function payloadOf(text: string): string | null {
  const start = '{"schema":';
  if (!text.startsWith(start)) return null;
  const end = endOfValue(text, start.length);
  const name = ',"payload":';
  return end > 0 && text.startsWith(name, end) ? text.slice(end + name.length).replace(/}\s*$/, '') : null;
}

/** Index after the JSON value that begins at `from`; −1 when it does not end. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === '\\') i++;
    } else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (depth === 0 && (text[i + 1] === ',' || text[i + 1] === '}')) return i + 1;
  }
  return -1;
}

/** Sixteen bytes a line: position, hex, ASCII. */
export function hexDump(bytes: Buffer, limitBytes: number): string {
  const lines: string[] = [];
  const shown = bytes.subarray(0, limitBytes);
  for (let at = 0; at < shown.length; at += 16) {
    const row = shown.subarray(at, at + 16);
    const hex = (row.toString('hex').match(/../g) ?? []).join(' ').padEnd(47);
    const ascii = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex}  ${ascii}`);
  }
  if (bytes.length > limitBytes) lines.push(`… ${bytes.length - limitBytes} more bytes`);
  return lines.join('\n');
}
