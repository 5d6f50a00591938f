/**
 * Messages of one topic begin alike: `{"schema":{…},"payload":`. This keeps the beginnings seen last, with their schemas ready, so
 * that of the next message only the payload is read. All that is not as expected is left to the caller's slow way.
 */
import { JsonReader } from '../../../record/json-reader.ts';
import { isPlain } from '../../../record/logical-types.ts';
import type { Schema, SchemaAndValue } from '../../../record/schema.ts';
import { type FastRead, fastReadOf } from './fast-read.ts';
import type { ReadSettings } from './read-value.ts';

interface Envelope {
  readonly head: DataView;
  readonly schema: Schema;
  readonly isString: boolean;
  readonly read: FastRead;
}

/** How many beginnings are kept: a task mostly reads few topics. */
const MAX_KEPT = 8;

export class Envelopes {
  readonly #settings: ReadSettings;
  /** Kept by schema, so that many beginnings in turn do not make readers anew each time. */
  readonly #reads = new WeakMap<Schema, FastRead>();
  /** Last used first. */
  #kept: Envelope[] = [];

  constructor(settings: ReadSettings) {
    this.#settings = settings;
  }

  /** `null`: not a known beginning, or something unusual behind it. Never throws. */
  read(message: Buffer): SchemaAndValue | null {
    const kept = this.#kept;
    for (let index = 0; index < kept.length; index++) {
      const envelope = kept[index]!;
      if (!startsWith(message, envelope.head)) continue;
      if (index > 0) this.#kept = [envelope, ...kept.slice(0, index), ...kept.slice(index + 1)];
      return envelope.isString ? readString(envelope, message) : readPayload(envelope, message);
    }
    return null;
  }

  /** Remembers a beginning. `head`: the text up to the payload's first character. */
  remember(message: Buffer, head: string, schema: Schema): void {
    const bytes = Buffer.from(head);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    // Not so when the message began with a byte order mark or was no plain UTF-8.
    if (!startsWith(message, view) || this.#kept.some(({ head }) => head.byteLength === view.byteLength && startsWith(message, head)))
      return;
    const envelope: Envelope = {
      head: view,
      schema,
      isString: isPlain(schema, 'STRING'),
      read: this.#readOf(schema),
    };
    this.#kept = [envelope, ...this.#kept].slice(0, MAX_KEPT);
  }

  #readOf(schema: Schema): FastRead {
    const read = this.#reads.get(schema) ?? fastReadOf(schema, this.#settings);
    this.#reads.set(schema, read);
    return read;
  }
}

/** Of the memory that the last message lay in: messages of one fetch share it. */
let lastView: DataView = new DataView(new ArrayBuffer(0));

/** Four bytes at a time: a call into native code costs more than a head of usual length. */
function startsWith(message: Buffer, head: DataView): boolean {
  const length = head.byteLength;
  if (message.length <= length) return false;
  if (lastView.buffer !== message.buffer) lastView = new DataView(message.buffer);
  const start = message.byteOffset;
  let at = 0;
  for (; at + 4 <= length; at += 4) if (lastView.getInt32(start + at) !== head.getInt32(at)) return false;
  for (; at < length; at++) if (message[at] !== head.getUint8(at)) return false;
  return true;
}

/** A string payload is the rest but for the last brace. */
function readString(envelope: Envelope, message: Buffer): SchemaAndValue | null {
  const start = envelope.head.byteLength;
  const end = message.length - 1;
  if (message[start] !== 0x22 || message[end] !== 0x7d) return readPayload(envelope, message);
  const plain = readAscii(message, start + 1, end - 1);
  if (plain !== null) return { schema: envelope.schema, value: plain };
  const text = message.toString('utf8', start, end);
  if (text.includes('\ufffd')) return null;
  try {
    return { schema: envelope.schema, value: JSON.parse(text) as string };
  } catch {
    return null;
  }
}

function readPayload(envelope: Envelope, message: Buffer): SchemaAndValue | null {
  const text = message.toString('utf8', envelope.head.byteLength);
  if (text.includes('\ufffd')) return null;
  try {
    const reader = new JsonReader(text);
    const value = envelope.read(reader);
    return reader.skipBlanks() === 0x7d ? { schema: envelope.schema, value } : null;
  } catch {
    // Whatever it was: the slow way words it, or copes.
    return null;
  }
}

const scratch = Buffer.allocUnsafeSlow(4096);
/** Bytes of a JSON string that do not stand for themselves: quotes, backslashes, controls, all beyond ASCII. */
const IS_SPECIAL = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte < 0x20 || byte === 0x22 || byte === 0x5c || byte >= 0x80));
/** By the letter behind a backslash; 0: no escape of one letter. */
const UNESCAPED = new Uint8Array(256);
for (const [letter, meaning] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'])
  UNESCAPED[letter!.charCodeAt(0)] = meaning!.charCodeAt(0);

/** A short ASCII string with escapes of one letter at most, from its first byte to the quote at `end`; `null`: it is another, or none. */
function readAscii(message: Buffer, start: number, end: number): string | null {
  if (end - start > scratch.length || message[end] !== 0x22) return null;
  let to = 0;
  for (let at = start; at < end; at++) {
    let byte = message[at]!;
    if (IS_SPECIAL[byte] !== 0) {
      if (byte !== 0x5c) return null;
      byte = UNESCAPED[message[++at]!]!;
      // An escaped quote at the end is not the one that ends the string.
      if (byte === 0 || at >= end) return null;
    }
    scratch[to++] = byte;
  }
  return scratch.toString('latin1', 0, to);
}
