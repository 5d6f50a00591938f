import { describe, expect, test } from 'vitest';
import { DataError, RetriableError } from '../../../src/base/errors.ts';
import type { RecordFailure } from '../../../src/pipeline/error-reporter.ts';
import type { SinkOffsets, SinkTask, SinkTaskContext } from '../../../src/plugin-api/plugin.ts';
import type { SinkRecord, TopicPartition } from '../../../src/plugin-api/records.ts';
import { sinkRig } from '../../helpers/loop-rig.ts';
import { settle } from '../../helpers/test-clock.ts';

const T0: TopicPartition = { topic: 't', partition: 0 };
const T1: TopicPartition = { topic: 't', partition: 1 };
const names = (partitions: readonly TopicPartition[]) => partitions.map((p) => `${p.topic}-${p.partition}`).join(' ');

/** A sink task that writes down its calls. */
class ScriptedSink implements SinkTask {
  readonly calls: string[] = [];
  context: SinkTaskContext | null = null;
  putError: (() => Error | null) | null = null;
  preCommit?: NonNullable<SinkTask['preCommit']>;

  start(_config: unknown, context: SinkTaskContext): void {
    this.context = context;
    this.calls.push('start');
  }

  open(partitions: readonly TopicPartition[]): void {
    this.calls.push(`open ${names(partitions)}`);
  }

  put(records: readonly SinkRecord[]): void {
    if (records.length > 0) this.calls.push(`put ${records.map((r) => String(r.value)).join(',')}`);
    const error = this.putError?.();
    if (error) throw error;
  }

  flush(offsets: SinkOffsets): void {
    this.calls.push(`flush ${offsets.map((o) => `${o.topic}-${o.partition}@${o.offset}`).join(' ')}`);
  }

  close(partitions: readonly TopicPartition[]): void {
    this.calls.push(`close ${names(partitions)}`);
  }

  stop(): void {
    this.calls.push('stop');
  }
}

