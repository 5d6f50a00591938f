/** The typed text, read from left to right; what is wrong is told with its place. */

/** `column` counts from 0, in UTF-16 units of the text. */
export class QueryFault extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}

export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  fail(message: string, column = this.at): never {
    throw new QueryFault(message, column);
  }

  skipSpace(): void {
    this.take(/\s*/y);
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  /** What the sticky pattern finds here, passed over. */
  take(pattern: RegExp): RegExpExecArray | null {
    const found = this.peek(pattern);
    if (found) this.at += found[0].length;
    return found;
  }

  /** A text in quotes, or `null` when none begins here. */
  takeString(): string | null {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return null;
    const start = this.at++;
    let out = '';
    for (; this.text[this.at] !== quote; this.at++) {
      if (this.isAtEnd) this.fail('the closing quote is missing', start);
      if (this.text[this.at] === '\\' && this.at + 1 < this.text.length) this.at++;
      out += this.text[this.at];
    }
    this.at++;
    return out;
  }

  /** `/expression/` with an end that stands alone, or `null`: `/api/v1` is a word. */
  takeExpression(): { readonly expression: string; readonly at: number } | null {
    if (this.text[this.at] !== '/') return null;
    const start = this.at;
    for (let end = start + 1; end < this.text.length; end++) {
      if (this.text[end] === '\\') end++;
      else if (this.text[end] === '/' && end > start + 1 && /^(?:$|[\s)])/.test(this.text.slice(end + 1, end + 2))) {
        this.at = end + 1;
        return { expression: this.text.slice(start + 1, end), at: start + 1 };
      }
    }
    return null;
  }
}
