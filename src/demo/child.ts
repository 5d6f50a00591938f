/** Programs that the demo and the tests start beside this one. None outlives it. */
import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Kills `child` when this process is gone, however it went (SIGKILL too): a shell waits at the other end of a pipe, which the system
 * closes. A group of its own keeps it from Ctrl-C.
 */
export function endWithUs(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const guard = spawn('/bin/sh', ['-c', 'read _; kill -9 "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.once('exit', () => guard.kill('SIGKILL'));
}

export interface Ended {
  /** `null`: a signal ended it. */
  readonly code: number | null;
  /** The end of what it printed, both streams. */
  readonly said: string;
}

const KEPT_CHARACTERS = 2_000;

/** Runs a program to its end, or until `signal` aborts. Rejects only when it cannot be started. */
export function runToEnd(command: string, args: readonly string[], signal: AbortSignal | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    endWithUs(child);
    const stop = () => child.kill();
    signal?.addEventListener('abort', stop);
    let said = '';
    const keep = (chunk: Buffer) => {
      said = (said + chunk).slice(-KEPT_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('exit', (code) => {
      signal?.removeEventListener('abort', stop);
      resolve({ code, said: said.trim() });
    });
  });
}
