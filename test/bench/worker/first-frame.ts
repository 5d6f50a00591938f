/** Time from the start of the process to the console's first frame, in a real pseudo-terminal. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as pty from '@lydell/node-pty';

const main = path.join(fileURLToPath(new URL('../../..', import.meta.url)), 'dist', 'kconsole.js');

/** From the header to the hint line at the bottom, and the end of the terminal's synchronized update. */
const WHOLE_FRAME = /incidents[\s\S]*help[\s\S]*\x1b\[\?2026l/;

export function firstFrameMs(bootstrap: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const terminal = pty.spawn(process.execPath, [main, '-b', bootstrap], {
      cols: 120,
      rows: 40,
      env: { ...process.env, TERM: 'xterm-256color', CI: '' },
    });
    let seen = '';
    const timer = setTimeout(() => end(new Error(`no whole frame within 20 s: ${JSON.stringify(seen.slice(0, 300))}`)), 20_000);
    const end = (error: Error | null) => {
      clearTimeout(timer);
      terminal.kill('SIGTERM');
      if (error) reject(error);
      else resolve(performance.now() - startedMs);
    };
    terminal.onData((data) => {
      seen += data;
      if (WHOLE_FRAME.test(seen)) {
        terminal.onData(() => {});
        end(null);
      }
    });
  });
}
