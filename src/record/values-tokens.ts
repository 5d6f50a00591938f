/** Splits header text at `: , { } [ ] "` that no backslash precedes. Source: org.apache.kafka.connect.data.Values.Parser. */

const DELIMITERS = ':,{}[]"';

export class ValueTokens {
  readonly text: string;
  #pos = 0;
  /** Read ahead, not taken yet. */
  #peeked: string | null = null;
  /** The token taken last, for messages about what is missing behind it. */
  previous: string | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get hasNext(): boolean {
    return this.#peeked !== null || this.#pos < this.text.length;
  }

  /** Where the next token starts. */
  mark(): number {
    return this.#pos - (this.#peeked?.length ?? 0);
  }

  rewindTo(mark: number): void {
    this.#pos = mark;
    this.#peeked = null;
    this.previous = null;
  }

  next(): string {
    this.previous = this.#peeked ?? this.#read();
    this.#peeked = null;
    return this.previous;
  }

  /** The text of the next `count` tokens; `null`, and no move, when there are fewer. */
  nextText(count: number): string | null {
    const start = this.mark();
    for (let index = 0; index < count; index++) {
      if (!this.hasNext) {
        this.rewindTo(start);
        return null;
      }
      this.next();
    }
    return this.text.slice(start, this.#pos);
  }

  /** Takes the next token when it is this one. Blank tokens before it are dropped either way. */
  canConsume(expected: string): boolean {
    if (!this.hasNext) return false;
    this.#peeked ??= this.#read();
    while (javaTrim(this.#peeked) === '' && this.#pos < this.text.length) this.#peeked = this.#read();
    if (javaTrim(this.#peeked) !== expected) return false;
    this.#peeked = null;
    return true;
  }

  #read(): string {
    const { text } = this;
    const start = this.#pos;
    let isEscaped = false;
    let at = start;
    for (; at < text.length; at++) {
      const character = text.charAt(at);
      if (character === '\\') {
        isEscaped = !isEscaped;
        continue;
      }
      if (!isEscaped && DELIMITERS.includes(character)) {
        if (at === start) at++;
        break;
      }
      isEscaped = false;
    }
    this.#pos = at;
    return text.slice(start, at);
  }
}

/** Cuts what Java's String.trim cuts: everything up to U+0020 at both ends. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}
