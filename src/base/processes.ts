/** Other processes of this machine: whether one is still the one that was meant. Numbers are given again to new processes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A text that no other process with this number has; `null`: there is no such process. */
export function startOf(pid: number): string | null {
  if (!isAlive(pid)) return null;
  try {
    // The name in parentheses may hold anything; the time is the 20th field behind it. It counts from the boot.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    if (fields[0] === 'Z') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return startBySystem(pid);
  }
}

/** Where there is no /proc. */
function startBySystem(pid: number): string | null {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null
    );
  } catch {
    return null;
  }
}
