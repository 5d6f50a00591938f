/** Paths as people type and read them: `~` is the home folder. */
import { homedir } from 'node:os';

/** `~/saves/a.csv` as the path that it means. */
export function fromHome(typed: string): string {
  return typed.replace(/^~(?=\/|$)/, homedir());
}

/** The end of a path tells most, and a line is short. */
export function inHome(file: string): string {
  const home = homedir();
  return home !== '/' && file.startsWith(`${home}/`) ? `~${file.slice(home.length)}` : file;
}
