/**
 * Values as SQL text, and statements with their `?` filled in. Connector/J does the same by default (its prepared statements live in the client),
 * so the SQL that reaches the server reads like the original's.
 */
import { DataError } from '../base/errors.ts';

/** A number that is kept as it is written, such as a DECIMAL: `12.50`. Not quoted: compared with strings, decimals would become doubles. */
export class SqlNumber {
  readonly text: string;
  /** Throws DataError when `text` is no number. */
  constructor(text: string) {
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) throw new DataError(`"${text}" is no number for SQL.`);
    this.text = text;
  }
}

export type SqlParameter = string | number | bigint | boolean | Uint8Array | SqlNumber | null;

/** How the session reads texts: with `NO_BACKSLASH_ESCAPES` in its sql_mode a backslash is a character like any other. */
export interface TextRules {
  readonly backslashEscapes: boolean;
}

const TO_ESCAPE = /[\0\n\r\x1a'\\]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  "'": "''",
  '\\': '\\\\',
};

/** Throws DataError for what SQL has no word for: NaN, Infinity. */
export function sqlLiteral(value: SqlParameter, rules: TextRules): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return textLiteral(value, rules);
    case 'number':
      if (!Number.isFinite(value)) throw new DataError(`${value} is not a valid numeric value for SQL.`);
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? '1' : '0';
    default:
      if (value instanceof SqlNumber) return value.text;
      return `x'${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}'`;
  }
}

function textLiteral(text: string, rules: TextRules): string {
  if (!rules.backslashEscapes) return `'${text.replaceAll("'", "''")}'`;
  TO_ESCAPE.lastIndex = 0;
  return TO_ESCAPE.test(text) ? `'${text.replace(TO_ESCAPE, (character) => ESCAPES[character]!)}'` : `'${text}'`;
}

/** The pieces of a statement between its `?`: those inside of texts, quoted names and comments do not count. */
export function splitAtParameters(sql: string, rules: TextRules): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < sql.length; ) {
    const character = sql[at]!;
    if (character === '?') {
      pieces.push(sql.slice(from, at));
      from = ++at;
    } else at = endOfToken(sql, at, character, rules);
  }
  pieces.push(sql.slice(from));
  return pieces;
}

/** Where the text, quoted name or comment that begins here ends; else the next character. */
function endOfToken(sql: string, at: number, character: string, rules: TextRules): number {
  if (character === "'" || character === '"' || character === '`') return endOfQuoted(sql, at, character, rules);
  const isLineComment = character === '#' || (character === '-' && /^--(?:[\s\0]|$)/.test(sql.slice(at, at + 3)));
  if (isLineComment) return indexAfter(sql, '\n', at);
  if (character === '/' && sql[at + 1] === '*') return indexAfter(sql, '*/', at + 2);
  return at + 1;
}

function endOfQuoted(sql: string, start: number, quote: string, rules: TextRules): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (sql[at] === '\\' && quote !== '`' && rules.backslashEscapes) at++;
    // A doubled one stands for itself: what follows is read as the next quoted part.
    else if (sql[at] === quote) return at + 1;
  }
  return sql.length;
}

function indexAfter(sql: string, what: string, from: number): number {
  const found = sql.indexOf(what, from);
  return found < 0 ? sql.length : found + what.length;
}

/** The statement with each `?` replaced. Throws DataError when there are more or fewer parameters than `?`. */
export function bindParameters(sql: string, parameters: readonly SqlParameter[], rules: TextRules): string {
  if (parameters.length === 0) return sql;
  const pieces = splitAtParameters(sql, rules);
  if (pieces.length !== parameters.length + 1)
    throw new DataError(`The statement has ${pieces.length - 1} places for parameters, and ${parameters.length} were given: ${sql}`);
  let bound = pieces[0]!;
  for (let i = 0; i < parameters.length; i++) bound += sqlLiteral(parameters[i]!, rules) + pieces[i + 1]!;
  return bound;
}
