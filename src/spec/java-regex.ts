/**
 * Java's regular expressions as JavaScript's. The common part of both languages stays as it is; translated are inline flags at the start
 * (`(?i)`), `\Q…\E`, `\A \z \Z`, `\h`, POSIX classes (`\p{Alpha}`), `[a-z&&[^x]]`, unions in classes, and possessive quantifiers (which become
 * greedy ones: the same for names). What has no counterpart is an error with its name.
 */
import { ConfigError } from '../base/errors.ts';

const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7f',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: '\\x20-~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\x0b\\f\\r',
};

/** Characters that the `v` flag wants escaped inside a class although Java takes them as they are. */
const ESCAPED_IN_CLASS = '(){}/|';
/** Doubled, these are reserved inside a class with the `v` flag. */
const DOUBLE_PUNCTUATORS = '&!#$%*+,.:;<=>?@^`~-';

const MAX_LENGTH = 10_000;

/** Throws ConfigError (SyntaxError's reason) when it does not compile. `isWhole`: anchored at both ends, as Java's `matches()`. */
export function compileJavaRegex(pattern: string, isWhole = false): RegExp {
  if (pattern.length > MAX_LENGTH) throw new ConfigError(`the expression has ${pattern.length} characters, more than ${MAX_LENGTH}.`);
  const { source, flags } = translate(pattern);
  try {
    // Compiled alone first, so that `a)|(b` is not closed by the anchors' group.
    const alone = new RegExp(source, `v${flags}`);
    return isWhole ? new RegExp(`^(?:${source})$`, `v${flags.replace('m', '')}`) : alone;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error));
  }
}

function translate(pattern: string): { source: string; flags: string } {
  const inline = /^\(\?([a-zA-Z]+)\)/.exec(pattern);
  let flags = '';
  for (const flag of inline?.[1] ?? '') {
    if (flag === 'i' || flag === 's' || flag === 'm') flags += flags.includes(flag) ? '' : flag;
    else if (flag !== 'u' && flag !== 'd') throw new ConfigError(`the flag (?${flag}) is not supported.`);
  }
  const reader = new Reader(pattern, inline?.[0].length ?? 0);
  return { source: reader.outside(), flags };
}

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  outside(): string {
    let out = '';
    while (this.#at < this.#text.length) {
      const char = this.#next();
      if (char === '\\') out += this.#escape(false);
      else if (char === '[') out += this.#class();
      else if (char === '(' && this.#text.startsWith('?>', this.#at)) throw new ConfigError('atomic groups (?>…) are not supported.');
      else if ((char === '}' || char === ']') && !this.#closesQuantifier(out, char)) out += `\\${char}`;
      // A second + after a quantifier makes it possessive in Java.
      else if (char === '+' && /(?:^|[^\\])(?:\\\\)*(?:[*+?]|\{\d+(?:,\d*)?\})$/.test(out)) continue;
      else out += char;
    }
    return out;
  }

  #closesQuantifier(out: string, char: string): boolean {
    return char === '}' && /\{\d+(?:,\d*)?$/.test(out);
  }

  #next(): string {
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    this.#at += char.length;
    return char;
  }

  #escape(isInClass: boolean): string {
    if (this.#at >= this.#text.length) throw new ConfigError('it ends with a backslash.');
    const char = this.#next();
    switch (char) {
      case 'Q':
        return this.#quoted();
      case 'E':
        return '';
      case 'A':
        return '(?<![\\s\\S])';
      case 'z':
        return '(?![\\s\\S])';
      case 'Z':
        return '(?=\\n?(?![\\s\\S]))';
      case 'h':
        return isInClass
          ? ' \\t\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000'
          : '[ \\t\\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]';
      case 'p':
      case 'P':
        return this.#property(char, isInClass);
      case 'a':
        return '\\x07';
      case 'e':
        return '\\x1b';
      default:
        if (/[bBdDsSwWtnrfvkxu0-9c]/.test(char)) return `\\${char}`;
        if (/[A-Za-z]/.test(char)) throw new ConfigError(`the escape \\${char} is not supported.`);
        return literal(char);
    }
  }

  #quoted(): string {
    const end = this.#text.indexOf('\\E', this.#at);
    const text = this.#text.slice(this.#at, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#text.length : end + 2;
    return [...text].map(literal).join('');
  }

  #property(kind: string, isInClass: boolean): string {
    const match = /^\{(?:Is)?(\w+)\}|^(\w)/.exec(this.#text.slice(this.#at, this.#at + 60));
    const name = match?.[1] ?? match?.[2];
    if (!match || name === undefined) throw new ConfigError(`\\${kind} needs a property in braces.`);
    this.#at += match[0].length;
    const posix = POSIX[name];
    if (posix === undefined) return `\\${kind}{${name}}`;
    if (kind === 'P') return `[^${posix}]`;
    return isInClass ? posix : `[${posix}]`;
  }

  /** Behind `[`, up to its `]`. Nested classes and `&&` are JavaScript's own with the `v` flag, but each side of `&&` must be a class. */
  #class(): string {
    const isNegated = this.#text[this.#at] === '^';
    if (isNegated) this.#at++;
    const operands = [''];
    const add = (text: string) => operands.push((operands.pop() ?? '') + text);
    // A bracket right at the start is a character in Java.
    if (this.#text[this.#at] === ']') add(`\\${this.#next()}`);
    while (this.#at < this.#text.length) {
      const char = this.#next();
      const following = this.#text[this.#at];
      if (char === ']') {
        const body = operands.length === 1 ? operands[0] : operands.map((operand) => `[${operand}]`).join('&&');
        return `[${isNegated ? '^' : ''}${body}]`;
      }
      if (char === '[') add(this.#class());
      else if (char === '\\') add(this.#escape(true));
      else if (char === '&' && following === '&') {
        this.#at++;
        operands.push('');
      } else if (char === '-' && (operands.at(-1) === '' || following === ']')) add('\\-');
      else if (ESCAPED_IN_CLASS.includes(char) || (DOUBLE_PUNCTUATORS.includes(char) && following === char)) add(`\\${char}`);
      else add(char);
    }
    throw new ConfigError('a character class is not closed.');
  }
}

function literal(char: string): string {
  if (/[A-Za-z0-9_]/.test(char)) return char;
  if (/[\^$\\.*+?()[\]{}|/]/.test(char)) return `\\${char}`;
  // As a code: inside a class several of these are reserved when doubled.
  return char.codePointAt(0) !== undefined && char < '\x7f' ? `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}` : char;
}
