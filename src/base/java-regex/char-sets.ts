/** Sets of characters, written as the inside of a JavaScript class with the `v` flag. */
import { syntaxError, unsupported } from './syntax.ts';

/** A code point as itself in every place of a class and outside of one. */
export function codeText(code: number): string {
  const char = String.fromCodePoint(code);
  return /[A-Za-z0-9]/.test(char) ? char : `\\u{${code.toString(16)}}`;
}

/** One character, or a range; with `ignoresCase` the other case of ASCII letters as well, and of those alone. */
export function rangeSet(from: number, to: number, ignoresCase: boolean): string {
  let set = from === to ? codeText(from) : `${codeText(from)}-${codeText(to)}`;
  if (!ignoresCase) return set;
  for (const [first, shift] of [
    [0x41, 0x20],
    [0x61, -0x20],
  ] as const) {
    const low = Math.max(from, first);
    const high = Math.min(to, first + 25);
    if (low <= high) set += `${codeText(low + shift)}-${codeText(high + shift)}`;
  }
  return set;
}

/** Java's classes of one letter; the upper case letter is the complement. */
export const LETTER_CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'a-zA-Z0-9_',
  s: '\\u{20}\\t\\n\\v\\f\\r',
  h: '\\u{20}\\t\\u{a0}\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}',
  v: '\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}',
};

const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\u{0}-\\u{7f}',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}',
  Graph: '\\u{21}-\\u{7e}',
  Print: '\\u{20}-\\u{7e}',
  Blank: '\\u{20}\\t',
  Cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  XDigit: '0-9a-fA-F',
  Space: '\\u{20}\\t-\\r',
  L1: '\\u{0}-\\u{ff}',
  all: '\\u{0}-\\u{10ffff}',
  LD: '\\p{L}\\p{Nd}',
};

const CATEGORIES: ReadonlySet<string> = new Set(
  'Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf L M N Z C P S LC'.split(' '),
);

/** Names behind `Is`, in capitals. */
const UNICODE_PROPERTIES: Readonly<Record<string, string>> = {
  ALPHABETIC: '\\p{Alphabetic}',
  LETTER: '\\p{L}',
  IDEOGRAPHIC: '\\p{Ideographic}',
  LOWERCASE: '\\p{Lowercase}',
  UPPERCASE: '\\p{Uppercase}',
  TITLECASE: '\\p{Lt}',
  WHITE_SPACE: '\\p{White_Space}',
  CONTROL: '\\p{Cc}',
  PUNCTUATION: '\\p{P}',
  DIGIT: '\\p{Nd}',
};

/** Properties that mean something else, or more, when case is ignored. */
const CASED: ReadonlySet<string> = new Set(['Lower', 'Upper', 'Lu', 'Ll', 'Lt', 'IsLu', 'IsLl', 'IsLt', 'IsLower', 'IsUpper']);

/**
 * `\p{name}`. Characters that Unicode assigned after version 13 (Java 17) may be in other sets here.
 * Throws ConfigError for a name that Java does not know, or that has no exact counterpart.
 */
export function propertySet(name: string, at: number, ignoresCase: boolean): string {
  const isCased = CASED.has(name) || /^Is(?:lowercase|uppercase|titlecase)$/i.test(name) || /^(?:gc|general_category)=L[ult]$/i.test(name);
  if (ignoresCase && isCased) throw unsupported(`\\p{${name}} with (?i)`, at);
  const [, kind, value] = /^([^=]*)=(.*)$/.exec(name) ?? [];
  if (kind !== undefined && value !== undefined) return namedSet(kind.toLowerCase(), value, name, at);
  if (name.startsWith('In')) throw unsupported(`\\p{${name}}, a Unicode block,`, at);
  if (name.startsWith('Is')) {
    const short = name.slice(2);
    return UNICODE_PROPERTIES[short.toUpperCase()] ?? categorySet(short) ?? scriptSet(short, name, at);
  }
  const set = categorySet(name);
  if (set !== null) return set;
  throw name.startsWith('java') ? unsupported(`\\p{${name}}`, at) : syntaxError(`Unknown character property name {${name}}`, at);
}

function categorySet(name: string): string | null {
  if (Object.hasOwn(POSIX, name)) return POSIX[name]!;
  return CATEGORIES.has(name) ? `\\p{${name}}` : null;
}

function namedSet(kind: string, value: string, name: string, at: number): string {
  if (kind === 'sc' || kind === 'script') return scriptSet(value, name, at);
  const category = kind === 'gc' || kind === 'general_category' ? categorySet(value) : null;
  if (category !== null) return category;
  throw kind === 'blk' || kind === 'block'
    ? unsupported(`\\p{${name}}, a Unicode block,`, at)
    : syntaxError(`Unknown Unicode property {name=<${kind}>, value=<${value}>}`, at);
}

/** Java takes names of scripts in any case. */
function scriptSet(script: string, name: string, at: number): string {
  const proper = script.toLowerCase().replace(/(?:^|_)[a-z]/g, (start) => start.toUpperCase());
  const set = `\\p{Script=${proper}}`;
  try {
    new RegExp(set, 'v');
  } catch {
    throw unsupported(`\\p{${name}}`, at);
  }
  return set;
}
