/** Where a user's files lie: the XDG folders, below them ours. */
import { homedir } from 'node:os';
import path from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** What is kept from one run to the next and is no configuration: logs, records, who was left running. */
export function stateFolder(env: Variables = process.env): string {
  return path.join(env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state'), 'kconsole');
}

/** What the user has set: contexts, keys, skins. */
export function configFolder(env: Variables = process.env): string {
  return path.join(env.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'kconsole');
}

/** What can be made again: downloads, compiled code. */
export function cacheFolder(env: Variables = process.env): string {
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'kconsole');
}
