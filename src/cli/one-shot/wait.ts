/** `--wait`: how long a command waits until what it asked for is so. */
import { ConfigError } from '../../base/errors.ts';

export const WAIT_FLAG = '--wait <seconds>';
export const WAIT_TEXT = 'wait until it is done, at most so long';

/** Milliseconds; `null` without the flag. Throws ConfigError. */
export function waitIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0 && seconds <= 86_400)) throw new ConfigError(`--wait ${text}: give seconds, 0 to 86400.`);
  return seconds * 1000;
}
