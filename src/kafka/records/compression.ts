/**
 * The four compressions of record batches, as the JVM writes and reads them: gzip, snappy (raw, or in snappy-java's own framing), lz4 frames, zstd.
 * Nothing decompresses to more than a limit, and the limit is known before the memory is taken.
 */
import { createRequire } from 'node:module';
import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { CompressionType } from '../contract.ts';
import { KafkaProtocolError } from '../kafka-error.ts';

/** Most bytes that the records of one batch may take. */
export const MAX_DECOMPRESSED_BYTES: number = 100 << 20;

const load = createRequire(import.meta.url);
/** Loaded when a batch needs them: few topics are compressed with either, and each brings native code with threads of its own. */
const lz4 = (): typeof import('lz4-napi') => load('lz4-napi');
const snappy = (): typeof import('snappy') => load('snappy');

/** By the lowest three bits of a batch's attributes. */
export const COMPRESSION_TYPES: readonly CompressionType[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

export function compress(type: CompressionType, plain: Buffer): Buffer {
  switch (type) {
    case 'none':
      return plain;
    case 'gzip':
      return gzipSync(plain);
    case 'snappy':
      return compressXerial(plain);
    case 'lz4':
      return lz4().compressFrameSync(plain);
    case 'zstd':
      return zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  }
}

/** Throws KafkaProtocolError for bytes that are not of that type, or that would grow beyond the limit. */
export function decompress(type: CompressionType, packed: Buffer, limitBytes: number = MAX_DECOMPRESSED_BYTES): Buffer {
  try {
    switch (type) {
      case 'none':
        return packed;
      case 'gzip':
        return gunzipSync(packed, { maxOutputLength: limitBytes });
      case 'snappy':
        return decompressSnappy(packed, limitBytes);
      case 'lz4':
        checkLz4Size(packed, limitBytes);
        return lz4().decompressFrameSync(packed);
      case 'zstd':
        return zstdDecompressSync(packed, { maxOutputLength: limitBytes });
    }
  } catch (error) {
    if (error instanceof KafkaProtocolError) throw error;
    throw new KafkaProtocolError(`${type} data cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

// ---- snappy

/** What org.xerial.snappy.SnappyOutputStream puts in front: magic, version 1, lowest compatible version 1. Then blocks with their length. */
const XERIAL_HEADER = Buffer.from('82534e415050590000000001' + '00000001', 'hex');
const XERIAL_MAGIC_BYTES = 8;
const XERIAL_BLOCK_BYTES = 32 << 10;

function compressXerial(plain: Buffer): Buffer {
  const { compressSync } = snappy();
  const parts: Buffer[] = [XERIAL_HEADER];
  for (let at = 0; at < plain.length; at += XERIAL_BLOCK_BYTES) {
    const block = compressSync(plain.subarray(at, at + XERIAL_BLOCK_BYTES));
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

function decompressSnappy(packed: Buffer, limitBytes: number): Buffer {
  const isFramed =
    packed.length >= XERIAL_HEADER.length && packed.compare(XERIAL_HEADER, 0, XERIAL_MAGIC_BYTES, 0, XERIAL_MAGIC_BYTES) === 0;
  if (!isFramed) return decompressBlock(packed, limitBytes);
  const blocks: Buffer[] = [];
  let left = limitBytes;
  for (let at = XERIAL_HEADER.length; at < packed.length; ) {
    if (packed.length - at < 4) throw new KafkaProtocolError('snappy data ends inside the length of a block');
    const length = packed.readInt32BE(at);
    at += 4;
    if (length < 0 || length > packed.length - at)
      throw new KafkaProtocolError(`a snappy block of ${length} bytes, ${packed.length - at} are left`);
    const block = decompressBlock(packed.subarray(at, at + length), left);
    left -= block.length;
    blocks.push(block);
    at += length;
  }
  return blocks.length === 1 && blocks[0] ? blocks[0] : Buffer.concat(blocks);
}

/** A raw snappy block starts with its plain length as a varint: looked at before anything is decompressed. */
function decompressBlock(block: Buffer, limitBytes: number): Buffer {
  let plainBytes = 0;
  for (let i = 0; ; i++) {
    const byte = block[i];
    if (byte === undefined || i > 4) throw new KafkaProtocolError('a snappy block without a valid length');
    plainBytes += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
  }
  if (plainBytes > limitBytes) throw tooLarge('snappy', plainBytes, limitBytes);
  return snappy().uncompressSync(block, { asBuffer: true }) as Buffer;
}

// ---- lz4

const LZ4_MAGIC = 0x184d2204;
/** By the block size id in the frame descriptor. */
const LZ4_BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 64 << 10, 5: 256 << 10, 6: 1 << 20, 7: 4 << 20 };

/** Walks over the blocks of a frame: their number times the block size is the most that can come out. */
function checkLz4Size(packed: Buffer, limitBytes: number): void {
  if (packed.length < 7 || packed.readUInt32LE(0) !== LZ4_MAGIC)
    throw new KafkaProtocolError('lz4 data without the magic number of a frame');
  const flags = packed[4] ?? 0;
  const blockBytes = LZ4_BLOCK_BYTES[((packed[5] ?? 0) >> 4) & 7];
  if (!blockBytes) throw new KafkaProtocolError('an lz4 frame with an unknown block size');
  const hasContentSize = (flags & 0x08) !== 0;
  const checksumBytes = (flags & 0x10) !== 0 ? 4 : 0;
  let at = 7 + (hasContentSize ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  let mostBytes = 0;
  while (at + 4 <= packed.length) {
    const word = packed.readUInt32LE(at);
    if (word === 0) return;
    const storedBytes = word & 0x7fffffff;
    mostBytes += word > 0x7fffffff ? storedBytes : Math.min(blockBytes, storedBytes * 255);
    if (mostBytes > limitBytes) throw tooLarge('lz4', mostBytes, limitBytes);
    at += 4 + storedBytes + checksumBytes;
  }
}

function tooLarge(type: CompressionType, bytes: number, limitBytes: number): KafkaProtocolError {
  return new KafkaProtocolError(`${type} data would decompress to ${bytes} bytes; at most ${limitBytes} are taken`);
}
