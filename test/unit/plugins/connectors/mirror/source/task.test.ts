/** Source: MirrorSourceTaskTest (4.3). */
import { expect, test } from 'vitest';
import type { FetchedRecord, Fetcher, FetchTrouble, Kafka, OffsetSpec, PositionReset } from '../../../../../../src/kafka/contract.ts';
import { KafkaError } from '../../../../../../src/kafka/kafka-error.ts';
import type { SourceTaskContext } from '../../../../../../src/plugin-api/plugin.ts';
import type { SourceOffset, SourceRecord } from '../../../../../../src/plugin-api/records.ts';
import { decodeOffsetSync } from '../../../../../../src/plugins/connectors/mirror/shared/offset-sync.ts';
import { MirrorSourceTask } from '../../../../../../src/plugins/connectors/mirror/source/task.ts';
import { MemoryProducer } from '../../../../../helpers/memory-kafka.ts';
import { createTestClock } from '../../../../../helpers/test-clock.ts';
import { keptLog } from '../mirror-rig.ts';

const base = {
  name: 'm',
  'source.cluster.alias': 'A',
  'target.cluster.alias': 'B',
  'source.cluster.bootstrap.servers': '127.0.0.1:1',
  'target.cluster.bootstrap.servers': '127.0.0.1:2',
  'task.assigned.partitions': 't-0,my-t-1',
  'task.index': '0',
};

function fetched(offset: bigint, more: Partial<FetchedRecord> = {}): FetchedRecord {
  return {
    ...{ topic: 't', partition: 0, offset, timestampMs: 1_000, timestampType: 'CreateTime' as const },
    ...{ key: Buffer.from('k'), value: Buffer.from('value'), headers: null },
    ...more,
  };
}

interface RigState {
  /** What the polls give, in turn; nothing afterwards. */
  polls: Array<readonly FetchedRecord[] | Error>;
  resets: PositionReset[];
  troubles: FetchTrouble[];
  assigned: string[];
  closed: string[];
}

class SyncProducer extends MemoryProducer {
  readonly syncs: string[] = [];

  override async ready(): Promise<void> {}

  override send(...args: Parameters<MemoryProducer['send']>): boolean {
    const { topic, partition, upstreamOffset, downstreamOffset } = decodeOffsetSync(args[2] as Buffer, args[3] as Buffer);
    this.syncs.push(`${args[0]}: ${topic}-${partition} ${upstreamOffset}>${downstreamOffset}`);
    return super.send(...args);
  }
}

function rig(config: Record<string, string> = {}, stored: (SourceOffset | null)[] = [null, null]) {
  const clock = createTestClock(2_000);
  const { log, told } = keptLog();
  const stopping = new AbortController();
  const state: RigState = { polls: [], resets: [], troubles: [], assigned: [], closed: [] };
  const placeOf = ({ topic, partition, offset }: { topic: string; partition: number; offset: OffsetSpec }) =>
    `${topic}-${partition} ${String(offset)}`;
  const fetcher: Partial<Fetcher> = {
    assign: (places) => void state.assigned.push(...places.map(placeOf)),
    poll: async () => {
      const next = state.polls.shift() ?? [];
      if (next instanceof Error) throw next;
      return [...next];
    },
    takeResets: () => state.resets.splice(0),
    troubles: () => state.troubles,
    endOffset: () => {
      if (state.assigned.length === 0) throw new Error('nothing is assigned');
      return 10n;
    },
    close: async () => void state.closed.push('fetcher'),
  };
  const producer = new SyncProducer();
  const kafka: Partial<Kafka> = {
    fetcher: () => fetcher as Fetcher,
    producer: () => producer,
    close: async () => void state.closed.push('client'),
  };
  const clients: string[] = [];
  const task = new MirrorSourceTask(clock, ({ clientId, bootstrapServers }) => {
    clients.push(`${clientId} at ${bootstrapServers}`);
    return kafka as Kafka;
  });
  const asked: unknown[] = [];
  const context: SourceTaskContext = {
    ...{ log, connector: 'm', taskId: 0, signal: stopping.signal, transactions: null },
    offsets: async (partitions) => {
      asked.push(...partitions);
      return stored;
    },
  };
  const start = () => task.start({ ...base, ...config }, context);
  return { task, state, told, clients, asked, start, producer, stopping, clock };
}

