import { expect, test } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import { ConnectorOffsetStore } from '../../../../src/storage/offset/connector-offsets.ts';
import { MemoryOffsetStore } from '../../../../src/storage/offset/memory.ts';
import type { OffsetEntry } from '../../../../src/storage/offset/port.ts';
import { settle } from '../../../helpers/test-clock.ts';

/** Notes its writes in the order in which they end; fails while it is told to. */
class WatchedStore extends MemoryOffsetStore {
  isFailing = false;
  readonly #name: string;
  readonly #order: string[];

  constructor(name: string, order: string[]) {
    super();
    this.#name = name;
    this.#order = order;
  }

  override async set(entries: readonly OffsetEntry[]): Promise<void> {
    await settle(2);
    if (this.isFailing) throw new Error(`the ${this.#name} store is away`);
    await super.set(entries);
    this.#order.push(`${this.#name} ${entries.map(({ key, value }) => `${key}=${value}`).join()}`);
  }
}

function opened() {
  const order: string[] = [];
  const warnings: string[] = [];
  const hub = new LogHub(() => 0);
  hub.attach(({ message }) => warnings.push(message));
  const own = new WatchedStore('own', order);
  const worker = new WatchedStore('worker', order);
  return { order, warnings, own, worker, store: new ConnectorOffsetStore({ own, worker, log: hub.log('test') }) };
}

const entry = (key: string, value: string | null) => ({ key: Buffer.from(key), value: value === null ? null : Buffer.from(value) });

test('the connector’s own offset wins; the worker’s stands in', async () => {
  const { own, worker, store } = opened();
  await worker.set([entry('a', 'worker'), entry('b', 'worker'), entry('d', 'worker')]);
  await own.set([entry('a', 'own'), entry('c', 'own'), entry('d', null), entry('e', null)]);
  const values = await store.get(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => Buffer.from(key)));
  expect(values.map((value) => value?.toString() ?? null)).toEqual(['own', 'worker', 'own', 'worker', null, null]);
  const entries = (await store.entries()).map(({ key, value }) => `${key}=${value}`);
  expect(entries.sort()).toEqual(['a=own', 'b=worker', 'c=own', 'd=worker', 'e=null']);
});

test('offsets go to its own store first, resets to the worker’s', async () => {
  const { order, store } = opened();
  await store.set([entry('a', '1'), entry('b', null)]);
  await settle();
  expect(order).toEqual(['worker b=null', 'own a=1,b=null', 'worker a=1']);
});

test('a worker’s store that fails holds up a reset, but no offset', async () => {
  const { order, warnings, worker, store } = opened();
  worker.isFailing = true;
  await store.set([entry('a', '1')]);
  await settle();
  expect(warnings).toEqual([expect.stringContaining('the worker store is away')]);
  await expect(store.set([entry('a', '2'), entry('b', null)])).rejects.toThrow('the worker store is away');
  expect(order).toEqual(['own a=1']);
});

test('its own store that fails fails the write, and the worker’s does not run ahead', async () => {
  const { order, own, store } = opened();
  own.isFailing = true;
  await expect(store.set([entry('a', '1')])).rejects.toThrow('the own store is away');
  await settle();
  expect(order).toEqual([]);
});
