/** What the terminal can show, by the environment's own conventions. */
import type { ColourLevel } from './skin.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** NO_COLOR (any text) wins, then FORCE_COLOR, COLORTERM, TERM. sudo and ssh drop COLORTERM, so an unknown terminal gets 256. */
export function colourLevel(env: Environment): ColourLevel {
  if (env.NO_COLOR) return 0;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) {
    if (forced === '0' || forced === 'false') return 0;
    if (forced === '1' || forced === '2' || forced === '3') return Number(forced) as ColourLevel;
  }
  const term = env.TERM ?? '';
  if (term === 'dumb') return 0;
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '') || term.endsWith('-direct')) return 3;
  if (term === 'linux' || term === 'ansi' || term === 'vt100' || term === 'vt220') return 1;
  return 2;
}

/** True when the locale says that only ASCII is safe. A locale that is not set at all is C. */
export function isAsciiOnly(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return !/utf-?8/i.test(locale);
}
