/**
 * Regular expressions of whoever types one: run in time linear in the text, whatever the expression (V8's engine for the `l` flag), so that
 * none can hang the screen. Letters match in either case, Hangul in either composition.
 */
import { setFlagsFromString } from 'node:v8';
import { messageOf } from './errors.ts';

export interface LinearRegex {
  test(text: string): boolean;
  /** UTF-16 start and end of matches in the text; none when folding has changed its length. */
  ranges(text: string): ReadonlyArray<readonly [number, number]>;
}

/** Repetitions are unrolled: `(a{100}){100}` would become ten thousand steps. */
const MOST_REPETITIONS = 1_000;
const MOST_RANGES = 50;
const MOST_LENGTH = 1_000;

/** Text in the form in which it is compared. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** Throws an Error with a short reason. */
export function linearRegex(pattern: string): LinearRegex {
  if (pattern.length > MOST_LENGTH) throw new Error(`an expression of ${pattern.length} characters is too long`);
  const folded = foldPattern(pattern.normalize('NFC'));
  // Only expressions with the flag `l` go to this engine; all others run as ever.
  setFlagsFromString('--enable-experimental-regexp-engine');
  const [one, all] = [compile(folded, 'l'), compile(folded, 'lg')];
  return {
    test: (text) => one.test(foldText(text)),
    ranges: (text) => {
      const own = foldText(text);
      if (own.length !== text.length) return [];
      const found: [number, number][] = [];
      for (const match of own.matchAll(all)) {
        if (match[0] !== '') found.push([match.index, match.index + match[0].length]);
        if (found.length >= MOST_RANGES) break;
      }
      return found;
    },
  };
}

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    const reason = messageOf(error).replace(/^Invalid regular expression: .*: (?=[^:]*$)/s, '');
    if (/linear time/.test(reason)) throw new Error('look-around and back-references are not read here: they could hang the screen');
    throw new Error(`Invalid expression: ${reason}`);
  }
}

/** Letters in lower case, as the text is; escapes stay what they are. */
function foldPattern(pattern: string): string {
  let out = '';
  let repetitions = 1;
  for (let at = 0; at < pattern.length; at++) {
    const escaped = /^\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|[\s\S])/.exec(pattern.slice(at, at + 6));
    if (escaped) {
      if (/^\\[pP]/.test(escaped[0])) throw new Error('\\p{…} is not read here: write the characters, like [가-힣]');
      const code = escaped[1] ?? escaped[2];
      out += code === undefined ? escaped[0] : codeText(Number.parseInt(code, 16));
      at += escaped[0].length - 1;
      continue;
    }
    const repeat = /^\{(\d+)(?:,(\d*))?\}/.exec(pattern.slice(at, at + 12));
    if (repeat) repetitions *= Math.max(1, Number(repeat[1]), Number(repeat[2] || 0));
    if (repetitions > MOST_REPETITIONS) throw new Error(`more than ${MOST_REPETITIONS} repetitions are not unrolled`);
    out += pattern[at]!.toLowerCase();
  }
  return out;
}

function codeText(code: number): string {
  const lower = String.fromCharCode(code).toLowerCase();
  return `\\u${lower.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
