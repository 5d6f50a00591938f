/** Plain data as YAML 1.2 that older readers take too: block style, and quotes wherever a text could be read as anything else. */
import type { Plain, PlainObject } from './plain.ts';

/** Words that some reader takes for something else than text. */
const TAKEN = /^(?:true|false|yes|no|on|off|y|n|null|~|[-+.]?(?:inf|nan)|\.{3}|-{3}|<<|=)$/i;
/** Letters first, then nothing that opens, ends or comments. */
const BARE = /^[\p{L}_/][\p{L}\p{N} _./@+$()-]*$/u;
/** What a block of text may hold: everything printable, and tabs behind the first character of a line. */
const BLOCK = /^[^\s\p{C}][^\p{C}\p{Zl}\p{Zp}\t\n]*(?:\n\t*[^\p{C}\p{Zl}\p{Zp}\t\n]+|\n)*$/u;

/** Ends in a line feed. */
export function toYaml(value: Plain): string {
  return `${isNested(value) ? blockOf(value, '') : scalarOf(value, '  ')}\n`;
}

function isNested(value: Plain): value is PlainObject | readonly Plain[] {
  return typeof value === 'object' && value !== null && (Array.isArray(value) ? value : Object.keys(value)).length > 0;
}

function blockOf(value: PlainObject | readonly Plain[], indent: string): string {
  return isList(value)
    ? value
        .map((one) => `${indent}- ${isNested(one) ? blockOf(one, `${indent}  `).slice(indent.length + 2) : scalarOf(one, `${indent}  `)}`)
        .join('\n')
    : Object.entries(value)
        .map(([name, one]) => {
          const head = `${indent}${textOf(name)}:`;
          return isNested(one) ? `${head}\n${blockOf(one, `${indent}  `)}` : `${head} ${scalarOf(one, `${indent}  `)}`;
        })
        .join('\n');
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function scalarOf(value: Plain, indent: string): string {
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? (isList(value) ? '[]' : '{}') : String(value);
  if (value.includes('\n') && BLOCK.test(value) && !value.endsWith('\n'))
    return `|-\n${value
      .split('\n')
      .map((line) => (line === '' ? '' : indent + line))
      .join('\n')}`;
  return textOf(value);
}

function textOf(text: string): string {
  return BARE.test(text) && !TAKEN.test(text) && !text.endsWith(' ') ? text : quoted(text);
}

/** As JSON, with everything escaped that is not seen: also what JSON lets through. Beyond the first plane with YAML's own escape. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[\p{C}\p{Zl}\p{Zp}\u00a0\u00ad]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
