/**
 * Messages as data: a description (fields, types, versions) is compiled once per version into a reader and a writer.
 * Flexible versions (KIP-482): compact lengths and a tag section after every struct; also at the end of both headers, but for the reply to ApiVersions.
 */
import { KafkaProtocolError } from '../kafka-error.ts';
import type { AnyField, Decoded, Encodable, Shape } from './field.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/** A request and its reply. */
export interface Message<Request, Reply> {
  readonly name: string;
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** First flexible version. */
  readonly flexibleFrom: number;
  /** False: the broker never answers a request of this body (Produce with acks=0). */
  readonly hasReply: (body: Request) => boolean;
  readonly encodeRequest: (writer: WireWriter, version: number, body: Request) => void;
  readonly decodeRequest: (reader: WireReader, version: number) => unknown;
  readonly encodeReply: (writer: WireWriter, version: number, body: unknown) => void;
  readonly decodeReply: (reader: WireReader, version: number) => Reply;
}

/** Versioned bytes that are no message of their own (group metadata, keys and values of internal topics). */
export interface Struct<Body, In> {
  readonly minVersion: number;
  readonly maxVersion: number;
  encode(version: number, body: In): Buffer;
  /** Reads from `reader`; throws KafkaProtocolError. */
  decode(version: number, reader: WireReader): Body;
}

type Read = (reader: WireReader) => unknown;
type Write = (writer: WireWriter, value: unknown) => void;
interface Codec {
  readonly read: Read;
  readonly write: Write;
  /** The fewest bytes that a value can take: caps the count of an array before memory is taken. */
  readonly minBytes: number;
}

const NEVER = Number.MAX_SAFE_INTEGER;

export function defineMessage<Q extends Shape, P extends Shape>(description: {
  readonly name: string;
  readonly apiKey: number;
  /** First and last version that is described. */
  readonly versions: readonly [number, number];
  readonly flexibleFrom: number | null;
  readonly request: Q;
  readonly reply: P;
  readonly hasReply?: (body: Encodable<Q>) => boolean;
}): Message<Encodable<Q>, Decoded<P>> {
  const { name, apiKey, versions, hasReply = () => true } = description;
  const flexibleFrom = description.flexibleFrom ?? NEVER;
  const request = perVersion(name, versions, flexibleFrom, description.request);
  const reply = perVersion(name, versions, flexibleFrom, description.reply);
  return {
    name,
    apiKey,
    minVersion: versions[0],
    maxVersion: versions[1],
    flexibleFrom,
    hasReply,
    encodeRequest: (writer, version, body) => request(version).write(writer, body),
    decodeRequest: (reader, version) => request(version).read(reader),
    encodeReply: (writer, version, body) => reply(version).write(writer, body),
    decodeReply: (reader, version) => reply(version).read(reader) as Decoded<P>,
  };
}

export function defineStruct<S extends Shape>(description: {
  readonly name: string;
  readonly versions: readonly [number, number];
  readonly flexibleFrom: number | null;
  readonly fields: S;
}): Struct<Decoded<S>, Encodable<S>> {
  const { name, versions, fields } = description;
  const codec = perVersion(name, versions, description.flexibleFrom ?? NEVER, fields);
  return {
    minVersion: versions[0],
    maxVersion: versions[1],
    encode: (version, body) => {
      const writer = new WireWriter();
      codec(version).write(writer, body);
      return writer.bytes();
    },
    decode: (version, reader) => codec(version).read(reader) as Decoded<S>,
  };
}

/** More than header and length take. */
export const FRAME_OVERHEAD_BYTES = 256;

