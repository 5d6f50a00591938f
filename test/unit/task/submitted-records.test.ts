import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Run, SubmittedRecords } from '../../../src/task/submitted-records.ts';

const A = { file: 'a' };
const B = { file: 'b' };

function submit(records: SubmittedRecords, run: Run, position: number): Run {
  records.submit(run, { position });
  return run;
}

describe('SubmittedRecords', () => {
  test('an offset is committable once everything before it in its partition is acknowledged', () => {
    const records = new SubmittedRecords();
    const first = submit(records, records.open(A), 1);
    const second = submit(records, records.open(A), 2);
    records.ack(second, 1);
    expect(records.takeCommittable()).toEqual([]);
    records.ack(first, 1);
    expect(records.takeCommittable()).toEqual([{ partition: A, offset: { position: 2 } }]);
    expect(records.takeCommittable()).toEqual([]);
  });

  test('a stuck record blocks its own partition only', () => {
    const records = new SubmittedRecords();
    submit(records, records.open(A), 1);
    records.ack(submit(records, records.open(B), 7), 1);
    expect(records.takeCommittable()).toEqual([{ partition: B, offset: { position: 7 } }]);
    expect(records.pending).toBe(1);
  });

  test('records of a run count together, and the run that is done takes no more', () => {
    const records = new SubmittedRecords();
    const run = records.open(A);
    for (let i = 1; i <= 3; i++) submit(records, run, i);
    expect(records.ack(run, 1)).toBe(false);
    expect(records.ack(run, 1)).toBe(false);
    expect(records.takeCommittable()).toEqual([]);
    expect(records.ack(run, 1)).toBe(true);
    expect(run.isClosed).toBe(true);
    expect(records.takeCommittable()).toEqual([{ partition: A, offset: { position: 3 } }]);
  });

  test('records without an offset are waited for, and leave the offset before them', async () => {
    const records = new SubmittedRecords();
    const bulk = records.open(B);
    records.submit(bulk, null);
    records.ack(bulk, 1);
    expect(records.takeCommittable()).toEqual([]);
    await records.whenIdle();
    const mixed = submit(records, records.open(A), 1);
    records.submit(mixed, null);
    records.ack(mixed, 2);
    expect(records.takeCommittable()).toEqual([{ partition: A, offset: { position: 1 } }]);
  });

  test('partitions are the same when their content is, in whatever order and object', () => {
    const records = new SubmittedRecords();
    submit(records, records.open({ a: 1, b: 'x' }), 1);
    records.ack(submit(records, records.open({ b: 'x', a: 1 }), 2), 1);
    expect(records.takeCommittable()).toEqual([]);
    records.ack(submit(records, records.open({ a: '1', b: 'x' }), 3), 1);
    expect(records.takeCommittable()).toHaveLength(1);
  });

  test('a failed record never lets what follows it be committed, but nothing waits for it', async () => {
    const records = new SubmittedRecords();
    const run = submit(records, records.open(A), 1);
    const next = submit(records, records.open(A), 2);
    const idle = records.whenIdle();
    records.fail();
    records.ack(next, 1);
    await idle;
    expect(run.pending).toBe(1);
    expect(records.takeCommittable()).toEqual([]);
  });

  test('an idle partition is forgotten, and known again when it comes back', () => {
    const records = new SubmittedRecords();
    const partition = { file: 'x' };
    records.ack(submit(records, records.open(partition), 1), 1);
    records.takeCommittable();
    const late = submit(records, records.open(partition), 2);
    records.ack(submit(records, records.open({ file: 'x' }), 3), 1);
    expect(records.takeCommittable()).toEqual([]);
    records.ack(late, 1);
    expect(records.takeCommittable()).toEqual([{ partition, offset: { position: 3 } }]);
  });

  test('whatever the order of acknowledgements, an offset is never ahead of an open record', () => {
    const order = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(order, fc.infiniteStream(fc.nat()), (runs, picks) => {
        const records = new SubmittedRecords();
        const partitions = [A, B, { file: 'c' }];
        const open: { run: Run; partition: number; position: number }[] = [];
        const last = [0, 0, 0];
        runs.forEach(([partition, size]) => {
          const run = records.open(partitions[partition]!);
          for (let i = 0; i < size; i++) {
            const position = ++last[partition]!;
            submit(records, run, position);
            open.push({ run, partition, position });
          }
        });
        const committed = [0, 0, 0];
        while (open.length > 0) {
          const [entry] = open.splice(picks.next().value! % open.length, 1);
          records.ack(entry!.run, 1);
          for (const { partition, offset } of records.takeCommittable()) {
            const index = partitions.findIndex((p) => p.file === partition.file);
            const position = offset.position as number;
            expect(position).toBeGreaterThan(committed[index]!);
            expect(open.every((o) => o.partition !== index || o.position > position || o.run.pending > 0)).toBe(true);
            expect(open.filter((o) => o.partition === index).every((o) => o.position > position)).toBe(true);
            committed[index] = position;
          }
        }
        expect(committed).toEqual(last);
        expect(records.pending).toBe(0);
      }),
    );
  });
});
