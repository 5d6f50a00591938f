/** In a thread with packages: what they give to `console` becomes lines of the log. On the terminal it would tear the screen. */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { Log } from '../base/log.ts';

export function consoleToLog(log: Log): void {
  const lines = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log.info(`A package of plugin.path prints: ${chunk.toString('utf8').trimEnd()}`);
      done();
    },
  });
  globalThis.console = new Console(lines);
}