describe('a sink task', () => {
  test('opens, puts, commits every interval, and at the end', async () => {
    const task = new ScriptedSink();
    const rig = sinkRig(task);
    const ended = rig.start();
    await settle();
    rig.client().feed('t', 0, ['a', 'b', null]);
    await rig.clock.advance(1000);
    rig.client().wakeup();
    await settle();
    expect(rig.client().committedOffsets.get('t 0')).toBe(3n);
    rig.client().feed('t', 0, ['c']);
    await settle();
    rig.control.requestStop();
    await ended;
    expect(task.calls).toEqual(['start', 'open t-0', 'put a,b,null', 'flush t-0@3', 'put c', 'flush t-0@4', 'close t-0', 'stop']);
    expect(rig.client().committedOffsets.get('t 0')).toBe(4n);
    expect(rig.client().isClosed).toBe(true);
    expect([rig.events, rig.topics]).toEqual([['startup', 'shutdown'], ['t']]);
    expect([rig.metrics.read.total, rig.metrics.sent.total, rig.metrics.commitSeqNo]).toEqual([4, 4, 2]);
  });

  test('a batch refused for now comes again, the same, before anything new', async () => {
    const task = new ScriptedSink();
    let refusals = 2;
    task.putError = () => (task.calls.at(-1)?.startsWith('put') && refusals-- > 0 ? new RetriableError('busy') : null);
    const rig = sinkRig(task);
    void rig.start();
    await settle();
    rig.client().feed('t', 0, ['a', 'b']);
    await settle();
    expect(rig.client().paused.has('t 0')).toBe(true);
    rig.client().feed('t', 0, ['c']);
    rig.client().wakeup();
    await settle();
    rig.client().wakeup();
    await settle();
    expect(task.calls.filter((c) => c.startsWith('put'))).toEqual(['put a,b', 'put a,b', 'put a,b', 'put c']);
    expect(rig.client().paused.size).toBe(0);
  });

  test('any other error fails it, after what it took is committed', async () => {
    const task = new ScriptedSink();
    const rig = sinkRig(task);
    const ended = rig.start();
    await settle();
    rig.client().feed('t', 0, ['a']);
    await settle();
    const cause = new Error('disk full');
    task.putError = () => cause;
    rig.client().feed('t', 0, ['b']);
    await ended;
    expect(rig.failure()).toMatchObject({ message: 'Exiting WorkerSinkTask due to unrecoverable exception.', cause });
    expect(rig.client().committedOffsets.get('t 0')).toBe(1n);
    expect(rig.events).toEqual(['startup', 'failure']);
    expect(task.calls.slice(-2)).toEqual(['close t-0', 'stop']);
  });

  test('a record that cannot be converted fails it by place, or is passed over and counted as consumed', async () => {
    const value = {
      toConnectData: (_topic: string, bytes: Uint8Array | null) => {
        const text = bytes === null ? null : Buffer.from(bytes).toString();
        if (text === 'bad') throw new DataError('no schema');
        return { schema: null, value: text };
      },
    };
    const strict = sinkRig(new ScriptedSink(), { value });
    const ended = strict.start();
    await settle();
    strict.client().feed('t', 0, ['a', 'bad', 'c']);
    await ended;
    expect(strict.failure()).toMatchObject({
      message:
        'Tolerance exceeded in error handler (VALUE_CONVERTER, record t-0 at offset 1). Mend what fails there, or pass over such records with errors.tolerance=all.',
    });
    expect(strict.client().committedOffsets.get('t 0')).toBeUndefined();
    const task = new ScriptedSink();
    const tolerant = sinkRig(task, { value, policy: { tolerance: 'all' } });
    void tolerant.start();
    await settle();
    tolerant.client().feed('t', 0, ['a', 'bad', 'c', 'bad']);
    await tolerant.clock.advance(1000);
    tolerant.client().wakeup();
    await settle();
    expect(task.calls).toContain('put a,c');
    expect(tolerant.client().committedOffsets.get('t 0')).toBe(4n);
  });

  test('revoked partitions are committed and closed; what is left of their batch is dropped', async () => {
    const task = new ScriptedSink();
    const rig = sinkRig(task);
    void rig.start();
    await settle();
    rig.client().rebalance({ assigned: [T1] });
    rig.client().feed('t', 0, ['a']);
    rig.client().feed('t', 1, ['x']);
    await settle();
    task.putError = () => new RetriableError('busy');
    rig.client().feed('t', 0, ['b']);
    rig.client().feed('t', 1, ['y']);
    await settle();
    rig.client().rebalance({ revoked: [T0] });
    task.putError = null;
    rig.client().wakeup();
    await settle();
    expect(rig.client().committedOffsets.get('t 0')).toBe(1n);
    expect(task.calls.filter((c) => c.startsWith('close'))).toEqual(['close t-0']);
    expect(task.calls.at(-1)).toBe('put y');
    expect(rig.metrics.partitionCount).toBe(1);
  });

  test('lost partitions are closed without a commit', async () => {
    const task = new ScriptedSink();
    const rig = sinkRig(task);
    void rig.start();
    await settle();
    rig.client().feed('t', 0, ['a']);
    await settle();
    rig.client().rebalance({ lost: [T0] });
    rig.client().wakeup();
    await settle();
    expect(rig.client().committedOffsets.size).toBe(0);
    expect(task.calls.at(-1)).toBe('close t-0');
  });

  test('an error of open or close comes out after the poll', async () => {
    const task = new ScriptedSink();
    const error = new Error('cannot open');
    task.open = () => {
      throw error;
    };
    const rig = sinkRig(task);
    await rig.start();
    expect(rig.failure()).toBe(error);
  });

  test('preCommit decides what is committed; nonsense is ignored', async () => {
    const task = new ScriptedSink();
    const answers: SinkOffsets[] = [
      [
        { ...T0, offset: 1n },
        { ...T1, offset: 1n },
      ],
      [{ ...T0, offset: 99n }],
      [],
    ];
    const asked: SinkOffsets[] = [];
    task.preCommit = (offsets) => {
      asked.push(offsets);
      return answers.shift() ?? [];
    };
    const rig = sinkRig(task);
    void rig.start();
    await settle();
    rig.client().feed('t', 0, ['a', 'b']);
    await settle();
    for (let i = 0; i < 3; i++) {
      task.context?.requestCommit();
      await settle();
      expect(rig.client().committedOffsets.get('t 0')).toBe(1n);
    }
    expect(asked[0]).toEqual([{ ...T0, offset: 2n }]);
    expect(rig.client().committedOffsets.size).toBe(1);
  });

  test('a preCommit that throws goes back to what is committed', async () => {
    const task = new ScriptedSink();
    const rig = sinkRig(task);
    void rig.start();
    await settle();
    rig.client().feed('t', 0, ['a', 'b']);
    await settle();
    task.preCommit = () => {
      throw new Error('flush failed');
    };
    task.context?.requestCommit();
    await settle();
    expect(rig.client().seeks).toEqual(['t-0@0']);
    expect(rig.client().committedOffsets.size).toBe(0);
  });

  test('a failed commit is tried again with the next', async () => {
    const rig = sinkRig(new ScriptedSink());
    void rig.start();
    await settle();
    rig.client().feed('t', 0, ['a']);
    rig.client().commitError = new Error('coordinator moved');
    await rig.clock.advance(1000);
    rig.client().wakeup();
    await settle();
    expect(rig.client().committedOffsets.size).toBe(0);
    rig.client().commitError = null;
    await rig.clock.advance(1000);
    rig.client().wakeup();
    await settle();
    expect(rig.client().committedOffsets.get('t 0')).toBe(1n);
  });

  test('the task may rewind, pause and resume its partitions', async () => {
    const task = new ScriptedSink();
    const rig = sinkRig(task);
    void rig.start();
    await settle();
    rig.client().feed('t', 0, ['a', 'b', 'c']);
    await settle();
    task.context?.offset(T0, 1n);
    task.context?.pause(T0);
    expect(rig.client().paused.has('t 0')).toBe(true);
    expect(() => task.context?.pause(T1)).toThrow('SinkTasks may not pause partitions that are not currently assigned to them: t-1');
    rig.client().wakeup();
    await settle();
    expect(rig.client().seeks).toEqual(['t-0@1']);
    rig.control.setTarget('PAUSED');
    await settle();
    rig.control.setTarget('STARTED');
    await settle();
    expect(rig.client().paused.has('t 0')).toBe(true);
    task.context?.resume(T0);
    expect(rig.client().paused.size).toBe(0);
  });

  test('a record that the task reports is passed over or fails it; its report is waited for before the commit', async () => {
    const reports: RecordFailure[] = [];
    const written = Promise.withResolvers<void>();
    const reporters = [
      {
        report: (failure: RecordFailure) => {
          reports.push(failure);
          return Promise.resolve({ delivered: written.promise });
        },
        close: async () => undefined,
      },
    ];
    const reporting = () => {
      const task = new ScriptedSink();
      task.put = (records) => {
        for (const record of records) {
          if (record.value === 'bad') task.context?.errantRecordReporter?.(record, new Error('no such id')).catch(() => undefined);
        }
      };
      return task;
    };
    const rig = sinkRig(reporting(), { reporters, policy: { tolerance: 'all' } });
    void rig.start();
    await settle();
    rig.client().feed('t', 0, ['a', 'bad', 'c']);
    await rig.clock.advance(1000);
    rig.client().wakeup();
    await settle();
    expect(rig.client().committedOffsets.size).toBe(0);
    written.resolve();
    await settle();
    expect(rig.client().committedOffsets.get('t 0')).toBe(3n);
    expect(reports.map((r) => [r.stage, r.record.kind === 'sink' && r.record.record.offset])).toEqual([['TASK_PUT', 1n]]);
    const strict = sinkRig(reporting(), { reporters });
    const ended = strict.start();
    await settle();
    strict.client().feed('t', 0, ['bad']);
    await strict.clock.advance(1000);
    strict.client().wakeup();
    await ended;
    expect(strict.failure()).toMatchObject({
      message: 'Exiting WorkerSinkTask due to unrecoverable exception.',
      cause: {
        message:
          'Tolerance exceeded in error handler (TASK_PUT, record t-0 at offset 0). Mend what fails there, or pass over such records with errors.tolerance=all.',
      },
    });
  });

  test('without log or dead-letter queue there is no reporter', async () => {
    const task = new ScriptedSink();
    const rig = sinkRig(task);
    void rig.start();
    await settle();
    expect(task.context?.errantRecordReporter).toBeNull();
  });

  test('pause stops reading and commits; resume goes on', async () => {
    const task = new ScriptedSink();
    const rig = sinkRig(task);
    void rig.start();
    await settle();
    rig.client().feed('t', 0, ['a']);
    await settle();
    rig.control.setTarget('PAUSED');
    await settle();
    expect(rig.client().committedOffsets.get('t 0')).toBe(1n);
    rig.client().feed('t', 0, ['b']);
    await settle();
    expect(task.calls).not.toContain('put b');
    rig.control.setTarget('STARTED');
    await settle();
    expect(task.calls).toContain('put b');
    expect(rig.events).toEqual(['startup', 'pause', 'resume']);
  });
});