/** The whole request with its length, header and body. `sizeHint`: bytes that the body is likely to take. `memory`: see WireWriter. */
export function encodeFrame<Request>(
  message: Message<Request, unknown>,
  header: { readonly version: number; readonly correlationId: number; readonly clientId: string },
  body: Request,
  sizeHint: number = 0,
  memory: Buffer | null = null,
): Buffer {
  const writer = new WireWriter(sizeHint + FRAME_OVERHEAD_BYTES, memory);
  writer.int32(0);
  writer.int16(message.apiKey);
  writer.int16(header.version);
  writer.int32(header.correlationId);
  writeString(writer, header.clientId, false);
  if (header.version >= message.flexibleFrom) writer.uvarint(0);
  try {
    message.encodeRequest(writer, header.version, body);
  } catch (error) {
    if (error instanceof KafkaProtocolError) throw error;
    throw new KafkaProtocolError(
      `${message.name} request (version ${header.version}): ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  writer.patchInt32(0, writer.length - 4);
  return writer.bytes();
}

const API_VERSIONS_KEY = 18;

/** A reply's payload (what follows the correlation id). Throws KafkaProtocolError only. */
export function decodeReply<Reply>(message: Message<never, Reply>, version: number, payload: Buffer): Reply {
  const reader = new WireReader(payload);
  try {
    if (version >= message.flexibleFrom && message.apiKey !== API_VERSIONS_KEY) reader.skipTags();
    return message.decodeReply(reader, version);
  } catch (error) {
    if (!(error instanceof KafkaProtocolError)) throw error;
    throw new KafkaProtocolError(`${message.name} reply (version ${version}): ${error.message}`, { cause: error });
  }
}

function perVersion(
  name: string,
  [first, last]: readonly [number, number],
  flexibleFrom: number,
  shape: Shape,
): (version: number) => Codec {
  const compiled: (Codec | undefined)[] = [];
  return (version) => {
    if (version < first || version > last) throw new KafkaProtocolError(`${name} is known in versions ${first} to ${last}, not ${version}`);
    compiled[version] ??= structCodec(shape, version, version >= flexibleFrom);
    return compiled[version];
  };
}

// ---- structs

interface Step extends Codec {
  readonly name: string;
  readonly field: AnyField;
}

function structCodec(shape: Shape, version: number, isFlexible: boolean): Codec {
  const steps: Step[] = [];
  const tags: Step[] = [];
  const absent: Array<[string, unknown]> = [];
  for (const [name, field] of Object.entries(shape)) {
    const isThere = version >= field.since && version <= field.until && (field.tag === null || isFlexible);
    if (!isThere) absent.push([name, field.defaultValue]);
    else (field.tag === null ? steps : tags).push({ name, field, ...fieldCodec(field, version, isFlexible) });
  }
  const tagsByNumber = new Map(tags.map((step) => [step.field.tag, step]));
  tags.sort((a, b) => (a.field.tag ?? 0) - (b.field.tag ?? 0));
  return {
    minBytes: steps.reduce((sum, step) => sum + step.minBytes, isFlexible ? 1 : 0),
    read: (reader) => {
      const result: Record<string, unknown> = {};
      for (const step of steps) result[step.name] = step.read(reader);
      for (const step of tags) result[step.name] = step.field.defaultValue;
      for (const [name, value] of absent) result[name] = value;
      if (isFlexible) readTags(reader, tagsByNumber, result);
      return result;
    },
    write: (writer, value) => {
      const body = value as Readonly<Record<string, unknown>>;
      for (const step of steps) {
        const given = body[step.name];
        step.write(writer, given === undefined ? step.field.defaultValue : given);
      }
      if (isFlexible) writeTags(writer, tags, body);
    },
  };
}

function readTags(reader: WireReader, known: ReadonlyMap<number | null, Step>, result: Record<string, unknown>): void {
  let previous = -1;
  for (let count = reader.uvarint(); count > 0; count--) {
    const tag = reader.uvarint();
    if (tag <= previous) throw new KafkaProtocolError(`Malformed Kafka message: tag ${tag} follows tag ${previous}`);
    previous = tag;
    const content = reader.raw(reader.uvarint());
    const step = known.get(tag);
    if (step) result[step.name] = step.read(new WireReader(content));
  }
}

function writeTags(writer: WireWriter, tags: readonly Step[], body: Readonly<Record<string, unknown>>): void {
  const given = tags.filter((step) => body[step.name] !== undefined && body[step.name] !== step.field.defaultValue);
  writer.uvarint(given.length);
  for (const step of given) {
    const content = new WireWriter();
    step.write(content, body[step.name]);
    writer.uvarint(step.field.tag ?? 0);
    writer.uvarint(content.length);
    writer.raw(content.bytes());
  }
}

// ---- fields

function fieldCodec(field: AnyField, version: number, isFlexible: boolean): Codec {
  const isNullable = version >= field.nullableSince;
  switch (field.kind) {
    case 'string':
      return stringCodec(isFlexible, isNullable);
    case 'bytes':
      return bytesCodec(isFlexible, isNullable);
    case 'array':
      return arrayCodec(field, version, isFlexible, isNullable);
    case 'struct':
      return nullableStruct(structCodec(field.shape ?? {}, version, isFlexible), isNullable);
    default:
      return FIXED[field.kind];
  }
}

const FIXED: Readonly<Record<'bool' | 'int8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'float64' | 'uuid', Codec>> = {
  bool: { minBytes: 1, read: (r) => r.bool(), write: (w, v) => w.bool(v as boolean) },
  int8: { minBytes: 1, read: (r) => r.int8(), write: (w, v) => w.int8(v as number) },
  int16: { minBytes: 2, read: (r) => r.int16(), write: (w, v) => w.int16(v as number) },
  uint16: { minBytes: 2, read: (r) => r.uint16(), write: (w, v) => w.uint16(v as number) },
  int32: { minBytes: 4, read: (r) => r.int32(), write: (w, v) => w.int32(v as number) },
  uint32: { minBytes: 4, read: (r) => r.uint32(), write: (w, v) => w.uint32(v as number) },
  int64: { minBytes: 8, read: (r) => r.int64(), write: (w, v) => w.int64(v as bigint) },
  float64: { minBytes: 8, read: (r) => r.float64(), write: (w, v) => w.float64(v as number) },
  uuid: { minBytes: 16, read: (r) => r.raw(16).toString('base64url'), write: writeUuid },
};

function writeUuid(writer: WireWriter, value: unknown): void {
  const content = Buffer.from(value as string, 'base64url');
  if (content.length !== 16) throw new KafkaProtocolError(`"${String(value)}" is no Kafka uuid (22 characters of base64url)`);
  writer.raw(content);
}

/** Length of a string, byte string or array: −1 means null. `width`: bytes of the length outside flexible versions. */
function readLength(reader: WireReader, isFlexible: boolean, width: 2 | 4): number {
  if (isFlexible) return reader.uvarint() - 1;
  return width === 2 ? reader.int16() : reader.int32();
}

function writeLength(writer: WireWriter, isFlexible: boolean, width: 2 | 4, length: number): void {
  if (isFlexible) writer.uvarint(length + 1);
  else if (width === 4) writer.int32(length);
  else if (length > 0x7fff) throw new KafkaProtocolError(`A string of ${length} bytes is too long for a Kafka message (32767)`);
  else writer.int16(length);
}

function nullOr(isNullable: boolean, length: number): null {
  if (length !== -1) throw new KafkaProtocolError(`Malformed Kafka message: length ${length}`);
  if (!isNullable) throw new KafkaProtocolError('Malformed Kafka message: null where a value must be');
  return null;
}

function refuseNull(isNullable: boolean): void {
  if (!isNullable) throw new KafkaProtocolError('null cannot be written into this field of this version of the message');
}

function writeString(writer: WireWriter, text: string, isFlexible: boolean): void {
  const length = Buffer.byteLength(text, 'utf8');
  writeLength(writer, isFlexible, 2, length);
  writer.utf8(text, length);
}

function stringCodec(isFlexible: boolean, isNullable: boolean): Codec {
  return {
    minBytes: isFlexible ? 1 : 2,
    read: (reader) => {
      const length = readLength(reader, isFlexible, 2);
      return length < 0 ? nullOr(isNullable, length) : reader.utf8(length);
    },
    write: (writer, value) => {
      if (value !== null) return writeString(writer, value as string, isFlexible);
      refuseNull(isNullable);
      writeLength(writer, isFlexible, 2, -1);
    },
  };
}

function bytesCodec(isFlexible: boolean, isNullable: boolean): Codec {
  return {
    minBytes: isFlexible ? 1 : 4,
    read: (reader) => {
      const length = readLength(reader, isFlexible, 4);
      return length < 0 ? nullOr(isNullable, length) : reader.raw(length);
    },
    write: (writer, value) => {
      if (value === null) {
        refuseNull(isNullable);
        return writeLength(writer, isFlexible, 4, -1);
      }
      writeLength(writer, isFlexible, 4, (value as Uint8Array).length);
      writer.raw(value as Uint8Array);
    },
  };
}

function arrayCodec(field: AnyField, version: number, isFlexible: boolean, isNullable: boolean): Codec {
  if (!field.item) throw new KafkaProtocolError('An array field needs a description of its items');
  const item = fieldCodec(field.item, version, isFlexible);
  const itemBytes = Math.max(1, item.minBytes);
  return {
    minBytes: isFlexible ? 1 : 4,
    read: (reader) => {
      const count = readLength(reader, isFlexible, 4);
      if (count < 0) return nullOr(isNullable, count);
      if (count * itemBytes > reader.remaining) {
        throw new KafkaProtocolError(`Malformed Kafka message: an array of ${count} items in ${reader.remaining} bytes`);
      }
      const items: unknown[] = [];
      for (let i = 0; i < count; i++) items.push(item.read(reader));
      return items;
    },
    write: (writer, value) => {
      if (value === null) {
        refuseNull(isNullable);
        return writeLength(writer, isFlexible, 4, -1);
      }
      const items = value as readonly unknown[];
      writeLength(writer, isFlexible, 4, items.length);
      for (const one of items) item.write(writer, one);
    },
  };
}

/** A nullable struct has a byte in front: −1 null, 1 there. */
function nullableStruct(codec: Codec, isNullable: boolean): Codec {
  if (!isNullable) return codec;
  return {
    minBytes: 1,
    read: (reader) => (reader.int8() < 0 ? null : codec.read(reader)),
    write: (writer, value) => {
      writer.int8(value === null ? -1 : 1);
      if (value !== null) codec.write(writer, value);
    },
  };
}
