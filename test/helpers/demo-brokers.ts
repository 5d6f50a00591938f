import { execFileSync } from 'node:child_process';

/** Processes whose command line names this folder: the brokers of a demo that has its state there, and the tool that formats their storage. */
export function brokersIn(stateFolder: string): string[] {
  try {
    return execFileSync('pgrep', ['-f', stateFolder], { encoding: 'utf8' }).trim().split('\n');
  } catch {
    return [];
  }
}
