import { describe, expect, test } from 'vitest';
import { ConnectError, DataError, RetriableError } from '../../../src/base/errors.ts';
import { DROPPED, ErrorOperator, type ErrorPolicy } from '../../../src/pipeline/error-operator.ts';
import { type FailedRecord, failureText, type RecordFailure } from '../../../src/pipeline/error-reporter.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

const record: FailedRecord = {
  kind: 'sink',
  record: { topic: 't', partition: 3, offset: 9n, timestampMs: 5, timestampType: 'CreateTime', key: null, value: null, headers: null },
};
const NONE: ErrorPolicy = { tolerance: 'none', retryTimeoutMs: 0, retryDelayMaxMs: 60_000 };
const ALL: ErrorPolicy = { ...NONE, tolerance: 'all' };

function rig(policy: ErrorPolicy) {
  const clock = createTestClock();
  const stop = new AbortController();
  const reports: RecordFailure[] = [];
  const reporter = {
    report: (failure: RecordFailure) => {
      reports.push(failure);
      return undefined;
    },
    close: async () => undefined,
  };
  const operator = new ErrorOperator(policy, { reporters: [reporter], clock, stop: stop.signal, random: () => 0.5 });
  const run = <T>(operation: () => T, stage: 'VALUE_CONVERTER' | 'TASK_PUT' = 'VALUE_CONVERTER', firstError?: { error: unknown }) =>
    operator.run({ stage, executingClass: 'X', record, operation, firstError });
  return { clock, stop, reports, operator, run };
}

function failing(times: number, error: () => Error): () => string {
  let calls = 0;
  return () => {
    if (calls++ < times) throw error();
    return 'done';
  };
}

describe('ErrorOperator', () => {
  test('tolerance none: fails the task with the sentence, the record and the cause, after the report', async () => {
    const { run, reports, operator } = rig(NONE);
    const cause = new DataError('no schema');
    const error = await run(() => {
      throw cause;
    }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({
      message:
        'Tolerance exceeded in error handler (VALUE_CONVERTER, record t-3 at offset 9). Mend what fails there, or pass over such records with errors.tolerance=all.',
      cause,
    });
    expect(reports).toEqual([{ stage: 'VALUE_CONVERTER', executingClass: 'X', record, error: cause }]);
    expect(operator.counts).toMatchObject({ failures: 1, errors: 1, skipped: 0 });
  });

  test('tolerance all: the record is dropped', async () => {
    const { run, operator } = rig(ALL);
    expect(await run(failing(1, () => new DataError('bad')))).toBe(DROPPED);
    expect(operator.counts).toMatchObject({ failures: 1, skipped: 1 });
  });

  test('in put and produce only a retriable error is tolerated', async () => {
    const { run } = rig(ALL);
    await expect(
      run(
        failing(1, () => new DataError('bad')),
        'TASK_PUT',
      ),
    ).rejects.toThrow('Unhandled exception in error handler');
    expect(
      await run(
        failing(9, () => new RetriableError('later')),
        'TASK_PUT',
      ),
    ).toBe(DROPPED);
  });

  test('retries at 300, 600, 1200 ms until it works', async () => {
    const { run, clock, operator } = rig({ ...NONE, retryTimeoutMs: -1 });
    const outcome = run(failing(3, () => new RetriableError('later')));
    await clock.advance(299);
    expect(operator.counts.retries).toBe(0);
    await clock.advance(1);
    expect(operator.counts.retries).toBe(1);
    await clock.advance(600 + 1200);
    expect(await outcome).toBe('done');
    expect(operator.counts).toMatchObject({ retries: 3, failures: 3, errors: 0 });
  });

  test('the first error may come from outside', async () => {
    const { run, clock, operator } = rig({ ...NONE, retryTimeoutMs: -1 });
    let calls = 0;
    const outcome = run(() => ++calls, 'VALUE_CONVERTER', { error: new RetriableError('fast path') });
    await clock.advance(300);
    expect(await outcome).toBe(1);
    expect(operator.counts.retries).toBe(1);
  });

  test('gives up at the deadline, and never sleeps past it', async () => {
    const { run, clock } = rig({ ...NONE, retryTimeoutMs: 500 });
    const outcome = run(failing(9, () => new RetriableError('later'))).catch((e: Error) => e.message);
    await clock.advance(500);
    expect(await outcome).toMatch(/^Tolerance exceeded/);
  });

  test('delays above the maximum are random below it', () => {
    const { operator } = rig({ ...NONE, retryTimeoutMs: -1, retryDelayMaxMs: 1000 });
    expect([1, 2, 3, 40].map((tries) => operator.retryDelayMs(tries, Number.POSITIVE_INFINITY))).toEqual([300, 600, 500, 500]);
    expect(operator.retryDelayMs(2, 20)).toBe(20);
  });

  test('a stop ends the wait', async () => {
    const { run, clock, stop } = rig({ ...NONE, retryTimeoutMs: -1 });
    const outcome = run(failing(9, () => new RetriableError('later'))).catch((e: Error) => e.message);
    await clock.advance(10);
    stop.abort();
    expect(await outcome).toMatch(/^Stopped while VALUE_CONVERTER was tried again for record t-3 at offset 9/);
  });

  test('the log sentence is the original one', () => {
    const failure = { stage: 'VALUE_CONVERTER', executingClass: 'K', record, error: new Error('x') } as const;
    const task = { connector: 'c', taskId: 0 };
    expect(failureText(failure, task, false)).toBe("Error encountered in task c-0. Executing stage 'VALUE_CONVERTER' with class 'K'.");
    expect(failureText(failure, task, true)).toBe(
      "Error encountered in task c-0. Executing stage 'VALUE_CONVERTER' with class 'K', where consumed record is {topic='t', partition=3, offset=9, timestamp=5, timestampType=CreateTime}.",
    );
  });
});
