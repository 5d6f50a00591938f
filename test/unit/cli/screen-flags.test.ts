/** How the console is to look: flags say it, else the environment. */
import { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { lookOf, type ScreenFlags, screenProblem, withScreenOptions } from '../../../src/cli/screen-flags.ts';

afterEach(() => void vi.unstubAllEnvs());

const parse = (...words: string[]) =>
  lookOf(
    withScreenOptions(new Command().exitOverride().configureOutput({ writeErr: () => undefined }))
      .parse(words, { from: 'user' })
      .opts<ScreenFlags>(),
  );

test('what is not said is left to the environment', () => {
  vi.stubEnv('INK_SCREEN_READER', '');
  expect(parse()).toEqual({});
  expect(parse('--color', 'auto')).toEqual({});
  expect(parse('--skin', 'mono', '--color', '256', '--ascii', '--accessible')).toEqual({
    skin: 'mono',
    colours: 2,
    isAscii: true,
    isAccessible: true,
  });
  expect(parse('--color', 'never')).toEqual({ colours: 0 });
  expect(() => parse('--color', 'pink')).toThrow("argument 'pink' is invalid. Allowed choices are auto, never, 16, 256, truecolor.");
  vi.stubEnv('INK_SCREEN_READER', 'true');
  expect(parse()).toEqual({ isAccessible: true });
});

test('a terminal that cannot be drawn on is said, with a way out', () => {
  const own = [process.stdin.isTTY, process.stdout.isTTY];
  [process.stdin.isTTY, process.stdout.isTTY] = [true, true];
  try {
    vi.stubEnv('INK_SCREEN_READER', '');
    vi.stubEnv('TERM', 'dumb');
    expect(screenProblem({})).toBe('TERM=dumb is a terminal that cannot be drawn on; --accessible speaks in lines instead');
    expect(screenProblem({ accessible: true })).toBeNull();
    vi.stubEnv('TERM', 'xterm');
    expect(screenProblem({})).toBeNull();
    process.stdin.isTTY = false;
    expect(screenProblem({ accessible: true })).toBe('there is no terminal to draw on');
  } finally {
    [process.stdin.isTTY, process.stdout.isTTY] = own as [boolean, boolean];
  }
});
