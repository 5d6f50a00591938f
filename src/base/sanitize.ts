/**
 * The one border where text from outside (payloads, names, traces, log lines) becomes cells of the screen. What could steer a
 * terminal or hide in it is made visible: `␛[31m`, `\u202e`. What comes out is printable, of one line, and means nothing to a terminal.
 */
import { graphemes, textWidth } from './width.ts';

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Controls (C0, DEL, C1), lone surrogates, line and paragraph separators, format characters (bidi, joiners, tags), everything that is
 * invisible by definition (fillers, variation selectors), unassigned code points, and marks with nothing below them or piled up.
 */
const HOSTILE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Cf}\p{Cn}\p{Default_Ignorable_Code_Point}]|^\p{M}|(?<=\p{M}{4})\p{M}/gu;

/** Presentation selectors after a character say only «as text» or «as picture»: they are dropped, which also keeps widths certain. */
const PRESENTATION = /[\ufe0e\ufe0f]/g;

const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;

/** One line, safe to draw. A tab becomes a space, a line feed `␊`. */
export function sanitize(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(PRESENTATION, '').replace(HOSTILE, toVisible);
}

/** The same for text of several lines: line feeds split, tabs become spaces up to the next multiple of `tabWidth`. */
export function sanitizeLines(text: string, tabWidth = 4): string[] {
  return text.split(/\r\n|\n|\r/).map((line) => sanitize(line.includes('\t') ? expandTabs(line, tabWidth) : line));
}

function toVisible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x09) return ' ';
  if (code < 0x20) return String.fromCodePoint(CONTROL_PICTURES + code);
  if (code === DELETE) return '␡';
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

function expandTabs(line: string, tabWidth: number): string {
  let column = 0;
  let out = '';
  for (const character of line) {
    if (character === '\t') {
      const spaces = tabWidth - (column % tabWidth);
      out += ' '.repeat(spaces);
      column += spaces;
    } else {
      out += character;
      column++;
    }
  }
  return out;
}

/** What stands for our own glyphs, and for anything else beyond ASCII, on a terminal that shows ASCII only. Keeps the width of each character. */
const ASCII_FOR: Readonly<Record<string, string>> = {
  '─': '-',
  '│': '|',
  '┃': '|',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '├': '+',
  '┤': '+',
  '▸': '>',
  '›': '>',
  '‹': '<',
  '←': '<',
  '→': '>',
  '↑': '^',
  '↓': 'v',
  '●': '*',
  '○': 'o',
  '✖': 'x',
  '✓': 'v',
  '◔': '?',
  '▲': '!',
  '‖': '"',
  '■': '#',
  '↻': '@',
  '·': '-',
  '…': '~',
  '–': '-',
  '—': '-',
  '«': '"',
  '»': '"',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '⏎': '<',
  '±': '~',
  '≥': '>',
  '≈': '~',
  '×': 'x',
};

/** As many cells as before, so that columns stay where they are. Takes lines with our own SGR sequences. */
export function toAscii(line: string): string {
  if (/^[\x1b\x20-\x7e]*$/.test(line)) return line;
  let out = '';
  for (const character of graphemes(line)) {
    if (character.length === 1 && character <= '\x7e') out += character;
    else if (character >= '\u2400' && character <= '\u2421') out += '^';
    else out += ASCII_FOR[character] ?? '?'.repeat(textWidth(character));
  }
  return out;
}
