import { expect, test } from 'vitest';
import { WorkerStages } from '../../../src/herder/worker-stage.ts';
import { createTestClock } from '../../helpers/test-clock.ts';

test('what goes on, then what was done last', async () => {
  const clock = createTestClock();
  const stages = new WorkerStages(clock);
  expect(stages.summarize()).toBeNull();
  const began = new Date(clock.wallMs()).toISOString();
  const work = Promise.withResolvers<string>();
  const done = stages.during('reading to the end of the config topic', () => work.promise);
  expect(stages.summarize()).toBe(`The worker is currently reading to the end of the config topic, which began at ${began}.`);
  await clock.advance(1_500);
  work.resolve('x');
  expect(await done).toBe('x');
  const completed = new Date(clock.wallMs()).toISOString();
  expect(stages.summarize()).toBe(
    `The last operation the worker completed was reading to the end of the config topic, which began at ${began} and completed at ${completed}.`,
  );
  await expect(stages.during('failing', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(stages.summarize()).toContain('The last operation the worker completed was failing');
});
