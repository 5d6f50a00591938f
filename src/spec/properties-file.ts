/**
 * Java's `.properties` format, whole grammar: `=`, `:` or blank as separator, `#` and `!` comments, continued lines, `\uXXXX`, `\t \n \r \f`.
 * Source: java.util.Properties.load.
 *
 * Bytes: Java reads ISO-8859-1 and knows other letters as `\uXXXX` only. A file whose bytes are valid UTF-8 is read as UTF-8 here, so that
 * Korean (or any other) text may be written plainly; pure ASCII means the same either way, and a file that is not valid UTF-8 is read as Java does.
 */
import { readFileSync } from 'node:fs';
import { ConfigError, errorCodeOf, messageOf } from '../base/errors.ts';

/** Settings by key in the order of the file; a later line with the same key wins. Has no prototype: any key is safe. */
export type Properties = Record<string, string>;

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Reads and parses a file; throws ConfigError that names the file, and the line where it is about one. */
export function readPropertiesFile(path: string): Properties {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new ConfigError(`Cannot read properties file ${path}: ${readProblem(error)}`, { cause: error });
  }
  return parsePropertiesBytes(bytes, path);
}

function readProblem(error: unknown): string {
  const code = errorCodeOf(error);
  if (code === 'ENOENT') return 'there is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied.';
  if (code === 'EISDIR') return 'it is a directory.';
  return messageOf(error);
}

/** `source` names the file in errors. */
export function parsePropertiesBytes(bytes: Uint8Array, source: string): Properties {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new ConfigError(`Properties file ${source} has ${bytes.length} bytes; more than ${MAX_FILE_BYTES} is no configuration.`);
  }
  return parseProperties(decode(bytes), source);
}

function decode(bytes: Uint8Array): string {
  try {
    // A byte order mark is dropped: editors on Windows write one.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }
}

/** Parses text. Throws ConfigError only: for `\u` without four hexadecimal digits, naming source and line. */
export function parseProperties(text: string, source: string): Properties {
  const properties: Properties = Object.create(null);
  for (const { key, value } of listProperties(text, source)) properties[key] = value;
  return properties;
}

export interface PropertyLine {
  readonly key: string;
  readonly value: string;
  /** Its first line, from 1. */
  readonly line: number;
}

/** Every setting with its place, also those that a later line overrides. Throws as `parseProperties`. */
export function listProperties(text: string, source: string): PropertyLine[] {
  return [...logicalLines(text)].map((line) => {
    const keyEnd = findKeyEnd(line.text);
    const valueStart = findValueStart(line.text, keyEnd);
    const where = `${source}, line ${line.number}`;
    return { key: unescaped(line.text.slice(0, keyEnd), where), value: unescaped(line.text.slice(valueStart), where), line: line.number };
  });
}

/** `key=value`, read back as the same. Letters beyond ASCII stay as they are. */
export function formatProperty(key: string, value: string): string {
  return `${escaped(key).replace(/[ =:]/g, '\\$&').replace(/^[#!]/, '\\$&')}=${escaped(value).replace(/^ +/, (blanks) => blanks.replaceAll(' ', '\\ '))}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\f', '\\f')
    .replace(/[\p{Cc}\p{Cs}]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

interface LogicalLine {
  /** Of its first natural line, from 1. */
  readonly number: number;
  readonly text: string;
}

const isBlank = (char: string | undefined) => char === ' ' || char === '\t' || char === '\f';

/** Natural lines without comments and blank lines, continued ones joined; escapes are still in. */
function* logicalLines(text: string): Generator<LogicalLine> {
  const natural = text.split(/\r\n|\r|\n/);
  for (let i = 0; i < natural.length; i++) {
    const first = trimStart(natural[i] ?? '');
    if (first === '' || first[0] === '#' || first[0] === '!') continue;
    const number = i + 1;
    const parts = [first];
    // A continued line may be blank or look like a comment: it is part of the value all the same.
    while (endsInContinuation(parts.at(-1) ?? '')) {
      parts.push(parts.pop()?.slice(0, -1) ?? '');
      if (++i >= natural.length) break;
      parts.push(trimStart(natural[i] ?? ''));
    }
    yield { number, text: parts.join('') };
  }
}

function trimStart(line: string): string {
  let at = 0;
  while (isBlank(line[at])) at++;
  return line.slice(at);
}

/** An odd number of backslashes at the end. */
function endsInContinuation(line: string): boolean {
  let count = 0;
  while (count < line.length && line[line.length - 1 - count] === '\\') count++;
  return count % 2 === 1;
}

function findKeyEnd(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (char === '\\') at++;
    else if (char === '=' || char === ':' || isBlank(char)) return at;
  }
  return line.length;
}

function findValueStart(line: string, keyEnd: number): number {
  let at = keyEnd;
  let hasSeparator = false;
  for (; at < line.length; at++) {
    const char = line[at];
    if (isBlank(char)) continue;
    if (hasSeparator || (char !== '=' && char !== ':')) break;
    hasSeparator = true;
  }
  return at;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string, where: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([\s\S]{0,4})|([\s\S]?))/g, (_, digits: string | undefined, char: string | undefined) => {
    if (digits === undefined) return ESCAPES[char ?? ''] ?? char ?? '';
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
      throw new ConfigError(`${where}: \\u needs four hexadecimal digits, not "${digits}". Write a plain backslash as \\\\.`);
    }
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
}
