import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KafkaError } from '../../../../src/kafka/kafka-error.ts';
import { offsetKey, offsetValue, parseOffsetKey, parseOffsetValue } from '../../../../src/storage/offset/offset-json.ts';
import { kafkaOffsetStore, MemoryTopics } from '../../../helpers/memory-topics.ts';
import { settle } from '../../../helpers/test-clock.ts';
import { goldenTopic } from '../../../helpers/topic-golden.ts';

const KEY = offsetKey('c', { filename: 'f' });

async function opened(topics = new MemoryTopics()) {
  const { store, warnings } = kafkaOffsetStore(topics);
  await store.start();
  return { topics, store, warnings };
}

test('records of the original have the same bytes as ours', () => {
  const golden = goldenTopic('connect-offsets');
  expect(golden).toHaveLength(5);
  for (const { key, value } of golden) {
    const { connector, partition } = parseOffsetKey(Buffer.from(key))!;
    expect(offsetKey(connector, partition).toString()).toBe(key);
    expect(offsetValue(value === null ? null : parseOffsetValue(Buffer.from(value)))?.toString() ?? null).toBe(value);
  }
});

test('what another worker has written last is read before an answer', async () => {
  const { topics, store } = await opened();
  topics.isHeld = true;
  topics.append('offsets', KEY, '{"position":7}');
  const answer = store.get([KEY]);
  let isAnswered = false;
  void answer.then(() => {
    isAnswered = true;
  });
  await settle();
  expect(isAnswered).toBe(false);
  topics.release();
  expect(await answer).toEqual([Buffer.from('{"position":7}')]);
});

test('malformed keys are named and harm nobody', async () => {
  const topics = new MemoryTopics();
  topics.create({ name: 'offsets', partitions: 2, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } });
  for (const key of ['nothing', '["c"]', '["c",{"a":[1]}]', '{"c":1}', '["c",{"a":1}', null]) topics.append('offsets', key, 'hunter2', 0);
  topics.append('offsets', KEY, '{"position":7}', 0);
  const { store, warnings } = await opened(topics);
  expect((await store.entries()).map(({ key }) => key.toString())).toEqual([KEY.toString()]);
  expect(warnings).toHaveLength(6);
  expect(warnings[1]).toBe(
    'Record "[\\"c\\"]" at offset 1 of partition 0 of topic "offsets" was skipped: its key is no ["connector",{partition}]',
  );
  expect(warnings.join()).not.toContain('hunter2');
});

test('an offset that is none is named, and the one before it holds', async () => {
  const topics = new MemoryTopics();
  topics.create({ name: 'offsets', partitions: 1, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } });
  topics.append('offsets', KEY, '{"position":7}', 0);
  const broken = ['{"position":', '[8]', '{"position":[8]}', 'null', '8', '', '\u0000\u001b'];
  for (const value of broken) topics.append('offsets', KEY, value, 0);
  const { store, warnings } = await opened(topics);
  expect(await store.get([KEY])).toEqual([Buffer.from('{"position":7}')]);
  const name = (offset: number) =>
    `Record "[\\"c\\",{\\"filename\\":\\"f\\"}]" at offset ${offset} of partition 0 of topic "offsets" was skipped:`;
  expect(warnings.slice(0, 4)).toEqual([
    `${name(1)} its value is no JSON: The JSON text ends too early.`,
    `${name(2)} its value is an array, not a JSON object`,
    `${name(3)} Offsets may only contain primitive types as values, but field position contains ARRAY`,
    `${name(4)} its value is null, not a JSON object`,
  ]);
  expect(warnings).toHaveLength(broken.length);
  topics.append('offsets', KEY, null, 0);
  expect(await store.get([KEY])).toEqual([null]);
});

test('a write that is not certain is said', async () => {
  const { topics, store } = await opened();
  topics.onSend = () => {
    throw new KafkaError('NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS: topic "offsets" partition 3');
  };
  await expect(store.set([{ key: KEY, value: null }])).rejects.toThrow(
    'Cannot write source offsets to topic "offsets": NOT_ENOUGH_REPLICAS: topic "offsets" partition 3',
  );
});

test('no bytes end the reader of a key', () => {
  const golden = goldenTopic('connect-offsets').map(({ key }) => Buffer.from(key));
  const damaged = fc
    .record({ at: fc.nat(golden.length - 1), keep: fc.nat(40), byte: fc.nat(39), to: fc.nat(255) })
    .map(({ at, keep, byte, to }) => {
      const bytes = Buffer.from(golden[at]!.subarray(0, keep));
      if (bytes.length > 0) bytes[byte % bytes.length] = to;
      return bytes;
    });
  const any = fc.oneof(
    damaged,
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(`["c",${text}]`)),
  );
  fc.assert(
    fc.property(any, (bytes) => {
      const parsed = parseOffsetKey(bytes);
      if (parsed === null) return;
      // What is taken for a key can be written again.
      expect(parseOffsetKey(offsetKey(parsed.connector, parsed.partition))).toEqual(parsed);
    }),
    { numRuns: 500 },
  );
});
