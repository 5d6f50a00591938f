/** A pattern as characters, with quoted stretches (`\Q…\E`) resolved: a quoted character is never an operator. */

export interface PatternChar {
  /** One code point. */
  readonly text: string;
  readonly isQuoted: boolean;
  /** Index into the pattern. */
  readonly at: number;
}

export class CharReader {
  readonly #chars: readonly PatternChar[];
  readonly #end: number;
  #next = 0;

  constructor(pattern: string) {
    this.#chars = unquoted(pattern);
    this.#end = pattern.length;
  }

  get isAtEnd(): boolean {
    return this.#next >= this.#chars.length;
  }

  /** Index into the pattern of what comes next. */
  get at(): number {
    return this.#chars[this.#next]?.at ?? this.#end;
  }

  /** The operator `ahead` characters on; empty for a quoted character and behind the end. */
  peek(ahead = 0): string {
    const char = this.#chars[this.#next + ahead];
    return char === undefined || char.isQuoted ? '' : char.text;
  }

  peekChar(): PatternChar | undefined {
    return this.#chars[this.#next];
  }

  /** The next character; there must be one. */
  take(): PatternChar {
    return this.#chars[this.#next++]!;
  }

  /** Steps over `operator` when it comes next. */
  skip(operator: string): boolean {
    const texts = [...operator];
    if (!texts.every((text, i) => this.peek(i) === text)) return false;
    this.#next += texts.length;
    return true;
  }

  /** Takes unquoted characters as long as `isPart` holds. */
  takeWhile(isPart: (text: string) => boolean): string {
    let taken = '';
    while (this.peek() !== '' && isPart(this.peek())) taken += this.take().text;
    return taken;
  }
}

function unquoted(pattern: string): PatternChar[] {
  const chars: PatternChar[] = [];
  let isQuoted = false;
  for (let at = 0; at < pattern.length; ) {
    if (isQuoted && pattern.startsWith('\\E', at)) {
      isQuoted = false;
      at += 2;
    } else if (!isQuoted && pattern.startsWith('\\Q', at)) {
      isQuoted = true;
      at += 2;
    } else {
      at = add(chars, pattern, at, isQuoted);
      // The character behind a backslash belongs to it, so that `\\Q` is a backslash and a Q.
      if (!isQuoted && chars.at(-1)?.text === '\\' && at < pattern.length) at = add(chars, pattern, at, false);
    }
  }
  return chars;
}

function add(chars: PatternChar[], pattern: string, at: number, isQuoted: boolean): number {
  const text = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  chars.push({ text, isQuoted, at });
  return at + text.length;
}