/** As the runtime does when the record lies at that offset. */
function committed(task: MirrorSourceTask, record: SourceRecord | undefined, offset: bigint): void {
  const { topic, kafkaPartition, sourcePartition, sourceOffset, timestampMs } = record!;
  task.recordWritten(sourcePartition, sourceOffset, { topic, partition: kafkaPartition!, offset, timestampMs: timestampMs! });
}

test('begins behind what was copied, else at the start', async () => {
  const { state, asked, clients, start, task } = rig({}, [{ offset: 41n }, null]);
  await start();
  expect(JSON.stringify(asked)).toBe('[{"cluster":"A","partition":0,"topic":"t"},{"cluster":"A","partition":1,"topic":"my-t"}]');
  expect(state.assigned).toEqual(['t-0 42', 'my-t-1 earliest']);
  expect(clients).toEqual(['A->B|m-0|replication-consumer at 127.0.0.1:1', 'A->B|m-0|offset-syncs-source-producer at 127.0.0.1:1']);
  await task.stop();
  expect(state.closed).toEqual(['fetcher', 'client', 'client']);
});

test('a negative offset counts as none; auto.offset.reset says where to begin', async () => {
  const { state, start } = rig({ 'consumer.auto.offset.reset': 'latest' }, [{ offset: -1n }, null]);
  await start();
  expect(state.assigned).toEqual(['t-0 latest', 'my-t-1 latest']);
});

test('auto.offset.reset=none without an offset fails the start', async () => {
  await expect(rig({ 'source.consumer.auto.offset.reset': 'none' }).start()).rejects.toThrow(
    'Nothing of t-0 was copied yet, and auto.offset.reset is none',
  );
});

test('records keep their bytes, headers, time and partition', async () => {
  const { state, start, task } = rig();
  await start();
  const headers = [
    { key: 'h', value: Buffer.from('1') },
    { key: 'h', value: null },
    { key: '7', value: Buffer.alloc(0) },
  ];
  state.polls = [[fetched(5n, { headers }), fetched(6n, { topic: 'my-t', partition: 1, key: null, value: null, timestampMs: -1 })]];
  const records = await task.poll();
  expect(records).toEqual([
    {
      ...{ topic: 'A.t', kafkaPartition: 0, timestampMs: 1_000 },
      ...{ keySchema: expect.objectContaining({ type: 'BYTES', optional: true }), key: Buffer.from('k') },
      ...{ valueSchema: expect.objectContaining({ type: 'BYTES', optional: false }), value: Buffer.from('value') },
      headers: headers.map(({ key, value }) => ({
        key,
        schema: expect.objectContaining({ type: 'BYTES', optional: value === null }),
        value,
      })),
      sourcePartition: { cluster: 'A', partition: 0, topic: 't' },
      sourceOffset: { offset: 5n },
    },
    expect.objectContaining({
      topic: 'A.my-t',
      kafkaPartition: 1,
      key: null,
      value: null,
      headers: null,
      timestampMs: -1,
      sourceOffset: { offset: 6n },
    }),
  ]);
  expect(await task.poll()).toBeNull();
});

test('offset syncs are written for what is acknowledged, the rest with the next commit', async () => {
  const { state, start, task, producer } = rig();
  await start();
  state.polls = [[fetched(5n), fetched(6n), fetched(7n), fetched(9n)]];
  const records = (await task.poll()) ?? [];
  for (const [i, record] of records.slice(0, 3).entries()) committed(task, record, 100n + BigInt(i));
  expect(producer.syncs).toEqual(['mm2-offset-syncs.B.internal: t-0 5>100']);
  task.commit();
  committed(task, records[3], 103n);
  expect(producer.syncs.slice(1)).toEqual(['mm2-offset-syncs.B.internal: t-0 7>102', 'mm2-offset-syncs.B.internal: t-0 9>103']);
});

