import { describe, expect, test } from 'vitest';
import { logFor } from '../../../../src/base/log.ts';
import { MemoryOffsetStore } from '../../../../src/storage/offset/memory.ts';
import { offsetKey, offsetValue, parseOffsetKey, parseOffsetValue } from '../../../../src/storage/offset/offset-json.ts';
import { SourceOffsets } from '../../../../src/storage/offset/source-offsets.ts';

describe('offsets as Connect stores them', () => {
  test('keys carry Jackson’s escapes', () => {
    expect(offsetKey("c\u001f\t<&'", { f: '/x/a b/ü😀' }).toString()).toBe('["c\\u001F\\t<&\'",{"f":"/x/a b/ü\\uD83D\\uDE00"}]');
    expect(offsetKey('fs', { filename: null }).toString()).toBe('["fs",{"filename":null}]');
  });

  test('values keep the order of the map and 64-bit numbers', () => {
    expect(offsetValue({ b: 9007199254740993n, a: 6, t: true, d: 1.5, s: 'x' })?.toString()).toBe(
      '{"b":9007199254740993,"a":6,"t":true,"d":1.5,"s":"x"}',
    );
    expect(offsetValue(null)).toBeNull();
  });

  test('what was written is read back, whole numbers as bigint', () => {
    const key = offsetKey('c', { filename: '/a"b\\c 한글😀', n: 3 });
    expect(parseOffsetKey(key)).toEqual({ connector: 'c', partition: { filename: '/a"b\\c 한글😀', n: 3n } });
    expect(parseOffsetValue(offsetValue({ position: 6, ratio: 0.5 })!)).toEqual({ position: 6n, ratio: 0.5 });
  });

  test('what is no key of a partition is none', () => {
    for (const text of ['', '{}', '["a"]', '[1,{}]', '["a",{"b":[1]}]', '["a",{},1]', '{bad']) {
      expect(parseOffsetKey(Buffer.from(text))).toBeNull();
    }
    expect(() => parseOffsetValue(Buffer.from('[1]'))).toThrow('not an object of primitive values: "[1]"');
  });

  test('nested values and numbers that JSON lacks are refused by name', () => {
    const nested = { position: [1] } as unknown as Record<string, number>;
    expect(() => offsetValue(nested)).toThrow('Offsets may only contain primitive types as values, but field position contains ARRAY');
    expect(() => offsetValue({ position: Number.NaN })).toThrow('offset field position is NaN');
  });
});

describe('SourceOffsets', () => {
  test('reads, lists and resets by connector', async () => {
    const offsets = new SourceOffsets(new MemoryOffsetStore(), logFor('test'));
    await offsets.write('a', [{ partition: { f: '1' }, offset: { p: 1 } }]);
    await offsets.write('b', [{ partition: { f: '1' }, offset: { p: 2 } }]);
    await offsets.write('a', [
      { partition: { f: '2' }, offset: { p: 3 } },
      { partition: { f: '2' }, offset: { p: 4 } },
    ]);
    expect(await offsets.read('a', [{ f: '2' }, { f: '9' }, { f: '1' }])).toEqual([{ p: 4n }, null, { p: 1n }]);
    expect(await offsets.list('a')).toEqual([
      { partition: { f: '1' }, offset: { p: 1n } },
      { partition: { f: '2' }, offset: { p: 4n } },
    ]);
    await offsets.write('a', [{ partition: { f: '1' }, offset: null }]);
    expect(await offsets.list('a')).toHaveLength(1);
  });

  test('a value that cannot be read is an error, not a start from the beginning', async () => {
    const store = new MemoryOffsetStore();
    await store.set([{ key: offsetKey('a', { f: '1' }), value: Buffer.from('{bad') }]);
    const offsets = new SourceOffsets(store, logFor('test'));
    const says = 'The stored offset of ["a",{"f":"1"}] cannot be read; stop the connector and reset its offsets';
    await expect(offsets.read('a', [{ f: '1' }])).rejects.toThrow(says);
    await expect(offsets.list('a')).rejects.toThrow(says);
    // What a reset removes.
    expect(await offsets.partitions('a')).toEqual([{ f: '1' }]);
  });
});
