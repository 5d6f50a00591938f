import { expect, test } from 'vitest';
import { SampledStat, StateRatio } from '../../../src/task/sampled-stats.ts';

test('a rate counts the window as nearly full from the start', () => {
  const stat = new SampledStat();
  stat.record(300, 0);
  expect(stat.ratePerSecond(1000)).toBeCloseTo(300 / 31);
  expect(stat.ratePerSecond(30_000)).toBeCloseTo(300 / 30);
  stat.record(300, 30_000);
  expect(stat.ratePerSecond(45_000)).toBeCloseTo(600 / 45);
  expect(stat.ratePerSecond(60_000)).toBeCloseTo(300 / 30);
  expect(stat.ratePerSecond(100_000)).toBe(0);
  expect(stat.total).toBe(600);
});

test('average, maximum and minimum forget what is older than the window', () => {
  const stat = new SampledStat();
  expect(stat.avg(0)).toBeNaN();
  stat.record(10, 0);
  stat.record(20, 31_000);
  expect([stat.avg(32_000), stat.max(32_000), stat.min(32_000)]).toEqual([15, 20, 10]);
  expect([stat.avg(61_000), stat.max(61_000), stat.min(61_000)]).toEqual([20, 20, 20]);
});

test('shares of time by state', () => {
  const ratio = new StateRatio<'running' | 'paused'>('paused', 0);
  ratio.enter('running', 10_000);
  expect(ratio.ratio('running', 40_000)).toBeCloseTo(0.75);
  expect(ratio.ratio('paused', 40_000)).toBeCloseTo(0.25);
  expect(ratio.ratio('running', 200_000)).toBe(1);
});
