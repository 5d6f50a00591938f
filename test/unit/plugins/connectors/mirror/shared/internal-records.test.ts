/** Bytes of MirrorMaker's own topics. Golden ones were written by MirrorMaker of Apache Kafka 4.3.1 and by its Checkpoint and OffsetSync classes. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  checkpointKey,
  checkpointValue,
  decodeCheckpoint,
} from '../../../../../../src/plugins/connectors/mirror/shared/checkpoint.ts';
import {
  decodeOffsetSync,
  type OffsetSync,
  offsetSyncKey,
  offsetSyncValue,
} from '../../../../../../src/plugins/connectors/mirror/shared/offset-sync.ts';
import { MirrorRecordError } from '../../../../../../src/plugins/connectors/mirror/shared/record-bytes.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const INT64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const INT32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const TEXT = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());

const SYNCS: ReadonlyArray<readonly [sync: OffsetSync, key: string, value: string]> = [
  [{ topic: 't', partition: 0, upstreamOffset: 100n, downstreamOffset: 200n }, '0001 74 00000000', '0000000000000064 00000000000000c8'],
  [
    { topic: 'fs-bench', partition: 0, upstreamOffset: 101n, downstreamOffset: 101n },
    '000866732d62656e636800000000',
    '00000000000000650000000000000065',
  ],
  [
    { topic: 'fs-bench', partition: 0, upstreamOffset: 303n, downstreamOffset: 303n },
    '000866732d62656e636800000000',
    '000000000000012f000000000000012f',
  ],
];

const CHECKPOINT: Checkpoint = { group: 'g', topic: 'A.t', partition: 0, upstreamOffset: 150n, downstreamOffset: 201n, metadata: '' };
const CHECKPOINT_KEY = '0001 67 0003 412e74 00000000';
const CHECKPOINT_VALUE = '0000 0000000000000096 00000000000000c9 0000';

describe('offset sync', () => {
  test.each(SYNCS)('%o as the original writes it', (sync, key, value) => {
    expect(offsetSyncKey(sync)).toEqual(hex(key));
    expect(offsetSyncValue(sync)).toEqual(hex(value));
    expect(decodeOffsetSync(hex(key), hex(value))).toEqual(sync);
  });

  test('every one comes back', () => {
    const any = fc.record({ topic: TEXT, partition: INT32, upstreamOffset: INT64, downstreamOffset: INT64 });
    fc.assert(
      fc.property(any, (sync) => {
        expect(decodeOffsetSync(offsetSyncKey(sync), offsetSyncValue(sync))).toEqual(sync);
      }),
    );
  });

  test('bytes behind the last field are left alone', () => {
    const [[sync, key, value]] = SYNCS as [(typeof SYNCS)[0]];
    expect(decodeOffsetSync(hex(`${key} ff`), hex(`${value} ffff`))).toEqual(sync);
  });
});

describe('checkpoint', () => {
  test('as the original writes it', () => {
    expect(checkpointKey(CHECKPOINT)).toEqual(hex(CHECKPOINT_KEY));
    expect(checkpointValue(CHECKPOINT)).toEqual(hex(CHECKPOINT_VALUE));
    expect(decodeCheckpoint(hex(CHECKPOINT_KEY), hex(CHECKPOINT_VALUE))).toEqual(CHECKPOINT);
  });

  test('names of all kinds, as the original writes them', () => {
    const text = readFileSync(new URL('../../../../../golden/mirror/checkpoints.txt', import.meta.url), 'utf8');
    const [, , block = ''] = text.split(/^== /m);
    const lines = block.split('\n').slice(1, -1);
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const [group = '', topic = '', partition, up = '', down = '', metadata = '', key = '', value = ''] = line.split(' | ');
      const checkpoint = {
        ...{ group, topic, partition: Number(partition), metadata },
        ...{ upstreamOffset: BigInt(up), downstreamOffset: BigInt(down) },
      };
      expect([checkpointKey(checkpoint).toString('hex'), checkpointValue(checkpoint).toString('hex')]).toEqual([key, value]);
      expect(decodeCheckpoint(hex(key), hex(value))).toEqual(checkpoint);
    }
  });

  test('every one comes back', () => {
    const any = fc.record({
      group: TEXT,
      topic: TEXT,
      partition: INT32,
      upstreamOffset: INT64,
      downstreamOffset: INT64,
      metadata: TEXT,
    });
    fc.assert(
      fc.property(any, (checkpoint) => {
        expect(decodeCheckpoint(checkpointKey(checkpoint), checkpointValue(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  test('a version that is not known is refused, and named', () => {
    const value = hex(CHECKPOINT_VALUE.replace(/^0000/, '0001'));
    expect(() => decodeCheckpoint(hex(CHECKPOINT_KEY), value)).toThrow(
      new MirrorRecordError('The value of a checkpoint has version 1; only version 0 is known.'),
    );
  });
});

describe('decoders', () => {
  test('a deletion marker is none of the records', () => {
    expect(() => decodeOffsetSync(hex(SYNCS[0]![1]), null)).toThrow('The value of an offset sync has no bytes');
    expect(() => decodeCheckpoint(null, hex(CHECKPOINT_VALUE))).toThrow('The key of a checkpoint has no bytes');
  });

  test('a length that leads out of the bytes is named', () => {
    expect(() => decodeOffsetSync(hex('7fff 74'), hex(SYNCS[0]![2]))).toThrow(
      /^The key of an offset sync cannot be read from its 3 bytes: /,
    );
    expect(() => decodeOffsetSync(hex('ffff 74'), hex(SYNCS[0]![2]))).toThrow('A text of -1 bytes cannot be');
  });

  test('whatever the bytes, nothing but their own error', () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 60 }), { nil: null });
    fc.assert(
      fc.property(bytes, bytes, (key, value) => {
        for (const decode of [decodeOffsetSync, decodeCheckpoint]) {
          try {
            expect(decode(key, value)).toHaveProperty('partition');
          } catch (error) {
            expect(error).toBeInstanceOf(MirrorRecordError);
          }
        }
      }),
    );
  });

  test('a text that its length field cannot hold is refused', () => {
    expect(() => offsetSyncKey({ topic: 'x'.repeat(32_768), partition: 0 })).toThrow('A text of 32768 bytes is too long');
    expect(offsetSyncKey({ topic: 'x'.repeat(32_767), partition: 0 })).toHaveLength(2 + 32_767 + 4);
  });
});
