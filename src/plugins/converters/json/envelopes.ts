/**
 * Messages of one topic begin alike: `{"schema":{…},"payload":`. This keeps the beginnings seen last, with their schemas ready, so
 * that of the next message only the payload is read. All that is not as expected is left to the caller's slow way.
 */
import type { ValueInPlace } from '../../../base/bytes-in-place.ts';
import type { ReadTogether, TextsInPlace } from '../../../plugin-api/plugin.ts';
import { JsonReader } from '../../../record/json-reader.ts';
import { isPlain } from '../../../record/logical-types.ts';
import type { Schema, SchemaAndValue } from '../../../record/schema.ts';
import { type FastRead, fastReadOf } from './fast-read.ts';
import { PlainTexts } from './plain-texts.ts';
import type { ReadSettings } from './read-value.ts';

interface Envelope {
  readonly head: DataView;
  readonly schema: Schema;
  readonly isString: boolean;
  readonly read: FastRead;
}

/** How many beginnings are kept: a task mostly reads few topics. */
const MAX_KEPT = 8;

/** What one text may take. Also bounds what a text that is kept keeps with it: the texts of one memory are parts of one string. */
const MEMORY_BYTES = 8192;
/** What texts in place may take together; at first, and at most. */
const MIN_IN_PLACE_BYTES = 64 * 1024;
const MAX_IN_PLACE_BYTES = 1024 * 1024;

const texts = new PlainTexts(MEMORY_BYTES);

export class Envelopes {
  readonly #settings: ReadSettings;
  /** Kept by schema, so that many beginnings in turn do not make readers anew each time. */
  readonly #reads = new WeakMap<Schema, FastRead>();
  /** Last used first. */
  #kept: Envelope[] = [];
  #inPlace: PlainTexts | null = null;

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

  /**
   * Of many messages those that are plain texts and begin as the last one did, read together. `null`: the one that was
   * read last is no plain text.
   */
  readTexts(messages: readonly ValueInPlace[]): ReadTogether | null {
    const envelope = this.#kept[0];
    if (!envelope?.isString) return null;
    const { head, schema } = envelope;
    const values: (string | undefined)[] = [];
    const places: number[] = [];
    const ends: number[] = [];
    for (let place = 0; place < messages.length; place++) {
      values.push(undefined);
      if (!texts.hasRoom(sizeIn(messages[place]!) - head.byteLength)) takeTexts(values, places, ends);
      if (!addText(messages[place]!, head, texts)) continue;
      places.push(place);
      ends.push(texts.filled);
    }
    takeTexts(values, places, ends);
    return { schema, values };
  }

  /** The same, for those who need no strings. Valid until the next call. */
  readTextsInPlace(messages: readonly ValueInPlace[]): TextsInPlace | null {
    const envelope = this.#kept[0];
    if (!envelope?.isString) return null;
    const { head, schema } = envelope;
    const inPlace = this.#memoryFor(messages, head.byteLength);
    const ends: number[] = [];
    for (const message of messages) {
      if (!inPlace.hasRoom(sizeIn(message) - head.byteLength) || !addText(message, head, inPlace)) {
        ends.push(-1);
        continue;
      }
      ends.push(inPlace.filled);
      inPlace.skip();
    }
    return { schema, bytes: inPlace.memory, ends };
  }

  /** Quotes and the last brace leave more than the byte that is free behind each text. */
  #memoryFor(messages: readonly ValueInPlace[], headBytes: number): PlainTexts {
    let bytes = 0;
    for (const message of messages) bytes += Math.max(0, sizeIn(message) - headBytes);
    const wanted = Math.min(bytes, MAX_IN_PLACE_BYTES);
    if (this.#inPlace === null || this.#inPlace.memory.length < wanted)
      this.#inPlace = new PlainTexts(Math.min(MAX_IN_PLACE_BYTES, Math.max(MIN_IN_PLACE_BYTES, wanted * 2)));
    this.#inPlace.clear();
    return this.#inPlace;
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

function sizeIn({ valueStart = -1, valueEnd = 0 }: ValueInPlace): number {
  return valueStart < 0 ? 0 : valueEnd - valueStart;
}

/** False: the message is no plain text, or does not begin with `head`. */
function addText({ valueIn, valueStart, valueEnd }: ValueInPlace, head: DataView, to: PlainTexts): boolean {
  if (valueIn === undefined || valueStart === undefined || valueEnd === undefined || valueStart < 0) return false;
  const view = viewOf(valueIn);
  const start = valueIn.byteOffset + valueStart;
  const text = start + head.byteLength;
  const end = valueIn.byteOffset + valueEnd - 2;
  if (text >= end || !isAt(view, start, head) || view.getUint8(text) !== 0x22 || view.getUint8(end + 1) !== 0x7d) return false;
  return to.add(view, text + 1, end);
}

/** Puts the texts that were added to their places. Memory, `places` and `ends` are empty then. */
function takeTexts(values: (string | undefined)[], places: number[], ends: number[]): void {
  const all = texts.memory.toString('latin1', 0, texts.filled);
  let from = 0;
  for (let i = 0; i < places.length; i++) {
    values[places[i]!] = all.slice(from, ends[i]!);
    from = ends[i]!;
  }
  places.length = 0;
  ends.length = 0;
  texts.clear();
}

/** Messages of one fetch share their memory. */
let lastBuffer: Buffer = Buffer.alloc(0);
let lastView = new DataView(lastBuffer.buffer);

function viewOf(message: Buffer): DataView {
  if (lastBuffer !== message) {
    lastBuffer = message;
    if (lastView.buffer !== message.buffer) lastView = new DataView(message.buffer);
  }
  return lastView;
}

function startsWith(message: Buffer, head: DataView): boolean {
  return message.length > head.byteLength && isAt(viewOf(message), message.byteOffset, head);
}

/**
 * Eight bytes at a time: a call into native code costs more than a head of usual length. As numbers, which differ when the bytes do:
 * JSON has no zero bytes; and what is not a number would only be read the slow way.
 */
function isAt(view: DataView, start: number, head: DataView): boolean {
  const length = head.byteLength;
  let at = 0;
  for (; at + 8 <= length; at += 8) if (view.getFloat64(start + at, true) !== head.getFloat64(at, true)) return false;
  for (; at < length; at++) if (view.getUint8(start + at) !== head.getUint8(at)) return false;
  return true;
}

/** A string payload is the rest but for the last brace. */
function readString(envelope: Envelope, message: Buffer): SchemaAndValue | null {
  const start = envelope.head.byteLength;
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
