/** A source task with exactly-once support: order of its start, ends of its transactions, offsets, and how it fails. */
import { describe, expect, test } from 'vitest';
import { ConnectError } from '../../../src/base/errors.ts';
import { KafkaError } from '../../../src/kafka/kafka-error.ts';
import type { RecordMetadata, SourceRecord } from '../../../src/plugin-api/records.ts';
import { sourceRecord, transactionRig } from '../../helpers/loop-rig.ts';
import { settle } from '../../helpers/test-clock.ts';

const partition = { file: 'a' };
const line = (position: number, more: Partial<SourceRecord> = {}) => sourceRecord(position, { sourcePartition: partition, ...more });
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => line(from + i));
const offset = (position: number) => `offsets:{"position":${position}}`;
const START = ['fence', 'init', 'still mine?', 'read offsets'];
const causeOf = (error: unknown) => (error as Error | null)?.cause;

describe('the start', () => {
  test('fence, take the id over, look again, read the offsets, and only then the task', async () => {
    const rig = transactionRig();
    const ended = rig.start();
    await settle();
    expect(rig.producer.log).toEqual(START);
    expect(rig.task.calls).toEqual(['start']);
    rig.control.requestStop();
    await ended;
    expect(rig.events).toEqual(['startup', 'shutdown']);
  });

  test.each(['fenceZombies', 'checkOwnership'] as const)('%s that says no fails the task, which never starts', async (step) => {
    const refuse = async () => {
      throw new ConnectError('not yours any more');
    };
    const rig = transactionRig({ guard: { [step]: refuse } });
    await rig.start();
    expect(String(rig.failure())).toContain('not yours any more');
    expect(rig.task.calls).toEqual([]);
    expect(rig.producer.log).toEqual(step === 'fenceZombies' ? ['fence'] : START.slice(0, 3));
  });

  test('a stop while zombies are fenced: the id is not taken from who has it now', async () => {
    const fenced = Promise.withResolvers<void>();
    const rig = transactionRig({ guard: { fenceZombies: () => fenced.promise } });
    const ended = rig.start();
    await settle();
    rig.control.requestStop();
    fenced.resolve();
    await ended;
    expect(rig.producer.log).toEqual(['fence']);
    expect(rig.task.calls).toEqual([]);
  });
});

test.each(['fenceZombies', 'checkOwnership'] as const)('a stop does not wait for %s', async (step) => {
  const rig = transactionRig({ guard: { [step]: () => new Promise<never>(() => undefined) } });
  const ended = rig.start();
  await settle();
  rig.control.requestStop();
  await ended;
  expect(rig.task.calls).toEqual([]);
  expect(rig.producer.closedWithMs).toBe(30_000);
});

test('records that move nothing: their transaction ends without offsets', async () => {
  const rig = transactionRig();
  rig.producer.isAutomatic = true;
  const ended = rig.start();
  rig.task.push([line(1, { sourceOffset: null })]);
  await settle();
  expect(rig.producer.log.slice(4)).toEqual(['begin', 'commit t:line 1']);
  rig.task.push([line(2), line(3, { sourceOffset: null })]);
  await settle();
  expect(rig.producer.log.slice(6)).toEqual(['begin', `commit t:line 2 t:line 3 ${offset(2)}`]);
  rig.control.requestStop();
  await ended;
});

