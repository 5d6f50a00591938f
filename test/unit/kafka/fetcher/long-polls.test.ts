/** Partitions that a fault has scattered come together again, however long the broker holds a fetch. Real sockets. */
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

const NOT_LEADER = 6;
const PARTITIONS = 12;
/** Longer than any test may take: whoever waits for the end of such a fetch fails. */
const HELD_MS = 100_000;

interface FetchBody {
  readonly maxWaitMs: number;
  readonly topics: ReadonlyArray<{ readonly partitions: readonly unknown[] }>;
}

let link: ClusterLink | null = null;
let fetcher: Fetcher | null = null;
afterEach(async () => {
  await fetcher?.close();
  await link?.close();
});

test('after a fault every partition is read as soon as it has records', async () => {
  await using broker = await FixtureBroker.start({ t: PARTITIONS });
  link = createClusterLink(clientOptions(broker.address), new LogHub(() => 0).log('test'));
  const metadata = new MetadataCache(link);
  await metadata.refresh(['t']);
  const reader = createFetcher(link, metadata, fetcherOptions({ maxWaitMs: HELD_MS }));
  fetcher = reader;
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: 't', partition }));
  const read = new Set<string>();
  reader.assign(partitions.map((one) => ({ ...one, offset: 'earliest' })));
  const polling = (async () => {
    for (;;) for (const { partition, value } of await reader.poll(HELD_MS)) read.add(`${partition} ${value}`);
  })().catch((error: Error) => error);
  await waitUntil('all ends to be known', () => partitions.every((one) => reader.endOffset(one) !== null));

  const producer = createProducer(link, metadata, producerOptions());
  for (const round of ['a', 'b', 'c']) {
    // Each partition pauses for a time of its own, and asks again alone.
    broker.next('Fetch', NOT_LEADER, NOT_LEADER, NOT_LEADER, NOT_LEADER);
    for (const { partition } of partitions) {
      while (!producer.send('t', partition, null, round, null, null, null)) await producer.ready('t');
      await producer.flush();
    }
    const wanted = partitions.map(({ partition }) => `${partition} ${round}`);
    await waitUntil(`round ${round}`, () => wanted.every((one) => read.has(one)) || wanted.filter((one) => !read.has(one)), 10_000);
  }
  await producer.close(0);

  // At rest one fetch asks for all, and is held.
  await waitUntil('one fetch for all partitions', () => {
    const { body } = broker.bodies.findLast(({ name }) => name === 'Fetch') as { body: FetchBody };
    const asked = [body.maxWaitMs, body.topics[0]?.partitions.length];
    return (asked[0] === HELD_MS && asked[1] === PARTITIONS) || asked;
  });
  await reader.close();
  expect(await polling).toMatchObject({ kafkaName: 'CLOSED' });
});
