/** Text encodings by their Java names. Multi-byte ones are turned around from the decoder that Node has; what cannot be written becomes `?`. */
import { decodeUtf8, toEncodable } from '../../../record/java-utf8.ts';

export interface Charset {
  encode(text: string): Uint8Array | string;
  decode(bytes: Uint8Array): string;
}

export const UTF_8: Charset = { encode: toEncodable, decode: decodeUtf8 };

/**
 * Encodings of one or two bytes a character: Java's names in lower case → the name that TextDecoder knows. Windows' larger forms of
 * Korean and Japanese are not among them: Node decodes the smaller ones only, and half of a text is worse than an error.
 */
const TABLED: ReadonlyMap<string, string> = new Map([
  ...['euc-kr', 'euckr', 'ksc5601', 'ks_c_5601-1987'].map((n): [string, string] => [n, 'euc-kr']),
  ...['shift_jis', 'sjis', 'shift-jis'].map((n): [string, string] => [n, 'shift_jis']),
  ...['big5', 'gbk', 'ibm866', 'koi8-r', 'koi8-u'].map((n): [string, string] => [n, n]),
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].flatMap((n): [string, string][] => [
    [`iso-8859-${n}`, `iso-8859-${n}`],
    [`iso8859_${n}`, `iso-8859-${n}`],
  ]),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].flatMap((n): [string, string][] => [
    [`windows-${n}`, `windows-${n}`],
    [`cp${n}`, `windows-${n}`],
  ]),
]);

/** `null` for an encoding that is not known here. Names in any case, as in Java. */
export function charsetOf(name: string): Charset | null {
  const lower = name.toLowerCase();
  switch (lower) {
    case 'utf-8':
    case 'utf8':
      return UTF_8;
    case 'utf-16':
    case 'utf16':
      return utf16('utf-16', true);
    case 'utf-16be':
    case 'utf-16le':
      return utf16(lower, false);
    case 'iso-8859-1':
    case 'iso8859-1':
    case 'iso8859_1':
    case 'latin1':
      return singleByte(0xff);
    case 'us-ascii':
    case 'ascii':
      return singleByte(0x7f);
    default: {
      const label = TABLED.get(lower);
      return label === undefined ? null : tabled(label);
    }
  }
}

/** Java's UTF-16 writes a mark and big-endian, and reads either order by the mark; a lone surrogate becomes U+FFFD. */
function utf16(name: string, hasMark: boolean): Charset {
  const isLittleEndian = name === 'utf-16le';
  return {
    encode: (text) => {
      const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${text.toWellFormed()}`, 'utf16le');
      return isLittleEndian ? bytes : bytes.swap16();
    },
    decode: (bytes) => {
      const marksLittle = hasMark && bytes[0] === 0xff && bytes[1] === 0xfe;
      const decoder = new TextDecoder(isLittleEndian || marksLittle ? 'utf-16le' : 'utf-16be', { ignoreBOM: !hasMark });
      return decoder.decode(bytes);
    },
  };
}

function singleByte(max: number): Charset {
  return {
    encode: (text) => {
      const bytes: number[] = [];
      for (const character of text) {
        const code = character.codePointAt(0) ?? 0;
        bytes.push(code <= max ? code : 0x3f);
      }
      return Uint8Array.from(bytes);
    },
    decode: (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      return max === 0x7f ? text.replace(/[\u0080-\u00ff]/g, '\ufffd') : text;
    },
  };
}

const tables = new Map<string, ReadonlyMap<string, Uint8Array>>();

function tabled(label: string): Charset {
  const decoder = new TextDecoder(label);
  return {
    encode: (text) => {
      const table = tables.get(label) ?? encodingTable(label);
      tables.set(label, table);
      const parts: Uint8Array[] = [];
      for (const character of text) parts.push(table.get(character) ?? Buffer.of(0x3f));
      return Buffer.concat(parts);
    },
    decode: (bytes) => decoder.decode(bytes),
  };
}

/** Every character of the encoding with its bytes: the first sequence that decodes to it. */
function encodingTable(label: string): ReadonlyMap<string, Uint8Array> {
  const decoder = new TextDecoder(label, { fatal: true });
  const table = new Map<string, Uint8Array>();
  const add = (bytes: Uint8Array) => {
    try {
      const text = decoder.decode(bytes);
      if ([...text].length === 1 && !table.has(text)) table.set(text, bytes);
      return text !== '';
    } catch {
      return false;
    }
  };
  for (let first = 0; first <= 0xff; first++) {
    if (add(Buffer.of(first))) continue;
    for (let second = 0x40; second <= 0xff; second++) add(Buffer.of(first, second));
  }
  return table;
}
