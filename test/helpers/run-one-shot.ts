/** A command line in this process: what it writes, and its exit code. */
import { Command, CommanderError } from 'commander';
import { systemClock } from '../../src/base/clock.ts';
import { type OneShotDeps, UsageError } from '../../src/cli/one-shot/context.ts';
import { registerOneShot } from '../../src/cli/one-shot.ts';
import { createHttpHerder } from '../../src/control/over-http.ts';

export interface OneShotRun {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export async function runOneShotLine(words: string, more: Partial<OneShotDeps> = {}): Promise<OneShotRun> {
  let [exit, out, err] = [-1, '', ''];
  const deps: OneShotDeps = {
    openHerder: (urls) => createHttpHerder(urls),
    openKafka: async () => {
      throw new UsageError('no Kafka here');
    },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isInteractive: false,
    ask: async () => '',
    setExitCode: (code) => {
      exit = code;
    },
    clock: systemClock,
    ...more,
  };
  const program = new Command('kconsole')
    .exitOverride()
    .configureOutput({ writeErr: (text) => deps.err(text), writeOut: (text) => deps.out(text) });
  registerOneShot(program, deps);
  try {
    await program.parseAsync(['node', 'kconsole', ...words.split(' ')]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exit = 2;
  }
  return { exit, out, err };
}
