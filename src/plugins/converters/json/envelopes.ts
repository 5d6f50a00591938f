/**
 * Messages of one topic begin alike: `{"schema":{…},"payload":`. This keeps the beginnings seen last, with their schemas ready, so
 * that of the next message only the payload is read. All that is not as expected is left to the caller's slow way.
 */
import { JsonReader } from '../../../record/json-reader.ts';
import { logicalTypeOf } from '../../../record/logical-types.ts';
import type { Schema, SchemaAndValue } from '../../../record/schema.ts';
import { type FastRead, fastReadOf } from './fast-read.ts';
import type { ReadSettings } from './read-value.ts';

interface Envelope {
  readonly head: Buffer;
  readonly schema: Schema;
  readonly isString: boolean;
  readonly read: FastRead;
}

/** How many beginnings are kept: a task mostly reads few topics. */
const MAX_KEPT = 8;
/** Up to here comparing byte by byte beats the call into native code. */
const SHORT_HEAD = 80;

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
    // Not so when the message began with a byte order mark or was no plain UTF-8.
    if (!startsWith(message, bytes) || this.#kept.some((envelope) => envelope.head.equals(bytes))) return;
    const envelope: Envelope = {
      head: bytes,
      schema,
      isString: schema.type === 'STRING' && logicalTypeOf(schema) === null,
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

function startsWith(message: Buffer, head: Buffer): boolean {
  const { length } = head;
  if (message.length <= length) return false;
  if (length > SHORT_HEAD) return head.compare(message, 0, length, 0, length) === 0;
  for (let at = 0; at < length; at++) if (head[at] !== message[at]) return false;
  return true;
}

/** A string payload is the rest but for the last brace. */
function readString(envelope: Envelope, message: Buffer): SchemaAndValue | null {
  const start = envelope.head.length;
  const end = message.length - 1;
  if (message[start] !== 0x22 || message[end] !== 0x7d) return readPayload(envelope, message);
  const text = message.toString('utf8', start, end);
  if (text.includes('\ufffd')) return null;
  try {
    return { schema: envelope.schema, value: JSON.parse(text) as string };
  } catch {
    return null;
  }
}

function readPayload(envelope: Envelope, message: Buffer): SchemaAndValue | null {
  const text = message.toString('utf8', envelope.head.length);
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
