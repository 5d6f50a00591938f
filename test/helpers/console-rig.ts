/** The whole console on a test screen, over scripted sources or others, with a clock that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunConsoleOptions, runConsole } from '../../screens/run.tsx';
import { bytesOfCommand, bytesOfKey } from './key-bytes.ts';
import { createScreen, type TestScreen } from './screen.ts';
import type { ScriptedWorld } from './scripted-world.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { START_MS } from './worlds.ts';

export interface ConsoleRig extends AsyncDisposable {
  readonly screen: TestScreen;
  readonly world: ScriptedWorld | null;
  readonly clock: TestClock;
  readonly actionLogFile: string;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number>;
  press(...commandIds: string[]): void;
  keys(...keys: string[]): void;
  /** Moves the clock on, so that the sources are asked again. */
  pass(ms: number): Promise<void>;
}

export interface RigOptions extends Partial<RunConsoleOptions> {
  readonly size?: readonly [columns: number, rows: number];
}

export function startConsole(world: ScriptedWorld | null, options: RigOptions = {}): ConsoleRig {
  const { size = [80, 24], ...more } = options;
  const clock = createTestClock(START_MS);
  const screen = createScreen(size[0], size[1]);
  const folder = mkdtempSync(path.join(tmpdir(), 'kconsole-rig-'));
  const actionLogFile = path.join(folder, 'actions.ndjson');
  const ended = runConsole({
    herder: world?.herder ?? null,
    kafka: world?.kafka ?? null,
    contextName: 'prod-eu',
    isReadOnly: false,
    isProtected: false,
    atEnd: async () => undefined,
    configFolder: folder,
    actionLogFile,
    environment: { TERM: 'xterm-256color', LANG: 'ko_KR.UTF-8' },
    streams: { stdin: screen.stdin, stdout: screen.stdout },
    clock,
    ...more,
  });
  return {
    screen,
    world,
    clock,
    actionLogFile,
    ended: ended.then(({ code }) => code),
    press: (...ids) => {
      for (const id of ids) screen.type(bytesOfCommand(id));
    },
    keys: (...keys) => {
      for (const key of keys) screen.type(bytesOfKey(key));
    },
    pass: (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: async () => {
      screen.type('\x03');
      screen.type(':q!\r');
      await ended;
      screen.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
