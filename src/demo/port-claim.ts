/**
 * A port is taken only seconds after it was found free, when its broker has come up: until then nobody else of this program may
 * find it free. One small file a port, which counts as long as its process lives.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isAlive } from '../base/processes.ts';

/** Ends the claim; `null`: another cluster, of this process or another one, has the port. */
export function claimPort(port: number, folder: string = tmpdir()): (() => void) | null {
  const file = path.join(folder, `kconsole-port-${port}`);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch {
      if (isHeld(file)) return null;
      rmSync(file, { force: true });
    }
  }
  return null;
}

/** What cannot be read is another user's. */
function isHeld(file: string): boolean {
  try {
    return isAlive(Number(readFileSync(file, 'utf8')));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
