/** Time from the start of the process to the console's first frame, in a real pseudo-terminal. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as pty from '@lydell/node-pty';

const main = path.join(fileURLToPath(new URL('../../..', import.meta.url)), 'dist', 'kconsole.js');

/** `mark`: text that only the first whole frame holds. */
export function firstFrameMs(bootstrap: string, mark: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const terminal = pty.spawn(process.execPath, [main, '-b', bootstrap], {
      cols: 120,
      rows: 40,
      env: { ...process.env, TERM: 'xterm-256color', CI: '' },
    });
    let seen = '';
    const timer = setTimeout(() => end(new Error(`no frame with "${mark}" within 20 s: ${JSON.stringify(seen.slice(0, 300))}`)), 20_000);
    const end = (error: Error | null) => {
      clearTimeout(timer);
      terminal.kill('SIGTERM');
      if (error) reject(error);
      else resolve(performance.now() - startedMs);
    };
    terminal.onData((data) => {
      seen += data;
      if (seen.includes(mark)) {
        terminal.onData(() => {});
        end(null);
      }
    });
  });
}