describe('transactions end', () => {
  test('poll: after each batch, offsets with the records; the task is told after the commit, in order', async () => {
    const rig = transactionRig();
    const told: (number | string)[] = [];
    rig.task.commitRecord = (record, metadata) => told.push(Number(record.sourceOffset?.position), metadata ? 'kept' : 'dropped');
    rig.producer.isAutomatic = true;
    const ended = rig.start();
    rig.task.push(lines(1, 2));
    await settle();
    expect(rig.producer.log.slice(4)).toEqual(['begin', `commit t:line 1 t:line 2 ${offset(2)}`]);
    expect(told).toEqual([1, 'kept', 2, 'kept']);
    rig.task.push(lines(3, 3), []);
    await settle();
    expect(rig.producer.log.slice(6)).toEqual(['begin', `commit t:line 3 ${offset(3)}`]);
    rig.control.requestStop();
    await ended;
    expect(rig.producer.log).toHaveLength(8);
    expect(rig.task.calls).toEqual(['start', 'commit', 'commit', 'commit', 'stop']);
    expect(rig.elsewhere).toEqual([2, 3].map((position) => ({ partition, offset: { position } })));
    expect([rig.topics, rig.metrics.transactionSize?.total, rig.metrics.activeNow]).toEqual([['t'], 3, 0]);
  });

  test('interval: with the first batch after it, also when the source has fallen silent, and at the end', async () => {
    const rig = transactionRig({ boundary: 'interval' });
    const ended = rig.start();
    rig.task.push(lines(1, 1), lines(2, 2));
    await settle();
    expect(rig.producer.log.slice(4)).toEqual(['begin']);
    await rig.clock.advance(1000);
    rig.task.push([]);
    await settle();
    expect(rig.producer.log.slice(5)).toEqual([`commit t:line 1 t:line 2 ${offset(2)}`]);
    rig.task.push(lines(3, 3));
    await settle();
    rig.control.requestStop();
    await ended;
    expect(rig.producer.log.slice(6)).toEqual(['begin', `commit t:line 3 ${offset(3)}`]);
  });

  test('connector: where it says, in the midst of a batch or behind it; nothing at the end that it did not ask for', async () => {
    const rig = transactionRig({ boundary: 'connector' });
    const ended = rig.start();
    await settle();
    const batch = lines(1, 3);
    rig.task.transactions?.commitTransaction(batch[1] as SourceRecord);
    rig.task.push(batch);
    await settle();
    expect(rig.producer.log.slice(4)).toEqual(['begin', `commit t:line 1 t:line 2 ${offset(2)}`, 'begin']);
    rig.task.transactions?.commitTransaction();
    rig.task.push(lines(4, 4));
    await settle();
    expect(rig.producer.log.slice(7)).toEqual([`commit t:line 3 t:line 4 ${offset(4)}`]);
    rig.task.push(lines(5, 5));
    await settle();
    rig.control.requestStop();
    await ended;
    expect(rig.producer.log.slice(8)).toEqual(['begin']);
  });

  test('connector: an abort takes records back, not their offsets; the task is told that they were dropped', async () => {
    const rig = transactionRig({ boundary: 'connector' });
    const told: (RecordMetadata | null)[] = [];
    rig.task.commitRecord = (_record, metadata) => told.push(metadata);
    void rig.start();
    await settle();
    const batch = lines(1, 3);
    rig.task.transactions?.abortTransaction(batch[1] as SourceRecord);
    rig.task.transactions?.commitTransaction();
    rig.task.push(batch);
    await settle();
    expect(rig.producer.log.slice(4)).toEqual([
      'begin',
      'abort 2',
      'begin',
      `commit ${offset(2)}`,
      'begin',
      `commit t:line 3 ${offset(3)}`,
    ]);
    expect(told).toEqual([null, null, expect.objectContaining({ topic: 't' })]);
    expect(rig.metrics.activeNow).toBe(0);
  });

  test('connector: also where the record itself was dropped by a transform', async () => {
    const rig = transactionRig({
      boundary: 'connector',
      transform: (record) => (record.value === 'line 2' ? null : record),
    });
    void rig.start();
    await settle();
    const batch = lines(1, 3);
    rig.task.transactions?.commitTransaction(batch[1] as SourceRecord);
    rig.task.push(batch);
    await settle();
    expect(rig.producer.log.slice(4)).toEqual(['begin', `commit t:line 1 ${offset(1)}`, 'begin']);
  });

  test('a pause commits what is open', async () => {
    const rig = transactionRig({ boundary: 'interval' });
    void rig.start();
    rig.task.push(lines(1, 1));
    await settle();
    rig.control.setTarget('PAUSED');
    rig.task.push([]);
    await settle();
    expect(rig.events).toEqual(['startup', 'pause']);
    expect(rig.producer.log.slice(4)).toEqual(['begin', `commit t:line 1 ${offset(1)}`]);
  });

  test('equal partitions in objects of their own end with the newest offset', async () => {
    const rig = transactionRig();
    void rig.start();
    rig.task.push([1, 2, 3].map((position) => sourceRecord(position, { sourcePartition: { file: 'a' } })));
    await settle();
    const offsets = rig.producer.committed.filter(({ topic }) => topic === 'offsets');
    expect(offsets.at(-1)).toMatchObject({ key: '["c",{"file":"a"}]', value: '{"position":3}' });
  });
});

