/** Times of records at readers' places: each asked once. */
import { expect, test } from 'vitest';
import { PositionTimes } from '../../../src/cluster/position-times.ts';

const place = (partition: number, offset: bigint) => ({ topic: 't', partition, offset });

function scene(timeOf: (offset: bigint) => number | null) {
  const asked: string[] = [];
  const times = new PositionTimes({
    recordTimes: async (places) => {
      asked.push(places.map((one) => `${one.partition}@${one.offset}`).join(' '));
      return places.map((one) => ({ ...one, timestampMs: timeOf(one.offset), isExact: true, error: null }));
    },
  });
  return { asked, times };
}

test('a place is asked for once, and forgotten when nobody stands there any more', async () => {
  const { asked, times } = scene((offset) => Number(offset) * 10);
  await times.read([place(0, 5n), place(1, 7n)]);
  await times.read([place(0, 5n), place(1, 8n)]);
  expect(asked).toEqual(['0@5 1@7', '1@8']);
  expect([times.at(place(0, 5n)), times.at(place(1, 8n)), times.at(place(1, 7n))]).toEqual([50, 80, null]);
});

test('two readers of one partition are both asked for', async () => {
  const { asked, times } = scene(() => 1);
  await times.read([place(0, 5n), place(0, 9n)]);
  await times.read([place(0, 5n), place(0, 9n)]);
  expect(asked).toEqual(['0@5 0@9']);
});

test('records without a time stay unknown', async () => {
  const { times } = scene((offset) => (offset === 1n ? -1 : null));
  await times.read([place(0, 1n), place(1, 2n)]);
  expect([times.at(place(0, 1n)), times.at(place(1, 2n))]).toEqual([null, null]);
});
