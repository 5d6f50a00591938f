/** Long work in small steps: what gets in between, and what is told. */
import { expect, test } from 'vitest';
import type { Clock } from '../../../src/base/clock.ts';
import { Pass } from '../../../src/base/pass.ts';
import { atOnce, inTurns } from '../../../src/base/turn.ts';

/** Each look at the clock finds it so much later. */
function clockThatMoves(byMs: number): Clock {
  let nowMs = 0;
  return {
    wallMs: () => nowMs,
    monoMs: () => {
      nowMs += byMs;
      return nowMs;
    },
    sleep: async () => undefined,
  };
}

function counting(clock: Clock, steps: number) {
  const told: string[] = [];
  let begun = 0;
  const pass = new Pass(clock, function* () {
    const name = `pass ${++begun}`;
    for (let i = 0; i < steps; i++) yield;
    told.push(name);
  });
  return { pass, told };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is quick is done at once', () => {
  const { pass, told } = counting(clockThatMoves(0), 1_000);
  pass.want();
  expect([told, pass.isRunning]).toEqual([['pass 1'], false]);
});

test('others get their turn, and what is told is told once and whole', async () => {
  const { pass, told } = counting(clockThatMoves(1), 50);
  pass.want();
  let turns = 0;
  for (; pass.isRunning; turns++) {
    expect(told).toEqual([]);
    await turn();
  }
  expect(turns).toBeGreaterThan(5);
  expect(told).toEqual(['pass 1']);
});

test('wanted again while it runs it runs once more, however often that was', async () => {
  const { pass, told } = counting(clockThatMoves(1), 50);
  for (let i = 0; i < 5; i++) pass.want();
  while (pass.isRunning) await turn();
  expect(told).toEqual(['pass 1', 'pass 2']);
});

test('who cannot wait has it done anew at once; what was half done is not told', async () => {
  const { pass, told } = counting(clockThatMoves(1), 50);
  pass.want();
  pass.now();
  expect([told, pass.isRunning]).toEqual([['pass 2'], false]);
  for (let i = 0; i < 20; i++) await turn();
  expect(told).toEqual(['pass 2']);
});

test('what is dropped tells nothing, and can be wanted again', async () => {
  const { pass, told } = counting(clockThatMoves(1), 50);
  pass.want();
  pass.drop();
  for (let i = 0; i < 20; i++) await turn();
  expect([told, pass.isRunning]).toEqual([[], false]);
  pass.want();
  while (pass.isRunning) await turn();
  expect(told).toEqual(['pass 2']);
});

test('steps end with the same whether they are left or not', async () => {
  function* sum() {
    let all = 0;
    for (let i = 1; i <= 40; i++) {
      all += i;
      yield;
    }
    return all;
  }
  expect([atOnce(sum()), await inTurns(sum(), clockThatMoves(1))]).toEqual([820, 820]);
});