describe('what fails', () => {
  test('a commit: the task fails in the words of the original, and nothing more is committed', async () => {
    const rig = transactionRig({ policy: { tolerance: 'all' } });
    rig.producer.commitError = new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'topic "t"');
    const ended = rig.start();
    rig.task.push(lines(1, 1));
    await ended;
    expect(rig.failure()).toEqual(new ConnectError('Failed to flush offsets and/or records for task c-0'));
    expect(causeOf(rig.failure())).toBe(rig.producer.commitError);
    expect(rig.producer.log.slice(4)).toEqual(['begin']);
    expect(rig.task.calls).toEqual(['start', 'stop']);
    expect(rig.metrics.commitOutcome.avg(rig.clock.monoMs())).toBe(0);
  });

  test.each(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'])('%s: it says which settings bear on it', async (name) => {
    const rig = transactionRig();
    rig.producer.commitError = new KafkaError(name, `${name}: of the producer`);
    const ended = rig.start();
    rig.task.push(lines(1, 1));
    await ended;
    expect(String(rig.failure())).toMatch(/transaction\.timeout\.ms.*transaction\.boundary.*of the producer/);
  });

  test('a record that is refused, whatever errors.tolerance says', async () => {
    const rig = transactionRig({ policy: { tolerance: 'all' } });
    const ended = rig.start();
    await settle();
    rig.producer.nextError = new KafkaError('MESSAGE_TOO_LARGE', 'too large');
    rig.task.push(lines(1, 2));
    await ended;
    expect(rig.failure()).toEqual(new ConnectError('Unrecoverable exception trying to send'));
    expect(rig.producer.committed).toEqual([]);
  });

  test('a record to the offsets topic of its own task', async () => {
    const rig = transactionRig();
    const ended = rig.start();
    rig.task.push([line(1, { topic: 'offsets' })]);
    await ended;
    expect(String(rig.failure())).toContain(
      'Source tasks may not produce to their own offsets topics when exactly-once support is enabled',
    );
  });

  test('a poll: nothing of the open transaction is committed', async () => {
    const rig = transactionRig({ boundary: 'interval' });
    const ended = rig.start();
    rig.task.push(lines(1, 1), new Error('the source is gone'));
    await ended;
    expect(rig.events).toEqual(['startup', 'failure']);
    expect(rig.producer.log.slice(4)).toEqual(['begin']);
  });

  test.each([
    [
      'record',
      (rig: ReturnType<typeof transactionRig>, record: SourceRecord) => [
        rig.task.transactions?.commitTransaction(record),
        rig.task.transactions?.abortTransaction(record),
      ],
    ],
    [
      'transaction',
      (rig: ReturnType<typeof transactionRig>) => [rig.task.transactions?.commitTransaction(), rig.task.transactions?.abortTransaction()],
    ],
  ])('a connector that wants both for the same %s', async (what, ask) => {
    const rig = transactionRig({ boundary: 'connector' });
    const ended = rig.start();
    await settle();
    const record = line(1);
    ask(rig, record);
    rig.task.push([record]);
    await ended;
    expect(String(rig.failure())).toContain(`Connector requested both commit and abort of same ${what}`);
  });
});
