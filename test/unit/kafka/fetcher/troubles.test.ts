/** What a fetcher tells of places that are gone and of partitions that it cannot read. Real sockets. */
import { afterEach, expect, test } from 'vitest';
import { LogHub } from '../../../../src/base/log.ts';
import { type ClusterLink, createClusterLink } from '../../../../src/kafka/cluster-link.ts';
import type { Fetcher } from '../../../../src/kafka/contract.ts';
import { createFetcher } from '../../../../src/kafka/fetcher.ts';
import { MetadataCache } from '../../../../src/kafka/metadata.ts';
import { createProducer } from '../../../../src/kafka/producer.ts';
import { FixtureBroker } from '../../../helpers/fixture-broker.ts';
import { clientOptions, fetcherOptions, producerOptions } from '../../../helpers/kafka-options.ts';
import { waitUntil } from '../../../helpers/wait-until.ts';

let link: ClusterLink | null = null;
let fetcher: Fetcher | null = null;
afterEach(async () => {
  await fetcher?.close();
  await link?.close();
});

async function filled(broker: FixtureBroker, values: readonly string[]): Promise<Fetcher> {
  link = createClusterLink(clientOptions(broker.address), new LogHub(() => 0).log('test'));
  const metadata = new MetadataCache(link);
  await metadata.refresh(['t']);
  const producer = createProducer(link, metadata, producerOptions());
  for (const value of values) {
    while (!producer.send('t', 0, null, value, null, null, null)) await producer.ready('t');
    await producer.flush();
  }
  await producer.close(0);
  const reader = createFetcher(link, metadata, fetcherOptions({ autoOffsetReset: 'earliest' }));
  fetcher = reader;
  return reader;
}

async function valuesFrom(reader: Fetcher, count: number): Promise<string[]> {
  const values: string[] = [];
  await waitUntil(`${count} records`, async () => {
    for (const { value } of await reader.poll(50)) values.push(String(value));
    return values.length >= count || values;
  });
  return values;
}

test('a place that is gone is told with the place that took its place', async () => {
  await using broker = await FixtureBroker.start({ t: 1 });
  const reader = await filled(broker, ['a', 'b', 'c']);
  broker.log('t').batches.splice(0, 2);
  reader.assign([{ topic: 't', partition: 0, offset: 1n }]);
  broker.next('ListOffsets', () => ({
    throttleTimeMs: 0,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, errorCode: 0, timestamp: -1n, offset: 2n, leaderEpoch: 0 }] }],
  }));
  expect(await valuesFrom(reader, 1)).toEqual(['c']);
  expect(reader.takeResets()).toEqual([{ topic: 't', partition: 0, from: 1n, to: 2n }]);
  expect(reader.takeResets()).toEqual([]);
});

test('a partition is in trouble until a fetch of it succeeds', async () => {
  await using broker = await FixtureBroker.start({ t: 1 });
  const reader = await filled(broker, ['a']);
  const NOT_LEADER = 6;
  broker.next('Fetch', ...Array<number>(6).fill(NOT_LEADER));
  reader.assign([{ topic: 't', partition: 0, offset: 0n }]);
  const polling = valuesFrom(reader, 1);
  await waitUntil('the trouble', () => reader.troubles().length === 1);
  const [trouble] = reader.troubles();
  expect(trouble).toMatchObject({ topic: 't', partition: 0, error: { kafkaName: 'NOT_LEADER_OR_FOLLOWER' } });
  await waitUntil('another attempt', () => broker.requests.filter((name) => name === 'Fetch').length > 3);
  expect(reader.troubles()[0]?.sinceMs).toBe(trouble?.sinceMs);
  expect(await polling).toEqual(['a']);
  expect(reader.troubles()).toEqual([]);
});
