/**
 * Java's grammar of regular expressions, with its operators, flags and texts. Source: java.util.regex.Pattern of Java 17.
 * Throws ConfigError for what Java refuses, and for constructs that have no exact counterpart in JavaScript.
 */
import { ConfigError } from '../errors.ts';
import { CharReader } from './char-reader.ts';
import { rangeSet } from './char-sets.ts';
import { parseClass } from './parse-class.ts';
import { illegalEscape, parseEscape } from './parse-escape.ts';
import { dotSet, lineEnd, lineStart, NO_WORD_BOUNDARY, TEXT_END, TEXT_START, WORD_BOUNDARY } from './places.ts';
import {
  LINE_BREAK,
  type ParsedRegex,
  type RegexNode,
  RegexSyntaxError,
  type RepeatMode,
  syntaxError,
  syntaxMessage,
  unsupported,
} from './syntax.ts';

interface Flags {
  readonly ignoresCase: boolean;
  readonly isMultiline: boolean;
  readonly isDotAll: boolean;
  readonly isUnixLines: boolean;
  readonly isUnicodeCase: boolean;
}

const NO_FLAGS: Flags = { ignoresCase: false, isMultiline: false, isDotAll: false, isUnixLines: false, isUnicodeCase: false };

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoresCase',
  m: 'isMultiline',
  s: 'isDotAll',
  d: 'isUnixLines',
  u: 'isUnicodeCase',
};

const MAX_LENGTH = 10_000;
const MAX_DEPTH = 200;
const MAX_COUNT = 2 ** 31 - 1;

export function parseJavaRegex(pattern: string): ParsedRegex {
  if (pattern.length > MAX_LENGTH) throw unsupported(`an expression of ${pattern.length} characters`, MAX_LENGTH);
  try {
    return new Parser(pattern).parse();
  } catch (error) {
    throw error instanceof RegexSyntaxError ? new ConfigError(syntaxMessage(pattern, error)) : error;
  }
}

