/**
 * What a terminal sends, as the key names of the keymap (`a`, `G`, `space`, `ctrl-d`, `pgdn`, `esc`) and pastes apart from them.
 * However the bytes are cut on their way (slow lines do that), the same keys come out: the rest of a sequence is waited for, and one
 * that is no key of ours is dropped whole, so that its parts never act as commands. Alt is not used: what it sends is what Esc and a
 * key send, and is taken for these.
 */
import { type Clock, systemClock } from '../base/clock.ts';
import { graphemes } from '../base/width.ts';

export interface KeyDecoderOptions {
  readonly clock?: Clock;
  /** Keys that came together, in their order; never empty. */
  onKeys(keys: readonly string[]): void;
  onPaste(text: string): void;
  /** The terminal has told where its cursor is. */
  onCursorPlace?(): void;
  /** An Esc has come with nothing behind it. Whatever the terminal answers to a question tells at once that it was the key. */
  onBareEscape?(): void;
}

/** An Esc after which nothing comes for so long is the Esc key. */
const ESCAPE_MS = 50;
/** The rest of a sequence is waited for longer: nobody types `[` right after Esc. */
const SEQUENCE_MS = 500;
/** A paste whose end does not come is taken as it is, so that keys count again. */
const PASTE_MS = 2_000;

const PASTE_START = '\x1b[200~';
const PASTE_END = '\x1b[201~';
/** Parameters and final byte; or what the Linux console sends for function keys. */
const CONTROL_SEQUENCE = /^\x1b\[(?:\[[A-E]|([0-?]*)[ -/]*([@-Z\\-~]))/;
const CONTROL_SEQUENCE_BEGUN = /^\x1b\[(?:\[|[0-?]*[ -/]*)$/;
const SINGLE_SHIFT = /^\x1bO([A-Za-z])/;
/** Answers of the terminal to somebody else's questions. */
const REPLY = /^\x1b[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)/;

const BY_FINAL: Readonly<Record<string, string>> = { A: 'up', B: 'down', C: 'right', D: 'left', H: 'home', F: 'end', Z: 'shift-tab' };
/** The keypad's Enter, in its application mode. */
const BY_SHIFTED: Readonly<Record<string, string>> = { ...BY_FINAL, M: 'enter' };
/** As most terminals say it, and as rxvt does. */
const BY_SHIFT: Readonly<Record<string, string>> = { '1;2C': 'shift-right', '1;2D': 'shift-left', c: 'shift-right', d: 'shift-left' };
const BY_NUMBER: Readonly<Record<string, string>> = { 1: 'home', 3: 'delete', 4: 'end', 5: 'pgup', 6: 'pgdn', 7: 'home', 8: 'end' };

interface Taken {
  readonly keys: readonly string[];
  readonly isCursorPlace?: boolean;
  /** Code units that they took. */
  readonly length: number;
}

export class KeyDecoder {
  readonly #options: KeyDecoderOptions;
  readonly #clock: Clock;
  #pending = '';
  #wait: AbortController | null = null;

  constructor(options: KeyDecoderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  feed(text: string): void {
    this.#wait?.abort();
    this.#pending += text;
    this.#take(false);
  }

  /** Forgets what it waits for. */
  close(): void {
    this.#wait?.abort();
    this.#pending = '';
  }

  /** `isLate`: what is still open has had its time. */
  #take(isLate: boolean): void {
    let keys: string[] = [];
    const tell = () => {
      if (keys.length > 0) this.#options.onKeys(keys);
      keys = [];
    };
    while (this.#pending !== '') {
      if (this.#pending.startsWith(PASTE_START)) {
        const end = this.#pending.indexOf(PASTE_END);
        if (end < 0 && !isLate) break;
        tell();
        const pasted = this.#pending.slice(PASTE_START.length, end < 0 ? undefined : end);
        this.#pending = end < 0 ? '' : this.#pending.slice(end + PASTE_END.length);
        this.#options.onPaste(pasted);
      } else {
        const taken = this.#pending.startsWith('\x1b') ? takeEscape(this.#pending, isLate) : takeText(this.#pending);
        if (taken === null) break;
        keys.push(...taken.keys);
        if (taken.isCursorPlace) this.#options.onCursorPlace?.();
        this.#pending = this.#pending.slice(taken.length);
      }
    }
    tell();
    if (this.#pending !== '') this.#waitForRest();
  }

  #waitForRest(): void {
    const wait = new AbortController();
    this.#wait = wait;
    if (this.#pending === '\x1b') this.#options.onBareEscape?.();
    const ms = this.#pending === '\x1b' ? ESCAPE_MS : this.#pending.startsWith(PASTE_START) ? PASTE_MS : SEQUENCE_MS;
    void this.#clock.sleep(ms, wait.signal).then(() => {
      if (!wait.signal.aborted) this.#take(true);
    });
  }
}

/** `null`: it cannot be told yet. */
function takeEscape(text: string, isLate: boolean): Taken | null {
  const sequence = CONTROL_SEQUENCE.exec(text);
  if (sequence) {
    const [whole, parameters = '', final = ''] = sequence;
    if (final === 'R' && parameters.includes(';')) return { keys: [], isCursorPlace: true, length: whole.length };
    const key = BY_SHIFT[parameters + final] ?? (final === '~' ? BY_NUMBER[parameters.split(';')[0] ?? ''] : BY_FINAL[final]);
    return { keys: key === undefined ? [] : [key], length: whole.length };
  }
  const shifted = SINGLE_SHIFT.exec(text);
  if (shifted) {
    const key = BY_SHIFTED[shifted[1]!];
    return { keys: key === undefined ? [] : [key], length: shifted[0].length };
  }
  const reply = REPLY.exec(text);
  if (reply) return { keys: [], length: reply[0].length };
  const isBegun = text === '\x1b' || text === '\x1bO' || CONTROL_SEQUENCE_BEGUN.test(text);
  if (isBegun && !isLate) return null;
  // What was begun and never ended is given up; an Esc with nothing of a sequence behind it is the key.
  return isBegun && text.length > 2 ? { keys: [], length: text.length } : { keys: ['esc'], length: isBegun ? text.length : 1 };
}

/** Everything up to the next Esc. */
function takeText(text: string): Taken {
  const end = text.indexOf('\x1b');
  const typed = end < 0 ? text : text.slice(0, end);
  return { keys: graphemes(typed).flatMap(keyOf), length: typed.length };
}

function keyOf(character: string): string[] {
  if (character === ' ') return ['space'];
  if (character === '\r' || character === '\n' || character === '\r\n') return ['enter'];
  if (character === '\t') return ['tab'];
  if (character === '\x7f' || character === '\b') return ['backspace'];
  if (character === '\x1c') return ['ctrl-\\'];
  if (character === '\0') return ['ctrl-space'];
  const code = character.charCodeAt(0);
  if (code > 0 && code < 0x1b) return [`ctrl-${String.fromCharCode(code + 0x60)}`];
  return /\p{Cc}/u.test(character) ? [] : [character];
}
