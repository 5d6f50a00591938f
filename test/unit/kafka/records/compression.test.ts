import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { compressFrameSync } from 'lz4-napi';
import { compressSync as snappyRaw } from 'snappy';
import { describe, expect, it } from 'vitest';
import { KafkaProtocolError } from '../../../../src/kafka/kafka-error.ts';
import { COMPRESSION_TYPES, compress, decompress } from '../../../../src/kafka/records/compression.ts';

const packedTypes = COMPRESSION_TYPES.filter((type) => type !== 'none');

describe('compression', () => {
  it('gives back what went in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...packedTypes),
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 1, max: 60 }),
        (type, content, times) => {
          const plain = Buffer.concat(Array.from({ length: times }, () => Buffer.from(content)));
          expect(decompress(type, compress(type, plain)).equals(plain)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads snappy without frames too, as other clients write it', () => {
    const plain = Buffer.from('a snappy block as librdkafka writes it '.repeat(50));
    expect(decompress('snappy', snappyRaw(plain)).equals(plain)).toBe(true);
  });

  it('stops at its limit before the memory is taken', () => {
    const bomb = Buffer.alloc(16 << 20);
    const limit = 1 << 20;
    expect(() => decompress('gzip', gzipSync(bomb), limit)).toThrow(KafkaProtocolError);
    expect(() => decompress('zstd', zstdCompressSync(bomb), limit)).toThrow(KafkaProtocolError);
    expect(() => decompress('snappy', compress('snappy', bomb), limit)).toThrow(
      /snappy data would decompress to \d+ bytes; at most \d+ are taken/,
    );
    expect(() => decompress('snappy', snappyRaw(bomb), limit)).toThrow(
      /snappy data would decompress to 16777216 bytes; at most 1048576 are taken/,
    );
    expect(() => decompress('lz4', compressFrameSync(bomb), limit)).toThrow(
      /lz4 data would decompress to \d+ bytes; at most 1048576 are taken/,
    );
  });

  it('answers damaged data with its own error', () => {
    const plain = Buffer.from('something to compress, something to compress, something to compress'.repeat(20));
    fc.assert(
      fc.property(
        fc.constantFrom(...packedTypes),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
        fc.nat(),
        (type, edits, cut) => {
          const packed = Buffer.from(compress(type, plain));
          for (const [position, value] of edits) packed[position % packed.length] = value;
          try {
            decompress(type, packed.subarray(0, packed.length - (cut % 20)));
          } catch (error) {
            expect(error).toBeInstanceOf(KafkaProtocolError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('answers noise with its own error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...packedTypes), fc.uint8Array({ maxLength: 200 }), (type, noise) => {
        try {
          decompress(type, Buffer.from(noise));
        } catch (error) {
          expect(error).toBeInstanceOf(KafkaProtocolError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
