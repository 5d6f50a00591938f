/**
 * The standalone offset file: a java.util.HashMap of byte arrays as Java's object serialization writes it. Read and written so that
 * Apache Kafka's FileOffsetBackingStore takes it, and the other way round.
 * Source: Java Object Serialization Specification 6.4 (grammar of the stream); HashMap.writeObject.
 *
 *     stream   := magic:u16=aced version:u16=5 object
 *     object   := 73 classDesc(HashMap) loadFactor:f32 threshold:i32 77 08 buckets:i32 size:i32 (element element)*size 78
 *     element  := 70 (null) | 71 handle:i32 | 75 classDesc([B) length:i32 bytes
 *     classDesc:= 72 name:utf suid:i64 flags:u8 fields:u16 (type:u8 name:utf)* 78 classDesc-or-70 | 71 handle:i32 | 70
 *     handle   := 7e0000 + n, counted over class descriptions and objects in the order in which they begin
 */
import { DataError } from '../../base/errors.ts';
import type { OffsetEntry } from './port.ts';

const MAGIC = 0xaced;
const VERSION = 5;
const NULL = 0x70;
const REFERENCE = 0x71;
const CLASS_DESC = 0x72;
const OBJECT = 0x73;
const ARRAY = 0x75;
const BLOCK_DATA = 0x77;
const END_BLOCK = 0x78;
const FIRST_HANDLE = 0x7e0000;
const HASH_MAP = 'java.util.HashMap';
const BYTE_ARRAY = '[B';
/** Bytes that a field of each primitive type takes. */
const FIELD_SIZES: Readonly<Record<string, number>> = { B: 1, C: 2, D: 8, F: 4, I: 4, J: 8, S: 2, Z: 1 };

/** Up to the fields' values: magic, version, HashMap's description with loadFactor and threshold, load factor 0.75. */
const HEAD = Buffer.from(
  'aced0005737200116a6176612e7574696c2e486173684d61700507dac1c31660d103000246000a6c6f6164466163746f724900097468726573686f6c6478703f400000',
  'hex',
);
/** Before the length of the first array: tag and the description of `[B`. */
const FIRST_ARRAY = Buffer.from('757200025b42acf317f8060854e00200007870', 'hex');
/** Before the length of all others: tag and a reference to that description. */
const NEXT_ARRAY = Buffer.from('7571007e0002', 'hex');

/** In the order of the file; the last of repeated keys counts for the caller. Throws DataError that says what is wrong and where. */
export function parseJavaMap(bytes: Buffer): OffsetEntry[] {
  return new MapReader(bytes).map();
}

/** The bytes that the JVM would write, but for the order: a HashMap has none. */
export function serializeJavaMap(entries: readonly OffsetEntry[]): Buffer {
  const buckets = bucketsFor(entries.length);
  const sizes = Buffer.alloc(14);
  // A map that never held anything has no table yet.
  sizes.writeInt32BE(entries.length === 0 ? 0 : Math.min(buckets * 0.75, 0x7fffffff), 0);
  sizes[4] = BLOCK_DATA;
  sizes[5] = 8;
  sizes.writeInt32BE(buckets, 6);
  sizes.writeInt32BE(entries.length, 10);
  const parts: Uint8Array[] = [HEAD, sizes];
  let isFirst = true;
  const addArray = (array: Buffer | null) => {
    if (array === null) return parts.push(Buffer.of(NULL));
    const length = Buffer.alloc(4);
    length.writeInt32BE(array.length);
    parts.push(isFirst ? FIRST_ARRAY : NEXT_ARRAY, length, array);
    isFirst = false;
  };
  for (const { key, value } of entries) {
    addArray(key);
    addArray(value);
  }
  parts.push(Buffer.of(END_BLOCK));
  return Buffer.concat(parts);
}

/** A power of two that holds the entries at three quarters full. */
function bucketsFor(entries: number): number {
  let buckets = 16;
  while (buckets * 0.75 < entries) buckets *= 2;
  return buckets;
}

interface ClassDescription {
  readonly className: string;
  /** Bytes that the values of its own fields take. */
  readonly fieldBytes: number;
}

type Handle = ClassDescription | Buffer | 'the map itself';

