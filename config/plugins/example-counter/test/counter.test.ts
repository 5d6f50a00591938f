import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectValue, SourceOffset, SourceTaskContext } from 'kconsole/plugin';
import { Struct } from 'kconsole/plugin';
import { CounterTask } from '../src/counter-source.ts';

const context = (stored: SourceOffset | null, signal: AbortSignal): SourceTaskContext => ({
  log: {} as SourceTaskContext['log'],
  connector: 'test',
  taskId: 0,
  signal,
  offsets: async (partitions) => partitions.map(() => stored),
  transactions: null,
});
const numberOf = (value: ConnectValue) => (value instanceof Struct ? value.get('n') : null);

test('a task writes its share of the numbers, then nothing', async () => {
  const over = new AbortController();
  const task = new CounterTask();
  await task.start({ topic: 't', count: '6', first: '2', step: '2' }, context(null, over.signal));
  assert.deepEqual((await task.poll())?.map(({ value }) => numberOf(value)), [2n, 4n, 6n]);
  over.abort();
  assert.equal(await task.poll(), null);
});

test('it goes on behind what is stored', async () => {
  const task = new CounterTask();
  await task.start({ topic: 't', count: '3' }, context({ n: 2n }, new AbortController().signal));
  assert.deepEqual((await task.poll())?.map(({ key }) => key), [3n]);
});
