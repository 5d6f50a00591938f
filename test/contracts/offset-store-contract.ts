/** What every keeper of source offsets does: in memory, in a file, over a topic, over two. One store, keys of each test's own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LogHub } from '../../src/base/log.ts';
import { offsetKey } from '../../src/storage/offset/offset-json.ts';
import type { OffsetStore } from '../../src/storage/offset/port.ts';
import { SourceOffsets } from '../../src/storage/offset/source-offsets.ts';

/** `reopen`: another store over the same place, started; absent where nothing outlives the process. */
export function offsetStoreContract(open: () => OffsetStore | Promise<OffsetStore>, reopen?: () => Promise<OffsetStore>): void {
  let store: OffsetStore;
  beforeAll(async () => {
    store = await open();
    await store.start();
  });
  afterAll(() => store.stop());

  const key = (connector: string, name = 'f') => offsetKey(connector, { filename: name });
  const entry = (connector: string, value: string | null, name = 'f') => ({
    ...{ key: key(connector, name), value: value === null ? null : Buffer.from(value) },
  });
  const texts = async (connector: string, names: readonly string[]) =>
    (await store.get(names.map((name) => key(connector, name)))).map((value) => value?.toString() ?? null);

  test('offsets are given in the order of the keys, null where there is none', async () => {
    await store.set([entry('order', '{"position":1}', 'a'), entry('order', '{"position":2}', 'b')]);
    expect(await texts('order', ['b', 'none', 'a', 'b'])).toEqual(['{"position":2}', null, '{"position":1}', '{"position":2}']);
    expect(await store.get([])).toEqual([]);
    await store.set([]);
  });

  test('the last write of a key counts, also of many at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => store.set([entry('last', `{"position":${i}}`)])));
    await store.set([entry('last', '{"position":1000}'), entry('last', '{"position":1001}')]);
    expect(await texts('last', ['f'])).toEqual(['{"position":1001}']);
  });

  test('a reset leaves no offset, and can be followed by another', async () => {
    await store.set([entry('reset', '{"position":1}'), entry('reset', '{"position":1}', 'other')]);
    await store.set([entry('reset', null), entry('reset', '{"position":2}', 'other')]);
    expect(await texts('reset', ['f', 'other'])).toEqual([null, '{"position":2}']);
    await store.set([entry('reset', '{"position":0}')]);
    expect(await texts('reset', ['f'])).toEqual(['{"position":0}']);
  });

  test('every byte of key and value is kept', async () => {
    const odd = offsetKey('bytes\u001f"😀', { file: 'ü/\u2028', n: 9_007_199_254_740_993n });
    const value = Buffer.from('{"n":9007199254740993,"ü":"\\uD83D\\uDE00"}');
    await store.set([{ key: odd, value }]);
    expect(await store.get([odd])).toEqual([value]);
  });

  test('what is given stays as it is when the caller writes into its own bytes', async () => {
    const mine = { key: key('mine'), value: Buffer.from('{"position":1}') };
    await store.set([mine]);
    const [before] = await store.get([key('mine')]);
    await store.set([entry('mine', '{"position":2}')]);
    expect(before?.toString()).toBe('{"position":1}');
  });

  test('partitions of one connector are listed; those that were reset are not', async () => {
    const offsets = new SourceOffsets(store, new LogHub(() => 0).log('test'));
    await store.set([entry('listed', '{"position":1}', 'a'), entry('listed', null, 'b'), entry('listed-not', '{"position":3}', 'c')]);
    expect(await offsets.list('listed')).toEqual([{ partition: { filename: 'a' }, offset: { position: 1n } }]);
  });

  if (reopen === undefined) return;
  test('what was set is there for the next', async () => {
    await store.set([entry('kept', '{"position":7}', 'a'), entry('kept', null, 'b')]);
    const next = await reopen();
    const values = await next.get([key('kept', 'a'), key('kept', 'b')]);
    await next.stop();
    expect(values).toEqual([Buffer.from('{"position":7}'), null]);
  });
}