class Parser {
  readonly #reader: CharReader;
  readonly #names = new Map<string, number>();
  #flags = NO_FLAGS;
  #groupCount = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#reader = new CharReader(pattern);
  }

  parse(): ParsedRegex {
    const root = this.#choice();
    if (!this.#reader.isAtEnd) throw syntaxError("Unmatched closing ')'", this.#reader.at - 1);
    return { root, groupCount: this.#groupCount, groupNames: this.#names };
  }

  #choice(): RegexNode {
    const branches = [this.#sequence()];
    while (this.#reader.skip('|')) branches.push(this.#sequence());
    return branches.length === 1 ? branches[0]! : { kind: 'choice', branches };
  }

  #sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (!this.#reader.isAtEnd && this.#reader.peek() !== '|' && this.#reader.peek() !== ')') {
      const atom = this.#atom();
      if (atom !== null) parts.push(this.#repeated(atom));
      else if (this.#reader.peek() === '{') throw unsupported('a repetition of nothing', this.#reader.at);
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  /** Null for a change of flags, which nothing can repeat. */
  #atom(): RegexNode | null {
    const reader = this.#reader;
    const char = reader.take();
    if (char.isQuoted) return this.#character(char.text.codePointAt(0) ?? 0);
    switch (char.text) {
      case '(':
        return this.#group(char.at);
      case '[':
        return { kind: 'set', ...parseClass(reader, char.at, this.#flags.ignoresCase) };
      case '\\':
        return this.#escape(char.at);
      case '.':
        return { kind: 'set', ...dotSet(this.#flags) };
      case '^':
        return { kind: 'place', source: lineStart(this.#flags) };
      case '$':
        return { kind: 'place', source: lineEnd(this.#flags) };
      case '*':
      case '+':
      case '?':
        throw syntaxError(`Dangling meta character '${char.text}'`, char.at);
      case '{':
        if (/^[0-9]$/.test(reader.peek())) throw unsupported('a repetition of nothing', char.at);
        throw syntaxError('Illegal repetition', char.at + 1);
      default:
        return this.#character(char.text.codePointAt(0) ?? 0);
    }
  }

  #character(code: number): RegexNode {
    return { kind: 'set', set: rangeSet(code, code, this.#flags.ignoresCase), isNegated: false };
  }

  // ---- repetition

  #repeated(atom: RegexNode): RegexNode {
    const { at } = this.#reader;
    const counts = this.#counts();
    if (counts === null) return atom;
    if (atom.kind === 'look') throw unsupported('a repeated look-around', at);
    const [min, max] = counts;
    const mode: RepeatMode = this.#reader.skip('?') ? 'lazy' : this.#reader.skip('+') ? 'possessive' : 'greedy';
    if (this.#reader.peek() === '{') throw unsupported('a repetition of a repetition', this.#reader.at);
    return { kind: 'repeat', body: atom, min, max, mode, at };
  }

  #counts(): readonly [min: number, max: number] | null {
    const reader = this.#reader;
    if (reader.skip('*')) return [0, Number.POSITIVE_INFINITY];
    if (reader.skip('+')) return [1, Number.POSITIVE_INFINITY];
    if (reader.skip('?')) return [0, 1];
    const { at } = reader;
    if (!reader.skip('{')) return null;
    const min = this.#count(at) ?? this.#fail('Illegal repetition', at + 1);
    const max = reader.skip(',') ? (this.#count(at) ?? Number.POSITIVE_INFINITY) : min;
    if (!reader.skip('}')) throw syntaxError('Unclosed counted closure', reader.at);
    if (max < min) throw syntaxError('Illegal repetition range', at);
    return [min, max];
  }

  #count(at: number): number | null {
    const digits = this.#reader.takeWhile((text) => /^[0-9]$/.test(text));
    if (digits === '') return null;
    return Number(digits) <= MAX_COUNT ? Number(digits) : this.#fail('Illegal repetition range', at);
  }

  #fail(description: string, at: number): never {
    throw syntaxError(description, at);
  }

  // ---- groups

  #group(at: number): RegexNode | null {
    const reader = this.#reader;
    const outer = this.#flags;
    if (++this.#depth > MAX_DEPTH) throw unsupported(`a group nested deeper than ${MAX_DEPTH}`, at);
    const make = reader.skip('?') ? this.#specialGroup(at) : this.#capture(null, at);
    this.#depth--;
    if (make === null) return null;
    const body = this.#choice();
    if (!reader.skip(')')) throw syntaxError('Unclosed group', reader.at);
    this.#flags = outer;
    return make(body);
  }

  #capture(name: string | null, at: number): (body: RegexNode) => RegexNode {
    const group = ++this.#groupCount;
    if (name !== null) {
      if (this.#names.has(name)) throw syntaxError(`Named capturing group <${name}> is already defined`, at);
      this.#names.set(name, group);
    }
    return (body) => ({ kind: 'capture', group, body });
  }

  #specialGroup(at: number): ((body: RegexNode) => RegexNode) | null {
    const reader = this.#reader;
    const look = (isAhead: boolean, isNegative: boolean) => (body: RegexNode) => ({ kind: 'look', isAhead, isNegative, body, at }) as const;
    if (reader.skip(':'))
      return (body) => (body.kind === 'choice' || body.kind === 'sequence' ? body : { kind: 'sequence', parts: [body] });
    if (reader.skip('=')) return look(true, false);
    if (reader.skip('!')) return look(true, true);
    if (reader.skip('<=')) return look(false, false);
    if (reader.skip('<!')) return look(false, true);
    if (reader.skip('>')) return (body) => ({ kind: 'atomic', body, at });
    if (reader.skip('<')) return this.#capture(this.#groupName(), at);
    return this.#flagGroup(at);
  }

  #groupName(): string {
    const { at } = this.#reader;
    const name = this.#reader.takeWhile((text) => /^[a-zA-Z0-9]$/.test(text));
    if (!/^[a-zA-Z]/.test(name)) throw syntaxError('capturing group name does not start with a Latin letter', at);
    if (!this.#reader.skip('>')) throw syntaxError("named capturing group is missing trailing '>'", this.#reader.at);
    return name;
  }

  /** `(?i-s)` for the rest of the group around it (null), or `(?i-s:…)`. */
  #flagGroup(at: number): ((body: RegexNode) => RegexNode) | null {
    const reader = this.#reader;
    let isOn = true;
    let flags = this.#flags;
    while (!reader.isAtEnd && reader.peek() !== ')' && reader.peek() !== ':') {
      const { text: flag, at: flagAt } = reader.take();
      const name = FLAG_NAMES[flag];
      if (flag === '-' && isOn) isOn = false;
      else if (name !== undefined) flags = { ...flags, [name]: isOn };
      else if (isOn && /^[xUc]$/.test(flag)) throw unsupported(`the flag (?${flag})`, at);
      else if (!/^[xUc]$/.test(flag)) throw syntaxError('Unknown inline modifier', flagAt);
    }
    if (flags.ignoresCase && flags.isUnicodeCase) throw unsupported('(?i) together with (?u)', at);
    if (reader.isAtEnd) throw syntaxError('Unknown inline modifier', at);
    this.#flags = flags;
    if (reader.take().text === ')') return null;
    return (body) => ({ kind: 'sequence', parts: [body] });
  }

  // ---- escapes

  #escape(at: number): RegexNode {
    const escaped = parseEscape(this.#reader, at, this.#flags.ignoresCase);
    if (escaped.kind === 'set') return escaped;
    if (escaped.kind === 'code') return this.#character(escaped.code);
    const { letter } = escaped;
    if (/[1-9]/.test(letter)) return this.#reference(this.#referenceNumber(Number(letter)), at);
    switch (letter) {
      case 'A':
      case 'G':
        return { kind: 'place', source: TEXT_START };
      case 'z':
        return { kind: 'place', source: TEXT_END };
      case 'Z':
        return { kind: 'place', source: lineEnd({ isMultiline: false, isUnixLines: this.#flags.isUnixLines }) };
      case 'b':
        if (this.#reader.peek() === '{' && this.#reader.peek(1) === 'g') throw unsupported('\\b{g}', at);
        return { kind: 'place', source: WORD_BOUNDARY };
      case 'B':
        return { kind: 'place', source: NO_WORD_BOUNDARY };
      case 'R':
        return LINE_BREAK;
      case 'k':
        return this.#reference(this.#namedReference(at), at);
      case 'X':
      case 'N':
        throw unsupported(`\\${letter}`, at);
      default:
        throw illegalEscape(at);
    }
  }

  /** Further digits count as long as there is such a group already. */
  #referenceNumber(first: number): number {
    let group = first;
    for (let digit = this.#reader.peek(); /^[0-9]$/.test(digit); digit = this.#reader.peek()) {
      if (group * 10 + Number(digit) > this.#groupCount) break;
      group = group * 10 + Number(digit);
      this.#reader.take();
    }
    return group;
  }

  #namedReference(at: number): number {
    if (!this.#reader.skip('<')) throw syntaxError("\\k is not followed by '<' for named capturing group", at);
    const name = this.#groupName();
    const group = this.#names.get(name);
    if (group === undefined) throw syntaxError(`named capturing group <${name}> does not exist`, this.#reader.at - 1);
    return group;
  }

  #reference(group: number, at: number): RegexNode {
    if (this.#flags.ignoresCase) throw unsupported('a back reference with (?i)', at);
    return { kind: 'reference', group, at };
  }
}
