/**
 * Kafka's primitive types as MirrorMaker writes them into the keys and values of its own topics: big-endian, texts with a length of 16 bits, nothing
 * that tells the type. Source: org.apache.kafka.common.protocol.types.Type.
 */
import { DataError, messageOf } from '../../../../base/errors.ts';
import { WireReader } from '../../../../kafka/wire/wire-reader.ts';
import { WireWriter } from '../../../../kafka/wire/wire-writer.ts';

const MAX_TEXT_BYTES = 32_767;

/** Bytes of an internal topic that are none of MirrorMaker's records. Nothing else is thrown by the decoders of this family. */
export class MirrorRecordError extends DataError {
  override readonly javaClass: string = 'org.apache.kafka.common.protocol.types.SchemaException';
}

/** `what`: key or value of which kind of record. Bytes behind the last field are left alone, as the original does. Throws MirrorRecordError. */
export function readRecordBytes<T>(what: string, bytes: Uint8Array | null, read: (reader: WireReader) => T): T {
  if (bytes === null) throw new MirrorRecordError(`The ${what} has no bytes: it is none of MirrorMaker's records.`);
  try {
    return read(new WireReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  } catch (error) {
    if (error instanceof MirrorRecordError) throw error;
    const text = `The ${what} cannot be read from its ${bytes.length} bytes: ${messageOf(error)}`;
    throw new MirrorRecordError(text, { cause: error });
  }
}

/** A text of this family's records; malformed UTF-8 is replaced, as in Java. */
export function readText(reader: WireReader): string {
  const length = reader.int16();
  if (length < 0) throw new MirrorRecordError(`A text of ${length} bytes cannot be: it is none of MirrorMaker's records.`);
  return reader.utf8(length);
}

/** For versions that are not known: what a newer release writes is not guessed at. */
export function readVersion(reader: WireReader, what: string): void {
  const version = reader.int16();
  if (version !== 0) throw new MirrorRecordError(`The ${what} has version ${version}; only version 0 is known.`);
}

/** The written bytes, the writer's own. */
export function recordBytes(write: (writer: WireWriter) => void): Buffer {
  const writer = new WireWriter();
  write(writer);
  return Buffer.from(writer.bytes());
}

/** Throws MirrorRecordError for a text that is too long for its length field. */
export function writeText(writer: WireWriter, text: string): void {
  const length = Buffer.byteLength(text);
  if (length > MAX_TEXT_BYTES)
    throw new MirrorRecordError(`A text of ${length} bytes is too long: MirrorMaker's records hold texts of at most ${MAX_TEXT_BYTES}.`);
  writer.int16(length);
  writer.utf8(text, length);
}
