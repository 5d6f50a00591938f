/** Source: OffsetSyncWriterTest (4.3). */
import { expect, test } from 'vitest';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import { decodeOffsetSync } from '../../../../../../src/plugins/connectors/mirror/shared/offset-sync.ts';
import { SyncWriter } from '../../../../../../src/plugins/connectors/mirror/source/sync-writer.ts';
import { MemoryProducer } from '../../../../../helpers/memory-kafka.ts';
import { createTestClock, settle } from '../../../../../helpers/test-clock.ts';
import { keptLog } from '../mirror-rig.ts';

/** Keeps what was sent as bytes. */
class SyncProducer extends MemoryProducer {
  readonly syncs: string[] = [];

  override send(...args: Parameters<MemoryProducer['send']>): boolean {
    const isTaken = super.send(...args);
    const { topic, partition, upstreamOffset, downstreamOffset } = decodeOffsetSync(args[2] as Buffer, args[3] as Buffer);
    if (isTaken) this.syncs.push(`${args[0]} ${args[1]}: ${topic}-${partition} ${upstreamOffset}>${downstreamOffset}`);
    return isTaken;
  }
}

function rig(maxLag = 100) {
  const clock = createTestClock();
  const producer = new SyncProducer();
  producer.isAutomatic = false;
  const { log, told } = keptLog();
  const writer = new SyncWriter({ producer, topic: 'mm2-offset-syncs.B.internal', maxLag, clock, log });
  return { clock, producer, writer, told };
}

test('a sync that is due is written at once, one that is not with the next commit', () => {
  const { producer, writer } = rig();
  const t = writer.partition({ topic: 't', partition: 3 });
  writer.noted(t, 5n, 50n);
  writer.noted(t, 6n, 51n);
  writer.noted(t, 7n, 52n);
  expect(producer.syncs).toEqual(['mm2-offset-syncs.B.internal 0: t-3 5>50']);
  writer.promote();
  writer.promote();
  expect(producer.syncs).toEqual(['mm2-offset-syncs.B.internal 0: t-3 5>50', 'mm2-offset-syncs.B.internal 0: t-3 7>52']);
});

test('ten are on their way at most; what waits is overtaken by what is newer', () => {
  const { producer, writer } = rig(0);
  const partitions = Array.from({ length: 12 }, (_, partition) => writer.partition({ topic: 't', partition }));
  for (const one of partitions) writer.noted(one, 0n, 0n);
  expect(producer.syncs).toHaveLength(10);
  producer.ack(10);
  for (const one of partitions) writer.noted(one, 1n, 1n);
  writer.noted(partitions[11]!, 2n, 2n);
  expect(producer.syncs).toHaveLength(20);
  producer.ack(20);
  expect(producer.syncs.slice(20).map((one) => one.split(': ')[1])).toEqual(['t-8 1>1', 't-9 1>1', 't-10 1>1', 't-11 2>2']);
  producer.ack(10);
  expect([producer.syncs.length, writer.written]).toEqual([24, 24]);
});

test('the first of a partition is overtaken by none: older offsets are translated with it', () => {
  const { producer, writer } = rig(0);
  const partitions = Array.from({ length: 12 }, (_, partition) => writer.partition({ topic: 't', partition }));
  for (const one of partitions) writer.noted(one, 0n, 0n);
  writer.noted(partitions[10]!, 1n, 1n);
  writer.noted(partitions[10]!, 2n, 2n);
  producer.ack(10);
  expect(producer.syncs.slice(10).map((one) => one.split(': ')[1])).toEqual(['t-10 0>0', 't-11 0>0', 't-10 2>2']);
  producer.ack(10);
  expect([producer.syncs.length, writer.written]).toEqual([13, 13]);
});

test('what waits is not pushed out by what is not due', () => {
  const { producer, writer } = rig();
  const partitions = Array.from({ length: 11 }, (_, partition) => writer.partition({ topic: 't', partition }));
  for (const one of partitions) writer.noted(one, 0n, 0n);
  writer.noted(partitions[10]!, 1n, 1n);
  producer.ack(10);
  writer.promote();
  expect(producer.syncs.slice(10).map((one) => one.split(': ')[1])).toEqual(['t-10 0>0', 't-10 1>1']);
});

test('the start waits for the topic, but not for long', async () => {
  const { producer, writer, clock, told } = rig();
  let isStarted = false;
  const starting = writer.start(new AbortController().signal).then(() => {
    isStarted = true;
  });
  await clock.advance(9_999);
  expect(isStarted).toBe(false);
  producer.ack(0);
  await starting;
  const never = writer.start(new AbortController().signal);
  await clock.advance(10_000);
  await never;
  producer.ready = async () => {
    throw new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'no');
  };
  await writer.start(new AbortController().signal);
  expect(told).toEqual(["ERROR An offset sync could not be written to 'mm2-offset-syncs.B.internal': no"]);
});

test('a sync that could not be written is told of, and the next ones are', () => {
  const { producer, writer, told } = rig(0);
  const t = writer.partition({ topic: 't', partition: 0 });
  writer.noted(t, 0n, 0n);
  producer.ack(1, new KafkaError('NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS: topic "x"'));
  expect(told).toEqual(['ERROR An offset sync could not be written to \'mm2-offset-syncs.B.internal\': NOT_ENOUGH_REPLICAS: topic "x"']);
  expect(writer.lastError).toBe('NOT_ENOUGH_REPLICAS: topic "x"');
  writer.noted(t, 1n, 1n);
  producer.ack(1);
  expect([producer.syncs.length, writer.lastError]).toEqual([2, null]);
});

test('a topic that may not be written is tried again after ten seconds', async () => {
  const { producer, writer, told, clock } = rig(0);
  producer.nextError = new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'no');
  const t = writer.partition({ topic: 't', partition: 0 });
  writer.noted(t, 0n, 0n);
  writer.noted(t, 1n, 1n);
  await clock.advance(9_999);
  expect([producer.syncs.length, told.length]).toEqual([0, 1]);
  await clock.advance(1);
  expect(producer.syncs.map((one) => one.split(': ')[1])).toEqual(['t-0 0>0', 't-0 1>1']);
});

test('metadata that are not known yet are waited for', async () => {
  const { producer, writer } = rig(0);
  producer.capacity = 0;
  writer.noted(writer.partition({ topic: 't', partition: 0 }), 0n, 0n);
  expect(producer.syncs).toEqual([]);
  producer.capacity = 1;
  producer.ack(0);
  await settle();
  expect(producer.syncs).toHaveLength(1);
});

test('at the end what is pending is written, no longer than some seconds', async () => {
  const { producer, writer, clock } = rig(0);
  writer.noted(writer.partition({ topic: 't', partition: 0 }), 0n, 0n);
  let isClosed = false;
  const closing = writer.close().then(() => {
    isClosed = true;
  });
  await clock.advance(1_000);
  expect(isClosed).toBe(false);
  producer.ack(1);
  await closing;
  const stuck = rig(0);
  stuck.writer.noted(stuck.writer.partition({ topic: 't', partition: 0 }), 0n, 0n);
  const ended = stuck.writer.close();
  await stuck.clock.advance(5_000);
  await ended;
  expect(stuck.producer.closedWithMs).toBe(0);
});
