/** Character classes: ranges, nested classes, `&&`. Source: java.util.regex.Pattern.clazz (Java 9 and later). */
import type { CharReader } from './char-reader.ts';
import { rangeSet } from './char-sets.ts';
import { illegalEscape, parseEscape } from './parse-escape.ts';
import { syntaxError, unsupported } from './syntax.ts';

export interface CharSet {
  /** The inside of a JavaScript class with the `v` flag. */
  readonly set: string;
  readonly isNegated: boolean;
}

/** Behind the bracket at `at`, up to and with its closing one. */
export function parseClass(reader: CharReader, at: number, ignoresCase: boolean): CharSet {
  const isNegated = reader.skip('^');
  const set = parseInside(reader, at, ignoresCase);
  reader.take();
  return { set, isNegated };
}

export function bracketed({ set, isNegated }: CharSet): string {
  return `[${isNegated ? '^' : ''}${set}]`;
}

/** What stands before the closing bracket: a union; everything behind `&&` narrows it. */
function parseInside(reader: CharReader, at: number, ignoresCase: boolean): string {
  let union = '';
  for (;;) {
    if (reader.isAtEnd) throw syntaxError('Unclosed character class', reader.at - 1);
    if (reader.peek() === ']' && union !== '') return union;
    if (reader.peek() === '&' && reader.peek(1) === '&') return narrowed(reader, at, union, ignoresCase);
    union += parseItem(reader, ignoresCase);
  }
}

function narrowed(reader: CharReader, at: number, left: string, ignoresCase: boolean): string {
  const operator = reader.at;
  reader.skip('&&');
  if (left === '') throw unsupported('&& without a left side', operator);
  // Java's rules for these are of no use to anybody: a third & is a letter, and joins what was narrowed already.
  if (reader.peek() === '&' || reader.peek() === ']') throw unsupported('&& without a right side', operator);
  let right = '';
  while (reader.peek() !== ']' && reader.peek() !== '&') {
    if (reader.isAtEnd) throw syntaxError('Unclosed character class', reader.at - 1);
    if (reader.peek() !== '[') return `[${left}]&&[${right}[${parseInside(reader, at, ignoresCase)}]]`;
    right += parseItem(reader, ignoresCase);
  }
  if (reader.peek() === ']') return `[${left}]&&[${right}]`;
  if (reader.peek(1) !== '&') throw unsupported('a single & behind &&', reader.at);
  return narrowed(reader, at, `[${left}]&&[${right}]`, ignoresCase);
}

/** A nested class, an escape that stands for several characters, a range or a single one. */
function parseItem(reader: CharReader, ignoresCase: boolean): string {
  const first = reader.take();
  if (!first.isQuoted && first.text === '[') return bracketed(parseClass(reader, first.at, ignoresCase));
  let from = first.text.codePointAt(0) ?? 0;
  if (!first.isQuoted && first.text === '\\') {
    const escaped = parseEscape(reader, first.at, ignoresCase);
    if (escaped.kind === 'set') return bracketed(escaped);
    if (escaped.kind === 'letter') throw illegalEscape(first.at);
    from = escaped.code;
  }
  // A minus is one of range only when something stands behind it that can end one.
  if (reader.peek() !== '-' || reader.peek(1) === '[' || reader.peek(1) === ']') return rangeSet(from, from, ignoresCase);
  reader.take();
  const to = rangeEnd(reader, first.at, ignoresCase);
  if (to < from) throw syntaxError('Illegal character range', first.at);
  return rangeSet(from, to, ignoresCase);
}

function rangeEnd(reader: CharReader, at: number, ignoresCase: boolean): number {
  if (reader.isAtEnd) throw syntaxError('Unclosed character class', reader.at - 1);
  const last = reader.take();
  if (last.isQuoted || last.text !== '\\') return last.text.codePointAt(0) ?? 0;
  const escaped = parseEscape(reader, last.at, ignoresCase);
  if (escaped.kind === 'code') return escaped.code;
  throw escaped.kind === 'set' ? syntaxError('Illegal character range', at) : illegalEscape(last.at);
}