test('offset syncs at the target, or none', async () => {
  const there = rig({ 'offset-syncs.topic.location': 'target', 'offset.lag.max': '0' });
  await there.start();
  expect(there.clients[1]).toBe('A->B|m-0|offset-syncs-target-producer at 127.0.0.1:2');
  there.state.polls = [[fetched(5n)]];
  committed(there.task, (await there.task.poll())?.[0], 100n);
  expect(there.producer.syncs).toEqual(['mm2-offset-syncs.A.internal: t-0 5>100']);
  const none = rig({ 'emit.offset-syncs.enabled': 'false' });
  await none.start();
  none.state.polls = [[fetched(5n)]];
  committed(none.task, (await none.task.poll())?.[0], 100n);
  none.task.commit();
  expect([none.clients.length, none.producer.syncs]).toEqual([1, []]);
});

test('a lost place is an error in the log that says how many records are gone', async () => {
  const { state, start, task, told } = rig();
  await start();
  state.resets = [
    { topic: 't', partition: 0, from: 10n, to: 67n },
    { topic: 'my-t', partition: 1, from: 90n, to: 0n },
  ];
  await task.poll();
  expect(told.filter((line) => line.startsWith('ERROR'))).toEqual([
    "ERROR OFFSET_OUT_OF_RANGE: t-0 of cluster 'A' has lost 57 records (offsets 10 to 66) before they were copied; auto.offset.reset=earliest goes on at offset 67.",
    "ERROR OFFSET_OUT_OF_RANGE: my-t-1 of cluster 'A' has no offset 90 any more or yet: it was cut off or made anew. auto.offset.reset=earliest goes on at offset 0; records may come twice.",
  ]);
});

test('a lost place with auto.offset.reset=none fails the task', async () => {
  const { state, start, task } = rig({ 'consumer.auto.offset.reset': 'none' }, [{ offset: 1n }, { offset: 1n }]);
  await start();
  state.polls = [new KafkaError('OFFSET_OUT_OF_RANGE', 'topic "t" partition 0 does not have offset 2')];
  await expect(task.poll()).rejects.toThrow(
    'OFFSET_OUT_OF_RANGE on cluster \'A\': topic "t" partition 0 does not have offset 2. Set the offset',
  );
});

test('what the source refuses is told and waited out', async () => {
  const { state, start, task, told } = rig();
  await start();
  state.polls = [new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'TOPIC_AUTHORIZATION_FAILED: topic "t"'), [fetched(1n)]];
  expect([await task.poll(), (await task.poll())?.length]).toEqual([null, 1]);
  expect(told.filter((line) => line.startsWith('WARN'))).toEqual([
    'WARN Cluster \'A\' cannot be read in part, and is asked again: TOPIC_AUTHORIZATION_FAILED: topic "t"',
  ]);
});

test('tells figures of each partition', async () => {
  const { state, start, task } = rig();
  expect(task.figures()).toEqual([]);
  const starting = start();
  expect(task.figures().map(({ values }) => values['record-total'])).toEqual([0, 0]);
  await starting;
  state.polls = [[fetched(5n), fetched(6n)]];
  for (const [i, record] of ((await task.poll()) ?? []).entries()) committed(task, record, BigInt(i));
  expect(task.figures()).toEqual([
    {
      group: 'mirror-source-metrics',
      tags: { source: 'A', target: 'B', topic: 'A.t', partition: '0' },
      values: { 'record-total': 2, 'byte-total': 10, 'record-age-ms': 1_000, 'replication-latency-ms': 1_000, 'offset-lag': 3 },
      details: { offset: '6' },
    },
    {
      group: 'mirror-source-metrics',
      tags: { source: 'A', target: 'B', topic: 'A.my-t', partition: '1' },
      values: { 'record-total': 0, 'byte-total': 0 },
    },
  ]);
});

test('nothing is noted once it is told to stop', async () => {
  const { state, start, task, producer } = rig();
  await start();
  state.polls = [[fetched(5n)]];
  const records = await task.poll();
  await task.stop();
  committed(task, records?.[0], 7n);
  expect(producer.syncs).toEqual([]);
});
