import { describe, expect, test } from 'vitest';
import { CopyInPlace } from '../../../src/base/bytes-in-place.ts';
import { DataError, RetriableError } from '../../../src/base/errors.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import type { RecordMetadata, SourceRecord } from '../../../src/plugin-api/records.ts';
import { type LoopOptions, sourceRecord, sourceRig } from '../../helpers/loop-rig.ts';
import { settle } from '../../helpers/test-clock.ts';

const A = '{"file":"a"}';
const partition = { file: 'a' };
const lines = (from: number, to: number): SourceRecord[] =>
  Array.from({ length: to - from + 1 }, (_, i) => sourceRecord(from + i, { sourcePartition: partition }));

describe('a source task', () => {
  test('sends in order, commits what is acknowledged every interval, and once more at the end', async () => {
    const rig = sourceRig();
    const { ended } = rig.start();
    rig.task.push(lines(1, 3));
    await rig.clock.advance(0);
    expect(rig.producer.sent.map((r) => r.value)).toEqual(['line 1', 'line 2', 'line 3']);
    expect(rig.stored.size).toBe(0);
    await rig.clock.advance(1000);
    expect(rig.stored.get(A)).toEqual({ position: 3 });
    rig.task.push(lines(4, 5));
    await rig.clock.advance(10);
    rig.control.requestStop();
    await settle();
    await ended;
    expect(rig.stored.get(A)).toEqual({ position: 5 });
    expect(rig.events).toEqual(['startup', 'shutdown']);
    expect(rig.task.calls).toEqual(['start', 'commit', 'commit', 'stop']);
    expect(rig.producer.closedWithMs).toBe(30_000);
    expect([rig.topics, rig.prepared]).toEqual([['t'], ['t']]);
    expect([rig.metrics.polled.total, rig.metrics.written.total, rig.metrics.activeNow]).toEqual([5, 5, 0]);
  });

  test('an offset is stored only when everything before it is acknowledged', async () => {
    const rig = sourceRig();
    rig.producer.isAutomatic = false;
    void rig.start();
    rig.task.push(lines(1, 2));
    await rig.clock.advance(0);
    rig.task.push(lines(3, 4));
    await rig.clock.advance(0);
    rig.producer.ackLast();
    rig.producer.ackLast();
    await rig.clock.advance(1000);
    expect(rig.stored.size).toBe(0);
    rig.producer.ack(2);
    await rig.clock.advance(1000);
    expect(rig.stored.get(A)).toEqual({ position: 4 });
  });

  test('waits for memory and goes on at the same record', async () => {
    const rig = sourceRig();
    rig.producer.isAutomatic = false;
    rig.producer.capacity = 2;
    void rig.start();
    rig.task.push(lines(1, 5), lines(6, 6));
    await rig.clock.advance(0);
    expect(rig.producer.sent).toHaveLength(2);
    for (let i = 0; i < 3; i++) {
      rig.producer.ack(2);
      await rig.clock.advance(0);
    }
    expect(rig.producer.sent.map((r) => r.value)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `line ${i}`));
  });

  test('a stop while it waits for memory ends it; what was not sent is not committed', async () => {
    const rig = sourceRig();
    rig.producer.isAutomatic = false;
    rig.producer.capacity = 1;
    const { ended } = rig.start();
    rig.task.push(lines(1, 5));
    await rig.clock.advance(0);
    rig.control.requestStop();
    await settle();
    rig.producer.ack(1);
    await settle();
    await ended;
    expect(rig.stored.get(A)).toEqual({ position: 1 });
    expect(rig.events.at(-1)).toBe('shutdown');
  });

  test('records in flight are waited for at the end, no longer than the flush timeout', async () => {
    const rig = sourceRig();
    rig.producer.isAutomatic = false;
    const { ended } = rig.start();
    rig.task.push(lines(1, 1));
    await rig.clock.advance(0);
    rig.control.requestStop();
    await rig.clock.advance(499);
    expect(rig.events).toEqual(['startup']);
    await rig.clock.advance(1);
    await ended;
    expect(rig.stored.size).toBe(0);
    expect(rig.events.at(-1)).toBe('shutdown');
  });

  test('a failed delivery fails the task in the JVM’s words, and keeps the offset before it', async () => {
    const rig = sourceRig();
    rig.producer.isAutomatic = false;
    const { ended } = rig.start();
    rig.task.push(lines(1, 1));
    await rig.clock.advance(0);
    rig.producer.ack(1);
    const cause = new KafkaError('RECORD_LIST_TOO_LARGE', 'too large for topic t');
    rig.task.push(lines(2, 3));
    await rig.clock.advance(0);
    rig.producer.ack(2, cause);
    rig.task.push([]);
    await ended;
    expect(rig.failure()).toMatchObject({ message: 'Unrecoverable exception from producer send callback', cause });
    expect(rig.stored.get(A)).toEqual({ position: 1 });
    expect(rig.events).toEqual(['startup', 'failure']);
  });

  test('a record that the producer refuses for good fails the task at once', async () => {
    const rig = sourceRig();
    const { ended } = rig.start();
    const cause = new KafkaError('MESSAGE_TOO_LARGE', 'RECORD_TOO_LARGE: 2000000 bytes for topic "t"');
    rig.producer.nextError = cause;
    rig.task.push(lines(1, 2));
    await ended;
    expect(rig.failure()).toMatchObject({ message: 'Unrecoverable exception from producer send callback', cause });
    expect(rig.producer.sent).toEqual([]);
  });

  test('a retriable refusal is tried again after 100 ms', async () => {
    const rig = sourceRig();
    void rig.start();
    rig.producer.nextError = new KafkaError('NOT_LEADER_OR_FOLLOWER', 'leader moved');
    rig.task.push(lines(1, 2));
    await rig.clock.advance(99);
    expect(rig.producer.sent).toEqual([]);
    await rig.clock.advance(1);
    expect(rig.producer.sent).toHaveLength(2);
  });

  test('tolerance all: a refused or failed record is passed over, and the task is told', async () => {
    const rig = sourceRig({ policy: { tolerance: 'all' } });
    const told: [number, RecordMetadata | null][] = [];
    rig.task.commitRecord = (record, metadata) => void told.push([record.sourceOffset?.position as number, metadata]);
    rig.producer.isAutomatic = false;
    void rig.start();
    rig.producer.nextError = new KafkaError('MESSAGE_TOO_LARGE', 'too large');
    rig.task.push(lines(1, 3));
    await rig.clock.advance(0);
    rig.producer.ack(1, new KafkaError('INVALID_RECORD', 'no'));
    rig.producer.ack(1);
    await rig.clock.advance(1000);
    expect(told).toEqual([
      [1, null],
      [3, { topic: 't', partition: 0, offset: 1n, timestampMs: 1 }],
      [2, null],
    ]);
    expect(rig.stored.get(A)).toEqual({ position: 3 });
    expect(rig.errors.counts.skipped).toBe(2);
  });

  test('a task that names the partition is told of each record, many acknowledged at once', async () => {
    const rig = sourceRig();
    const told: [number, RecordMetadata | null][] = [];
    rig.task.commitRecord = (record, metadata) => void told.push([record.sourceOffset?.position as number, metadata]);
    rig.producer.isAutomatic = false;
    void rig.start();
    const placed = (kafkaPartition: number, ...positions: number[]) =>
      positions.map((position) => sourceRecord(position, { sourcePartition: partition, kafkaPartition }));
    rig.task.push([...placed(0, 1, 2, 3), ...placed(1, 4)]);
    await rig.clock.advance(0);
    const [first, second, third, other] = rig.producer.inFlight.splice(0);
    expect([second === first, third === first, other === first]).toEqual([true, true, false]);
    other?.(null, 1, 70n, 9, 1);
    first?.(null, 0, 20n, 8, 2);
    first?.(null, 0, 22n, 9, 1);
    await rig.clock.advance(1000);
    expect(told.map(([position, metadata]) => [position, metadata?.partition, metadata?.offset, metadata?.timestampMs])).toEqual([
      [4, 1, 70n, 9],
      [1, 0, 20n, 8],
      [2, 0, 21n, 8],
      [3, 0, 22n, 9],
    ]);
    expect(rig.stored.get(A)).toEqual({ position: 4 });
  });

  test('a task that needs no more than the places is told of those', async () => {
    const rig = sourceRig();
    const told: unknown[] = [];
    rig.task.recordWritten = (from, offset, metadata) => told.push([from === partition, offset?.position, metadata.offset]);
    rig.producer.isAutomatic = false;
    void rig.start();
    rig.task.push([1, 2, 3].map((position) => sourceRecord(position, { sourcePartition: partition, kafkaPartition: 0 })));
    await rig.clock.advance(0);
    rig.producer.inFlight.splice(0)[0]?.(null, 0, 20n, 8, 3);
    expect(told).toEqual([
      [true, 1, 20n],
      [true, 2, 21n],
      [true, 3, 22n],
    ]);
    const tolerant = sourceRig({ policy: { tolerance: 'all' } });
    tolerant.task.recordWritten = (_from, offset) => told.push(offset?.position);
    tolerant.producer.isAutomatic = false;
    void tolerant.start();
    tolerant.task.push(lines(7, 8));
    await tolerant.clock.advance(0);
    tolerant.producer.ack(1, new KafkaError('INVALID_RECORD', 'no'));
    tolerant.producer.ack(1);
    await tolerant.clock.advance(0);
    expect(told.slice(3)).toEqual([8]);
  });

  test('a task that leaves the partition to the producer is told of each record by itself', async () => {
    const rig = sourceRig();
    rig.task.commitRecord = () => undefined;
    rig.producer.isAutomatic = false;
    void rig.start();
    rig.task.push(lines(1, 2));
    await rig.clock.advance(0);
    const [first, second] = rig.producer.inFlight;
    expect(second).not.toBe(first);
  });

  test('a converter that fails stops the task, or costs only its record', async () => {
    const value = {
      fromConnectData: (_t: string, _s: unknown, v: unknown) => {
        if (v === 'line 2') throw new DataError('bad line');
        return String(v);
      },
    };
    const strict = sourceRig({ value });
    const { ended } = strict.start();
    strict.task.push(lines(1, 3));
    await ended;
    expect(strict.failure()).toMatchObject({
      message:
        'Tolerance exceeded in error handler (VALUE_CONVERTER, record for topic t with source offset {position=2}). Mend what fails there, or pass over such records with errors.tolerance=all.',
    });
    expect(strict.stored.get(A)).toEqual({ position: 1 });
    const tolerant = sourceRig({ value, policy: { tolerance: 'all' } });
    void tolerant.start();
    tolerant.task.push(lines(1, 3));
    await tolerant.clock.advance(1000);
    expect(tolerant.producer.sent.map((r) => r.value)).toEqual(['line 1', 'line 3']);
    expect(tolerant.stored.get(A)).toEqual({ position: 3 });
  });

  test('a transform may change and drop records; headers are converted in order', async () => {
    const transform = <R extends { readonly value: unknown }>(r: R): R | null => (r.value === 'line 2' ? null : { ...r, topic: 'u' });
    const rig = sourceRig({ transform });
    void rig.start();
    const header = (key: string, value: string) => ({ key, schema: null, value });
    rig.task.push([...lines(1, 2), sourceRecord(3, { sourcePartition: partition, headers: [header('h', 'x'), header('h', 'y')] })]);
    await rig.clock.advance(1000);
    expect(rig.producer.sent).toEqual([
      { topic: 'u', key: null, value: 'line 1', headers: [] },
      { topic: 'u', key: null, value: 'line 3', headers: ['h=x', 'h=y'] },
    ]);
    expect(rig.metrics.activeNow).toBe(0);
  });

  test('takes texts in place where nothing needs them as strings and nobody looks at a record later', async () => {
    const copy = new CopyInPlace();
    const value = { fromTextInPlace: (_: unknown, bytes: Buffer, start: number, end: number) => copy.of(bytes, start, end) };
    const started = async (options: LoopOptions, isTold = false) => {
      const rig = sourceRig(options);
      if (isTold) rig.task.commitRecord = () => {};
      void rig.start();
      await rig.clock.advance(0);
      return rig;
    };
    for (const rig of [
      await started({}),
      await started({ value, transform: (record) => record }),
      await started({ value, policy: { tolerance: 'all' } }),
      await started({ value }, true),
    ])
      expect(rig.task.takesTextsInPlace).toBe(false);
    const rig = await started({ value });
    expect(rig.task.takesTextsInPlace).toBe(true);
    const valueIn = Buffer.from('..here..');
    rig.task.push([sourceRecord(1, { valueIn, valueStart: 2, valueEnd: 6 }), sourceRecord(2)]);
    await rig.clock.advance(0);
    expect(rig.producer.sent.map((r) => r.value)).toEqual(['here', 'line 2']);
  });

  test('poll: a retriable error is passed over, any other fails the task', async () => {
    const rig = sourceRig();
    const { ended } = rig.start();
    rig.task.push(new RetriableError('busy'), lines(1, 1));
    await rig.clock.advance(0);
    expect(rig.producer.sent).toHaveLength(1);
    const error = new Error('disk gone');
    rig.task.push(error);
    await ended;
    expect(rig.failure()).toBe(error);
    expect(rig.stored.get(A)).toEqual({ position: 1 });
  });

  test('pause: begins paused, resumes, pauses between batches', async () => {
    const rig = sourceRig({ target: 'PAUSED' });
    void rig.start();
    await settle();
    expect([rig.events, rig.task.calls]).toEqual([['pause'], []]);
    rig.control.setTarget('STARTED');
    await settle();
    rig.control.setTarget('PAUSED');
    rig.task.push(lines(1, 1), lines(2, 2));
    await rig.clock.advance(0);
    expect(rig.events).toEqual(['pause', 'startup', 'pause']);
    expect(rig.producer.sent).toHaveLength(1);
    rig.control.setTarget('STARTED');
    await settle();
    expect(rig.events.at(-1)).toBe('resume');
    expect(rig.producer.sent).toHaveLength(2);
  });

  test('a store that fails or hangs costs a commit, not an offset', async () => {
    const rig = sourceRig();
    void rig.start();
    rig.store.error = new Error('disk full');
    rig.task.push(lines(1, 1));
    await rig.clock.advance(1000);
    expect(rig.stored.size).toBe(0);
    rig.store.error = null;
    rig.store.isStuck = true;
    await rig.clock.advance(1500);
    rig.store.isStuck = false;
    await rig.clock.advance(1000);
    expect(rig.stored.get(A)).toEqual({ position: 1 });
    expect(rig.metrics.commitOutcome.avg(rig.clock.monoMs())).toBeCloseTo(1 / 3);
  });

  test('a cancelled task is silent and closes its producer at once', async () => {
    const rig = sourceRig();
    rig.producer.isAutomatic = false;
    const { ended } = rig.start();
    rig.task.push(lines(1, 1));
    await rig.clock.advance(0);
    rig.control.cancel();
    await ended;
    expect(rig.events).toEqual(['startup']);
    expect(rig.producer.closedWithMs).toBe(0);
  });

  test('a timestamp that Kafka cannot have fails the task by name; −1 means none', async () => {
    const rig = sourceRig();
    const { ended } = rig.start();
    rig.task.push([sourceRecord(1, { timestampMs: -1 }), sourceRecord(2, { timestampMs: -5 })]);
    await ended;
    expect(rig.failure()).toMatchObject({ message: expect.stringContaining('Invalid record timestamp -5') });
    expect(rig.producer.sent).toHaveLength(1);
  });
});