class MapReader {
  readonly #bytes: Buffer;
  readonly #handles: Handle[] = [];
  #pos = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  map(): OffsetEntry[] {
    if (this.#uint16('the mark of a Java object stream') !== MAGIC) throw this.#wrong('it does not begin as a Java object stream', 0);
    const version = this.#uint16('the version of the stream');
    if (version !== VERSION) throw this.#wrong(`its stream version is ${version}, not ${VERSION}`, 2);
    const at = this.#pos;
    if (this.#uint8('the map') !== OBJECT) throw this.#wrong('its root is no object', at);
    const description = this.#classDescription();
    if (description?.className !== HASH_MAP) throw this.#wrong(`its root is ${description?.className ?? 'null'}, not ${HASH_MAP}`, at);
    this.#handles.push('the map itself');
    this.#take(description.fieldBytes, 'the fields of the map');
    const entries = this.#entries(this.#size());
    if (this.#uint8('the end of the map') !== END_BLOCK) throw this.#wrong('the map has more in it than its entries', this.#pos - 1);
    return entries;
  }

  #size(): number {
    const at = this.#pos;
    const isBlock = this.#uint8('the size of the map') === BLOCK_DATA && this.#uint8('the size of the map') === 8;
    if (!isBlock) throw this.#wrong('the size of the map is missing', at);
    this.#take(4, 'the number of buckets');
    const size = this.#int32('the size of the map');
    // An entry takes two bytes at least: no size makes a loop longer than the file.
    if (size < 0 || size * 2 > this.#bytes.length - this.#pos) throw this.#wrong(`the map claims ${size} entries`, this.#pos - 4);
    return size;
  }

  #entries(size: number): OffsetEntry[] {
    const entries: OffsetEntry[] = [];
    for (let index = 0; index < size; index++) {
      const key = this.#element(`key ${index + 1} of ${size}`);
      const value = this.#element(`value ${index + 1} of ${size}`);
      // A null key stands for no partition.
      if (key !== null) entries.push({ key, value });
    }
    return entries;
  }

  #element(what: string): Buffer | null {
    const at = this.#pos;
    const tag = this.#uint8(what);
    if (tag === NULL) return null;
    if (tag === REFERENCE) {
      const target = this.#reference(what);
      if (!Buffer.isBuffer(target)) throw this.#wrong(`${what} refers to something that is no byte array`, at);
      return target;
    }
    if (tag !== ARRAY) throw this.#wrong(`${what} is no byte array (tag ${tag.toString(16)})`, at);
    const description = this.#classDescription();
    if (description?.className !== BYTE_ARRAY) throw this.#wrong(`${what} is an array of class ${description?.className ?? 'null'}`, at);
    const length = this.#int32(what);
    if (length < 0) throw this.#wrong(`${what} claims ${length} bytes`, this.#pos - 4);
    // A copy: entries must not hold the whole file in memory.
    const array = Buffer.from(this.#take(length, what));
    this.#handles.push(array);
    return array;
  }

  #classDescription(depth = 0): ClassDescription | null {
    const at = this.#pos;
    const tag = this.#uint8('a class description');
    if (tag === NULL) return null;
    if (tag === REFERENCE) {
      const target = this.#reference('a class description');
      if (typeof target === 'string' || Buffer.isBuffer(target)) throw this.#wrong('a reference to a class leads elsewhere', at);
      return target;
    }
    if (tag !== CLASS_DESC || depth > 8) throw this.#wrong('a class description is malformed', at);
    const className = this.#utf('the name of a class');
    this.#take(9, 'the version and flags of a class');
    // The handle is given before the fields are read.
    const slot = this.#handles.push({ className, fieldBytes: 0 }) - 1;
    const description = { className, fieldBytes: this.#fieldBytes() };
    this.#handles[slot] = description;
    if (this.#uint8('the end of a class description') !== END_BLOCK) throw this.#wrong(`class ${className} is annotated`, this.#pos - 1);
    if (this.#classDescription(depth + 1) !== null) throw this.#wrong(`class ${className} has a superclass`, at);
    return description;
  }

  #fieldBytes(): number {
    let total = 0;
    for (let left = this.#uint16('the number of fields'); left > 0; left--) {
      const type = String.fromCharCode(this.#uint8('the type of a field'));
      const name = this.#utf('the name of a field');
      const size = FIELD_SIZES[type];
      if (size === undefined) throw this.#wrong(`field ${name} has type ${JSON.stringify(type)}`, this.#pos);
      total += size;
    }
    return total;
  }

  #reference(what: string): Handle {
    const number = this.#int32(what) - FIRST_HANDLE;
    const target = this.#handles[number];
    if (target === undefined) throw this.#wrong(`${what} refers to object ${number}, which is not there`, this.#pos - 4);
    return target;
  }

  #utf(what: string): string {
    return this.#take(this.#uint16(what), what).toString('utf8');
  }

  #uint8(what: string): number {
    return this.#take(1, what).readUInt8();
  }

  #uint16(what: string): number {
    return this.#take(2, what).readUInt16BE();
  }

  #int32(what: string): number {
    return this.#take(4, what).readInt32BE();
  }

  #take(length: number, what: string): Buffer {
    const left = this.#bytes.length - this.#pos;
    if (length > left) throw this.#wrong(`it ends within ${what}: ${length} bytes are needed, ${left} are left`, this.#pos);
    this.#pos += length;
    return this.#bytes.subarray(this.#pos - length, this.#pos);
  }

  #wrong(problem: string, at: number): DataError {
    return new DataError(`Not an offset file of Kafka Connect: ${problem} (byte ${at} of ${this.#bytes.length}).`);
  }
}
