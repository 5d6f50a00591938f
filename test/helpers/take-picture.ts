/**
 * A picture of the console from a real run: starts the program on a terminal of its own, presses keys, and writes what is seen as SVG.
 *
 *     node test/helpers/take-picture.ts --out console.svg --size 100x30 --step 'all is well' --step 1=moving -- standalone worker.properties …
 *
 * Each step waits until the screen shows a text; before it the keys are pressed that stand before its first `=`.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { screenToSvg } from './screen-picture.ts';
import { waitUntil } from './wait-until.ts';

const MAIN = path.resolve(import.meta.dirname, '../../dist/kconsole.js');

const { values, positionals } = parseArgs({
  options: {
    out: { type: 'string', default: 'console.svg' },
    size: { type: 'string', default: '100x30' },
    title: { type: 'string', default: 'kconsole' },
    /** More seconds after the last step: figures and sparklines need some to tell something. */
    rest: { type: 'string', default: '0' },
    step: { type: 'string', multiple: true, default: ['help'] },
  },
  allowPositionals: true,
});
const [columns = 100, rows = 30] = values.size.split('x').map(Number);
const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
const program = spawn(process.execPath, [MAIN, ...positionals], {
  cols: columns,
  rows,
  name: 'xterm-256color',
  env: { ...process.env, COLORTERM: 'truecolor', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', CI: '', NO_COLOR: '' },
});
const ended = new Promise<void>((resolve) => program.onExit(() => resolve()));
program.onData((data) => terminal.write(data));
terminal.onData((answer) => program.write(answer));

const text = () =>
  new Promise<string>((resolve) => {
    terminal.write('', () =>
      resolve(Array.from({ length: rows }, (_, i) => terminal.buffer.active.getLine(i)?.translateToString(true) ?? '').join('\n')),
    );
  });

try {
  for (const step of values.step) {
    const at = step.indexOf('=');
    const wanted = step.slice(at + 1);
    if (at > 0) program.write(step.slice(0, at));
    let seen = '';
    await waitUntil(
      () => `the screen shows ${wanted}; it is\n${seen}\n`,
      async () => {
        seen = await text();
        return seen.includes(wanted);
      },
      120_000,
    );
  }
  await new Promise((resolve) => setTimeout(resolve, Number(values.rest) * 1_000));
  await text();
  writeFileSync(values.out, screenToSvg(terminal, values.title));
} finally {
  program.kill('SIGTERM');
  await ended;
  terminal.dispose();
}
